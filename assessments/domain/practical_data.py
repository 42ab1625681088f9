"""What practicals keep about a person: what they handed in."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.practicals import delete_file
from assessments.enums import AssessmentPart, HandInState
from assessments.models import HandIn, HandInFile, RubricAssessment
from elearn.people.domain.personal_data import Attachment, Contribution, Identity, Row, Table
from elearn.people.domain.retention import Kept
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    return [
        Table("hand_ins", _("What you handed in for practicals"), _hand_ins(person)),
        Table("hand_in_files", _("The files that you handed in"), _files_in_words(person)),
    ]


def _of(person: User) -> QuerySet[HandIn]:
    return HandIn.objects.filter(enrolment__person=person).select_related("unit__course").order_by("started_at", "pk")


def _hand_ins(person: User) -> list[Row]:
    return [
        {
            "hand_in": row.public_id,
            "course": row.unit.course.code,
            "unit": row.unit.code,
            "number": row.number,
            "state": row.state,
            "text": row.text,
            "language": row.language,
            "started_at": row.started_at,
            "handed_in_at": row.handed_in_at,
        }
        for row in _of(person)
    ]


def _files_of(person: User) -> QuerySet[HandInFile]:
    return HandInFile.objects.filter(hand_in__enrolment__person=person).select_related("hand_in").order_by("pk")


def _files_in_words(person: User) -> list[Row]:
    return [
        {"hand_in": row.hand_in.public_id, "name": row.name, "bytes": row.size, "added_at": row.added_at}
        for row in _files_of(person)
    ]


def files(person: User) -> Iterable[Attachment]:
    """Each under a name of its own: two hand-ins may hold files of the same name."""
    return [Attachment(f"hand-ins/{row.hand_in.public_id}/{row.pk}-{row.name}", row.file) for row in _files_of(person)]


def erase(person: User, identity: Identity) -> None:
    """Texts and files go. What was said of them in words goes with the marking (marking_data)."""
    for row in _files_of(person):
        delete_file(row)
    _of(person).exclude(text="").update(text="")


# --- How long ----------------------------------------------------------------------------------------------------


def hand_ins_before(cutoff: datetime) -> QuerySet[HandIn]:
    """Hand-ins that were handed in before `cutoff` and assessed, of which anything is left; and drafts of that age."""
    old = Q(state=HandInState.ASSESSED, handed_in_at__lt=cutoff) | Q(state=HandInState.DRAFT, started_at__lt=cutoff)
    left = ~Q(text="") | Q(pk__in=HandInFile.objects.values("hand_in"))
    return HandIn.objects.filter(old).filter(left)


def _forget_hand_ins(pks: list[int]) -> None:
    for row in HandInFile.objects.filter(hand_in__in=pks):
        delete_file(row)
    HandIn.objects.filter(pk__in=pks).update(text="")


def observations_before(cutoff: datetime) -> QuerySet[RubricAssessment]:
    rows = RubricAssessment.objects.filter(part=AssessmentPart.OBSERVATION, observed_on__lt=cutoff.date())
    return rows.exclude(reasons="", comments={}, occasion="")


def _forget_words(pks: list[int]) -> None:
    RubricAssessment.objects.filter(pk__in=pks).update(comments={}, reasons="", note="", occasion="")


CONTRIBUTION = Contribution(
    name="practicals",
    collect=collect,
    erase=erase,
    files=files,
    holds=frozenset(
        {
            "assessments.HandIn.enrolment",
            "assessments.HandInFile.hand_in",
            "assessments.Script.hand_in",
        }
    ),
)

PERIODS = (
    Kept(
        key="hand_ins",
        what=gettext_lazy("What you wrote and the files you handed in for practicals"),
        why=gettext_lazy("So that you can look at it with the reasons, and a mark can be looked at again."),
        then=gettext_lazy("Texts and files are deleted; levels, points and reasons stay."),
        due=hand_ins_before,
        apply=_forget_hand_ins,
    ),
    Kept(
        key="observations",
        what=gettext_lazy("What assessors wrote about sessions in which they observed you"),
        why=gettext_lazy("So that you and your programme can follow how you progress."),
        then=gettext_lazy("The words are deleted; levels and points stay."),
        due=observations_before,
        apply=_forget_words,
    ),
)
