"""What every reader shares, kept by each process under a key that says of which state of things it was made.

Nothing here is a learner's, a token or a facilitator's note: those are read for each request. No process has to be told
that something is out of date: keys of courses carry `Course.wording`, which every change of a page moves on.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")

# Pictures, files and words that a page shows have no stamp; what shows them is made anew this often, in seconds.
RENEWED_AFTER = 60

_shelves: "list[Shelf]" = []


class Shelf(Generic[Key, Kept]):
    """Keeps the `room` things that were asked for last."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()
        _shelves.append(self)

    def take(self, keys: Iterable[Key], make: Callable[[list[Key]], dict[Key, Kept]]) -> dict[Key, Kept]:
        """What is kept under these keys; `make` is asked once for all that is not, and may leave some out."""
        keys = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in keys if key not in found]
        if missing:
            made = make(missing)
            found.update(made)
            self._keep(made)
        return found

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Key, value: Kept) -> None:
        self._keep({key: value})

    def take_one(self, key: Key, make: Callable[[], Kept]) -> Kept:
        # Not by `take`: keys are long, and it would hash each of them six times.
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        self._keep({key: made})
        return made

    def _keep(self, made: dict[Key, Kept]) -> None:
        with self._lock:
            self._kept.update(made)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def this_minute() -> int:
    """A part of a key that changes when what it names should be made anew."""
    return int(time.time() // RENEWED_AFTER)


def forget() -> None:
    """Empty every shelf of this process. Tests begin with it."""
    for shelf in _shelves:
        shelf.clear()
