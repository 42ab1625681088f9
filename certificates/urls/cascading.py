"""What an authorised trainer does: cohorts, commitments, changes to confirm."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
