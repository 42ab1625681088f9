"""Addresses below /privacy/, which are for everybody and have no language."""

from django.urls import path

from elearn.people.views import notices

app_name = "privacy"

urlpatterns = [
    path("", notices.notice, name="notice"),
    path("accept/", notices.accept, name="accept"),
    path("publish/", notices.publish, name="publish"),
    path("<int:version>/", notices.notice, name="version"),
]
