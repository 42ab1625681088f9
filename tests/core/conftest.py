from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from elearn.core import backups
from elearn.core.backups import Place
from tests.core.places import FILES, Ground, OwnDatabase


@pytest.fixture(scope="module")
def full(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A populated place. What a test adds to it, it takes away again."""
    folder = tmp_path_factory.mktemp("full")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with django_db_blocker.unblock():
        database = OwnDatabase(folder, "full", is_copy=True)
        with database.wrapper.cursor() as cursor:
            cursor.execute("CREATE TABLE people (id integer PRIMARY KEY, name text, born date, picture bytea)")
            for number in range(50):
                row = [number, f"Zoë «{number}»\n", b"\0\xff"]
                cursor.execute("INSERT INTO people VALUES (%s, %s, '1990-01-01', %s)", row)
        yield Place(folder, database.wrapper)
        database.remove()


@pytest.fixture(scope="module")
def whole(full: Place, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backups") / "all.tar.gz"
    with django_db_blocker.unblock():
        backups.backup(target, full)
    return target


@pytest.fixture
def ground(full: Place, whole: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    (tmp_path / "empty").mkdir()
    (tmp_path / "safe").mkdir()
    with django_db_blocker.unblock():
        empty = OwnDatabase(tmp_path / "empty", "empty", is_copy=False)
        yield Ground(full, Place(tmp_path / "empty", empty.wrapper), whole, tmp_path / "safe")
        empty.remove()
