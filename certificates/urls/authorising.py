"""Who may train a course: conditions, endorsements, authorisations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
