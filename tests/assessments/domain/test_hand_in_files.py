"""Files that are handed in: what is taken, what is refused, and where they lie."""

import pytest
from django.core.files.base import ContentFile

from assessments.domain import hand_in_files, practicals
from assessments.domain.practicals import PracticalRefused
from assessments.models import HandInFile
from elearn.people.models import User
from tests.factories.courses import EnrolmentFactory
from tests.factories.hand_ins import begun, office, pdf, picture
from tests.factories.practicals import remove_files

pytestmark = pytest.mark.django_db


def test_file_is_kept_privately_under_a_name_that_tells_nothing(learner: User) -> None:
    hand_in = begun(learner, asks_files=2)
    row = practicals.add_file(hand_in=hand_in, file=pdf(), name="C:\\Users\\Lea\\plan de séance.PDF")
    assert (row.name, row.size) == ("plan de séance.pdf", 9)
    assert row.file.name.startswith("hand-ins/") and row.file.name.endswith(".pdf")
    assert "plan" not in row.file.name
    with row.file.open("rb") as stored:
        assert stored.read() == b"%PDF-1.7\n"
    with pytest.raises(NotImplementedError):
        _address = row.file.url


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ("  two   words .pdf", "two words .pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("", "file"),
        ("/", "file"),
        ("خطة.pdf", "خطة.pdf"),
    ],
)
def test_hostile_names_are_cleaned(name: str, cleaned: str) -> None:
    assert hand_in_files.cleaned_name(name) == cleaned


@pytest.mark.parametrize("kind", ["docx", "odt", "pptx", "odp", "xlsx"])
def test_office_files_are_taken(learner: User, kind: str) -> None:
    hand_in = begun(learner, asks_files=1)
    row = practicals.add_file(hand_in=hand_in, file=office("[Content_Types].xml"), name=f"plan.{kind}")
    assert row.name == f"plan.{kind}"


def test_pictures_are_taken(learner: User) -> None:
    hand_in = begun(learner, asks_files=2)
    practicals.add_file(hand_in=hand_in, file=picture(), name="board.png")
    practicals.add_file(hand_in=hand_in, file=picture("JPEG"), name="board.jpeg")
    assert [row.name for row in hand_in.files.all()] == ["board.png", "board.jpeg"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<script>", "plan.html", "cannot be handed in"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "plan.svg", "cannot be handed in"),
        (b"MZ", "plan.exe", "cannot be handed in"),
        (b"MZ", "plan.pdf", "not a readable PDF file"),
        (b"MZ", "plan.docx", "not a readable DOCX file"),
        (b"%PDF-1.7", "plan.png", "not a readable png picture"),
        (b"", "plan.pdf", "is empty"),
        (b"%PDF-1.7", "plan", "cannot be handed in"),
    ],
)
def test_file_that_is_not_what_it_says_is_refused(learner: User, content: bytes, name: str, words: str) -> None:
    hand_in = begun(learner, asks_files=1)
    with pytest.raises(PracticalRefused, match=words):
        practicals.add_file(hand_in=hand_in, file=ContentFile(content), name=name)
    assert HandInFile.objects.count() == 0


def test_file_with_macros_is_refused(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    with pytest.raises(PracticalRefused, match="not a readable DOCX file"):
        practicals.add_file(
            hand_in=hand_in, file=office("[Content_Types].xml", "word/vbaProject.bin"), name="plan.docx"
        )


def test_file_too_large_is_refused_in_words(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    large = pdf(b"x" * hand_in_files.DOCUMENT_BYTES)
    with pytest.raises(PracticalRefused, match=r"plan\.pdf is larger than 20 MB\."):
        practicals.add_file(hand_in=hand_in, file=large, name="plan.pdf")


def test_same_file_twice_is_one_and_no_more_than_asked_for(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    first = practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    again = practicals.add_file(hand_in=hand_in, file=pdf(), name="copy.pdf")
    assert (again.pk, again.name) == (first.pk, "plan.pdf")
    with pytest.raises(PracticalRefused, match="1 file can be handed in"):
        practicals.add_file(hand_in=hand_in, file=pdf(b"other"), name="other.pdf")
    assert HandInFile.objects.count() == 1


def test_no_file_where_none_is_asked_for(learner: User) -> None:
    with pytest.raises(PracticalRefused, match="No file is handed in here"):
        practicals.add_file(hand_in=begun(learner), file=pdf(), name="plan.pdf")


def test_removed_file_is_gone_from_the_storage(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    row = practicals.add_file(hand_in=hand_in, file=pdf(), name="plan.pdf")
    storage, name = row.file.storage, row.file.name
    practicals.remove_file(hand_in=hand_in, file_id=row.public_id)
    assert (HandInFile.objects.count(), storage.exists(name)) == (0, True)  # A worker's, once that is certain.
    remove_files()
    assert (HandInFile.objects.count(), storage.exists(name)) == (0, False)
    practicals.remove_file(hand_in=hand_in, file_id=row.public_id)


def test_file_of_another_hand_in_is_not_removed(learner: User) -> None:
    hand_in = begun(learner, asks_files=1)
    other = practicals.begin(
        enrolment=EnrolmentFactory(course=hand_in.enrolment.course), unit=hand_in.unit, language="en"
    )
    row = practicals.add_file(hand_in=other, file=pdf(), name="plan.pdf")
    practicals.remove_file(hand_in=hand_in, file_id=row.public_id)
    assert HandInFile.objects.get() == row
