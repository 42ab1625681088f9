"""Where the time of one page goes, by function: `make bench ARGS="--profile lesson"`. Runs inside the site."""

import cProfile
import json
import pstats
import sys
import uuid
from collections.abc import Callable

import django

REQUESTS = 300


def profile(known: dict, page: str) -> None:
    from django.conf import settings
    from django.test import Client

    from elearn.core import shelf

    settings.ALLOWED_HOSTS = ["testserver"]
    shelf.RENEWED_AFTER = 10**9  # A minute that ends in between would hide the rest behind the making of texts.
    visits = [visit for actor in known["actors"] for visit in _visits(actor, page, Client)]
    for visit in visits:
        visit()  # What a process keeps is made before anything is counted.
    profiler = cProfile.Profile()
    profiler.enable()
    for number in range(REQUESTS):
        visits[number % len(visits)]()
    profiler.disable()
    print(f"{REQUESTS} times {page}; the profiler itself makes everything slower.")
    stats = pstats.Stats(profiler).strip_dirs()
    stats.sort_stats("tottime").print_stats(30)
    stats.sort_stats("cumulative").print_stats(60)


def _visits(actor: dict, page: str, client_of: Callable) -> list[Callable[[], None]]:
    client = client_of(headers={"Accept-Encoding": "gzip"})
    client.cookies["sessionid"] = actor["session"]

    def get(path: str) -> Callable[[], None]:
        return lambda: _expect(client.get(path), path)

    def save(question: dict) -> Callable[[], None]:
        key = question["key"]
        answer = {f"based-{key}": 10_000, f"answer-{key}": question["options"][0]}
        return lambda: _expect(
            client.post(question["path"], {**answer, f"key-{key}": str(uuid.uuid4())}), question["path"]
        )

    return [save(q) for q in actor["questions"][:2]] if page == "quiz save" else [get(p) for p in actor["paths"][page]]


def _expect(response, path: str) -> None:  # type: ignore[no-untyped-def]
    if response.status_code != 200:
        raise SystemExit(f"bench: {path} answered {response.status_code}, so there is nothing to measure.")


if __name__ == "__main__":
    django.setup()
    profile(json.load(sys.stdin), sys.argv[1])
