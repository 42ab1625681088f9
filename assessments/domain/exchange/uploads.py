"""Files of questions that authors bring in the CMS: kept privately, looked at, imported by a worker, thrown away."""

from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from assessments.domain.exchange.importing import Report, import_questions, prepare, preview
from assessments.enums import ImportState
from assessments.formats.items import FileRefused
from assessments.models import QuestionBank, QuestionImport
from elearn.core import pending
from elearn.people.models import User

KIND = "assessments.question_import"
LARGEST = 50 * 1024 * 1024
# A file of this size is read while its author waits.
SMALL = 100 * 1024
GIVEN_UP_AFTER = timedelta(days=7)


@transaction.atomic
def begin_import(
    *, bank: QuestionBank, locale: Locale, file_format: str, file: UploadedFile, by: User
) -> QuestionImport:
    """Keep the file and have it looked at. Nothing reaches the bank before `confirm_import`."""
    row = QuestionImport.objects.create(
        bank=bank,
        locale=locale,
        file_format=file_format,
        file=ContentFile(file.read(), name="upload"),
        name=(file.name or "")[-200:],
        asked_by=by,
    )
    pending.wake(KIND, row.pk)
    return row


@transaction.atomic
def confirm_import(*, row: QuestionImport) -> bool:
    """Have a file that was looked at imported. Answers False when it was asked for before, or cannot be."""
    asked = QuestionImport.objects.filter(pk=row.pk, state=ImportState.SEEN).update(
        state=ImportState.IMPORTING,
        work_due_at=timezone.now(),
        work_done_at=None,
        leased_until=None,
        work_tries=0,
        work_error="",
    )
    if asked:
        pending.wake(KIND, row.pk)
    return bool(asked)


def work_on(row: QuestionImport) -> None:
    """Look at the file, or import it; the work of a claimed row. Twice has the effect of once."""
    if row.state not in (ImportState.LOOKING, ImportState.IMPORTING):
        return
    with row.file.open("rb") as file:
        content = file.read()
    try:
        prepared = prepare(content, row.file_format)
    except FileRefused as refusal:
        refused = [{"line": 0, "name": "", "reason": str(refusal)}]
        _finish(row, ImportState.REFUSED, {**Report().to_json(), "refused": refused})
        return
    if row.state == ImportState.LOOKING:
        report = preview(prepared=prepared, bank=row.bank, locale=row.locale)
        _note(row, ImportState.SEEN, report.to_json())
        return
    import_questions(
        prepared=prepared,
        bank=row.bank,
        locale=row.locale,
        by=row.asked_by,
        # In the same transaction: a worker that dies afterwards must not import again what is told as imported.
        then=lambda report: _finish(row, ImportState.DONE, report.to_json()),
    )


def _note(row: QuestionImport, state: ImportState, result: dict) -> None:
    QuestionImport.objects.filter(pk=row.pk, state=row.state).update(state=state, result=result)


def _finish(row: QuestionImport, state: ImportState, result: dict) -> None:
    storage, name = row.file.storage, str(row.file.name)
    QuestionImport.objects.filter(pk=row.pk, state=row.state).update(state=state, result=result, file="")
    transaction.on_commit(partial(_remove, storage, name))


def _remove(storage: Storage, name: str) -> None:
    if name:
        storage.delete(name)


def give_up_old_imports() -> int:
    """Delete files that were looked at and never imported. Runs at every sweep; answers how many there were."""
    old = QuestionImport.objects.filter(state=ImportState.SEEN, asked_at__lt=timezone.now() - GIVEN_UP_AFTER)
    count = 0
    for row in old.order_by("pk")[:100]:
        with transaction.atomic():
            storage, name = row.file.storage, str(row.file.name)
            count += row.delete()[0]
            transaction.on_commit(partial(_remove, storage, name))
    return count
