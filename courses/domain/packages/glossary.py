"""The glossary of a course in its package: <language>/glossary.yaml."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from courses.domain.packages.content import Package
from courses.domain.packages.languages import package_name
from courses.domain.packages.parts import Change, Part
from courses.domain.packages.planning import Action
from courses.domain.packages.problems import Problems
from courses.domain.packages.schema import Fields, Reading
from courses.domain.packages.values import tidy, tidy_line
from courses.domain.packages.yaml_reading import Mapping
from courses.models import GlossaryTerm

TERMS = "terms"
LONGEST = {
    "term": GlossaryTerm._meta.get_field("term").max_length,
    "definition": GlossaryTerm._meta.get_field("definition").max_length,
    "source": GlossaryTerm._meta.get_field("source").max_length,
}


@dataclass(frozen=True)
class TermData:
    """A term in one language."""

    term: str
    definition: str
    other_forms: tuple[str, ...] = ()
    source: str = ""


# By key, then by language.
Glossary = dict[str, dict[str, TermData]]


class GlossaryPart(Part):
    folder = "glossary"
    is_file = True

    def read(self, files: MappingOf[str, MappingOf[str, Mapping]], reading: Reading) -> Glossary:
        glossary: Glossary = {}
        for language, named in files.items():
            for node in named.values():
                _read_file(glossary, language, node, reading)
        for key, place in reading.terms:
            if key not in glossary:
                message = _("There is no term “%(key)s” in glossary.yaml. Add it, or correct the key.")
                reading.problems.add(place, message % {"key": key})
        return dict(sorted(glossary.items()))

    def check(self, package: Package, problems: Problems) -> None:
        """Terms that lessons name are checked while reading, where the lines are known."""

    def dump(self, course_key: str, languages: list[str]) -> Glossary:
        rows = GlossaryTerm.objects.of_course(course_key).filter(locale__language_code__in=languages)
        glossary: Glossary = {}
        for row in rows.select_related("locale").order_by("key"):
            glossary.setdefault(row.key, {})[row.locale.language_code] = TermData(
                tidy_line(row.term),
                tidy_line(row.definition),
                tuple(form for line in tidy(row.other_forms).split("\n") if (form := tidy_line(line))),
                tidy_line(row.source),
            )
        return glossary

    def write(self, data: Glossary, language: str) -> dict[str, dict[str, Any]]:
        terms = [_written(key, held[language]) for key, held in data.items() if language in held]
        return {self.folder: {TERMS: terms}} if terms else {}

    def plan(self, package: Package, held: Package) -> list[Change]:
        return [
            Change(action, f"{package_name(language)} term {key}") for action, language, key in _compare(package, held)
        ]

    def apply(self, package: Package, held: Package) -> None:
        for action, language, key in _compare(package, held):
            if action == Action.ARCHIVED:
                rows = GlossaryTerm.objects.of_course(package.key).filter(key=key, locale__language_code=language)
                rows.update(archived_at=timezone.now())
            elif action != Action.UNCHANGED:
                _save(package.key, key, language, package.parts[self.folder][key][language])


def _read_file(glossary: Glossary, language: str, node: Mapping, reading: Reading) -> None:
    fields = Fields(node, reading)
    for item in fields.items(TERMS):
        entry = Fields(reading.mapping(item, TERMS), reading)
        key = entry.key()
        data = TermData(
            entry.text("term", max_length=LONGEST["term"], required=True),
            entry.text("definition", max_length=LONGEST["definition"], required=True),
            tuple(reading.text(form, "other_forms", max_length=LONGEST["term"]) for form in entry.items("other_forms")),
            entry.text("source", max_length=LONGEST["source"]),
        )
        entry.finish()
        if language in glossary.get(key, {}):
            reading.problems.add(item.place, _("The term “%(key)s” is there twice. Keep one.") % {"key": key})
        elif key:
            glossary.setdefault(key, {})[language] = data
    fields.finish()


def _written(key: str, data: TermData) -> dict[str, Any]:
    values = {
        "key": key,
        "term": data.term,
        "other_forms": list(data.other_forms),
        "definition": data.definition,
        "source": data.source,
    }
    return {name: value for name, value in values.items() if value}


def _compare(package: Package, held: Package) -> Iterator[tuple[Action, str, str]]:
    """What happens to each term: (action, language, key). Languages that the package lacks are left as they are."""
    wanted: Glossary = package.parts.get(GlossaryPart.folder, {})
    before: Glossary = held.parts.get(GlossaryPart.folder, {})
    for language in package.trees:
        for key, data in wanted.items():
            if language in data:
                old = before.get(key, {}).get(language)
                same = Action.UNCHANGED if old == data[language] else Action.UPDATED
                yield Action.CREATED if old is None else same, language, key
        for key, held_data in before.items():
            if language in held_data and language not in wanted.get(key, {}):
                yield Action.ARCHIVED, language, key


def _save(course_key: str, key: str, language: str, data: TermData) -> None:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    same = GlossaryTerm.objects.filter(course_code=course_key, key=key)
    row = same.filter(locale=locale).first()
    if row is None:
        row = GlossaryTerm(
            course_code=course_key, key=key, locale=locale, translation_key=_translation_key(course_key, key)
        )
    row.term = data.term
    row.definition = data.definition
    row.other_forms = "\n".join(data.other_forms)
    row.source = data.source
    row.archived_at = None
    row.save()


def _translation_key(course_key: str, key: str) -> UUID:
    same = GlossaryTerm.objects.filter(course_code=course_key, key=key)
    return same.values_list("translation_key", flat=True).first() or uuid5(NAMESPACE_URL, f"term:{course_key}/{key}")


def term_pk(course_key: str, key: str, language: str) -> int | None:
    """The row of a term in this language, or in another where it is not translated."""
    rows = GlossaryTerm.objects.filter(course_code=course_key, key=key)
    own = rows.filter(locale__language_code=language).values_list("pk", flat=True).first()
    return own or rows.order_by("pk").values_list("pk", flat=True).first()
