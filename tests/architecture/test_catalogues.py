import shutil
from pathlib import Path

from django.conf import settings

from elearn.core.catalogues import compile_catalogues


def test_every_catalogue_compiles(tmp_path: Path) -> None:
    for folder in settings.LOCALE_PATHS:
        shutil.copytree(folder, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    sources = sorted(tmp_path.glob("locale/*/LC_MESSAGES/*.po"))
    assert compile_catalogues([tmp_path / "locale"]) == [source.with_suffix(".mo") for source in sources]
