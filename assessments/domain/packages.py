"""Quizzes and question banks in course packages (docs/course-packages.md)."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.bank_files import dump_question, read_question, write_question
from assessments.domain.bank_rows import BankRows, QuestionData
from assessments.domain.selection_files import Selection, problems_of
from assessments.enums import Counting, Moment
from assessments.models import Question, QuestionBank, QuizPage
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.bodies import RunningText
from courses.domain.packages.content import Package
from courses.domain.packages.fields import Choice, Flag, Number, Value
from courses.domain.packages.forms import NOTES, UNIT_FACTS, UNIT_HEAD, Form
from courses.domain.packages.languages import package_name
from courses.domain.packages.parts import Change, Part
from courses.domain.packages.planning import Action
from courses.domain.packages.problems import Problems
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.values import tidy_line
from courses.domain.packages.yaml_reading import Mapping


@dataclass(frozen=True)
class BankName(Value):
    """The bank that a quiz draws from, by its key."""

    def read(self, fields: Fields, model: type) -> str:
        return fields.key(self.name)

    def dump(self, page: Any, dumping: Dumping) -> str:
        return str(page.bank.key)

    def assign(self, page: Any, data: Any, building: Building) -> None:
        page.bank = QuestionBank.objects.get(course_code=building.course_key, key=data)


SHOWN = ("show_marks", "show_answers", "show_feedback")
QUIZ = Form(
    QuizPage,
    head=UNIT_HEAD,
    body=RunningText("introduction", features=("bold", "italic", "link", "ol", "ul")),
    facts=(
        *UNIT_FACTS,
        BankName("bank", "bank"),
        Number("draw", "draw", otherwise=0),
        Number("pass_mark", "pass_mark", highest=100, otherwise=70),
        Number("attempts", "attempts_allowed", otherwise=0),
        Flag("shuffle", "shuffle", default=True),
        Number("time_limit", "time_limit", highest=24 * 60, otherwise=0, default=0),
        Number("wait_hours", "wait_hours", otherwise=0, default=0),
        Choice("counts", "counts", choices=Counting.values, default=Counting.HIGHEST.value),
        *(Choice(name, name, choices=Moment.values, default=Moment.AFTER.value) for name in SHOWN),
        Flag("anonymous_marking", "anonymous_marking"),
        Number("second_marks", "second_marks", highest=100, otherwise=0, default=0),
        Number("borderline", "borderline", highest=50, otherwise=0, default=0),
        Selection("selection", "selection"),
    ),
    notes=NOTES,
)


@dataclass(frozen=True)
class BankData:
    """A bank: its title, and by language its questions in order."""

    title: str
    languages: dict[str, dict[str, QuestionData]]

    def leader(self, question: str) -> str:
        """The language in which a question is said in full, with its type and its right answers."""
        return next(language for language, held in self.languages.items() if question in held)


class BankPart(Part):
    """Question banks: <language>/banks/<bank>.yaml."""

    folder = "banks"

    def read(self, files: MappingOf[str, MappingOf[str, Mapping]], reading: Reading) -> dict[str, BankData]:
        banks: dict[str, BankData] = {}
        for language, named in files.items():
            for name, node in named.items():
                _read_bank(banks, language, name, node, reading)
        return banks

    def check(self, package: Package, problems: Problems) -> None:
        for tree in package.trees.values():
            for entry in tree.walk():
                bank = entry.data.get("bank")
                if entry.kind == "quiz" and bank and bank not in package.parts[self.folder]:
                    message = _("There is no question bank “%(bank)s”. Add banks/%(bank)s.yaml, or correct the key.")
                    problems.add(entry.place, message % {"bank": bank})
                for problem in problems_of(entry.data, package.parts[self.folder]) if entry.kind == "quiz" else ():
                    problems.add(entry.place, problem)

    def dump(self, course_key: str, languages: list[str]) -> dict[str, BankData]:
        live = Question.objects.filter(bank__course_code=course_key, archived_at=None)
        rows = list(live.select_related("locale", "category").prefetch_related("tags"))  # type: ignore[misc]
        rows.sort(key=lambda row: (row.position, row.pk))
        used = set(QuizPage.objects.values_list("bank_id", flat=True))
        banks = {}
        for bank in QuestionBank.objects.filter(course_code=course_key).order_by("key"):
            held: dict[str, dict[str, QuestionData]] = {}
            for language in languages:
                own = [row for row in rows if row.bank_id == bank.pk and row.locale.language_code == language]
                if own:
                    held[language] = {row.key: dump_question(row) for row in own}
            if held or bank.pk in used:
                banks[bank.key] = BankData(tidy_line(bank.title), held or {languages[0]: {}})
        return banks

    def write(self, data: dict[str, BankData], language: str) -> dict[str, dict[str, Any]]:
        return {key: _write_bank(key, bank, language) for key, bank in data.items() if language in bank.languages}

    def plan(self, package: Package, held: Package) -> list[Change]:
        return [change for change, _act in _compare(package, held) if change is not None]

    def apply(self, package: Package, held: Package) -> None:
        for _change, act in _compare(package, held):
            act()


def _read_bank(banks: dict[str, BankData], language: str, name: str, node: Mapping, reading: Reading) -> None:
    fields = Fields(node, reading)
    key = fields.key()
    if key and key != name:
        reading.problems.add(node.place, _("The key must be the name of the file, “%(name)s”.") % {"name": name})
    key = name
    if key not in banks:
        most = QuestionBank._meta.get_field("title").max_length
        banks[key] = BankData(fields.text("title", max_length=most, required=True), {})
    held: dict[str, QuestionData] = {}
    for item in fields.items("questions"):
        entry = Fields(reading.mapping(item, "questions"), reading)
        question = entry.key()
        if question in held:
            reading.problems.add(item.place, _("The question “%(key)s” is there twice. Keep one.") % {"key": question})
        leader = next((bank[question] for bank in banks[key].languages.values() if question in bank), None)
        data = read_question(entry, leader, reading)
        entry.finish()
        if data is not None and question:
            held[question] = data
    banks[key].languages[language] = held
    fields.finish()


def _write_bank(key: str, bank: BankData, language: str) -> dict[str, Any]:
    is_first = language == next(iter(bank.languages))
    return {
        "key": key,
        **({"title": bank.title} if is_first else {}),
        "questions": [
            write_question(name, data, is_leader=bank.leader(name) == language)
            for name, data in bank.languages[language].items()
        ],
    }


# --- Comparing, and bringing the database to it ------------------------------------------------------------------


def _compare(package: Package, held: Package) -> Iterator[tuple[Change | None, Any]]:
    """What happens to each bank and question, with the act that does it. Acts must run in this order."""
    incoming: dict[str, BankData] = package.parts.get(BankPart.folder, {})
    current: dict[str, BankData] = held.parts.get(BankPart.folder, {})
    store = BankRows(package.key)
    for key, bank in incoming.items():
        before = current.get(key)
        if before is None or before.title != bank.title:
            action = Action.UPDATED if store.has_bank(key) else Action.CREATED
            yield Change(action, f"bank {key}"), lambda key=key, bank=bank: store.save_bank(key, bank.title)
        else:
            yield Change(Action.UNCHANGED, f"bank {key}"), lambda: None
        for language, questions_now in bank.languages.items():
            known = before.languages.get(language, {}) if before else {}
            yield from _compare_questions(store, key, language, questions_now, known)
    for key, before in current.items():
        for language, known in before.languages.items():
            if language in package.trees:
                now = incoming[key].languages.get(language, {}) if key in incoming else {}
                yield from _compare_gone(store, key, language, now, known)


def _compare_gone(
    store: BankRows, bank: str, language: str, now: dict[str, QuestionData], before: dict[str, QuestionData]
) -> Iterator[tuple[Change | None, Any]]:
    """Archive what is gone. Of a bank that is gone as a whole, learners of an older edition may still need it all."""
    if before and not now and store.is_in_an_edition(bank):
        label = _("%(language)s bank %(bank)s – not in the package; a released edition draws from it, so it stays")
        yield Change(Action.KEPT, label % {"language": package_name(language), "bank": bank}), lambda: None
        return
    for name in before:
        if name not in now:
            label = _label(bank, language, name)
            yield Change(Action.ARCHIVED, label), lambda name=name: store.archive(bank, name, language)


def _compare_questions(
    store: BankRows, bank: str, language: str, now: dict[str, QuestionData], before: dict[str, QuestionData]
) -> Iterator[tuple[Change | None, Any]]:
    for name, data in now.items():
        action = Action.UNCHANGED
        if name not in before:
            action = Action.RESTORED if store.find(bank, name, language) else Action.CREATED
        elif before[name] != data:
            action = Action.UPDATED

        def act(name: str = name, data: QuestionData = data, action: Action = action) -> None:
            if action != Action.UNCHANGED:
                store.save(bank, name, language, data)

        yield Change(action, _label(bank, language, name)), act
    both = [name for name in before if name in now], [name for name in now if name in before]
    order = list(now)
    if both[0] != both[1]:
        label = _("%(language)s bank %(bank)s: the order of its questions")
        yield Change(Action.MOVED, label % {"language": package_name(language), "bank": bank}), lambda: None
    if order != list(before):
        # Positions are no content: no revision is made for them, and there is nothing to tell besides.
        yield None, lambda: store.put_in_order(bank, language, order)


def _label(bank: str, language: str, name: str) -> str:
    return f"{package_name(language)} question {bank}/{name}"
