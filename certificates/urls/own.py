from django.urls import path

from certificates.views import own

urlpatterns = [
    path("certificates/<str:serial>/", own.certificate, name="certificate"),
    path("certificates/<str:serial>/download/", own.download, name="download"),
]
