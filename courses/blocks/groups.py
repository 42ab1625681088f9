"""The headings under which an author finds the blocks of a lesson."""

from django.utils.translation import gettext_lazy as _

READING = _("Reading")
DOING = _("Doing")
MEDIA = _("Media")
REFERENCE = _("Reference")
