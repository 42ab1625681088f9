"""Who trained whom, how well, and where trainers are found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
