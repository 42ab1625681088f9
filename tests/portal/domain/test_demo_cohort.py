from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from certificates.models import Certificate
from courses.domain.cohorts import rights
from courses.models import Cohort, Course, Enrolment
from elearn.people.models import User
from elearn.portal.domain.demo import NotTheDemo
from elearn.portal.domain.demo_cohort import LEARNERS, TITLE, make_demo_cohort


@pytest.mark.django_db(transaction=True)
def test_demo_makes_one_cohort_however_often_it_is_asked(settings: Settings) -> None:
    for _time in range(2):
        call_command("demo", stdout=StringIO())
    cohort = Cohort.objects.get()
    assert cohort.title == TITLE
    assert [person.email for person in rights.trainers_of(cohort)] == ["trainer@demo.example"]
    assert cohort.members.seated().count() == len(LEARNERS) == 8
    assert cohort.sessions.count() == 2
    assert cohort.module_dates.count() == len([m for m in cohort.edition.structure.variants[0].modules if m.units])
    completed = Enrolment.objects.completed().get()
    assert completed.person.email == "fatou@demo.example"
    assert Certificate.objects.get().enrolment == completed
    # The demo's learner enrols by themselves.
    assert not Enrolment.objects.filter(person=User.objects.get(email="learner@demo.example")).exists()


def test_demo_cohort_outside_the_demo_is_refused(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(NotTheDemo):
        make_demo_cohort(Course(code="any"))
