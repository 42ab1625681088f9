"""The folder that holds everything this installation knows, and who may use it at one time."""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

# Everything the site itself writes there; `reset` removes these and nothing else that somebody may keep beside them.
PARTS = ("media", "private", "static", "broker", "mail", "metrics", "keys")
FILES = ("db.sqlite3*", "cache.sqlite3*", "beat-schedule*", "secret_key", "lock")

# Folders in which something is half done begin like this; a process that was killed leaves one behind.
UNFINISHED = ".unfinished-"


class InUse(Exception):
    """Another process runs on this folder; the message names it."""


def make_folders(state: Path, broker: Path) -> None:
    for folder in (*(state / part for part in PARTS), broker / "queue", broker / "control"):
        folder.mkdir(parents=True, exist_ok=True)


def lock(state: Path) -> int:
    """Take the folder for this process and answer the lock's file descriptor.

    Effects: the lock lasts until this process, and every child that inherits the descriptor, has ended.
    Refusals: InUse.
    """
    state.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode(errors="replace") or "?"
        os.close(descriptor)
        raise InUse(holder) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


@contextmanager
def cleaning_up_when_told_to_stop() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does, so that what was half done is taken back."""

    def stop(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def empty(state: Path) -> None:
    """Remove what the site wrote. The caller holds the lock."""
    for part in PARTS:
        shutil.rmtree(state / part, ignore_errors=True)
    for leftover in state.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for pattern in FILES:
        for file in state.glob(pattern):
            file.unlink()
