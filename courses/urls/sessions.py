"""Live sessions: for those who run a cohort, for those who take part, and for calendar programs."""

from django.urls import path

from courses.views.cohorts import attendance, calendars, check_in, own_page, sessions

TEACH = "teach/cohorts/<uuid:cohort_id>/sessions/"

urlpatterns = [
    path(TEACH, sessions.sessions, name="sessions"),
    path(f"{TEACH}add/", sessions.add, name="session_add"),
    path(f"{TEACH}<uuid:session_id>/", attendance.session, name="session"),
    path(f"{TEACH}<uuid:session_id>/change/", sessions.change, name="session_change"),
    path(f"{TEACH}<uuid:session_id>/cancel/", sessions.cancel, name="session_cancel"),
    path(f"{TEACH}<uuid:session_id>/code/", attendance.projector, name="session_code"),
    path(f"{TEACH}<uuid:session_id>/code.svg", attendance.code_picture, name="session_code_picture"),
    path("cohorts/<uuid:cohort_id>/", own_page.own, name="own"),
    path("cohorts/<uuid:cohort_id>/sessions/<uuid:session_id>/session.ics", calendars.one_session, name="session_ics"),
    path("check-in/<uuid:session_id>/", check_in.check_in, name="check_in"),
    path("calendar/", calendars.subscribe, name="calendar"),
    path("calendar/address/", calendars.new_address, name="calendar_address"),
]
# Without a language and without a login (elearn.urls).
calendar_patterns = [path("calendar/<slug:token>.ics", calendars.feed, name="calendar_feed")]
