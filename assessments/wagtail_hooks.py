"""Hooks only register; what they do stands in domain."""

from wagtail.snippets.models import register_snippet

from assessments.viewsets import AssessmentsViewSetGroup

register_snippet(AssessmentsViewSetGroup)
