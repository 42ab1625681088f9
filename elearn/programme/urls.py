"""Addresses under /<language>/programme/: the programme manager's desk."""

from django.urls import path

from elearn.programme.views import desk

app_name = "programme"
urlpatterns = [
    path("programme/", desk.home, name="home"),
]
