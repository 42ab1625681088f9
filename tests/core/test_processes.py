import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

LINUX = sys.platform.startswith("linux")
# A tree of two children that write their process id and sleep, and one that has a child of its own.
TREE = """
import sys
from pathlib import Path
from elearn.core.processes import Child, ProcessTree
folder = Path(sys.argv[1])
sleeper = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
parent = "import subprocess, sys; subprocess.run(sys.argv[1:])"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + sleeper
children = [
    Child("plain", [sys.executable, "-c", sleeper, str(folder / "plain")]),
    Child("family", [sys.executable, "-c", parent, sys.executable, "-c", sleeper, str(folder / "grandchild")]),
]
if sys.argv[2] == "stubborn":
    children.append(Child("stubborn", [sys.executable, "-c", stubborn, str(folder / "stubborn")]))
tree = ProcessTree(children, folder=folder, keep_open=(), say=lambda text: print(text, flush=True),
                   stop_seconds=1)
tree.run(is_ready=lambda: (folder / "plain").exists(), when_ready=lambda: print("ready", flush=True))
print("stopped", flush=True)
"""


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    patience = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience, "It did not happen in time."
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def pid_in(file: Path) -> int:
    wait_until(lambda: file.exists() and file.read_text() != "")
    return int(file.read_text())


@pytest.fixture
def start_tree(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    trees = []

    def start(kind: str = "") -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
        tree = subprocess.Popen(
            [sys.executable, "-c", TREE, str(tmp_path), kind], stdout=subprocess.PIPE, text=True, env=environment
        )
        trees.append(tree)
        return tree

    yield start
    for tree in trees:
        tree.kill()
        tree.wait()
        for file in tmp_path.iterdir():
            if is_alive(int(file.read_text())):
                os.kill(int(file.read_text()), signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_tree_told_to_stop_leaves_no_process(start_tree: Callable, tmp_path: Path, number: signal.Signals) -> None:
    tree = start_tree()
    children = [pid_in(tmp_path / "plain"), pid_in(tmp_path / "grandchild")]
    assert tree.stdout.readline() == "ready\n"
    tree.send_signal(number)
    assert tree.wait(timeout=15) == 0
    assert tree.stdout.readline() == "stopped\n"
    assert [is_alive(pid) for pid in children] == [False, False]


def test_killed_child_starts_again(start_tree: Callable, tmp_path: Path) -> None:
    tree = start_tree()
    first = pid_in(tmp_path / "plain")
    assert tree.stdout.readline() == "ready\n"
    (tmp_path / "plain").unlink()
    os.kill(first, signal.SIGKILL)
    second = pid_in(tmp_path / "plain")
    assert tree.stdout.readline() == "plain ended (signal 9); it starts again in 1 s.\n"
    assert (is_alive(first), is_alive(second)) == (False, True)


def test_killed_child_takes_its_own_children_along(start_tree: Callable, tmp_path: Path) -> None:
    tree = start_tree()
    grandchild = pid_in(tmp_path / "grandchild")
    family = os.getpgid(grandchild)
    (tmp_path / "grandchild").unlink()
    os.kill(family, signal.SIGKILL)
    assert pid_in(tmp_path / "grandchild") != grandchild
    assert is_alive(grandchild) is False
    assert tree.poll() is None


def test_child_that_does_not_stop_is_killed(start_tree: Callable, tmp_path: Path) -> None:
    tree = start_tree("stubborn")
    stubborn = pid_in(tmp_path / "stubborn")
    tree.terminate()
    assert tree.wait(timeout=15) == 0
    assert "stubborn did not stop within 1 s and is killed.\n" in tree.stdout.readlines()
    assert is_alive(stubborn) is False


@pytest.mark.skipif(not LINUX, reason="Only Linux tells children that their parent was killed hard.")
def test_tree_killed_hard_leaves_no_process(start_tree: Callable, tmp_path: Path) -> None:
    tree = start_tree()
    plain = pid_in(tmp_path / "plain")
    tree.kill()
    tree.wait()
    wait_until(lambda: not is_alive(plain))
