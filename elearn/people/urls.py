"""A person's own screens under /accounts/, beside allauth's; those about others under /<language>/people/."""

from django.urls import path

from elearn.people.views import actions, institutions, members, privacy, profile, roles

app_name = "people"
urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/posts/add/", profile.find_institution, name="find_institution"),
    path("profile/posts/add/<uuid:institution_id>/", profile.claim, name="claim"),
    path("profile/posts/propose/", profile.propose, name="propose"),
    path("profile/posts/<uuid:membership_id>/end/", profile.end_post, name="end_post"),
    path("seen/", profile.seen, name="seen"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/export/", privacy.ask_for_export, name="ask_for_export"),
    path("privacy/export/<uuid:public_id>/", privacy.download, name="download_export"),
    path("privacy/erase/", privacy.ask_for_erasure, name="ask_for_erasure"),
    path("privacy/keep/", privacy.keep_account, name="keep_account"),
]

directory_patterns = [
    path("members/", members.members, name="members"),
    path("members/<uuid:membership_id>/", members.member, name="member"),
    path("roles/", roles.roles, name="roles"),
    path("roles/grant/", roles.grant, name="grant"),
    path("roles/<uuid:grant_id>/end/", roles.end, name="end_role"),
    path("institutions/", institutions.institutions, name="institutions"),
    path("institutions/add/", institutions.add, name="add_institution"),
    path("institutions/<uuid:public_id>/", institutions.institution, name="institution"),
    path("institutions/<uuid:public_id>/decide/", institutions.decide, name="decide_institution"),
    path("actions/", actions.actions, name="actions"),
    path("actions/add/", actions.add, name="add_action"),
    path("actions/<uuid:public_id>/", actions.action, name="action"),
    path("<uuid:public_id>/", members.person, name="person"),
    path("<uuid:public_id>/trail/", members.person_trail, name="person_trail"),
    path("<uuid:public_id>/account/", members.account, name="account"),
]
