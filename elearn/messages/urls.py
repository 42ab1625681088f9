"""Addresses about mail, which have no language of their own: the reader's is known."""

from django.urls import path

from elearn.messages import views

app_name = "mail"
urlpatterns = [
    path("accounts/mail/", views.preferences, name="preferences"),
    path("mail/stop/<str:token>/", views.stop, name="stop"),
]
