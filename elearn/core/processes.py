"""Runs several commands as one process tree: all start, all stop, and one that dies starts again.

docs/decisions/0002-process-tree.md says why this is not a library.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

STOP_SECONDS = 10.0  # what a child gets to stop by itself
STEADY_SECONDS = 10.0  # a child that lived this long starts again at once, others after a growing pause
LONGEST_PAUSE = 30.0
LOOK_SECONDS = 0.2
PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start; doubles with every quick death."""
        return min(2.0 ** (self.quick_deaths - 1), LONGEST_PAUSE) if self.quick_deaths else 0.0


class ProcessTree:
    """`keep_open` are file descriptors that every child inherits; `say` tells the person at the terminal."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        folder: Path,
        keep_open: Sequence[int],
        say: Callable[[str], object],
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self.children = children
        self.folder = folder
        self.keep_open = keep_open
        self.say = say
        self.stop_seconds = stop_seconds
        self.told_to_stop = False

    def run(self, is_ready: Callable[[], bool], when_ready: Callable[[], object]) -> None:
        """Start every child and keep it running until a signal says stop; then stop all and leave none behind."""
        before = {number: signal.signal(number, self._note_signal) for number in STOP_SIGNALS}
        ready = False
        try:
            while not self.told_to_stop:
                for child in self.children:
                    self._keep_running(child)
                if not ready and is_ready():
                    ready = True
                    when_ready()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _keep_running(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            return
        _kill_group(child.process.pid)  # What a killed child left behind must not work beside its successor.
        child.process = None
        child.quick_deaths = 0 if now - child.started_at >= STEADY_SECONDS else child.quick_deaths + 1
        child.start_at = now + child.pause
        when = f"in {child.pause:.0f} s" if child.pause else "now"
        self.say(f"{child.name} ended ({_reason(code)}); it starts again {when}.")

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            child.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl-C reaches this process alone, which then stops the children in order.
            process_group=0,
            pass_fds=self.keep_open,
            preexec_fn=_end_with_parent(),
        )

    def _stop_all(self) -> None:
        running = {child.name: child.process for child in self.children if child.process is not None}
        for process in running.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        patience = time.monotonic() + self.stop_seconds
        while time.monotonic() < patience and any(process.poll() is None for process in running.values()):
            time.sleep(LOOK_SECONDS / 2)
        for name, process in running.items():
            if process.poll() is None:
                self.say(f"{name} did not stop within {self.stop_seconds:.0f} s and is killed.")
            _kill_group(process.pid)
            process.wait()


def _end_with_parent() -> Callable[[], None] | None:
    """What a child runs before its command, so that it is told to stop even when its parent is killed hard.

    Linux alone offers this. Elsewhere a parent killed with -9 leaves its children to be stopped by hand.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask_for_signal() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # It died before we could ask.
            os._exit(1)

    return ask_for_signal


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
