"""Everything that an installation knows, in one file, and back from it into an empty place.

The database is read as of one moment, and before the files: a file that came later is one too many, which harms
nothing. What a person had erased in between is gone from the files, as it should be.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from elearn.core import archives, dumps
from elearn.core.state import UNFINISHED

FORMAT = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 1 << 20
# Of the state folder; static files, the broker's messages, counts and the cache are made anew.
FOLDERS = ("media", "private", "keys", "mail")
SECRET_FILE = "secret_key"  # noqa: S105  The name of a file: the demo keeps its own key there.
# Packages that older versions had and this one has not: their tables in a backup are no sign of a newer version.
RETIRED: frozenset[str] = frozenset()


class BackupRefused(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What stands at the beginning of an archive. `migrations` has every one that the database had seen."""

    format: int
    made_at: str
    database: str
    migrations: list[str]


@dataclass(frozen=True)
class Place:
    """Where an installation keeps what it knows."""

    state: Path
    database: BaseDatabaseWrapper

    @classmethod
    def here(cls) -> "Place":
        return cls(settings.STATE_DIR, connection)  # type: ignore[arg-type]


def backup(target: Path, place: Place) -> int:
    """Write everything into a new file that its owner alone may read; answer how many files it holds.

    Effects: the file appears whole or not at all. The site may run meanwhile.
    Refusals: BackupRefused when the file exists, lies in a folder that is saved itself, or cannot be written; when the
    database's own tool fails.
    """
    if os.path.lexists(target):
        raise BackupRefused(f"{target} exists already. Choose another name; nothing was overwritten.")
    if any(target.resolve().is_relative_to((place.state / folder).resolve()) for folder in FOLDERS):
        raise BackupRefused(f"{target} lies in a folder that is itself saved, or even served. Choose another place.")
    if place.database.vendor not in dumps.FILES:
        raise BackupRefused(f"Only SQLite and PostgreSQL can be saved by this command, not {place.database.vendor}.")
    try:
        # Beside the target, because what is renamed must not cross to another disk; nobody else may look inside.
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as folder:
            return _write(target, place, Path(folder))
    except (archives.Damaged, dumps.Failed) as error:
        raise BackupRefused(f"No backup was written: {error}.") from None
    except FileExistsError:
        raise BackupRefused(f"{target} appeared in the meantime. Nothing was overwritten.") from None
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror or error}.") from None


def restore(source: Path, place: Place) -> Manifest:
    """Bring a backup back into an empty place: an empty database and no files. The caller holds the place's lock.

    Effects: database, files and the demo's key as they were. Migrations that came since are left to the caller.
    Refusals: BackupRefused, and the place is as empty as before, when the archive is damaged or not one of ours, is of
    another kind of database or of newer code, when the place is not empty or in use, or when something fails midway.
    """
    _refuse_unless_empty(place)
    place.state.mkdir(parents=True, exist_ok=True)
    for leftover in place.state.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=place.state) as folder:
            unpacked = Path(folder)
            manifest, names = _unpack(source, unpacked, place)
            _settle(unpacked, names, place)
    except archives.Damaged as error:
        raise BackupRefused(f"{source} is damaged or no backup of this site: {error}. Nothing was changed.") from None
    except dumps.Failed as error:
        raise BackupRefused(f"The database could not be loaded: {error}. Nothing was changed.") from None
    except OSError as error:
        raise BackupRefused(f"{error.filename or source}: {error.strerror or error}. Nothing was changed.") from None
    return manifest


def _write(target: Path, place: Place, folder: Path) -> int:
    database = folder / dumps.FILES[place.database.vendor]
    dumps.dump(place.database, database)
    description = folder / MANIFEST
    description.write_text(json.dumps(asdict(_manifest(place)), indent=1))
    draft = folder / "archive"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        parts = [(MANIFEST, description), (database.name, database)]
        count = archives.pack(out, _each(parts, place.state))
        out.flush()
        os.fsync(out.fileno())
    _publish(draft, target)
    return count - len(parts)


def _publish(draft: Path, target: Path) -> None:
    try:
        target.hardlink_to(draft)  # Unlike a rename, it overwrites nothing that appeared in the meantime.
    except FileExistsError:
        raise
    except OSError:  # This kind of disk has no links.
        draft.rename(target)


