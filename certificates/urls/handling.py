"""Correcting, holding, releasing and revoking certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
