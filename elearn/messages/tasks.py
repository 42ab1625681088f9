from celery import shared_task

from elearn.messages.domain import sending


@shared_task(name="messages.forget_addresses")
def forget_addresses() -> None:
    sending.forget_addresses()
