from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "elearn.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from allauth.mfa import signals

        from elearn.people import receivers

        signals.authenticator_added.connect(receivers.second_step_set_up)
        signals.authenticator_removed.connect(receivers.second_step_removed)
        self.ready_roles()
        self.ready_privacy()

    def ready_roles(self) -> None:
        from allauth.account import signals

        from elearn.core import pending
        from elearn.people import receivers
        from elearn.people.domain import roles

        signals.email_confirmed.connect(receivers.address_confirmed)
        signals.email_changed.connect(receivers.addresses_changed)
        signals.email_removed.connect(receivers.addresses_changed)
        pending.register_finder(roles.align_all_groups)

    def ready_privacy(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from elearn.core import pending
        from elearn.people import privacy_receivers
        from elearn.people.domain import erasure, exports, personal_data, retention
        from elearn.people.domain.contributions import account, cms, logins, periods
        from elearn.people.models import DataExport, ErasureRequest

        pending.register(exports.KIND, DataExport, exports.make_or_remove)
        pending.register(erasure.KIND, ErasureRequest, erasure.carry_out)
        for contribution in (account.CONTRIBUTION, logins.CONTRIBUTION, cms.CONTRIBUTION):
            personal_data.register(contribution)
        retention.register(*periods.PERIODS)
        user_logged_in.connect(privacy_receivers.keep_account)
        post_migrate.connect(privacy_receivers.make_first_notice, sender=self)
