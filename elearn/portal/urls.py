from django.urls import path

from elearn.portal.views import cohorts, home, reports

# The rest of a cohort's screens are under the namespace "cohorts" (courses.urls).
COHORT = "teach/cohorts/<uuid:cohort_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("desk/", home.desk, name="desk"),
    path(COHORT, cohorts.board, name="cohort_board"),
    path(f"{COHORT}board.csv", cohorts.board_file, {"kind": "csv"}, name="cohort_board_csv"),
    path(f"{COHORT}board.xlsx", cohorts.board_file, {"kind": "xlsx"}, name="cohort_board_xlsx"),
    path(f"{COHORT}modules/<uuid:module_key>/", cohorts.module, name="cohort_module"),
    path(f"{COHORT}learners/<uuid:member_id>/", cohorts.learner, name="cohort_learner"),
    path(f"{COHORT}report/", reports.report, name="cohort_report"),
    path(f"{COHORT}report.pdf", reports.report_file, {"kind": "pdf"}, name="cohort_report_pdf"),
    path(f"{COHORT}report.xlsx", reports.report_file, {"kind": "xlsx"}, name="cohort_report_xlsx"),
]
