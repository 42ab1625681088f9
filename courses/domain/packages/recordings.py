"""Recordings in a package: `talk.mp4`, its captions `talk.en.vtt` and `talk.fr.vtt`, its poster `talk.poster.jpg`."""

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from courses.domain.packages.languages import code_of, package_name
from courses.domain.packages.problems import Place
from courses.domain.packages.schema import MEDIA_FOLDER, Reading
from courses.domain.packages.values import MediaName, RecordingName
from courses.domain.packages.yaml_reading import Node
from elearn.core import uploads
from elearn.core.recordings import VIDEO

POSTER = "poster"
CAPTIONS = "vtt"


def companions_of(name: str, names: Collection[str]) -> list[str]:
    """Captions and poster of a recording, among these names."""
    stem = PurePosixPath(name).stem
    return sorted(other for other in names if other.startswith(f"{stem}.") and other != name and _role(other, stem))


def _role(other: str, stem: str) -> str:
    """What stands between the recording's name and the ending: a language, or “poster”; empty for another file."""
    middle = PurePosixPath(other).stem.removeprefix(stem).removeprefix(".")
    kind = uploads.extension(other)
    if "." in middle or not middle:
        return ""
    if kind == CAPTIONS or (middle == POSTER and kind in (*uploads.PICTURE_FORMATS, "svg")):
        return middle
    return ""


def language_of(captions: str) -> str | None:
    """The language that captions are in by their name, as a code of the settings; None when the site has no such."""
    return code_of(PurePosixPath(captions).stem.rpartition(".")[2])


def is_captions(name: str) -> bool:
    return uploads.extension(name) == CAPTIONS


def captions_name(recording: str, language: str) -> MediaName:
    return MediaName(f"{PurePosixPath(recording).stem}.{package_name(language)}.{CAPTIONS}")


def poster_name(recording: str, extension: str) -> MediaName:
    return MediaName(f"{PurePosixPath(recording).stem}.{POSTER}.{extension}")


def read_recording_name(reading: Reading, node: Node, name: str, kind: str) -> RecordingName:
    """The name of a recording of this kind in media/; it and what belongs to it is checked once."""
    value = reading.text(node, name, max_length=100)
    if value not in reading.media:
        reading.problems.add(node.place, _("There is no file “%(file)s” in media/.") % {"file": value})
        return RecordingName(value)
    companions = companions_of(value, reading.media)
    if value not in reading.recordings:
        reading.recordings |= {value, *companions}
        for place, message in _problems_with(reading, value, companions, node.place):
            reading.problems.add(place, message)
    if uploads.extension(value) not in uploads.RECORDINGS[kind]:
        known = ", ".join(known.upper() for known in uploads.RECORDINGS[kind])
        reading.problems.add(
            node.place, _("“%(file)s” must be of one of these: %(known)s.") % {"file": value, "known": known}
        )
    elif kind == VIDEO and not any(is_captions(companion) for companion in companions):
        wanted = captions_name(value, reading.language or "en")
        reading.problems.add(
            node.place, _("This video has no captions. Put them into media/%(file)s.") % {"file": wanted}
        )
    return RecordingName(value, companions)


def _problems_with(reading: Reading, name: str, companions: list[str], place: Place) -> Iterator[tuple[Place, str]]:
    try:
        uploads.check_recording(reading.media[name].open(), name)
    except ValueError as error:
        yield place, str(error)
    rivals = [
        other for other in reading.media if other != name and PurePosixPath(other).stem == PurePosixPath(name).stem
    ]
    if companions and any(uploads.extension(other) in sum(uploads.RECORDINGS.values(), ()) for other in rivals):
        yield (
            place,
            _("Another recording has the same name before its ending, so it is unclear whose captions these are."),
        )
    if len([other for other in companions if not is_captions(other)]) > 1:
        yield place, _("The recording has more than one poster. Keep one.")
    for companion in companions:
        where = Place(f"{MEDIA_FOLDER}{companion}")
        if is_captions(companion) and language_of(companion) is None:
            yield where, _("The name must say a language of this site, as in talk.fr.vtt.")
        try:
            check = uploads.check_captions if is_captions(companion) else uploads.check_picture
            check(reading.media[companion].open(), companion)
        except ValueError as error:
            yield where, str(error)
