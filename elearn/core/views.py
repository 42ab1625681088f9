"""What a load balancer and a monitor ask: is the process alive, and can it serve?"""

import hmac
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elearn.core import pending

log = logging.getLogger(__name__)

BROKER_SECONDS = 3
BLOCK = 4096
# Worker and sweeper are late when nothing was swept for so many rounds, and for so many seconds.
LATE_SWEEPS = 5
LATE_SECONDS = 120
_migrated: set[str] = set()


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive and answers; asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether every part that a request needs can be reached: 200 when all can, 503 naming those that cannot.

    `background` is told beside them and decides nothing: without a worker pages are served and work waits, and taking
    the web server out as well would help nobody.
    """
    parts = {name: _answers(name, ask) for name, ask in PARTS.items()}
    ready = all(parts.values())
    body = {"ready": ready, "parts": {name: "ok" if good else "failing" for name, good in parts.items()}}
    return JsonResponse({**body, "background": _background()}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for a monitor that knows METRICS_TOKEN; for everybody else there is nothing here."""
    expected, given = f"Bearer {settings.METRICS_TOKEN}", request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Http404
    # Imported here: without a monitor nothing keeps counts, and the library writes files as it is loaded.
    from elearn.core.metrics import exposition

    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _answers(name: str, ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except Exception as error:  # Whatever a client library raises, the part does not answer; the log says why.
        log.error("Not ready: %s (%s: %s)", name, type(error).__name__, error)
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


def _storage() -> bool:
    for name in ("default", "private"):
        folder = getattr(storages[name], "location", None)
        if folder is not None:  # A storage elsewhere says for itself, at every upload, whether it can.
            Path(folder).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as proof:
                proof.write(bytes(BLOCK))  # On a full disk a file can still be opened.
    return True


def _background() -> str:
    try:
        age = pending.seconds_since_sweep()
    except Exception:  # The cache does not answer, which `cache` says already.
        age = None
    if age is None:
        return "not seen"
    return "late" if age > max(LATE_SWEEPS * settings.SWEEP_SECONDS, LATE_SECONDS) else "ok"


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "broker": _broker,
    "storage": _storage,
}
