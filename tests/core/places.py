"""Two places to back up and restore between, of the kind of database that the other tests use."""

import io
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from elearn.core import archives, backups, dumps
from elearn.core.backups import Place

FILES = {
    "media/images/harbour.png": b"\x89PNG picture",
    "media/images/ملف.txt": "كتاب".encode(),
    "private/certificates/ABCD.pdf": bytes(range(256)) * 9000,
    "private/deep/" + "long-" * 40 + "/empty": b"",
    "keys/issuer.pem": b"-----BEGIN",
    "mail/20261122.log": b"Subject: Welcome",
    "secret_key": b"the key of the first place",
}


class OwnDatabase:
    """A database beside that of the other tests: an empty one, or a copy of that with all its tables."""

    def __init__(self, folder: Path, name: str, *, is_copy: bool) -> None:
        self.name = str(folder / "db.sqlite3") if connection.vendor == "sqlite" else f"elearn_keep_{os.getpid()}_{name}"
        if connection.vendor == "sqlite":
            if is_copy:
                connection.ensure_connection()
                dumps.dump(connection, Path(self.name))
        else:
            template = f'TEMPLATE "{connection.settings_dict["NAME"]}"' if is_copy else ""
            connection.close()  # A database is copied only while nobody is connected to it.
            self.administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            self.administer(f'CREATE DATABASE "{self.name}" {template}')
        given = {**settings.DATABASES["default"], "NAME": self.name}
        self.wrapper: BaseDatabaseWrapper = ConnectionHandler({"default": given})["default"]
        self.wrapper.inc_thread_sharing()

    def remove(self) -> None:
        self.wrapper.close()
        if connection.vendor == "postgresql":
            self.administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def administer(self, statement: str) -> None:
        import psycopg

        given = {**connection.get_connection_params(), "dbname": "postgres"}
        access = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
        with psycopg.connect(autocommit=True, **access) as server:
            server.execute(statement)


@dataclass
class Ground:
    """What a test has: a populated place, an empty one, a backup of the first, and a folder for others."""

    full: Place
    empty: Place
    whole: Path
    safe: Path


def rows(database: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Every row of every table, as text, in an order of its own."""
    with database.cursor() as cursor:
        found = {}
        for table in database.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor)
        return found


def stored(place: Place) -> dict[str, bytes]:
    return {
        path.relative_to(place.state).as_posix(): path.read_bytes()
        for path in place.state.rglob("*")
        if path.is_file() and not path.name.startswith("db.sqlite3")
    }


def assert_untouched(place: Place) -> None:
    assert dumps.tables(place.database) == 0
    assert [path.name for path in place.state.iterdir() if not path.name.startswith("db.sqlite3")] == []


def written_by_hand(target: Path, members: list[tuple[str, bytes]], *, sums: bool = True) -> Path:
    """An archive as an attacker would write it, with sums that are right."""
    if sums:
        lines = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in members)
        members = [*members, (archives.SUMS, lines.encode())]
    with tarfile.open(target, "w:gz") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target


def manifest(ground: Ground, **changes: object) -> bytes:
    return json.dumps({**asdict(backups._manifest(ground.full)), **changes}).encode()
