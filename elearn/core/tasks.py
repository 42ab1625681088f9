from celery import shared_task

from elearn.core import pending


@shared_task(name="core.work", ignore_result=True)
def work(name: str, pk: int) -> None:
    pending.work(name, pk)


@shared_task(name="core.sweep", ignore_result=True)
def sweep() -> None:
    pending.sweep()
