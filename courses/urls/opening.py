from django.urls import path

from courses.views.cohorts import opening, schedule, settings

ONE = "teach/cohorts/<uuid:cohort_id>"
urlpatterns = [
    path("teach/", opening.cohorts, name="list"),
    path("teach/open/", opening.choose, name="open"),
    path("teach/open/<uuid:course_key>/", opening.open_one, name="open_one"),
    path(f"{ONE}/settings/", settings.settings, name="settings"),
    path(f"{ONE}/settings/trainers/", settings.name_trainer, name="name_trainer"),
    path(f"{ONE}/settings/trainers/<uuid:person_id>/end/", settings.let_trainer_go, name="let_trainer_go"),
    path(f"{ONE}/settings/close/", settings.close, name="close"),
    path(f"{ONE}/settings/reopen/", settings.reopen, name="reopen"),
    path(f"{ONE}/schedule/", schedule.schedule, name="schedule"),
    path(f"{ONE}/schedule/pace/", schedule.set_pace, name="set_pace"),
    path(f"{ONE}/schedule/more-time/", schedule.more_time, name="more_time"),
]
