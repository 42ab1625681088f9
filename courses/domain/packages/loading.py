"""A package as its files say it: everything is read and checked, all problems are collected, nothing is written."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courses.domain import unit_types
from courses.domain.packages import forms
from courses.domain.packages.content import Entry, Level, Package
from courses.domain.packages.forms import Form
from courses.domain.packages.languages import code_of, package_name
from courses.domain.packages.parts import Part, all_parts
from courses.domain.packages.problems import Place, Problems
from courses.domain.packages.schema import MEDIA_FOLDER, Fields, Reading
from courses.domain.packages.source import Source
from courses.domain.packages.text import split_blocks, split_head
from courses.domain.packages.values import Markdown
from courses.domain.packages.yaml_reading import Mapping, Node, Scalar, read_yaml
from courses.enums import VariantKind

COURSE_FILE = "course.yaml"
FORMAT = 1


def load_package(source: Source) -> Package:
    """The course that a package holds. Raises PackageRefused with everything that is wrong with it."""
    problems = Problems()
    if COURSE_FILE not in source.files:
        problems.add(Place(COURSE_FILE), _("The file is missing. A package begins with it."))
        problems.refuse_if_any()
    loader = _Loader(source, problems)
    package = loader.load()
    problems.refuse_if_any()
    return package


@dataclass
class _Skeleton:
    """A page as course.yaml has it, before its texts are read."""

    level: Level
    kind: str
    key: str
    facts: dict[str, Any]
    draft: bool
    place: Place
    children: "list[_Skeleton]" = field(default_factory=list)


class _Loader:
    def __init__(self, source: Source, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        media = {
            name.removeprefix(MEDIA_FOLDER): file
            for name, file in source.files.items()
            if name.startswith(MEDIA_FOLDER) and name.count("/") == 1
        }
        self.reading = Reading(problems, media=media)
        self.expected = {COURSE_FILE}

    def load(self) -> Package:
        key, source_language, facts, variants = self._structure()
        languages = sorted(variants, key=lambda language: (language != source_language, language))
        trees = {}
        for language in languages:
            self.reading.language = language
            kind, modules, place = variants[language]
            skeleton = _Skeleton("course", "course", key, {**facts, "variant": kind}, False, place, modules)
            trees[language] = self._entry(skeleton, language)
        package = Package(key, trees, media=self.reading.media)
        for part in all_parts():
            package.parts[part.folder] = part.read(self._part_files(part, languages), self.reading)
            part.check(package, self.problems)
        self._check_links(package)
        self._check_kinds(package)
        self._check_stands_for(package)
        self._check_files()
        return package

    # --- course.yaml ---------------------------------------------------------------------------------------------

    def _structure(self) -> tuple[str, str, dict[str, Any], dict[str, tuple[str, list[_Skeleton], Place]]]:
        fields = Fields(self._yaml(COURSE_FILE), self.reading)
        version = fields.demand("format")
        if version is not None and (not isinstance(version, Scalar) or version.value != str(FORMAT)):
            self.problems.add(version.place, _("This format is not known; this site reads format 1."))
        key = fields.key()
        source_node = fields.demand("source_language")
        source_language = self._language(source_node) if source_node else ""
        facts = {value.name: value.read(fields, forms.COURSE.model) for value in forms.COURSE.facts}
        variants: dict[str, tuple[str, list[_Skeleton], Place]] = {}
        nodes = fields.items("variants")
        if not nodes:
            self.problems.add(fields.node.place, _("“variants” is missing. A course has at least the full one."))
        for node in nodes:
            self._variant(node, variants)
        if source_node and source_language and source_language not in variants:
            self.problems.add(source_node.place, _("No variant has the source language. Add it to “languages”."))
        fields.finish()
        return key, source_language, facts, variants

    def _variant(self, node: Node, variants: dict[str, tuple[str, list[_Skeleton], Place]]) -> None:
        fields = Fields(self.reading.mapping(node, "variants"), self.reading)
        kind = fields.choice("kind", VariantKind.values)
        if kind and kind in [known for known, _modules, _place in variants.values()]:
            self.problems.add(node.place, _("There is a variant of this kind already. Add the languages to it."))
        languages = fields.items("languages")
        if not languages:
            self.problems.add(node.place, _("“languages” is missing. Name at least one, like [en]."))
        modules = [self._module(item) for item in fields.items("modules")]
        self._refuse_repeats(modules, _("The module “%(key)s” is there twice. Keep one."))
        units = [unit for module in modules for unit in module.children]
        self._refuse_repeats(units, _("The unit “%(key)s” is there twice. A key is unique within the course."))
        for language_node in languages:
            language = self._language(language_node)
            if language in variants:
                self.problems.add(language_node.place, _("A language stands in one variant only. Take it out of one."))
            elif language:
                variants[language] = (kind, modules, node.place)
        fields.finish()

    def _language(self, node: Node) -> str:
        name = self.reading.text(node, "language", max_length=20)
        code = code_of(name)
        if code is None:
            self.problems.add(node.place, _("This site does not have the language “%(name)s”.") % {"name": name})
        return code or ""

    def _module(self, node: Node) -> _Skeleton:
        fields = Fields(self.reading.mapping(node, "modules"), self.reading)
        key = fields.key()
        if key in [part.folder for part in all_parts() if not part.is_file]:
            self.problems.add(node.place, _("The key “%(key)s” is taken by a folder. Use another.") % {"key": key})
        draft = fields.flag("draft")
        units = [unit for item in fields.items("units") if (unit := self._unit(item, draft))]
        fields.finish()
        return _Skeleton("module", "module", key, {}, draft, node.place, units)

    def _unit(self, node: Node, module_is_draft: bool) -> _Skeleton | None:
        fields = Fields(self.reading.mapping(node, "units"), self.reading)
        key = fields.key()
        kinds = {unit_type.key: unit_type.form for unit_type in unit_types.all_types() if unit_type.form}
        kind = fields.choice("kind", kinds.keys())
        if not kind:
            return None
        draft = fields.flag("draft") or module_is_draft
        form = kinds[kind]
        facts = {value.name: value.read(fields, form.model) for value in form.facts}
        fields.finish()
        return _Skeleton("unit", kind, key, facts, draft, node.place)

    def _refuse_repeats(self, skeletons: list[_Skeleton], message: str) -> None:
        seen: set[str] = set()
        for skeleton in skeletons:
            if skeleton.key and skeleton.key in seen:
                self.problems.add(skeleton.place, message % {"key": skeleton.key})
            seen.add(skeleton.key)

    # --- The files of a language ---------------------------------------------------------------------------------

    def _entry(self, skeleton: _Skeleton, language: str, module: str = "") -> Entry:
        folder = package_name(language)
        stem = {
            "course": f"{folder}/course",
            "module": f"{folder}/{skeleton.key}/module",
            "unit": f"{folder}/{module}/{skeleton.key}",
        }[skeleton.level]
        data = {**skeleton.facts, **self._page(form_of(skeleton.level, skeleton.kind), stem, skeleton.place)}
        place = skeleton.place if skeleton.level == "unit" else Place(f"{stem}.md", 1)
        entry = Entry(skeleton.level, skeleton.kind, skeleton.key, data, place, skeleton.draft)
        entry.children = [self._entry(child, language, skeleton.key) for child in skeleton.children if child.key]
        return entry

    def _page(self, form: Form, stem: str, named_at: Place) -> dict[str, Any]:
        text = self._text(f"{stem}.md", named_at)
        if text is None:
            return {}
        head, below, place = split_head(text, f"{stem}.md", self.problems)
        fields = Fields(head, self.reading)
        data = {value.name: value.read(fields, form.model) for value in form.head}
        fields.finish()
        data["body"] = form.body.read(split_blocks(below, place, self.problems), self.reading, form.model)
        if form.notes_value:
            data["notes"] = self._notes(form, f"{stem}.notes.md")
        return data

    def _notes(self, form: Form, name: str) -> Markdown:
        if name not in self.source.files or form.notes_value is None:
            return Markdown("")
        text = self._text(name, Place(name)) or ""
        parts = split_blocks(text, Place(name, 1), self.problems)
        return form.notes_value.read(parts, self.reading, form.model)

    def _part_files(self, part: Part, languages: list[str]) -> dict[str, dict[str, Mapping]]:
        found: dict[str, dict[str, Mapping]] = {}
        for language in languages:
            prefix = part.prefix(package_name(language))
            names = [
                name.removeprefix(prefix).removesuffix(".yaml")
                for name in sorted(self.source.files)
                if name.startswith(prefix) and name.endswith(".yaml")
            ]
            found[language] = {name: self._yaml(f"{prefix}{name}.yaml") for name in names if part.is_own(name)}
        return found

    def _text(self, name: str, named_at: Place) -> str | None:
        self.expected.add(name)
        if name not in self.source.files:
            self.problems.add(Place(name), _("The file is missing; %(place)s asks for it.") % {"place": named_at})
            return None
        return self.source.text(name, self.problems)

    def _yaml(self, name: str) -> Mapping:
        text = self._text(name, Place(name))
        return read_yaml(text, Place(name, 1), self.problems) if text is not None else Mapping(Place(name))

    # --- What must fit together ----------------------------------------------------------------------------------

    def _check_links(self, package: Package) -> None:
        names = {
            language: {f"{entry.level}:{entry.key}" for entry in tree.walk()}
            for language, tree in package.trees.items()
        }
        for language, href, place in self.reading.links:
            if href not in names[language]:
                self.problems.add(
                    place, _("The link leads to “%(href)s”, which the course does not have.") % {"href": href}
                )

    def _check_kinds(self, package: Package) -> None:
        kinds: dict[str, str] = {}
        for tree in package.trees.values():
            for entry in tree.walk():
                if entry.level == "unit" and kinds.setdefault(entry.key, entry.kind) != entry.kind:
                    self.problems.add(
                        entry.place, _("“%(key)s” is of another kind in another variant.") % {"key": entry.key}
                    )

    def _check_stands_for(self, package: Package) -> None:
        full = {
            entry.key
            for tree in package.trees.values()
            if tree.data.get("variant") == VariantKind.FULL
            for entry in tree.walk()
        }
        for tree in package.trees.values():
            for entry in tree.walk():
                for key in entry.data.get("stands_for") or []:
                    if key not in full:
                        self.problems.add(
                            entry.place, _("“stands_for” names “%(key)s”, which the full course lacks.") % {"key": key}
                        )

    def _check_files(self) -> None:
        used = {f"{MEDIA_FOLDER}{name}" for name in self.reading.used_media}
        for name in self.source.files:
            if name.startswith(MEDIA_FOLDER) and name not in used:
                self.problems.add(Place(name), _("No text uses this file. Use it or take it out."))
            elif name not in self.expected and name not in used:
                self.problems.add(Place(name), _("This file is not expected. Name it in course.yaml or take it out."))


def form_of(level: Level, kind: str) -> Form:
    if level == "course":
        return forms.COURSE
    if level == "module":
        return forms.MODULE
    form = unit_types.get(kind).form
    if form is None:
        raise LookupError(f"The unit type {kind} has no form for packages.")
    return form
