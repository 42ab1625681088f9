from celery import shared_task

from courses.domain import links


@shared_task(name="courses.collect_links", ignore_result=True)
def collect_links() -> None:
    links.collect_links()
