from celery import shared_task

from elearn.core import pending, scheduling


@shared_task(name="core.work", ignore_result=True)
def work(name: str, pk: int) -> None:
    pending.work(name, pk)


@shared_task(name="core.sweep", ignore_result=True)
def sweep() -> None:
    pending.sweep()


@shared_task(name="core.publish_scheduled", ignore_result=True)
def publish_scheduled() -> None:
    scheduling.publish_scheduled()
