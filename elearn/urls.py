from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from elearn.core import serving, views
from elearn.portal.views import root

# Wagtail has pages of its own that take a password; every one of them gives way to the site's login.
to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("", root, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("verify/", include("certificates.public_urls")),
    path("accounts/", include("allauth.urls")),
    path("cms/login/", to_login),
    path("cms/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("_util/login/", to_login),
    path("cms/documents/", include(wagtaildocs_urls)),
    path("cms/", include(wagtailadmin_urls)),
    path("media/<path:path>", serving.media, name="media"),
    *i18n_patterns(
        path("", include("elearn.portal.urls")),
        path("", include("courses.urls")),
        path("", include("assessments.urls")),
        path("", include("certificates.urls")),
        path("_util/login/", to_login),
        path("", include(wagtail_urls)),
    ),
]
