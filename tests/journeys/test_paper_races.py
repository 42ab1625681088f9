"""Papers from two hands: the same one typed in twice at once, and a learner who begins online meanwhile."""

import pytest
from django.utils import timezone

from assessments.domain.attempts import start_attempt
from assessments.domain.papers.entering import EnteredBefore, enter_paper
from assessments.models import Attempt, MarkChange, PaperEntry, PaperForm
from courses.domain.cohorts import kits
from courses.models import PrintKit
from elearn.core import pending
from tests.factories.cohorts import make_member
from tests.factories.papers import make_form, make_paper_cohort
from tests.factories.people import UserFactory
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT = {"single-choice": {"": ["right"]}}


def test_the_same_paper_entered_by_two_trainers_at_once_is_entered_once() -> None:
    cohort = make_paper_cohort("single_choice")
    form, member = make_form(cohort), make_member(cohort)
    trainers = [cohort.trainer, UserFactory(), UserFactory()]

    def enter(by: object) -> object:
        return lambda: enter_paper(form=form, member=member, by=by, sat_on=timezone.localdate(), posted=RIGHT)

    results = at_once(*(enter(by) for by in trainers))
    assert sorted(type(result).__name__ for result in results) == ["EnteredBefore", "EnteredBefore", "PaperEntry"]
    assert all(isinstance(result, PaperEntry | EnteredBefore) for result in results)
    assert (PaperEntry.objects.count(), Attempt.objects.count(), MarkChange.objects.count()) == (1, 1, 1)


def test_paper_and_an_attempt_online_begun_at_once_are_never_both_unsubmitted_or_of_one_number() -> None:
    cohort = make_paper_cohort("single_choice")
    form = make_form(cohort)
    for _round in range(3):
        member = make_member(cohort)
        at_once(
            lambda member=member: enter_paper(
                form=form, member=member, by=cohort.trainer, sat_on=timezone.localdate(), posted=RIGHT
            ),
            lambda member=member: start_attempt(enrolment=member.enrolment, unit=form.unit, language="en"),
        )
        made = list(Attempt.objects.filter(enrolment=member.enrolment).order_by("number"))
        # Either the paper came first and the attempt online is the second, or the paper was refused.
        assert [attempt.mode for attempt in made] in (["paper", "online"], ["online"])
        assert PaperEntry.objects.filter(enrolment=member.enrolment).count() == len(made) - 1


def test_two_workers_draw_the_forms_of_a_kit_once() -> None:
    cohort = make_paper_cohort("single_choice", "true_false")
    form = make_form(cohort)
    kit = PrintKit.objects.get(pk=form.kit_id)
    kit.file.storage.delete(kit.file.name)
    PrintKit.objects.update(file="")
    kit.refresh_from_db()
    results = at_once(lambda: kits.make(kit), lambda: kits.make(PrintKit.objects.get(pk=kit.pk)))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert PaperForm.objects.get() == form
    assert pending.work(kits.KIND, kit.pk) is False
