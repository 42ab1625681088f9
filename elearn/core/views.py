"""What a load balancer and a monitor ask: is the process alive, and can it serve?"""

import logging
import tempfile
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

BROKER_SECONDS = 3
_migrated: set[str] = set()


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive and answers; asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether every part that a request needs can be reached: 200 when all can, 503 naming those that cannot."""
    parts = {name: _answers(name, ask) for name, ask in PARTS.items()}
    ready = all(parts.values())
    body = {"ready": ready, "parts": {name: "ok" if good else "failing" for name, good in parts.items()}}
    return JsonResponse(body, status=200 if ready else 503)


def _answers(name: str, ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except Exception:  # Whatever a client library raises, the part does not answer; the log has the details.
        log.exception("Not ready: %s", name)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    # Reading the graph is dear, and what has been applied stays applied: ask until the answer is yes.
    if connection.alias not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(connection.alias)
    return True


def _cache() -> bool:
    cache.set("readyz", "ok", timeout=60)
    return bool(cache.get("readyz") == "ok")


def _broker() -> bool:
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        with tempfile.TemporaryFile(dir=settings.BROKER_DIR / "queue"):
            return True
    with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    return True


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "broker": _broker,
}
