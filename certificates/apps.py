from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Certificates"

    def ready(self) -> None:
        from certificates import receivers  # noqa: F401  Issues when a course is completed.
        from certificates.domain import issuing, personal_data, rendering, rights
        from certificates.models import Certificate
        from elearn.core import pending
        from elearn.people.domain import personal_data as privacy
        from elearn.people.domain import retention

        rights.register()
        pending.register(issuing.KIND, Certificate, rendering.render)
        pending.register_finder(issuing.issue_missing)
        privacy.register(personal_data.CONTRIBUTION)
        retention.register(*personal_data.PERIODS)
