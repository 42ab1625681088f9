from django.urls import path

from courses.views.cohorts import kits

urlpatterns = [
    path("teach/cohorts/<uuid:cohort_id>/kits/", kits.kits, name="kits"),
    path("teach/cohorts/<uuid:cohort_id>/kits/<uuid:kit_id>/file/", kits.file, name="kit_file"),
]
