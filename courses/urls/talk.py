"""Where people talk, and where trainers write."""

from django.urls import path

from courses.views.cohorts import sharing, talk, trainers_talk, writing

urlpatterns = [
    path("learn/units/<uuid:unit_key>/questions/", talk.questions, name="questions"),
    path("learn/units/<uuid:unit_key>/notes/<str:block_id>/share/", sharing.share, name="share_note"),
    path("cohorts/<uuid:cohort_id>/forum/", talk.forum, name="forum"),
    path("talk/<uuid:thread_id>/", talk.thread, name="thread"),
    path("talk/<uuid:thread_id>/follow/", talk.follow, name="follow"),
    path("talk/<uuid:thread_id>/close/", trainers_talk.close, name="close_thread"),
    path("talk/posts/<uuid:post_id>/edit/", talk.edit, name="edit_post"),
    path("talk/posts/<uuid:post_id>/useful/", talk.useful, name="useful"),
    path("talk/posts/<uuid:post_id>/report/", talk.report, name="report_post"),
    path("talk/posts/<uuid:post_id>/hide/", trainers_talk.hide, name="hide_post"),
    path("talk/posts/<uuid:post_id>/show/", trainers_talk.bring_back, name="show_post"),
    path("talk/posts/<uuid:post_id>/leave/", trainers_talk.leave_it, name="leave_post"),
    path("teach/questions/", trainers_talk.open_questions, name="open_questions"),
    path("teach/cohorts/<uuid:cohort_id>/talk/", trainers_talk.talk, name="talk"),
    path("teach/cohorts/<uuid:cohort_id>/talk/announce/", trainers_talk.announce, name="announce"),
    path("teach/cohorts/<uuid:cohort_id>/talk/topic/", trainers_talk.topic, name="topic"),
    path("teach/cohorts/<uuid:cohort_id>/talk/notes/", trainers_talk.notes, name="shared_notes"),
    path("teach/cohorts/<uuid:cohort_id>/talk/notes/<uuid:member_id>/", trainers_talk.notes_of, name="shared_notes_of"),
    path("teach/cohorts/<uuid:cohort_id>/messages/", writing.log, name="messages"),
    path("teach/cohorts/<uuid:cohort_id>/messages/compose/", writing.compose, name="compose"),
]
