from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "elearn.messages"
    label = "elearn_messages"  # "messages" is taken by django.contrib.messages.
    verbose_name = "Messages"

    def ready(self) -> None:
        from elearn.core import pending
        from elearn.messages.domain import sending
        from elearn.messages.models import Message

        pending.register(sending.KIND, Message, sending.deliver)
