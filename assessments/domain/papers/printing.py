"""Forms as PDF: the questions, the answer sheet, and the key for trainers."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.domain.papers import codes
from assessments.domain.papers.drawing import draw_forms, has_pictures, quizzes_of
from assessments.domain.papers.places import PaperQuestion, Place, letter, questions_of_form
from assessments.domain.papers.right import right_signs
from assessments.domain.practical_rules import PRACTICAL
from assessments.domain.quizzes import QUIZ, QuizRules
from assessments.domain.reading.question import plain, plural
from assessments.models import PaperForm
from courses.domain.cohorts.kit_pages import modules_of, printed
from courses.domain.cohorts.kits import Asked, Document, KitOption, KitPart, register_part
from courses.domain.tree import tree_of
from courses.models import Cohort, PrintKit
from elearn.core.html import clean_picture_text
from elearn.core.paper import Boxes, Bubbles, Run, Sheet, Style, WritingLines, from_html, print_pages

PART = "quiz_papers"
GAP = re.compile(r"\[\[(\d{1,3})\]\]")


def make_papers(kit: PrintKit, asked: Asked) -> list[Document]:
    """A document for each form, with its answer sheet at the end, and one with the keys of all, for trainers."""
    variants = int(asked.get("variants") or 1)
    quizzes = [unit for module in modules_of(kit, asked) for unit in module.units if unit.kind == QUIZ]
    forms = [form for quiz in quizzes for form in draw_forms(kit=kit, quiz=quiz, variants=variants)]
    documents = [
        Document(f"quiz-{form.unit.code.lower()}-{form.variant}-{codes.printed(form.code)}", print_form(form))
        for form in forms
    ]
    return [*documents, Document("quiz-keys-for-trainers", _print_keys(kit, forms))] if forms else []


def print_form(form: PaperForm) -> bytes:
    """The questions of a form and its answer sheet. Its code stands on every page."""
    sheet, questions = Sheet(form.language), questions_of_form(form)
    pieces: list[Any] = [*_opening(form, questions, sheet)]
    for question in questions:
        pieces += _question(question, sheet)
    pieces += [sheet.new_page(), *_answer_sheet(form, questions, sheet)]
    mark = _("Form %(variant)s · %(code)s") % {"variant": form.variant, "code": codes.printed(form.code)}
    title = f"{form.title} {form.variant} {codes.printed(form.code)}"
    author = form.cohort.title
    return print_pages(pieces, sheet=sheet, title=title, author=author, head=(form.title, mark), foot=form.cohort.title)


def _opening(form: PaperForm, questions: list[PaperQuestion], sheet: Sheet) -> Iterator[Any]:
    rules = QuizRules.from_json(form.rules)
    yield sheet.title(form.title)
    count = sum(not question.only_shown for question in questions)
    words = [ngettext("%(count)d question", "%(count)d questions", count) % {"count": count}]
    if rules.time_limit:
        minutes = rules.time_limit
        words.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    words.append(_("Passed with %(percent)d %%") % {"percent": form.pass_mark})
    yield sheet.small(" · ".join(words))
    yield sheet.text(_("Write your answers on the answer sheet, the last part of these papers. Write clearly."))
    yield sheet.space(2)


# --- Questions ---------------------------------------------------------------------------------------------------


def _question(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    prompt = clean_picture_text(question.asked.prompt)
    if question.only_shown:
        yield sheet.aside(from_html(prompt, sheet))
        return
    yield sheet.unless_room(35)
    yield sheet.heading(_number_line(question), 3)
    if question.template == "gap_fill":
        prompt = GAP.sub(lambda found: f"({found[1]}) ________", prompt)
    yield from from_html(prompt, sheet)
    yield from _BODIES.get(question.template, lambda question, sheet: iter(()))(question, sheet)
    yield sheet.space(2.5)


def _number_line(question: PaperQuestion) -> str:
    points = plain(question.question.points)
    words = ngettext("%(points)s point", "%(points)s points", plural(points)) % {"points": points}
    return _("Question %(number)d") % {"number": question.number} + (f" ({words})" if points != 1 else "")


def _items(entries: list[tuple[str, str]], sheet: Sheet) -> Iterator[Any]:
    """Marked pieces of rich text, each in one paragraph or a few."""
    for sign, html in entries:
        first, *rest = from_html(clean_picture_text(html), sheet) or [sheet.text("")]
        runs = getattr(first, "runs", None)
        yield sheet.item(runs, sign, indent=24) if runs is not None else first
        yield from rest


def _choice(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    if question.data["control"] == "checkbox":
        yield sheet.small(_("Several answers can be right."))
    yield from _items([(letter(n), option["text"]) for n, option in enumerate(question.data["options"])], sheet)


def _matching(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    rows = question.data["rows"]
    yield sheet.small(_("To each number belongs a letter. A letter may be used more than once."))
    yield from _items([(str(n), row["text"]) for n, row in enumerate(rows, start=1)], sheet)
    yield sheet.space(1)
    for n, choice in enumerate(rows[0]["choices"] if rows else ()):
        yield sheet.item(choice["text"], letter(n), indent=48)


def _ordering(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    yield sheet.small(_("Put them in order: write into the box of each letter the number of its place, from 1."))
    yield from _items([(letter(n), row["text"]) for n, row in enumerate(question.data["rows"])], sheet)


def _typed(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    if question.data["units"]:
        yield sheet.small(_("With its unit: %(units)s") % {"units": ", ".join(question.data["units"])})


def _gaps(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    for place in question.places:
        if place.choices:
            runs = [run for c in place.choices for run in (Run(f"{c.sign} ", True), Run(c.text), Run("  ·  "))]
            yield sheet.item(runs[:-1], place.label, indent=30)


def _scenario(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    yield sheet.small(_("Begin with step 1. Each choice says with which step to go on. Do not read the other steps."))
    steps = question.asked.options
    numbers = {step.name: number for number, step in enumerate(steps, start=1)}
    for number, step in enumerate(steps, start=1):
        yield sheet.unless_room(30)
        yield sheet.text([Run(_("Step %(number)d") % {"number": number}, True)])
        yield from from_html(clean_picture_text(step.text), sheet)
        if not step.inside:
            yield sheet.small(_("The case ends here."))
        for n, choice in enumerate(step.inside):
            yield from _items([(letter(n), choice.text)], sheet)
            yield sheet.text([Run(_("Go on with step %(number)d") % {"number": numbers[choice.leads_to]})], _ON)


def _essay(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    rules = question.asked.rules
    if rules.min_words and rules.max_words:
        limits = {"least": rules.min_words, "most": rules.max_words}
        yield sheet.small(_("Wanted: %(least)d to %(most)d words.") % limits)
    elif rules.min_words:
        yield sheet.small(_("Wanted: at least %(least)d words.") % {"least": rules.min_words})
    elif rules.max_words:
        yield sheet.small(_("Wanted: at most %(most)d words.") % {"most": rules.max_words})


_ON = Style(size=9, leading=12.5, after=4, indent=24, grey=0.25)
_BODIES = {
    "choice": _choice,
    "matching": _matching,
    "ordering": _ordering,
    "typed": _typed,
    "gap_fill": _gaps,
    "scenario": _scenario,
    "essay": _essay,
}


# --- Answer sheet ------------------------------------------------------------------------------------------------


def _answer_sheet(form: PaperForm, questions: list[PaperQuestion], sheet: Sheet) -> Iterator[Any]:
    yield sheet.title(_("Answer sheet"))
    yield sheet.text([Run(form.title, True), Run("   "), Run(_("Form code: ")), Run(codes.printed(form.code), True)])
    who = [[_("Name"), ""], [_("Number on the attendance sheet"), ""], [_("Date"), ""]]
    yield sheet.table(who, [1, 2], head=False, row_height=27)
    yield sheet.small(_("Put a cross through the letter that you choose. To change it, black it out."))
    for question in questions:
        if not question.only_shown:
            yield from _answer(question, sheet)


def _answer(question: PaperQuestion, sheet: Sheet) -> Iterator[Any]:
    places = question.places
    label = sheet.text([Run(str(question.number), True)])
    boxed = [place.label for place in places if place.boxed]
    if boxed:
        yield sheet.table([[[label], [Boxes(boxed, rtl=sheet.rtl)]]], [1, 12], head=False, grid=False)
        return
    if len(places) == 1 and places[0].lines > 1:
        yield sheet.unless_room(45)
        yield label
        yield WritingLines(places[0].lines, rtl=sheet.rtl)
        return
    rows = []
    for n, place in enumerate(places):
        rows.append(
            [[label] if n == 0 else "", [sheet.small(place.label)] if place.label else "", [_mark(place, sheet)]]
        )
    if any(place.label for place in places):
        yield sheet.table(rows, [1, 1.2, 10.8], head=False, grid=False)
    else:
        yield sheet.table([[row[0], row[2]] for row in rows], [1, 12], head=False, grid=False)


def _mark(place: Place, sheet: Sheet) -> Any:
    if place.choices:
        return Bubbles([choice.sign for choice in place.choices], rtl=sheet.rtl)
    return WritingLines(1, share=0.8, rtl=sheet.rtl)


# --- Key ---------------------------------------------------------------------------------------------------------


def _print_keys(kit: PrintKit, forms: list[PaperForm]) -> bytes:
    sheet, title = Sheet(kit.language), _("Key to the quiz papers")
    pieces: list[Any] = [sheet.title(title)]
    words = _("For trainers. Keep it away from learners. Marks come from the answers that you type in.")
    pieces.append(sheet.small(words))
    for form in forms:
        pieces += [sheet.unless_room(40), sheet.heading(f"{form.title} – {form.variant} – {codes.printed(form.code)}")]
        rows = [[_("Question"), _("Right"), _("Points")]]
        for question in questions_of_form(form):
            if not question.only_shown:
                rows.append([str(question.number), right_signs(question), str(plain(question.question.points))])
        pieces.append(sheet.table(rows, [1, 6, 1]))
    return printed(kit, sheet, pieces, title, mark=_("For trainers"))


# --- What the form of a kit says ---------------------------------------------------------------------------------


def remarks(cohort: Cohort) -> list[str]:
    """What does not go on paper as it is."""
    tree = tree_of(cohort.course.key, cohort.language, cohort.course.wording)
    said = []
    shown = [
        page.title if (page := tree.pages.get(unit.uuid) if tree else None) else unit.code
        for unit in quizzes_of(cohort)
        if has_pictures(unit, cohort.language)
    ]
    if shown:
        words = _("These quizzes may show a picture: %(titles)s. On paper its description stands in its place.")
        said.append(words % {"titles": ", ".join(shown)})
    kinds = {unit.kind for variant in cohort.edition.structure.variants for unit in variant.units()}
    if PRACTICAL in kinds:
        said.append(_("Practical work is not put on paper; it is handed in online or observed."))
    return said


def register() -> None:
    register_part(
        KitPart(
            PART,
            gettext_lazy("Quiz papers"),
            gettext_lazy(
                "The quizzes of the chosen modules with answer sheets, and a key for trainers. Every type of question "
                "can be answered on paper; essays are marked by a person afterwards, as always."
            ),
            make_papers,
            50,
            options=(
                KitOption(
                    "variants",
                    gettext_lazy("Forms of each quiz, so that neighbours have different ones"),
                    (
                        ("1", gettext_lazy("One form (A)")),
                        ("2", gettext_lazy("Two forms (A, B)")),
                        ("3", gettext_lazy("Three forms (A, B, C)")),
                    ),
                ),
            ),
            remarks=remarks,
            screen="assessments:papers",
            screen_label=gettext_lazy("Type in answers from paper"),
        )
    )
