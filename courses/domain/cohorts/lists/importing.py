"""A list of people on its way into a cohort: taken in, read in the background, looked at, entered in the background.

Reading begins anew when it was interrupted. Entering goes on where it stopped: each row is entered in one transaction
with the note that it was, so no row is entered twice and none is left out, whenever the worker dies.
"""

import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.domain.cohorts.addresses import people_at
from courses.domain.cohorts.invitations import Guest, add_person, invite
from courses.domain.cohorts.lists import files
from courses.domain.cohorts.lists.columns import EMAIL, Columns, language_of, understand
from courses.domain.cohorts.lists.judging import judge, share_out_places
from courses.domain.cohorts.seating import SeatingRefused, refuse_cohort
from courses.enums import ENTERED_FATES, ImportStage, MemberSource, RowFate
from courses.models import Cohort, ImportRow, MemberImport
from elearn.core import audit, pending
from elearn.people.domain.personal_data import PersonErased
from elearn.people.models import User

KIND = "courses.member_import"
BATCH = 200
SAMPLE = 20


class ImportRefused(Exception):
    """The list stays as it is; the message says why, in words."""


@transaction.atomic
def take_list(
    *, cohort: Cohort, by: User, file: File | None, name: str, text: str = "", encoding: str = ""
) -> MemberImport:
    """Take in a file, or pasted text, to be read in the background.

    Effects: one row, and the file in private storage until it is read.
    Refusals: ImportRefused for a kind of file that cannot be read, or when the cohort takes nobody.
    """
    try:
        refuse_cohort(cohort)
        if file is not None:
            files.check_name(name)
    except (SeatingRefused, files.FileRefused) as refusal:
        raise ImportRefused(str(refusal)) from refusal
    reading = {"chosen": encoding} if file is not None else {"chosen": "utf-8", "pasted": True}
    batch = MemberImport(cohort=cohort, by=by, name=name[-200:], reading=reading)
    batch.file.save("list", file or ContentFile(text.encode()), save=False)
    batch.save()
    pending.wake(KIND, batch.pk)
    return batch


def work_on(batch: MemberImport) -> None:
    """Do what the list waits for: to be read, or to have its rows entered."""
    with translation.override(batch.by.language):
        if batch.stage == ImportStage.READING:
            _read(batch)
        elif batch.stage == ImportStage.ENTERING:
            _enter(batch)


# --- Reading ---------------------------------------------------------------------------------------------------------


def _read(batch: MemberImport) -> None:
    """Take the file apart into rows with their fates, a batch at a time. The file goes afterwards."""
    batch.rows.all().delete()  # Of a reading that was interrupted.
    try:
        with batch.file.open("rb") as file:
            name = "list.txt" if batch.reading.get("pasted") else batch.name
            sheet = files.open_sheet(file, name, batch.reading.get("chosen", ""))
            columns = _take_apart(batch, sheet)
    except files.FileRefused as refusal:
        batch.rows.all().delete()
        batch.stage, batch.problem, batch.finished_at = ImportStage.REFUSED, str(refusal), timezone.now()
    except FileNotFoundError:
        batch.stage, batch.finished_at = ImportStage.REFUSED, timezone.now()
        batch.problem = _("The file is gone. Send it once more.")
    else:
        share_out_places(batch)
        batch.stage = ImportStage.PREVIEW
        batch.reading |= {
            "encoding": sheet.encoding,
            "separator": sheet.separator,
            "columns": sorted(columns.places),
            "ignored": list(columns.ignored)[:20],
            "header": columns.has_header,
        }
    batch.file.delete(save=False)
    batch.save(update_fields=["file", "stage", "problem", "finished_at", "reading"])


