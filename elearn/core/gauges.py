"""Numbers that packages offer to a monitor, each read by one cheap query when the monitor asks (elearn.core.metrics).

A module of its own, so that offering a number loads no monitoring library.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Gauge:
    name: str
    help_text: str
    read: Callable[[], float]


_gauges: dict[str, Gauge] = {}


def register(name: str, help_text: str, read: Callable[[], float]) -> None:
    """Offer a number under a name such as `elearn_enrolments_active`. Packages do so in `ready()`."""
    _gauges[name] = Gauge(name, help_text, read)


def all_gauges() -> list[Gauge]:
    return sorted(_gauges.values(), key=lambda gauge: gauge.name)
