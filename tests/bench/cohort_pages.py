"""What the page of a cohort costs its trainer, with few learners and with many."""

import time
from statistics import median

from tests.bench.site import Site
from tests.bench.visits import expect

BARE = "/bench/bare/"
EACH = 3  # requests in a round


def show_cohorts(site: Site, rounds: int) -> None:
    """The pages in turns with the bare view, round after round."""
    cookies = {"sessionid": site.known["trainer"]}
    paths = {"bare view": BARE}
    for size, path in site.known["cohorts"].items():
        paths |= {f"{size} learners": path, f"{size} as XLSX": f"{path}board.xlsx"}
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in paths}
    facts = {}
    for name, path in paths.items():
        expect(site.ask(path, cookies=cookies), path)
        answer = site.ask(path, cookies=cookies, X_Count="1")
        facts[name] = (int(answer.headers["X-Queries"]), answer.size)
    for _round in range(rounds):
        for name, path in paths.items():
            before, began = site.cpu(), time.monotonic()
            for _request in range(EACH):
                expect(site.ask(path, cookies=cookies), path)
            after, wall = site.cpu(), time.monotonic() - began
            used = after.server - before.server + after.database - before.database
            costs[name].append((used / EACH, wall / EACH))
    bare = median(cpu for cpu, _wall in costs["bare view"])
    print("\nThe page of a cohort, 30 units, a hundred learners on a page (server and database)")
    print(f"{'':<14}" + "".join(f"{head:>12}" for head in ("CPU ms", "wall ms", "queries", "bytes", "ratio")))
    for name, measured in costs.items():
        cpu, wall = median(cpu for cpu, _wall in measured), median(wall for _cpu, wall in measured)
        queries, size = facts[name]
        print(f"{name:<14}{cpu * 1000:>12.1f}{wall * 1000:>12.1f}{queries:>12}{size:>12}{cpu / bare:>12.1f}")
