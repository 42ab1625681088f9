"""A course as files: the same bytes for the same course, whoever writes it and wherever."""

import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses.domain.packages import forms
from courses.domain.packages.content import Entry, Package
from courses.domain.packages.fields import Value
from courses.domain.packages.languages import package_name
from courses.domain.packages.loading import COURSE_FILE, FORMAT, form_of
from courses.domain.packages.parts import all_parts
from courses.domain.packages.schema import MEDIA_FOLDER
from courses.domain.packages.values import Keys
from courses.domain.packages.yaml_writing import write_yaml
from courses.enums import VariantKind


class ExportRefused(Exception):
    """Nothing was written; the message says why and what to do."""


def package_files(package: Package) -> dict[str, bytes]:
    """The files of a package by name, sorted."""
    texts = {COURSE_FILE: write_yaml(_structure(package))}
    for language, tree in package.trees.items():
        _add_pages(texts, tree, package_name(language))
        for part in all_parts():
            data = package.parts.get(part.folder, {})
            for name, values in part.write(data, language).items():
                texts[f"{part.prefix(package_name(language))}{name}.yaml"] = write_yaml(values)
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    for tree in package.trees.values():
        for entry in tree.walk():
            for name in entry.media():
                files[f"{MEDIA_FOLDER}{name}"] = package.media[name].read()
    return dict(sorted(files.items()))


def _structure(package: Package) -> dict[str, Any]:
    source = package.trees[package.source_language]
    facts = {value.name: source.data[value.name] for value in forms.COURSE.facts}
    variants = []
    for kind in VariantKind.values:
        languages = [language for language, tree in package.trees.items() if tree.data["variant"] == kind]
        if languages:
            modules = [_module(module) for module in package.trees[languages[0]].children]
            names = Keys(package_name(language) for language in languages)
            variants.append({"kind": kind, "languages": names, "modules": modules})
    return {
        "format": FORMAT,
        "key": package.key,
        "source_language": package_name(package.source_language),
        **facts,
        "variants": variants,
    }


def _module(module: Entry) -> dict[str, Any]:
    units = [_unit(unit, module.draft) for unit in module.children]
    return {"key": module.key, **({"draft": True} if module.draft else {}), "units": units}


def _unit(unit: Entry, module_is_draft: bool) -> dict[str, Any]:
    draft = {"draft": True} if unit.draft and not module_is_draft else {}
    return {"key": unit.key, "kind": unit.kind, **draft, **_written(form_of("unit", unit.kind).facts, unit.data)}


def _written(values: tuple[Value, ...], data: dict[str, Any]) -> dict[str, Any]:
    found = {value.name: data[value.name] for value in values}
    return {
        value.name: found[value.name]
        for value in values
        if found[value.name] != value.default and found[value.name] not in ("", [], ())
    }


def _add_pages(texts: dict[str, str], tree: Entry, folder: str) -> None:
    texts[f"{folder}/course.md"] = _page(tree)
    for module in tree.children:
        texts[f"{folder}/{module.key}/module.md"] = _page(module)
        for unit in module.children:
            texts[f"{folder}/{module.key}/{unit.key}.md"] = _page(unit)
            if unit.data.get("notes"):
                texts[f"{folder}/{module.key}/{unit.key}.notes.md"] = f"{unit.data['notes']}\n"


def _page(entry: Entry) -> str:
    form = form_of(entry.level, entry.kind)
    body = form.body.write(entry.data["body"])
    return f"---\n{write_yaml(_written(form.head, entry.data))}---\n{body}" + ("\n" if body else "")


def write_folder(files: dict[str, bytes], target: Path) -> None:
    """Write files under a folder that is new or empty. They appear all together or not at all."""
    if target.is_symlink() or target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise ExportRefused(_("%(path)s exists and is not an empty folder. Choose another path.") % {"path": target})
    target.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        for name, data in files.items():
            path = workshop / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        workshop.chmod(0o755)
        workshop.replace(target)
    except BaseException:
        shutil.rmtree(workshop, ignore_errors=True)
        raise


def write_zip(files: dict[str, bytes], target: Path, top: str) -> None:
    """Write files into a new zip, under one folder; no times, no order of its own."""
    if target.exists() or target.is_symlink():
        raise ExportRefused(_("%(path)s exists already. Choose another path.") % {"path": target})
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    workshop = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for member, data in files.items():
                info = zipfile.ZipInfo(f"{top}/{member}")  # dated 1 January 1980
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 3
                info.external_attr = 0o100644 << 16
                archive.writestr(info, data, compresslevel=9)
        workshop.chmod(0o644)
        workshop.replace(target)
    except BaseException:
        workshop.unlink(missing_ok=True)
        raise
