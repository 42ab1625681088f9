"""The folder that holds everything this installation knows, and who may use it at one time."""

import fcntl
import os
import shutil
from pathlib import Path

# Everything the site itself writes there; `reset` removes these and nothing else that somebody may keep beside them.
PARTS = ("media", "private", "static", "broker", "mail")
FILES = ("db.sqlite3*", "cache.sqlite3*", "beat-schedule*", "secret_key", "lock")


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


def empty(state: Path) -> None:
    """Remove what the site wrote. The caller holds the lock."""
    for part in PARTS:
        shutil.rmtree(state / part, ignore_errors=True)
    for pattern in FILES:
        for file in state.glob(pattern):
            file.unlink()
