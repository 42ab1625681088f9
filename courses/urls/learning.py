from django.urls import path

from courses.views import glossary, learning, moving, notes

urlpatterns = [
    path("learn/<uuid:course_key>/enrol/", learning.enrol, name="enrol"),
    path("learn/<uuid:course_key>/move-up/", moving.move_up, name="move_up"),
    path("learn/<uuid:course_key>/notes/", notes.of_course, name="notes_of_course"),
    path("learn/<uuid:course_key>/notes/download/", notes.download, name="notes_download"),
    path("learn/<uuid:course_key>/glossary/", glossary.of_course, name="glossary"),
    path("notes/", notes.of_all_courses, name="notes"),
    path("learn/units/<uuid:unit_key>/complete/", learning.complete, name="complete"),
    path("learn/units/<uuid:unit_key>/notes/<str:block_id>/", learning.reflect, name="reflect"),
    path("learn/units/<uuid:unit_key>/files/<int:pk>/", learning.handout, name="handout"),
]
