"""What pages cost, as a ratio to a bare authenticated view in the same process.

A new site with the shipped course, copies of it and learners in the middle of them is served by gunicorn: first on
SQLite, then on PostgreSQL where one answers. The pages take turns, round after round, so that whatever else this
computer does falls on all of them alike; forty learners take turns on each page. One connection is kept open for all,
the bare view too. In every round a few learners also go a whole way, from the course to the result of a quiz of ten
questions, each of them once. Then the page of a cohort of 5 learners and of 500, of 30 units each. CPU time is what the
kernel counts for the worker and for PostgreSQL's processes. Figures are the median of the rounds. There is no pass and
no fail: tests/portal/test_page_budgets.py holds what must not grow.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, median_high

from tests.bench.browser import show_cold_pages
from tests.bench.cohort_pages import show_cohorts
from tests.bench.site import ROOT, OwnDatabase, Site, postgresql_at
from tests.bench.visits import PAGES, STEPS, Answer, Crowd, Traveller, expect

BARE = PAGES[0]
JOURNEY = "journey"
PARTS = {f"  {step}": step for step in STEPS}
AIMS = {"lesson": 2, "course": 3, "desk": 3, JOURNEY: 40}
LOCAL = "postgres://postgres@127.0.0.1/"
COUNTED = 10  # requests of each kind of which queries and bytes are counted
GROWTH = 10
TRAVELLERS = 2  # whole journeys in every round, and as many before anything is counted


@dataclass
class Round:
    server: float
    database: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.server + self.database


@dataclass
class Cost:
    """What one page costs. Times are seconds for one request, one entry per round."""

    name: str
    rounds: list[Round] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    def ratio(self, bare: "Cost") -> float:
        return median(own.cpu / other.cpu for own, other in zip(self.rounds, bare.rounds, strict=True))

    @property
    def per_second(self) -> float:
        return 1 / median(each.wall for each in self.rounds)

    @property
    def server_ms(self) -> float:
        return median(each.server for each in self.rounds) * 1000

    @property
    def database_ms(self) -> float:
        return median(each.database for each in self.rounds) * 1000


Costs = dict[str, Cost]


def measure(site: Site, rounds: int, requests: int) -> Costs:
    crowd = Crowd(site.known["actors"])
    for actor in crowd.actors:
        actor.open_attempt(site)
    costs = {name: Cost(name) for name in (*PAGES, JOURNEY, *PARTS)}
    for page in PAGES:
        for _ in range(2 * len(crowd)):
            expect(crowd.visit(site, page), page)
        counted = [crowd.visit(site, page, X_Count="1") for _ in range(COUNTED)]
        # Not the most: the first request after a minute has ended also reads what is made anew.
        costs[page].queries = median_high(int(answer.headers["X-Queries"]) for answer in counted)
        costs[page].size = int(median(answer.size for answer in counted))
    count_journey(site, costs)
    for _ in range(rounds):
        for page in PAGES:
            costs[page].rounds.append(one_round(site, crowd, page, requests))
        travel(site, costs)
    return costs


def next_travellers(site: Site) -> list[Traveller]:
    """People who have not begun yet; nobody goes twice."""
    taken = [site.known["travellers"].pop() for _ in range(TRAVELLERS)]
    return [Traveller(known) for known in taken]


def count_journey(site: Site, costs: Costs) -> None:
    """Queries and bytes of a whole journey, and of each part; what a process keeps is made by another one before."""
    answers: dict[str, list[Answer]] = {}
    for traveller in next_travellers(site):
        answers = {part: traveller.go(site, step, X_Count="1") for part, step in PARTS.items()}
    answers[JOURNEY] = [answer for part in PARTS for answer in answers[part]]
    for name, given in answers.items():
        costs[name].queries = sum(int(answer.headers["X-Queries"]) for answer in given)
        costs[name].size = sum(answer.size for answer in given)


def travel(site: Site, costs: Costs) -> None:
    """A round of journeys: each part on its own, and their sum, for one learner."""
    travellers, whole = next_travellers(site), Round(0, 0, 0)
    for part, step in PARTS.items():
        before, began = site.cpu(), time.monotonic()
        for traveller in travellers:
            traveller.go(site, step)
        wall, after = time.monotonic() - began, site.cpu()
        figures = (after.server - before.server, after.database - before.database, wall)
        own = Round(*(figure / len(travellers) for figure in figures))
        costs[part].rounds.append(own)
        whole = Round(whole.server + own.server, whole.database + own.database, whole.wall + own.wall)
    costs[JOURNEY].rounds.append(whole)


def one_round(site: Site, crowd: Crowd, page: str, requests: int) -> Round:
    before, began = site.cpu(), time.monotonic()
    for _ in range(requests):
        expect(crowd.visit(site, page), page)
    wall, after = time.monotonic() - began, site.cpu()
    server, database = after.server - before.server, after.database - before.database
    return Round(server / requests, database / requests, wall / requests)


def show(costs: Costs) -> None:
    """Every figure with its ratio to the bare view's; "ratio" is that of all CPU time."""
    columns = ("requests/s", "server ms", "database ms", "queries", "bytes", "ratio", "aim")
    print(f"{'':<12}" + "".join(f"{column:>15}" for column in columns))
    bare = costs[BARE]
    for cost in costs.values():
        row = [
            beside(cost.per_second, bare.per_second, 0),
            beside(cost.server_ms, bare.server_ms, 2),
            beside(cost.database_ms, bare.database_ms, 2),
            beside(cost.queries, bare.queries, 0),
            beside(cost.size, bare.size, 0),
            f"{cost.ratio(bare):.2f}",
            AIMS.get(cost.name, ""),
        ]
        print(f"{cost.name:<12}" + "".join(f"{text:>15}" for text in row))


