from django.urls import path

from elearn.portal import views

urlpatterns = [path("desk/", views.desk, name="desk")]
