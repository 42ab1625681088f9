from celery import shared_task

from elearn.people.domain import retention
from elearn.people.domain.contributions import periods


@shared_task(name="people.apply_retention", ignore_result=True)
def apply_retention() -> None:
    retention.apply_retention()
    periods.tidy()