def beside(figure: float, bare: float, digits: int) -> str:
    ratio = f" ({figure / bare:.2f})" if bare else ""  # SQLite has no processes of its own.
    return f"{figure:.{digits}f}{ratio}"


def show_runs(runs: list[Costs]) -> None:
    print("\nRatios of each run, and their median")
    for page in list(runs[0])[1:]:
        ratios = [run[page].ratio(run[BARE]) for run in runs]
        print(f"{page:<12}" + "".join(f"{ratio:>8.2f}" for ratio in [*ratios, median(ratios)]))


def show_growth(small: list[Costs], large: list[Costs]) -> None:
    """How the figures grow with the site: 1.00 is not at all."""
    print(f"\nGrowth: the figures with {GROWTH} x the learners, courses and enrolments, divided by those before")
    print(f"{'':<12}{'ratio':>10}{'queries':>10}{'bytes':>10}")
    for page in list(small[0])[1:]:
        grown = [median(run[page].ratio(run[BARE]) for run in runs) for runs in (large, small)]
        queries = large[0][page].queries / max(1, small[0][page].queries)
        size = large[0][page].size / small[0][page].size
        print(f"{page:<12}{grown[0] / grown[1]:>10.2f}{queries:>10.2f}{size:>10.2f}")


def bench(options: argparse.Namespace, url: str, scale: int) -> list[Costs]:
    learners, courses = options.learners * scale, options.courses * scale
    print(f"\n{'PostgreSQL' if url else 'SQLite'}, {learners} learners, {courses} courses: preparing.", flush=True)
    began = time.monotonic()
    travellers = TRAVELLERS * options.runs * (options.rounds + 1)
    database = OwnDatabase(url) if url else None
    site = Site(learners=learners, courses=courses, travellers=travellers, database=database)
    print(
        f"Ready in {time.monotonic() - began:.0f} s. One worker; {options.requests} x {options.rounds} requests each."
    )
    runs = []
    with site:
        for number in range(1, options.runs + 1):
            print(f"\nRun {number}" if options.runs > 1 else "")
            runs.append(measure(site, options.rounds, options.requests))
            show(runs[-1])
        if options.runs > 1:
            show_runs(runs)
        show_cohorts(site, options.rounds)
        if options.browser and scale == 1 and not url:
            show_cold_pages(site)
    site.throw_away()
    return runs


def profile(options: argparse.Namespace, url: str) -> None:
    database = OwnDatabase(url) if url else None
    site = Site(learners=options.learners, courses=options.courses, travellers=0, database=database)
    command = [sys.executable, "-m", "tests.bench.profiling", options.profile]
    subprocess.run(command, cwd=ROOT, env=site.environment, check=True, input=json.dumps(site.known), text=True)
    site.throw_away()


def databases(options: argparse.Namespace) -> Sequence[str]:
    """Where to measure: "" is SQLite. PostgreSQL is the one named, or the local one if it answers."""
    named = options.postgresql or os.environ.get("DATABASE_URL", "")
    url = named if named.startswith("postgres") else LOCAL
    if options.only == "sqlite":
        return [""]
    if not postgresql_at(url):
        print(f"PostgreSQL: not measured, none answers on this computer at {url} (--postgresql URL names another).")
        return [""] if options.only is None else []
    return [url] if options.only else ["", url]


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=2_000)
    parser.add_argument("--courses", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--requests", type=int, default=20, help="of each kind in every round")
    parser.add_argument("--runs", type=int, default=1, help="measure so many times, and print each and the median")
    parser.add_argument("--grow", action="store_true", help=f"the same again with {GROWTH} x of everything")
    parser.add_argument("--postgresql", metavar="URL", help=f"instead of DATABASE_URL or {LOCAL}")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    parser.add_argument("--profile", metavar="PAGE", choices=PAGES, help="print where the time of one page goes")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))  # Server, folder and database go also then.
    if not Path("/proc/self/schedstat").exists():
        raise SystemExit("bench: this system does not count CPU time in /proc/<pid>/schedstat; Linux does.")
    for url in databases(options):
        if options.profile:
            profile(options, url)
            continue
        runs = bench(options, url, 1)
        if options.grow:
            show_growth(runs, bench(options, url, GROWTH))


if __name__ == "__main__":
    main()
