"""Kits to print for a room without internet: asked for, made in the background, kept for a month, thrown away."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.models import Cohort, CohortMember, LiveSession, PrintKit
from elearn.core import pending
from elearn.people.domain import trail
from elearn.people.models import User

KIND = "courses.print_kit"
KEPT_FOR = timedelta(days=30)
THROWN_AWAY_AT_ONCE = 100
MADE = "courses.kit_made"
ATTENDANCE = "attendance"  # The part that names learners.

Asked = Mapping[str, Any]


class KitRefused(Exception):
    """The kit cannot be made; the message says why, in words for the trainer."""


@dataclass(frozen=True)
class Document:
    """One PDF of a kit. `name` is what its file is called, in letters that every computer can store."""

    name: str
    data: bytes


@dataclass(frozen=True)
class KitOption:
    """Something to choose for a part, beside the modules."""

    key: str
    label: str | Promise
    choices: tuple[tuple[str, str | Promise], ...]


@dataclass(frozen=True)
class KitPart:
    """One kind of papers. `make(kit, asked)` answers the PDFs, in the language now active; it may run more than once
    for a kit, and then prints the same.

    `about` says in a sentence what it is; `remarks(cohort)` what cannot go on paper, as far as a trainer must know it
    beforehand. `screen` names the address, for a cohort, where what was written on these papers comes back.
    """

    key: str
    label: str | Promise
    about: str | Promise
    make: Callable[[PrintKit, Asked], list[Document]]
    order: int
    for_trainers: bool = False
    options: tuple[KitOption, ...] = ()
    remarks: Callable[[Cohort], list[str]] = field(default=lambda cohort: [])
    screen: str = ""
    screen_label: str | Promise = ""


_parts: dict[str, KitPart] = {}


def register_part(part: KitPart) -> None:
    """Give kits one more kind of papers. Upper packages do so in `ready()`."""
    _parts[part.key] = part


def all_parts() -> list[KitPart]:
    return sorted(_parts.values(), key=lambda part: part.order)


@transaction.atomic
def ask_for_kit(
    *,
    cohort: Cohort,
    by: User,
    language: str,
    parts: Sequence[str],
    modules: Sequence[str],
    session: LiveSession | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
) -> PrintKit:
    """Ask for a kit; a worker makes it.

    Effects: one row. The same asked for again while it is being made is one. An audit event, since names of learners
    stand on the attendance sheet.
    Refusals: KitRefused without a part, when the cohort is closed, or when the language is none of its edition's.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("edition").get(pk=cohort.pk)
    if not cohort.is_open:
        raise KitRefused(_("This cohort is closed. Kits that were made stay until they expire."))
    chosen = [part.key for part in all_parts() if part.key in parts]
    if not chosen:
        raise KitRefused(_("Choose at least one kind of papers."))
    if language not in cohort.edition.structure.languages:
        raise KitRefused(_("The course is not there in this language. Choose another one."))
    asked = {key: {"modules": list(modules), **(options or {}).get(key, {})} for key in chosen}
    same = PrintKit.objects.filter(cohort=cohort, session=session, language=language, made_by=by, work_done_at=None)
    repeat = next((kit for kit in same if kit.parts == asked), None)
    if repeat is not None:
        return repeat
    kit = PrintKit.objects.create(cohort=cohort, session=session, language=language, parts=asked, made_by=by)
    if ATTENDANCE in chosen:
        trail.record(MADE, actor=by, subject=None, cohort=str(cohort.public_id), reason=cohort.title)
    pending.wake(KIND, kit.pk)
    return kit


def make(kit: PrintKit) -> None:
    """Make the file of a kit; the work of a claimed row. Twice has the effect of once.

    One PDF is the kit itself; several are put into a ZIP, in the order of the parts. A kit for which there is nothing
    to print says so, and is done.
    """
    if kit.file or kit.problem:
        return
    began = timezone.now()
    zone = ZoneInfo(kit.cohort.time_zone)
    try:
        with translation.override(kit.language), timezone.override(zone):
            documents = [
                document
                for part in all_parts()
                if part.key in kit.parts
                for document in part.make(kit, kit.parts[part.key])
            ]
            if not documents:
                raise KitRefused(_("There is nothing to print: the chosen modules hold none of what was asked for."))
    except KitRefused as refusal:
        PrintKit.objects.filter(pk=kit.pk).update(problem=str(refusal)[:1000])
        return
    _store(kit, *_as_file(documents), began=began)


def _as_file(documents: list[Document]) -> tuple[bytes, str]:
    if len(documents) == 1:
        return documents[0].data, "pdf"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, document in enumerate(documents, start=1):
            bundle.writestr(f"{number:02d}-{document.name}.pdf", document.data)
    return out.getvalue(), "zip"


def _store(kit: PrintKit, data: bytes, kind: str, *, began: datetime) -> None:
    """Keep the file; not for long where somebody whose name it may hold was erased while it was made."""
    storage, name = kit.file.storage, f"kits/{kit.public_id}.{kind}"
    storage.delete(name)  # What a killed worker left.
    stored = storage.save(name, ContentFile(data))
    gone = CohortMember.objects.filter(cohort=kit.cohort_id, person__erased_at__gte=began).exists()
    keep = timedelta(0) if gone else KEPT_FOR
    PrintKit.objects.filter(pk=kit.pk).update(file=stored, expires_at=timezone.now() + keep)


def throw_away_old() -> int:
    """Remove the files of kits whose time is over; their rows stay. Runs at every sweep; answers how many."""
    old = PrintKit.objects.filter(expires_at__lte=timezone.now()).exclude(file="")
    count = 0
    for kit in old.order_by("pk")[:THROWN_AWAY_AT_ONCE]:
        # The file before the name on the row: a row with a name is found again, a file alone is not.
        kit.file.storage.delete(str(kit.file.name))
        count += PrintKit.objects.filter(pk=kit.pk).update(file="")
    return count


def download_name(kit: PrintKit) -> str:
    """What the file is called when it is downloaded: the cohort, as far as its letters allow, and the day."""
    ending = str(kit.file.name).rpartition(".")[2]
    title = slugify(kit.cohort.title)[:60].strip("-")
    return "-".join(part for part in ("kit", title, f"{kit.created_at:%Y-%m-%d}") if part) + f".{ending}"
