"""Addresses below /verify/, which are printed on paper and have no language."""

from django.urls import path

from certificates import views

app_name = "verify"

urlpatterns = [
    path("", views.verify, name="form"),
    path("<str:serial>/", views.verified, name="certificate"),
]
