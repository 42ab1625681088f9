from django.urls import path

from courses.views import learning

app_name = "courses"
urlpatterns = [
    path("learn/<uuid:course_key>/enrol/", learning.enrol, name="enrol"),
    path("learn/units/<uuid:unit_key>/complete/", learning.complete, name="complete"),
    path("learn/units/<uuid:unit_key>/notes/<str:block_id>/", learning.reflect, name="reflect"),
    path("learn/units/<uuid:unit_key>/files/<int:pk>/", learning.handout, name="handout"),
]
