"""Quizzes and question banks in course packages (docs/course-packages.md)."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments import questions
from assessments.domain.bank_rows import BankRows, QuestionData
from assessments.models import Question, QuestionBank, QuizPage
from assessments.models.bank import PROMPT_FEATURES, OptionBlock
from assessments.questions import Option
from courses.domain.packages.blocks import Building, Dumping
from courses.domain.packages.bodies import RunningText
from courses.domain.packages.content import Package
from courses.domain.packages.fields import Flag, Number, Value
from courses.domain.packages.forms import NOTES, UNIT_FACTS, UNIT_HEAD, Form
from courses.domain.packages.languages import package_name
from courses.domain.packages.markdown import write_markdown
from courses.domain.packages.parts import Change, Part
from courses.domain.packages.planning import Action
from courses.domain.packages.problems import Problems
from courses.domain.packages.richtext import from_html
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.values import Markdown, tidy_line
from courses.domain.packages.yaml_reading import Mapping, Node

OPTION = OptionBlock()


@dataclass(frozen=True)
class BankName(Value):
    """The bank that a quiz draws from, by its key."""

    def read(self, fields: Fields, model: type) -> str:
        return fields.key(self.name)

    def dump(self, page: Any, dumping: Dumping) -> str:
        return str(page.bank.key)

    def assign(self, page: Any, data: Any, building: Building) -> None:
        page.bank = QuestionBank.objects.get(course_code=building.course_key, key=data)


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

    def dump(self, course_key: str, languages: list[str]) -> dict[str, BankData]:
        rows = list(Question.objects.filter(bank__course_code=course_key, archived_at=None).select_related("locale"))
        rows.sort(key=lambda row: (row.position, row.pk))
        used = set(QuizPage.objects.values_list("bank_id", flat=True))
        banks = {}
        for bank in QuestionBank.objects.filter(course_code=course_key).order_by("key"):
            held: dict[str, dict[str, QuestionData]] = {}
            for language in languages:
                own = [row for row in rows if row.bank_id == bank.pk and row.locale.language_code == language]
                if own:
                    held[language] = {row.key: _dump_question(row) for row in own}
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


# --- Reading -----------------------------------------------------------------------------------------------------


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
        data = _read_question(entry, leader, reading)
        entry.finish()
        if data is not None and question:
            held[question] = data
    banks[key].languages[language] = held
    fields.finish()


def _read_question(fields: Fields, leader: QuestionData | None, reading: Reading) -> QuestionData | None:
    kind = leader.kind if leader else fields.choice("kind", [key for key, _label in questions.choices()])
    weight = leader.weight if leader else _read_weight(fields, reading)
    prompt = fields.demand("prompt")
    feedback = fields.take("feedback")
    options = _read_options(fields, kind, leader, reading)
    data = QuestionData(
        kind=kind,
        prompt=reading.markdown(prompt, "prompt", PROMPT_FEATURES) if prompt else Markdown(""),
        options=tuple(options),
        feedback=reading.markdown(feedback, "feedback", PROMPT_FEATURES) if feedback else Markdown(""),
        weight=weight,
    )
    if not kind:
        return None
    try:
        questions.get(kind).validate(data.options)
    except ValidationError as error:
        reading.problems.add(fields.node.place, " ".join(error.messages))
    return data


def _read_weight(fields: Fields, reading: Reading) -> int:
    node = fields.take("weight")
    return reading.whole(node, "weight", 1, Number.highest) if node else 1


def _read_options(fields: Fields, kind: str, leader: QuestionData | None, reading: Reading) -> list[Option]:
    """The options; in a translation what is right comes from the leading language, and so does their order."""
    if kind == "true_false":
        options = _read_true_false(fields, leader, reading)
    elif kind:
        options = _read_choices(fields, leader, reading)
    else:
        for name in ("options", "answer", "if_true", "if_false"):
            fields.take(name)
        return []
    if leader is None:
        return options
    own = {option.id: option for option in options}
    if own.keys() != {option.id for option in leader.options}:
        reading.problems.add(
            fields.node.place, _("The options must have the same keys as in the language that comes first.")
        )
        return list(leader.options)
    return [replace(own[option.id], correct=option.correct) for option in leader.options]


def _read_true_false(fields: Fields, leader: QuestionData | None, reading: Reading) -> list[Option]:
    said = ("if_true", "if_false")
    entry: dict[str, Any] = {name: _option_text(fields.take(name), "feedback", reading) for name in said}
    if leader is None:
        node = fields.demand("answer")
        entry["answer"] = reading.flag(node, "answer") if node else False
    return questions.get("true_false").load(entry)


def _read_choices(fields: Fields, leader: QuestionData | None, reading: Reading) -> list[Option]:
    options = []
    for item in fields.items("options"):
        entry = Fields(reading.mapping(item, "options"), reading)
        option = Option(
            id=entry.key(),
            text=_option_text(entry.demand("text"), "text", reading),
            correct=entry.flag("correct") if leader is None else False,
            feedback=_option_text(entry.take("feedback"), "feedback", reading),
        )
        entry.finish()
        if option.id:
            options.append(option)
    return options


def _option_text(node: Node | None, name: str, reading: Reading) -> str:
    return reading.checked(node, name, OPTION.child_blocks[name].field) if node else ""


# --- From the database, and to a file ----------------------------------------------------------------------------


def _dump_question(row: Question) -> QuestionData:
    kind = questions.get(row.kind)
    rows = row.option_rows()
    options = [replace(option, text=tidy_line(option.text), feedback=tidy_line(option.feedback)) for option in rows]
    return QuestionData(
        kind=row.kind,
        prompt=_markdown(row.prompt),
        # Once to the file and back, so that what no file holds (the wording of "true") is no difference.
        options=tuple(kind.load(kind.dump(options, with_answers=True))),
        feedback=_markdown(row.feedback),
        weight=row.weight,
    )


def _markdown(html: str) -> Markdown:
    document, _lost = from_html(html, PROMPT_FEATURES, lambda pk: None)
    return write_markdown(document)


def _write_bank(key: str, bank: BankData, language: str) -> dict[str, Any]:
    is_first = language == next(iter(bank.languages))
    return {
        "key": key,
        **({"title": bank.title} if is_first else {}),
        "questions": [
            _write_question(name, data, is_leader=bank.leader(name) == language)
            for name, data in bank.languages[language].items()
        ],
    }


def _write_question(key: str, data: QuestionData, *, is_leader: bool) -> dict[str, Any]:
    return {
        "key": key,
        **({"kind": data.kind} if is_leader else {}),
        **({"weight": data.weight} if is_leader and data.weight != 1 else {}),
        "prompt": data.prompt,
        **questions.get(data.kind).dump(data.options, with_answers=is_leader),
        **({"feedback": data.feedback} if data.feedback else {}),
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
