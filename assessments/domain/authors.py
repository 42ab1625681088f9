"""Whose questions and rubrics somebody may see and change in the CMS: those of courses that were granted to them."""

from django.db.models import QuerySet

from assessments.models import Question, QuestionBank, Rubric
from courses.domain.authors import course_codes_of
from elearn.people.models import User


def may_work_on(person: User, row: QuestionBank | Question | Rubric) -> bool:
    codes = course_codes_of(person)
    owned = row.bank if isinstance(row, Question) else row
    return codes is None or owned.course_code in codes


def banks_of(person: User) -> QuerySet[QuestionBank]:
    """The same as a filter: the banks of the person's courses."""
    codes = course_codes_of(person)
    rows = QuestionBank.objects.all()
    return rows if codes is None else rows.filter(course_code__in=codes)


def questions_of(person: User) -> QuerySet[Question]:
    codes = course_codes_of(person)
    rows = Question.objects.all()
    return rows if codes is None else rows.filter(bank__course_code__in=codes)


def rubrics_of(person: User) -> QuerySet[Rubric]:
    codes = course_codes_of(person)
    rows = Rubric.objects.all()
    return rows if codes is None else rows.filter(course_code__in=codes)
