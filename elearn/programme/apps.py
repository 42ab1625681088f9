from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "elearn.programme"
    label = "programme"
    verbose_name = _("Programme")

    def ready(self) -> None:
        from elearn.people.domain import personal_data as privacy
        from elearn.programme.domain import personal_data

        privacy.register(personal_data.CONTRIBUTION)
