from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Certificates"

    def ready(self) -> None:
        from certificates import receivers  # noqa: F401  Issues when a course is completed.
        from certificates.domain import issuing, rendering
        from certificates.models import Certificate
        from elearn.core import pending

        pending.register(issuing.KIND, Certificate, rendering.render)
        pending.register_finder(issuing.issue_missing)
