from django.urls import path

from elearn.portal import views

urlpatterns = [path("", views.home, name="home"), path("desk/", views.desk, name="desk")]
