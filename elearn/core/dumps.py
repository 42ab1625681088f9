"""A database as one file, and back: SQLite by its own backup, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# What each kind of database is called in a backup.
FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
BESIDE = ("", "-wal", "-shm", "-journal")  # the files that SQLite keeps for one database
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Failed(Exception):
    """The database's own tool failed or is not there; the message says which, and what it said."""


def dump(database: BaseDatabaseWrapper, target: Path) -> None:
    """Write the whole database as of one moment. Whoever writes to it meanwhile does not wait."""
    if database.vendor == "sqlite":
        with closing(sqlite3.connect(_file(database))) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
        return
    _run(database, "pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def load(database: BaseDatabaseWrapper, source: Path) -> None:
    """Bring a dump into an empty database, as a whole or not at all."""
    database.close()
    if database.vendor == "sqlite":
        target = _file(database)
        draft = target.with_name(f".{target.name}.restoring")
        try:
            shutil.copyfile(source, draft)
            _refuse_nonsense(draft)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            for suffix in BESIDE[1:]:
                target.with_name(target.name + suffix).unlink(missing_ok=True)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run(database, "pg_restore", [*options, str(source)])


def tables(database: BaseDatabaseWrapper) -> int:
    """How many tables there are. A SQLite file that does not exist is not made by asking."""
    if database.vendor == "sqlite" and not _file(database).exists():
        return 0
    return len(database.introspection.table_names())


def others_connected(database: BaseDatabaseWrapper) -> int:
    """How many other programs are connected to a PostgreSQL database."""
    if database.vendor != "postgresql":
        return 0
    with database.cursor() as cursor:
        cursor.execute(f"{OTHERS} AND backend_type = 'client backend'")
        return int(cursor.fetchone()[0])


def _refuse_nonsense(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as copy:
            found = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise Failed(f"SQLite cannot read it ({error})") from None
    if found != ("ok",):
        raise Failed(f"SQLite finds it broken ({found})")


def _file(database: BaseDatabaseWrapper) -> Path:
    return Path(str(database.settings_dict["NAME"]))


def _run(database: BaseDatabaseWrapper, tool: str, arguments: list[str]) -> None:
    """Call one of PostgreSQL's own tools with the site's own way to the database.

    Passwords go by the environment: the command line of a process can be read by everybody on the computer.
    """
    from psycopg import conninfo, pq  # Imported here: the embedded set-up needs no PostgreSQL.

    path = shutil.which(tool)
    if path is None:
        raise Failed(f"{tool} was not found. Install PostgreSQL's client programs, of the server's version or newer")
    options = {option.keyword.decode(): option for option in pq.Conninfo.get_defaults()}
    given = {key: value for key, value in database.get_connection_params().items() if key in options}
    environment = dict(os.environ)
    for key in [key for key in given if "password" in key]:
        variable = options[key].envvar
        secret = str(given.pop(key))
        if variable:
            environment[variable.decode()] = secret
    given.pop("client_encoding", None)
    access: Any = {key: str(value) for key, value in given.items()}
    command = [path, f"--dbname={conninfo.make_conninfo('', **access)}", "--no-password", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{tool} failed: {done.stderr.strip()[:2000]}")