def _take_apart(batch: MemberImport, sheet: files.Sheet) -> Columns:
    rows = iter(sheet.rows)
    sample = list(itertools.islice(rows, SAMPLE))
    columns = understand(sample)
    if EMAIL not in columns.places:
        raise files.FileRefused(
            _("No column with e-mail addresses was found. Write “E-mail” above it, and “Name” above the names.")
        )
    everything = itertools.chain(sample, rows)
    if columns.has_header:
        next(everything)
    written = 0
    for chunk in _chunks(everything):
        made = [_row(batch, written + place, columns.read(cells)) for place, cells in enumerate(chunk, start=1)]
        written += len(made)
        if written > files.MAX_ROWS:
            raise files.FileRefused(_("The list has more than 50,000 rows. Send it in parts."))
        judge(batch, made)
        ImportRow.objects.bulk_create(made)
    if not written:
        raise files.FileRefused(_("The list has a header and no rows."))
    return columns


def _chunks(rows: Iterator[files.Cells]) -> Iterator[list[files.Cells]]:
    while chunk := list(itertools.islice(rows, BATCH)):
        yield chunk


def _row(batch: MemberImport, number: int, cells: tuple[str, str, str]) -> ImportRow:
    email, name, language = cells
    return ImportRow(batch=batch, number=number, email=email[:300], name=name[:300], language=language[:60])


# --- Looking at it, and mending it -----------------------------------------------------------------------------------


@transaction.atomic
def mend_row(*, batch: MemberImport, number: int, email: str, name: str, language: str) -> ImportRow:
    """Correct a row of the preview; its fate is found anew, and that of rows which repeated it.

    Refusals: ImportRefused when the list is being entered already.
    """
    batch = _lock_preview(batch)
    row = batch.rows.get(number=number)
    before = row.email
    row.email, row.name, row.language = email[:300], name[:300], language[:60]
    judge(batch, [row])
    row.save()
    _judge_again(batch, {before, row.email}, row)
    share_out_places(batch)
    row.refresh_from_db()
    return row


@transaction.atomic
def leave_out(*, batch: MemberImport, number: int) -> None:
    """Leave a row of the preview out. Refusals: ImportRefused when the list is being entered already."""
    batch = _lock_preview(batch)
    row = batch.rows.get(number=number)
    row.fate, row.problem = RowFate.LEFT_OUT, ""
    row.save(update_fields=["fate", "problem"])
    _judge_again(batch, {row.email}, row)
    share_out_places(batch)


@transaction.atomic
def confirm(*, batch: MemberImport) -> MemberImport:
    """Have the rows of the preview entered in the background; those that need correction are not. Twice is once.

    Refusals: ImportRefused when the list could not be read or nothing in it can be entered.
    """
    batch = MemberImport.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort").get(pk=batch.pk)
    if batch.stage in (ImportStage.ENTERING, ImportStage.DONE):
        return batch
    if batch.stage != ImportStage.PREVIEW:
        raise ImportRefused(_("This list cannot be entered."))
    share_out_places(batch)
    if not batch.rows.filter(fate__in=ENTERED_FATES).exists():
        raise ImportRefused(_("There is nobody in this list to enter. Correct a row first, or send another list."))
    batch.stage, batch.work_done_at, batch.work_due_at = ImportStage.ENTERING, None, timezone.now()
    batch.save(update_fields=["stage", "work_done_at", "work_due_at"])
    pending.wake(KIND, batch.pk)
    return batch


@transaction.atomic
def throw_away(*, batch: MemberImport) -> None:
    """Throw a list away that was not entered. Refusals: ImportRefused when it is being entered, or was."""
    batch = MemberImport.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.stage not in (ImportStage.PREVIEW, ImportStage.REFUSED):
        raise ImportRefused(_("People of this list are being entered, or were, so it stays for its 30 days."))
    batch.delete()


def _lock_preview(batch: MemberImport) -> MemberImport:
    batch = MemberImport.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort").get(pk=batch.pk)
    if batch.stage != ImportStage.PREVIEW:
        raise ImportRefused(_("This list is being entered already, so nothing was changed."))
    return batch


def _judge_again(batch: MemberImport, addresses: set[str], but: ImportRow) -> None:
    """Rows that said of themselves that they repeat another one may be the first now."""
    same = batch.rows.filter(fate=RowFate.TWICE).exclude(pk=but.pk)
    for row in same.filter(email__in=addresses) | same.exclude(person=None).filter(person=but.person_id):
        judge(batch, [row])
        row.save()


