"""Addresses under /<language>/: a holder's own certificates; the screens of authority, /programme/ and /teach/."""

from certificates.urls import authorising, cascading, handling, lineage, own

app_name = "certificates"
urlpatterns = own.urlpatterns
# Under the namespace "authority" (elearn.urls).
authority_patterns = [
    *handling.urlpatterns,
    *authorising.urlpatterns,
    *cascading.urlpatterns,
    *lineage.urlpatterns,
]
