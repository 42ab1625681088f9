"""Says what a run of the tests could not try here, and why.

Tests marked `browser`, `postgresql` or `redis` are skipped where that is missing; with REQUIRE_EVERYTHING=1 they
fail instead, so that CI cannot pass without them.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable

import pytest

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def no_browser() -> str:
    return "" if shutil.which(CHROMIUM) else f"no Chromium at {CHROMIUM} (set CHROMIUM to another path)"


def no_postgresql() -> str:
    is_there = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return "" if is_there else "no PostgreSQL (set DATABASE_URL=postgres://...)"


def no_redis() -> str:
    is_there = os.environ.get("CELERY_BROKER_URL", "").startswith("redis")
    return "" if is_there else "no Redis (set CELERY_BROKER_URL=redis://...)"


NEEDS: dict[str, Callable[[], str]] = {"browser": no_browser, "postgresql": no_postgresql, "redis": no_redis}


def pytest_configure(config: pytest.Config) -> None:
    for mark in NEEDS:
        config.addinivalue_line("markers", f"{mark}: needs {mark}; skipped, with the reason, where it is missing")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, missing in NEEDS.items():
        reason = missing() if item.get_closest_marker(mark) else ""
        if reason and os.environ.get("REQUIRE_EVERYTHING") == "1":
            pytest.fail(f"REQUIRE_EVERYTHING=1, but {reason}", pytrace=False)
        if reason:
            pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if not reasons:
        terminalreporter.write_line("\nEverything that was asked for could run here.")
        return
    terminalreporter.write_line("\nCould not run here:")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"  {count} test{'s' if count != 1 else ''}: {reason}")


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
