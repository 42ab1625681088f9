from django.urls import path

from courses.views.cohorts import joining, links, lists, people

TEACH, OWN = "teach/cohorts/<uuid:cohort_id>/", "cohorts/<uuid:cohort_id>/"

urlpatterns = [
    path(f"{TEACH}people/", people.people, name="people"),
    path(f"{TEACH}people/add/", people.add, name="add_person"),
    path(f"{TEACH}people/<uuid:member_id>/", people.member, name="member"),
    path(f"{TEACH}lists/", lists.lists, name="lists"),
    path(f"{TEACH}lists/<uuid:list_id>/", lists.one, name="list_of_people"),
    path(f"{TEACH}lists/<uuid:list_id>/rows/<int:number>/", lists.row, name="list_row"),
    path(f"{TEACH}lists/<uuid:list_id>/enter/", lists.enter, name="list_enter"),
    path(f"{TEACH}lists/<uuid:list_id>/throw-away/", lists.throw_away, name="list_throw_away"),
    path(f"{TEACH}links/", links.links, name="links"),
    path(f"{TEACH}links/<int:pk>/", links.poster, name="link"),
    path(f"{TEACH}links/<int:pk>/code.svg", links.code, name="link_code"),
    path(f"{TEACH}links/<int:pk>/end/", links.end, name="link_end"),
    path("join/<slug:token>/", joining.join, name="join"),
    path("invitations/<slug:token>/", joining.invitation, name="invitation"),
    path(f"{OWN}ask/", joining.ask, name="ask"),
    path(f"{OWN}leave/", joining.leave, name="leave"),
]
