from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "elearn.messages"
    label = "elearn_messages"  # "messages" is taken by django.contrib.messages.
    verbose_name = "Messages"

    def ready(self) -> None:
        from elearn.core import pending
        from elearn.messages import privacy_receivers, receivers  # noqa: F401  Mail about what happens to people.
        from elearn.messages.domain import digests, personal_data, sending
        from elearn.messages.models import Message
        from elearn.people.domain import personal_data as privacy
        from elearn.people.domain import retention

        pending.register(sending.KIND, Message, sending.deliver)
        pending.register_finder(digests.make_due_digests)
        privacy.register(personal_data.CONTRIBUTION)
        retention.register(*personal_data.PERIODS)
