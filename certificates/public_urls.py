"""Addresses below /verify/, which are printed on paper and have no language."""

from django.urls import path

from certificates.views import verify

app_name = "verify"

urlpatterns = [
    path("", verify.verify, name="form"),
    path("<str:serial>/", verify.verified, name="certificate"),
]
