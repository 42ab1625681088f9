import gettext
import os
from pathlib import Path

import pytest

from elearn.core.catalogues import BrokenCatalogue, compile_catalogues

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def french(tmp_path: Path) -> Path:
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEAD + 'msgid "Courses"\nmsgstr "Cours"\n', encoding="utf-8")
    return source


def test_catalogue_compiles_to_what_gettext_reads(tmp_path: Path, french: Path) -> None:
    assert compile_catalogues([tmp_path]) == [french.with_suffix(".mo")]
    with french.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Courses") == "Cours"


def test_catalogue_is_compiled_again_only_when_newer(tmp_path: Path, french: Path) -> None:
    compile_catalogues([tmp_path])
    assert compile_catalogues([tmp_path]) == []
    later = french.with_suffix(".mo").stat().st_mtime + 10
    os.utime(french, (later, later))
    assert compile_catalogues([tmp_path]) == [french.with_suffix(".mo")]


def test_catalogue_with_another_placeholder_is_refused(tmp_path: Path, french: Path) -> None:
    french.write_text(
        HEAD + '#, python-format\nmsgid "%(count)s courses"\nmsgstr "%(nombre)s cours"\n', encoding="utf-8"
    )
    with pytest.raises(BrokenCatalogue, match=r"django\.po, line 5"):
        compile_catalogues([tmp_path])
    assert not french.with_suffix(".mo").exists()


def test_catalogue_that_is_no_catalogue_is_refused(tmp_path: Path, french: Path) -> None:
    french.write_text("this is not a catalogue\n", encoding="utf-8")
    with pytest.raises(BrokenCatalogue, match=r"django\.po"):
        compile_catalogues([tmp_path])
