"""What a lesson, the course page and the desk cost, as a ratio to a bare authenticated view in the same process.

One gunicorn worker with one thread serves a new embedded site with the shipped course and a few hundred learners. The
pages take turns, round after round, so that whatever else this computer does falls on all of them alike. CPU time is
the worker's own, as the kernel counts it. There is no pass and no fail: the table is for people.
"""

import argparse
import atexit
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
WARM_UP = 10


@dataclass
class Cost:
    name: str
    path: str
    cpu: float = 0.0
    wall: float = 0.0
    requests: int = 0
    queries: int = 0
    size: int = 0

    @property
    def cpu_each(self) -> float:
        return self.cpu / self.requests


class Site:
    """One gunicorn with one worker on a state folder that is thrown away."""

    def __init__(self, learners: int) -> None:
        self.folder = tempfile.mkdtemp(prefix="elearn-bench-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
            "DEMO": "1",
            "STATE_DIR": self.folder,
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        for command in ("migrate -v0", "collectstatic --noinput -v0", "demo"):
            self.python("manage.py", *command.split())
        self.known = json.loads(self.python("-m", "tests.bench.populate", str(learners)))

    def python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.splitlines()[-1] if done.stdout else ""

    def __enter__(self) -> "Site":
        bind = f"127.0.0.1:{self.port}"
        command = ["gunicorn", "elearn.wsgi:application", "--bind", bind, "--workers", "1", "--threads", "1"]
        command += ["--worker-class", "gthread", "--no-control-socket", "--log-level", "error"]
        self.server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=self.environment)
        patience = time.monotonic() + 60
        while time.monotonic() < patience:
            try:
                self.ask("/healthz")
                children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
                self.worker = int(children[0])
                return self
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("The web server did not answer within 60 s.")

    def __exit__(self, *error: object) -> None:
        self.server.terminate()
        self.server.wait()

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = f"sessionid={self.known['session']}"
        connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie, **headers})
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def cpu_seconds(self) -> float:
        """CPU time of the worker with all its threads, in nanosecond steps."""
        threads = Path(f"/proc/{self.worker}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def look(site: Site, cost: Cost) -> None:
    """Check that the page is the right one, warm it up, and count what a single request does."""
    for _ in range(WARM_UP):
        answer = site.ask(cost.path)
    if answer.status != 200:
        raise SystemExit(f"bench: {cost.path} answered {answer.status}, so there is nothing to measure.")
    counted = site.ask(cost.path, **{"X-Count": "1", "Accept-Encoding": "gzip"})
    cost.queries = int(counted.headers["X-Queries"])
    cost.size = len(counted.body)  # type: ignore[attr-defined]


def measure(site: Site, cost: Cost, requests: int) -> None:
    cpu, wall = site.cpu_seconds(), time.monotonic()
    for _ in range(requests):
        site.ask(cost.path)
    cost.wall += time.monotonic() - wall
    cost.cpu += site.cpu_seconds() - cpu
    cost.requests += requests


def show(costs: list[Cost], learners: int) -> None:
    bare = costs[0].cpu_each
    print(f"\nOne worker, one thread, SQLite, {learners} learners, {costs[0].requests} requests of each kind\n")
    print(f"{'':<14}{'requests/s':>12}{'CPU ms':>9}{'queries':>9}{'bytes':>8}{'ratio':>8}")
    for cost in costs:
        speed, ratio = cost.requests / cost.wall, cost.cpu_each / bare
        print(f"{cost.name:<14}{speed:>12.0f}{cost.cpu_each * 1000:>9.2f}{cost.queries:>9}{cost.size:>8}{ratio:>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--requests", type=int, default=20, help="of each kind in every round")
    options = parser.parse_args()
    if not Path("/proc/self/schedstat").exists():
        raise SystemExit("bench: this system does not count CPU time in /proc/<pid>/task/*/schedstat; Linux does.")
    print("Preparing a site of its own; this takes a minute.")
    site = Site(options.learners)
    costs = [Cost("bare view", "/bench/bare/")]
    costs += [Cost(name, urlsplit(path).path) for name, path in site.known["pages"].items()]
    with site:
        for cost in costs:
            look(site, cost)
        for _ in range(options.rounds):
            for cost in costs:
                measure(site, cost, options.requests)
    show(costs, options.learners)


if __name__ == "__main__":
    main()
