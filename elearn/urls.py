from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from certificates.urls import authority_patterns
from courses.urls import calendar_patterns, cohort_patterns
from courses.views.granted import within_granted_courses
from courses.views.reading import page
from elearn.core import serving, views
from elearn.people import login_views
from elearn.people.urls import directory_patterns
from elearn.people.views.cms import refuse_people
from elearn.portal.views.home import root

# Wagtail has pages of its own that take a password; every one of them gives way to the site's login.
to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("", root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("verify/", include("certificates.public_urls")),
    path("privacy/", include("elearn.people.public_urls")),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", login_views.remove_passkey),
    path("accounts/login/code/confirm/", login_views.confirm_login_code),
    path("accounts/confirm-email/", login_views.confirm_address),
    path("accounts/password/reset/confirm/", login_views.confirm_password_reset),
    path("accounts/institution/<slug:provider_id>/login/", login_views.institution_login),
    path("", include("elearn.messages.urls")),
    path("accounts/", include("elearn.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("cms/login/", to_login),
    path("cms/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("_util/login/", to_login),
    path("cms/documents/authenticate_with_password/<int:restriction_id>/", login_views.no_shared_passwords),
    path("cms/documents/", include(wagtaildocs_urls)),
    re_path(r"^cms/(?:users|groups|bulk/people/user|bulk/auth/group)/", refuse_people),
    path("cms/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, within_granted_courses))),
    *calendar_patterns,
    path("media/<path:path>", serving.media, name="media"),
    *i18n_patterns(
        path("", include("elearn.portal.urls")),
        path("people/", include((directory_patterns, "directory"))),
        path("", include("courses.urls")),
        path("", include((cohort_patterns, "cohorts"))),
        path("", include("assessments.urls")),
        path("", include("certificates.urls")),
        path("", include((authority_patterns, "authority"))),
        path("", include("elearn.programme.urls")),
        path("_util/login/", to_login),
        path(
            "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
            login_views.no_shared_passwords,
        ),
        re_path(r"^(?P<address>(?:[\w-]+/)+)$", page, name="page"),
        path("", include(wagtail_urls)),
    ),
]
