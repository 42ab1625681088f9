"""A person's own data as one download: asked for, made in the background, kept for a few days, thrown away."""

import json
import tempfile
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise

from elearn.core import audit, pending
from elearn.people import signals
from elearn.people.domain import personal_data, retention
from elearn.people.domain.personal_data import PersonErased, Table
from elearn.people.models import DataExport, User

KIND = "people.export"
FORMAT = "elearn personal data"
FORMAT_VERSION = 1
PIECE = 1024 * 1024


@transaction.atomic
def ask_for_export(*, person: User) -> DataExport:
    """Ask for a person's own data as one file, for themselves.

    Effects: one row per person. A file that is being made stays asked for; an earlier one is thrown away and a new one
    is made by a worker, who tells the person. An audit event.
    Refusals: PersonErased.
    """
    person = personal_data.lock_person(person.pk)
    export = DataExport.objects.filter(person=person).first()
    if export is not None and export.work_done_at is None:
        return export
    if export is not None:
        _remove_file(export)
        export.delete()
    export = DataExport.objects.create(person=person)
    audit.record(action="privacy.export_asked", actor=person, subject=person)
    pending.wake(KIND, export.pk)
    return export


def make_or_remove(export: DataExport) -> None:
    """Do the work of a row: make the file, or throw away one whose time is over or whose person was erased.

    The file is stored while the person's row is locked, so that an erasure either finds it or comes first.
    """
    if _is_over(export):
        _remove(export)
        return
    with tempfile.TemporaryFile() as archive:
        _write_archive(archive, export.person)
        try:
            with transaction.atomic():
                personal_data.lock_person(export.person_id)
                _store(export, archive)
        except PersonErased:
            _remove(export)


def _is_over(export: DataExport) -> bool:
    return export.person.erased_at is not None or (
        export.expires_at is not None and export.expires_at <= timezone.now()
    )


def _store(export: DataExport, archive: IO[bytes]) -> None:
    archive.seek(0)
    storage, name = export.file.storage, file_name(export)
    storage.delete(name)  # What a killed worker left.
    stored = storage.save(name, File(archive))
    # 0 days keeps a file until the next one is asked for; the column still wants a date.
    days = settings.RETENTION_DAYS["exports"] or 365
    expires_at = timezone.now() + timedelta(days=days)
    DataExport.objects.filter(pk=export.pk).update(file=stored, expires_at=expires_at)
    signals.export_ready.send(sender=DataExport, person=export.person)


def file_name(export: DataExport) -> str:
    return f"exports/{export.public_id}.zip"


def discard(pks: list[int]) -> None:
    """Throw away these exports, the file before its row: a row without a file is found again, a file alone is not."""
    for export in DataExport.objects.filter(pk__in=pks):
        _remove(export)


def have_removed(person: User) -> None:
    """Ask a worker to throw away the person's export; part of an erasure, whose transaction may still fail."""
    for export in DataExport.objects.filter(person=person):
        DataExport.objects.filter(pk=export.pk).update(
            expires_at=timezone.now(), work_done_at=None, work_due_at=timezone.now()
        )
        pending.wake(KIND, export.pk)


def _remove(export: DataExport) -> None:
    _remove_file(export)
    DataExport.objects.filter(pk=export.pk).delete()


def _remove_file(export: DataExport) -> None:
    export.file.storage.delete(file_name(export))


# --- What is in the file -----------------------------------------------------------------------------------------


def _write_archive(archive: IO[bytes], person: User) -> None:
    with translation.override(person.language), zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        tables = {**personal_data.collect(person), "elsewhere": [personal_data.acts_of(person)]}
        bundle.writestr("data.json", json.dumps(as_data(tables), ensure_ascii=False, indent=2))
        bundle.writestr("index.html", as_page(person, tables))
        for attachment in personal_data.files(person):
            _add(bundle, attachment)


def _add(bundle: zipfile.ZipFile, attachment: personal_data.Attachment) -> None:
    try:
        source = attachment.file.open("rb")
    except FileNotFoundError:
        return
    with source, bundle.open(f"files/{attachment.name}", "w") as target:
        while piece := source.read(PIECE):
            target.write(piece)


def as_data(tables: dict[str, list[Table]]) -> dict[str, Any]:
    """The content of data.json; docs/privacy.md describes the keys. Times are ISO 8601 in UTC."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "site": settings.SITE_URL,
        "made_at": plain(timezone.now()),
        "data": {
            name: {table.key: [plain(row) for row in table.rows] for table in of_package}
            for name, of_package in tables.items()
        },
    }


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, Decimal | UUID | Promise) else value


def as_page(person: User, tables: dict[str, list[Table]]) -> str:
    """The same, to read: a page that needs nothing but a browser."""
    context = {
        "person": person,
        "site": settings.SITE_NAME,
        "made_at": timezone.now(),
        "language": person.language,
        "bidi": translation.get_language_bidi(),
        "sections": [_section(table) for of_package in tables.values() for table in of_package],
        "kept": retention.table(),
    }
    return render_to_string("people/privacy_export.html", context)


def _section(table: Table) -> dict[str, Any]:
    columns = list(dict.fromkeys(key for row in table.rows for key in row))
    rows = [[_cell(row.get(column)) for column in columns] for row in table.rows]
    headings = [column.replace("_", " ").capitalize() for column in columns]
    return {"title": table.title, "columns": headings, "rows": rows}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    shown = plain(value)
    return json.dumps(shown, ensure_ascii=False) if isinstance(shown, dict | list) else str(shown)
