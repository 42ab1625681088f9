"""Addresses of courses under /<language>/, and of cohorts: /teach/ for who runs them, /cohorts/ for who takes part."""

from courses.urls import kits, learning, members, opening, sessions, talk

app_name = "courses"
urlpatterns = learning.urlpatterns
# Under the namespace "cohorts" (elearn.urls).
cohort_patterns = [
    *opening.urlpatterns,
    *members.urlpatterns,
    *sessions.urlpatterns,
    *talk.urlpatterns,
    *kits.urlpatterns,
]
calendar_patterns = sessions.calendar_patterns
