"""Addresses below /<language>/."""

from django.urls import path

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("certificates/<str:serial>/", views.certificate, name="certificate"),
    path("certificates/<str:serial>/download/", views.download, name="download"),
]
