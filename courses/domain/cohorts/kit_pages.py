"""The papers of a kit that courses know: agenda, attendance sheet, facilitator guide, handouts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.domain.cohorts.kits import ATTENDANCE, Asked, Document, KitPart, register_part
from courses.domain.cohorts.numbers import give_numbers
from courses.domain.texts import lesson_text
from courses.domain.tree import CourseTree, PageLine, tree_of
from courses.models import CohortMember, LessonPage, LiveSession, PrintKit
from courses.models.edition import ModuleEntry
from elearn.core.html import clean_rich_text
from elearn.core.paper import MILLIMETRE, Run, Sheet, WritingLines, from_html, print_pages
from elearn.core.paper.text import can_draw
from elearn.people.models import User

BLANK_LINES = 3
ROW = 11 * MILLIMETRE


@dataclass(frozen=True)
class UnitOnPaper:
    page: PageLine
    module_title: str
    minutes: int
    kind: str


@dataclass(frozen=True)
class ModuleOnPaper:
    number: int
    key: str
    title: str
    units: tuple[UnitOnPaper, ...]


def modules_of(kit: PrintKit, asked: Asked) -> list[ModuleOnPaper]:
    """The chosen modules of the cohort's edition, with the pages there are in the language of the kit."""
    course, structure = kit.cohort.course, kit.cohort.edition.structure
    tree = tree_of(course.key, kit.language, course.wording)
    wanted = set(asked["modules"])
    numbered = enumerate(structure.variant_for(kit.language).modules, start=1)
    return [_module(number, entry, tree) for number, entry in numbered if entry.key in wanted]


def _module(number: int, entry: ModuleEntry, tree: CourseTree | None) -> ModuleOnPaper:
    pages: dict[UUID, PageLine] = tree.pages if tree else {}
    page = pages.get(entry.uuid)
    title = page.title if page else entry.code
    units = [
        UnitOnPaper(found, title, unit.minutes, unit.kind)
        for unit in entry.units
        if (found := pages.get(unit.uuid)) is not None and found.live
    ]
    return ModuleOnPaper(number, entry.key, title, tuple(units))


def course_title(kit: PrintKit) -> str:
    tree = tree_of(kit.cohort.course.key, kit.language, kit.cohort.course.wording)
    return tree.course.title if tree else kit.cohort.course.code


def printed(kit: PrintKit, sheet: Sheet, pieces: list[Any], title: str, *, mark: str = "") -> bytes:
    """A document of a kit: cohort and kind of paper in its head, the course in its foot."""
    return print_pages(
        pieces,
        sheet=sheet,
        title=f"{title} – {kit.cohort.title}",
        author=course_title(kit),
        head=(f"{kit.cohort.title} · {title}", mark),
        foot=course_title(kit),
    )


# --- Agenda ------------------------------------------------------------------------------------------------------


def make_agenda(kit: PrintKit, asked: Asked) -> list[Document]:
    """The session of the kit, or all sessions of the cohort, in the cohort's time zone."""
    sessions = [kit.session] if kit.session else list(kit.cohort.sessions.standing())
    if not sessions:
        return []
    sheet, title = Sheet(kit.language), _("Agenda")
    pieces: list[Any] = [sheet.title(title), sheet.text([Run(kit.cohort.title, True)])]
    pieces.append(sheet.small(_("Times are those of %(zone)s.") % {"zone": kit.cohort.time_zone.replace("_", " ")}))
    for session in sessions:
        pieces += _session(session, sheet)
    modules = modules_of(kit, asked)
    if modules:
        pieces += [sheet.space(4), sheet.heading(_("What it is about"))]
        for module in modules:
            pieces += _contents(module, sheet)
    return [Document("agenda", printed(kit, sheet, pieces, title))]


def _session(session: LiveSession, sheet: Sheet) -> Iterator[Any]:
    yield sheet.unless_room(45)
    yield sheet.heading(session.title)
    yield sheet.text([Run(_("When: "), True), Run(_when(session.starts_at, session.ends_at))])
    if session.place:
        yield sheet.text([Run(_("Where: "), True), Run(session.place)])
    if session.link:
        yield sheet.text([Run(_("Link: "), True), Run(session.link)])
    for line in session.agenda.splitlines():
        if line.strip():
            yield sheet.text(line.strip())


def _when(starts_at: datetime, ends_at: datetime) -> str:
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    day = date_format(start, "l, j F Y")
    if start.date() == end.date():
        times = {"from": date_format(start, "H:i"), "to": date_format(end, "H:i")}
        return f"{day}, " + _("%(from)s to %(to)s") % times
    return f"{day}, {date_format(start, 'H:i')} – {date_format(end, 'l, j F Y, H:i')}"


def _contents(module: ModuleOnPaper, sheet: Sheet) -> Iterator[Any]:
    yield sheet.heading(f"{module.number}. {module.title}", 2)
    for unit in module.units:
        minutes = ngettext("%(count)d minute", "%(count)d minutes", unit.minutes) % {"count": unit.minutes}
        yield sheet.item(f"{unit.page.title} ({minutes})")


# --- Attendance sheet --------------------------------------------------------------------------------------------


