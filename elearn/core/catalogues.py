"""Compiles message catalogues (.po to .mo) in Python, since msgfmt is not on a bare machine."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class BrokenCatalogue(Exception):
    """A catalogue cannot be compiled; the message names the file and what is wrong with it."""


def compile_catalogues(folders: Iterable[Path], *, force: bool = False) -> list[Path]:
    """Write the .mo beside every .po below the folders that is newer than it, and answer which.

    Refusals: BrokenCatalogue when a file does not parse, or a translation's placeholders differ from its message's.
    """
    written = []
    for folder in folders:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if force or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                _compile(source, target)
                written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise BrokenCatalogue(f"{source}: {error}") from error
    for message, errors in catalogue.check():
        if not message.fuzzy:
            raise BrokenCatalogue(f"{source}, line {message.lineno}: {errors[0]}")
    # Written aside and renamed: a process that starts meanwhile never reads half a catalogue.
    draft = target.with_suffix(".mo.draft")
    with draft.open("wb") as binary:
        write_mo(binary, catalogue)
    draft.replace(target)
