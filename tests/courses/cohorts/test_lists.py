"""A list on its way into a cohort: preview, mending, entering, and sending it again."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.utils import timezone

from courses.domain.cohorts.lists import importing
from courses.domain.cohorts.lists.importing import ImportRefused
from courses.domain.cohorts.seating import places_left
from courses.enums import ImportStage
from courses.models import Cohort, CohortMember, Enrolment, ImportRow, MemberImport
from elearn.core import pending
from elearn.messages.models import Message
from elearn.people.models import User
from tests.factories.cohorts import CohortFactory, make_member

pytestmark = pytest.mark.django_db


def read(cohort: Cohort, text: str, name: str = "list.csv", encoding: str = "utf-8") -> MemberImport:
    batch = importing.take_list(cohort=cohort, by=cohort.trainer, file=ContentFile(text.encode(encoding)), name=name)
    assert pending.work(importing.KIND, batch.pk)
    batch.refresh_from_db()
    return batch


def enter(batch: MemberImport) -> MemberImport:
    importing.confirm(batch=batch)
    while pending.work(importing.KIND, batch.pk):
        pass
    batch.refresh_from_db()
    return batch


def fates(batch: MemberImport) -> list[tuple[str, str]]:
    return list(batch.rows.values_list("email", "fate"))


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(title="Spring")


def test_the_preview_says_what_becomes_of_each_row(cohort: Cohort, learner: User, stranger: User) -> None:
    make_member(CohortFactory(course=cohort.course, title="Autumn"), stranger)
    inside = make_member(cohort)
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True, primary=True)
    EmailAddress.objects.create(user=learner, email="second@example.org", verified=True)
    batch = read(
        cohort,
        "E-mail;Name;Language;Shoes\nLEARNER@example.org;Lea;;4\nsecond@example.org;L;;\nnew@example.org;Nia;French;\n"
        f"new@EXAMPLE.org;Nia;;\n{inside.person.email};In;;\nstranger@example.org;Sam;;\nnobody;No;;\nx@example.org;X;Dutch;\n"
        "other@example.org;Nia;;",
    )
    assert (batch.stage, batch.file.name, batch.reading["ignored"]) == (ImportStage.PREVIEW, "", ["Shoes"])
    assert fates(batch) == [
        ("learner@example.org", "seat"),
        ("second@example.org", "twice"),
        ("new@example.org", "invite"),
        ("new@example.org", "twice"),
        (inside.person.email, "in_it"),
        ("stranger@example.org", "elsewhere"),
        ("nobody", "faulty"),
        ("x@example.org", "faulty"),
        ("other@example.org", "invite"),
    ]
    assert batch.rows.get(number=9).problem == "Look twice: row 3 has the same name with another address."
    assert CohortMember.objects.filter(cohort=cohort).count() == 1


def test_entering_seats_invites_and_is_safe_to_send_again(cohort: Cohort, learner: User) -> None:
    text = "email,name\nlearner@example.org,Lea\nnew@example.org,Nia\nbroken,B"
    batch = enter(read(cohort, text))
    assert batch.stage == ImportStage.DONE
    assert fates(batch) == [("learner@example.org", "seat"), ("new@example.org", "invite"), ("broken", "faulty")]
    assert list(cohort.members.order_by("pk").values_list("state", "source")) == [
        ("seated", "list"),
        ("invited", "list"),
    ]
    assert Message.objects.count() == 2
    again = read(cohort, text)
    assert [fate for _email, fate in fates(again)] == ["in_it", "in_it", "faulty"]
    with pytest.raises(ImportRefused, match="nobody in this list to enter"):
        importing.confirm(batch=again)
    assert (CohortMember.objects.count(), Enrolment.objects.count(), Message.objects.count()) == (2, 1, 2)


def test_rows_are_mended_and_left_out_on_the_page(cohort: Cohort) -> None:
    batch = read(cohort, "email,name\na@example.org,A\na@example.org,A\nbad,B")
    row = importing.mend_row(batch=batch, number=3, email=" B@Example.org ", name="Bea", language="fr")
    assert (row.email, row.fate) == ("b@example.org", "invite")
    assert importing.mend_row(batch=batch, number=3, email="still bad", name="Bea", language="").fate == "faulty"
    importing.leave_out(batch=batch, number=1)
    assert [fate for _email, fate in fates(batch)] == ["left_out", "invite", "faulty"]
    enter(batch)
    with pytest.raises(ImportRefused, match="being entered already"):
        importing.mend_row(batch=batch, number=3, email="c@example.org", name="", language="")


def test_places_are_shared_out_in_the_order_of_the_list() -> None:
    cohort = CohortFactory(capacity=2)
    batch = read(cohort, "a@example.org\nb@example.org\nc@example.org")
    assert [fate for _email, fate in fates(batch)] == ["invite", "invite", "wait"]
    importing.leave_out(batch=batch, number=1)
    assert [fate for _email, fate in fates(batch)] == ["left_out", "invite", "invite"]
    Cohort.objects.update(has_waiting_list=False, capacity=1)
    importing.mend_row(batch=batch, number=1, email="a@example.org", name="", language="")
    assert [fate for _email, fate in fates(batch)] == ["invite", "full", "full"]
    enter(batch)
    assert places_left(Cohort.objects.get(pk=cohort.pk)) == 0
    assert list(cohort.members.values_list("email", flat=True)) == ["a@example.org"]


def test_a_file_that_cannot_be_read_is_refused_in_words_and_leaves_nothing(cohort: Cohort) -> None:
    batch = read(cohort, "name\nAna")
    assert (batch.stage, batch.rows.count(), batch.file.name) == (ImportStage.REFUSED, 0, "")
    assert batch.problem.startswith("No column with e-mail addresses was found.")
    with pytest.raises(ImportRefused, match=r"Files of this kind \(.ods\)"):
        read(cohort, "x", name="list.ods")
    importing.throw_away(batch=batch)
    assert MemberImport.objects.count() == 0


def test_a_cohort_closed_meanwhile_takes_nobody_and_says_so(cohort: Cohort) -> None:
    batch = read(cohort, "a@example.org")
    importing.confirm(batch=batch)
    Cohort.objects.update(closed_at=timezone.now())
    pending.work(importing.KIND, batch.pk)
    batch.refresh_from_db()
    assert (batch.stage, batch.problem) == (ImportStage.DONE, "This cohort is closed. Nobody can join it any more.")
    assert CohortMember.objects.count() == 0


def test_work_goes_on_where_it_stopped(cohort: Cohort, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    settings.PENDING_LEASE_SECONDS = 0
    batch = read(cohort, "\n".join(f"p{n}@example.org" for n in range(5)))
    importing.confirm(batch=batch)
    entered = []
    while pending.work(importing.KIND, batch.pk):
        entered.append(ImportRow.objects.exclude(entered_at=None).count())
    assert entered == [2, 4, 5, 5]
    assert cohort.members.count() == 5


def test_a_reading_that_was_interrupted_begins_anew(cohort: Cohort) -> None:
    batch = importing.take_list(cohort=cohort, by=cohort.trainer, file=ContentFile(b"a@example.org"), name="a.csv")
    ImportRow.objects.create(batch=batch, number=1, email="half@example.org", fate="invite")
    MemberImport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert pending.work(importing.KIND, batch.pk)
    assert fates(batch) == [("a@example.org", "invite")]
