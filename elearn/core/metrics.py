"""Numbers for a monitor, in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/).

Requests are counted by the name of their route, never by address: addresses name courses and people. The processes of
the web server share their counts through small files in METRICS_DIR, which prometheus_client keeps and the start of the
web server removes (elearn.gunicorn_settings).
"""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from elearn.core import gauges, pending

log = logging.getLogger(__name__)

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# A visitor may invent methods; each would be a number of its own that is kept for good.
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

requests_answered = Counter("elearn_requests_total", "Requests answered.", ["method", "route", "status"], registry=None)
request_seconds = Histogram("elearn_request_seconds", "Time to an answer.", ["route"], buckets=SECONDS, registry=None)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    requests_answered.labels(method if method in METHODS else "other", route, str(status)).inc()
    request_seconds.labels(route).observe(seconds)


class State(Collector):
    """What the database and the cache know, read at the moment of asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        answers = GaugeMetricFamily("elearn_database_up", "Whether the database answered just now.")
        try:
            known = [*_work(), *(_gauge(one.name, one.help_text, one.read()) for one in gauges.all_gauges())]
        except DatabaseError as error:
            # The counts of requests are still of use, and a monitor that gets no answer knows less than one that does.
            log.error("The numbers of the database are missing: %s", type(error).__name__)
            known = []
        answers.add_metric([], 1 if known else 0)
        yield answers
        yield from known
        help_text = "How long ago a worker last looked for work that was left over; +Inf: nobody remembers one."
        yield _gauge("elearn_sweep_age_seconds", help_text, _sweep_age())


def _sweep_age() -> float:
    try:
        age = pending.seconds_since_sweep()
    except Exception as error:  # Whatever the cache's client raises: one that does not answer remembers nothing.
        log.error("The cache does not answer: %s", type(error).__name__)
        age = None
    return float("inf") if age is None else age


def _work() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("elearn_work_outstanding", "Rows with work left to do.", labels=["kind"])
    oldest = GaugeMetricFamily("elearn_work_oldest_seconds", "How long the oldest has been due.", labels=["kind"])
    failing = GaugeMetricFamily("elearn_work_failing", "Rows whose work failed at least once.", labels=["kind"])
    now = timezone.now()
    for kind in pending.kinds():
        counts = kind.model._default_manager.filter(work_done_at=None).aggregate(
            waiting=Count("pk"),
            since=Min("work_due_at", filter=Q(work_due_at__lte=now)),
            failing=Count("pk", filter=Q(work_tries__gt=0)),
        )
        waiting.add_metric([kind.name], counts["waiting"])
        oldest.add_metric([kind.name], (now - counts["since"]).total_seconds() if counts["since"] else 0)
        failing.add_metric([kind.name], counts["failing"])
    yield from (waiting, oldest, failing)


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, value=value)


def exposition() -> bytes:
    """Everything, of all processes of the web server, as the monitor reads it."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    registry.register(State())
    return generate_latest(registry)