# --- Entering --------------------------------------------------------------------------------------------------------


def _enter(batch: MemberImport) -> None:
    """Enter rows for a part of the lease, and ask for the rest to be done; so no other worker takes it for dead."""
    enough = time.monotonic() + settings.PENDING_LEASE_SECONDS / 4
    after = 0
    while rows := _next_rows(batch, after):
        try:
            refuse_cohort(Cohort.objects.select_related("course").get(pk=batch.cohort_id))
        except SeatingRefused as refusal:
            _finish(batch, str(refusal))
            return
        after = rows[-1].number
        _enter_rows(batch, rows)
        if time.monotonic() > enough:
            MemberImport.objects.filter(pk=batch.pk).update(work_due_at=timezone.now())
            return
    _finish(batch, "")


def _next_rows(batch: MemberImport, after: int) -> list[ImportRow]:
    rows = batch.rows.filter(fate__in=ENTERED_FATES, entered_at=None, number__gt=after)
    return list(rows.order_by("number")[:BATCH])


def _enter_rows(batch: MemberImport, rows: Sequence[ImportRow]) -> None:
    """In the order of the list, since those who come first have the places. Invitations are written together."""
    people = people_at(row.email for row in rows)
    for has_account, run in itertools.groupby(rows, key=lambda row: row.email in people):
        if has_account:
            for row in run:
                _enter_person(batch, row, people[row.email])
        else:
            _enter_guests(batch, list(run))


@transaction.atomic
def _enter_person(batch: MemberImport, row: ImportRow, person: User) -> None:
    locked = ImportRow.objects.select_for_update().filter(pk=row.pk, entered_at=None).first()
    if locked is None:
        return
    try:
        with transaction.atomic():
            fate = add_person(cohort=batch.cohort, person=person, source=MemberSource.LIST, by=batch.by)
        locked.fate, locked.problem = fate, ""
    except SeatingRefused as refusal:
        locked.fate, locked.problem = refusal.fate, str(refusal)[:500]
    except PersonErased:
        locked.fate, locked.problem = RowFate.FAULTY, _("The account at this address is closed.")
        person = None  # type: ignore[assignment]
    locked.person, locked.entered_at = person, timezone.now()
    locked.save()


@transaction.atomic
def _enter_guests(batch: MemberImport, rows: Sequence[ImportRow]) -> None:
    wanted = ImportRow.objects.select_for_update().filter(pk__in=[row.pk for row in rows], entered_at=None)
    locked = list(wanted.order_by("number"))
    guests = [Guest(row.email, row.name, language_of(row.language) or "") for row in locked]
    fates = invite(cohort=batch.cohort, guests=guests, source=MemberSource.LIST, by=batch.by)
    for row, fate in zip(locked, fates, strict=True):
        row.fate, row.problem, row.entered_at = fate, "", timezone.now()
    ImportRow.objects.bulk_update(locked, ["fate", "problem", "entered_at"])


def _finish(batch: MemberImport, problem: str) -> None:
    now = timezone.now()
    done = MemberImport.objects.filter(pk=batch.pk, stage=ImportStage.ENTERING)
    if done.update(stage=ImportStage.DONE, problem=problem, finished_at=now):
        counts = {str(fate): count for fate, count in fates_of(batch).items()}
        audit.record(action="cohorts.list_entered", actor=batch.by, subject=None, cohort=batch.cohort_id, fates=counts)


def fates_of(batch: MemberImport) -> Counter[str]:
    """How many rows have which fate. One query."""
    return Counter(dict(batch.rows.order_by().values_list("fate").annotate(Count("pk"))))


def progress_of(batch: MemberImport) -> tuple[int, int]:
    """How many rows were entered, and how many are to be. One query."""
    to_do = batch.rows.filter(entered_at=None, fate__in=ENTERED_FATES).count()
    done = batch.rows.exclude(entered_at=None).count()
    return done, done + to_do
