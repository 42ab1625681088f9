"""What the previews of blocks in the editor show; nothing of it stands in the database."""

from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.functional import lazy
from django.utils.html import format_html_join


def _paragraphs(*texts: str) -> str:
    return format_html_join("", "<p>{}</p>", ((text,) for text in texts))


paragraphs = lazy(_paragraphs, str)


@dataclass(frozen=True)
class _StaticFile:
    name: str

    @property
    def url(self) -> str:
        return static(self.name)


@dataclass(frozen=True)
class SamplePicture:
    """Stands where a block has a core.Picture. An SVG: the one kind that is shown without a rendition."""

    name: str
    width: int = 640
    height: int = 400
    is_svg: bool = True
    default_alt_text: str = ""

    @property
    def file(self) -> _StaticFile:
        return _StaticFile(f"img/{self.name}")


@dataclass(frozen=True)
class SampleFile:
    """Stands where a block has a core.Handout."""

    file_extension: str = "pdf"
    file_size: int = 240_000
    pk: int = 0


HARBOUR = SamplePicture("sample-harbour.svg")
ROAD = SamplePicture("sample-road.svg")
TABLE = SamplePicture("sample-table.svg")