def _each(first: list[tuple[str, Path]], state: Path) -> Iterator[tuple[str, Path]]:
    yield from first
    if (state / SECRET_FILE).exists():
        yield SECRET_FILE, state / SECRET_FILE
    for folder in FOLDERS:
        for path in sorted((state / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(state).as_posix(), path


def _manifest(place: Place) -> Manifest:
    applied = MigrationRecorder(place.database).applied_migrations()
    return Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=place.database.vendor,
        migrations=sorted(f"{app}.{name}" for app, name in applied),
    )


def _unpack(source: Path, folder: Path, place: Place) -> tuple[Manifest, list[str]]:
    """Unpack, with the manifest judged before the rest is read."""
    read: list[Manifest] = []

    def look(name: str) -> None:
        if name == MANIFEST:
            read.append(_read_manifest(folder / MANIFEST))
            _refuse_unless_ours(read[0], place)
        elif not read:
            raise archives.Damaged(f"{MANIFEST} does not come first")

    names = archives.unpack(source, folder, is_expected=_is_expected, look=look)
    if not read or dumps.FILES[place.database.vendor] not in names:
        raise archives.Damaged("it holds no database")
    return read[0], [name for name in names if name not in (MANIFEST, *dumps.FILES.values())]


def _settle(unpacked: Path, names: list[str], place: Place) -> None:
    """Put files and database where they belong; the database last, so that nothing half restored looks whole."""
    moved: list[Path] = []
    kept = unpacked / "kept"  # The demo made itself a key when it read its settings.
    try:
        for name in names:
            target = place.state / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if name == SECRET_FILE and target.exists():
                shutil.copy2(target, kept)
            moved.append(target)
            shutil.move(unpacked / name, target)
            target.chmod(0o644 if name.startswith("media/") else 0o600)
        dumps.load(place.database, unpacked / dumps.FILES[place.database.vendor])
    except BaseException:
        for target in moved:
            target.unlink(missing_ok=True)
        if kept.exists():
            shutil.move(kept, place.state / SECRET_FILE)
        for folder in FOLDERS:
            _remove_empty_folders(place.state / folder)
        raise


def _remove_empty_folders(top: Path) -> None:
    for folder, _folders, _files in os.walk(top, topdown=False):
        with suppress(OSError):
            Path(folder).rmdir()


# --- What is refused ---------------------------------------------------------------------------------------------


def _refuse_unless_empty(place: Place) -> None:
    if place.database.vendor not in dumps.FILES:
        raise BackupRefused(f"Only SQLite and PostgreSQL can be restored, not {place.database.vendor}.")
    if tables := dumps.tables(place.database):
        raise BackupRefused(
            f"The database is not empty: it has {tables} tables. Restore into a new, empty database; "
            "nothing was changed."
        )
    if others := dumps.others_connected(place.database):
        raise BackupRefused(
            f"{others} other programs are connected to the database. Stop the site, and whatever else uses it; "
            "nothing was changed."
        )
    present = [name for name in FOLDERS if any(not path.is_dir() for path in (place.state / name).rglob("*"))]
    if present:
        raise BackupRefused(
            f"{place.state} already holds files ({', '.join(present)}). Restore into an empty folder (STATE_DIR); "
            "nothing was changed."
        )


def _read_manifest(file: Path) -> Manifest:
    if file.stat().st_size > LONGEST_MANIFEST:
        raise archives.Damaged(f"{MANIFEST} is too long")
    try:
        manifest = Manifest(**json.loads(file.read_text()))
    except (ValueError, TypeError):
        raise archives.Damaged(f"{MANIFEST} cannot be understood") from None
    return manifest


def _refuse_unless_ours(manifest: Manifest, place: Place) -> None:
    if manifest.format != FORMAT:
        raise BackupRefused(f"This backup has format {manifest.format}; this version reads format {FORMAT}.")
    if manifest.database != place.database.vendor:
        raise BackupRefused(
            f"This backup is of {manifest.database} and the site is set to {place.database.vendor}. Set DATABASE_URL "
            f"to an empty database of {manifest.database}. Nothing was changed."
        )
    known = _known_migrations()
    newer = [name for name in manifest.migrations if name not in known and name.split(".")[0] not in RETIRED]
    if newer:
        raise BackupRefused(
            f"This backup was made by another, newer version ({', '.join(newer[:3])}). Install that version, then "
            "restore. Nothing was changed."
        )


def _known_migrations() -> set[str]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return {f"{app}.{name}" for app, name in loader.disk_migrations.keys() | replaced}


def _is_expected(name: str) -> bool:
    """Whether a backup has a file of this name. Nothing else is written, and nothing outside these folders."""
    path = PurePosixPath(name)
    if path.as_posix() != name or path.is_absolute() or {"..", "."} & set(name.split("/")) or "\0" in name:
        return False
    if len(path.parts) == 1:
        return name in (MANIFEST, SECRET_FILE, *dumps.FILES.values())
    return path.parts[0] in FOLDERS