def make_attendance(kit: PrintKit, asked: Asked) -> list[Document]:
    """Everybody who takes part, with a number that stays theirs, and lines for those who come unannounced."""
    sheet, title = Sheet(kit.language), _("Attendance sheet")
    rows = [[_("No."), _("Name"), _("Institution"), _("Signature")]]
    for number, member in give_numbers(kit):
        rows.append([str(number), name_on_paper(member), _institution(member), ""])
    rows += [["", "", "", ""] for _line in range(BLANK_LINES)]
    pieces: list[Any] = [sheet.title(title), sheet.text([Run(kit.cohort.title, True)])]
    if kit.session:
        pieces.append(sheet.text(f"{kit.session.title}, {_when(kit.session.starts_at, kit.session.ends_at)}"))
    else:
        pieces += [sheet.text(_("Session and date:")), WritingLines(1, share=0.6, rtl=sheet.rtl), sheet.space(2)]
    pieces.append(sheet.table(rows, [1, 5, 4, 5], row_height=ROW))
    return [Document("attendance", printed(kit, sheet, pieces, title))]


def name_on_paper(member: CohortMember) -> str:
    """As the person writes it; in Latin letters, or by the address, where no font here has the script."""
    person: User | None = member.person
    if person is None:
        return member.email
    name = next((name for name in (person.printed_name, person.latin_name) if name and can_draw(name)), person.email)
    return _cut(name, 60)


def _institution(member: CohortMember) -> str:
    institution = member.enrolment.institution if member.enrolment else None
    return _cut(institution.name, 50) if institution else ""


def _cut(text: str, most: int) -> str:
    """Rows are of one height, and hold two lines."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


# --- Facilitator guide -------------------------------------------------------------------------------------------


def make_guide(kit: PrintKit, asked: Asked) -> list[Document]:
    """The notes for facilitators of the units in the chosen modules; not for learners."""
    modules, sheet, title = modules_of(kit, asked), Sheet(kit.language), _("Facilitator guide")
    notes = _notes([unit.page for module in modules for unit in module.units])
    if not notes:
        return []
    pieces: list[Any] = [sheet.title(title), sheet.small(_("For trainers. Not to be handed out to learners."))]
    for module in modules:
        units = [unit for unit in module.units if unit.page.key in notes]
        if units:
            pieces.append(sheet.heading(f"{module.number}. {module.title}"))
        for unit in units:
            minutes = ngettext("%(count)d minute", "%(count)d minutes", unit.minutes) % {"count": unit.minutes}
            pieces += [sheet.heading(unit.page.title, 2), sheet.small(minutes)]
            pieces += from_html(clean_rich_text(notes[unit.page.key]), sheet)
    return [Document("facilitator-guide", printed(kit, sheet, pieces, title, mark=_("For trainers")))]


def _notes(pages: list[PageLine]) -> dict[UUID, str]:
    """By the key of their page, those that are not empty. One query for each kind of page."""
    by_model: dict[Any, list[int]] = defaultdict(list)
    for page in pages:
        by_model[page.model].append(page.pk)
    rows = (
        row
        for model, pks in by_model.items()
        for row in model.objects.filter(pk__in=pks).values_list("translation_key", "facilitator_notes")
    )
    return {key: notes for key, notes in rows if notes.strip()}


# --- Handouts ----------------------------------------------------------------------------------------------------


def make_handouts(kit: PrintKit, asked: Asked) -> list[Document]:
    """The lessons of the chosen modules as text, a document for each module."""
    documents = []
    for module in modules_of(kit, asked):
        lessons = [unit for unit in module.units if issubclass(unit.page.model, LessonPage)]
        if lessons:
            documents.append(Document(f"handout-{module.number}", _handout(kit, module, lessons)))
    return documents


def _handout(kit: PrintKit, module: ModuleOnPaper, lessons: list[UnitOnPaper]) -> bytes:
    sheet = Sheet(kit.language)
    pieces: list[Any] = [sheet.title(f"{module.number}. {module.title}")]
    for place, lesson in enumerate(lessons):
        text = lesson_text(lesson.page.pk, kit.cohort.course.wording)
        pieces += [sheet.new_page()] if place else []
        pieces.append(sheet.heading(lesson.page.title))
        if text.purpose:
            pieces.append(sheet.small(text.purpose))
        for part in text.body:
            if isinstance(part, SafeString):
                pieces += from_html(part, sheet)
            elif not isinstance(part, str):
                pieces += [sheet.unless_room(60), sheet.heading(part.question, 2)]
                pieces += [sheet.small(part.hint)] if part.hint else []
                pieces += [WritingLines(5, rtl=sheet.rtl), sheet.space(3)]
    return printed(kit, sheet, pieces, _("Handout"))


def register() -> None:
    for part in (
        KitPart(
            "agenda",
            gettext_lazy("Agenda"),
            gettext_lazy("The session, or all sessions of the cohort, with what they are about."),
            make_agenda,
            10,
        ),
        KitPart(
            ATTENDANCE,
            gettext_lazy("Attendance sheet"),
            gettext_lazy("Everybody who takes part, with a number and room to sign, and three empty lines."),
            make_attendance,
            20,
        ),
        KitPart(
            "guide",
            gettext_lazy("Facilitator guide"),
            gettext_lazy("The notes for facilitators of the chosen modules. For trainers alone."),
            make_guide,
            30,
            for_trainers=True,
        ),
        KitPart(
            "handouts",
            gettext_lazy("Handouts"),
            gettext_lazy("The text of the lessons. Pictures and recordings are named, and stay online."),
            make_handouts,
            40,
        ),
    ):
        register_part(part)
