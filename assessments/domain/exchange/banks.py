"""The bank that somebody names on the command line."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.models import QuestionBank
from courses.domain.keys import make_key
from courses.models import Course, CoursePage


class BankUnknown(Exception):
    """No bank, or more than one, is called that; the message says what to do."""


def find_bank(name: str, *, course_code: str | None = None) -> QuestionBank:
    """The bank with this key or title, or "course/key". Raises BankUnknown."""
    course, slash, key = name.partition("/")
    named = Q(key=name) | Q(title=name)
    rows = QuestionBank.objects.filter(named | Q(course_code=course, key=key) if slash else named)
    found = list(rows.filter(course_code=course_code) if course_code else rows)
    if len(found) > 1:
        places = ", ".join(sorted(f"{bank.course_code}/{bank.key}" for bank in found))
        raise BankUnknown(
            _("Several banks are called “%(name)s”. Name one of them: %(places)s.") % {"name": name, "places": places}
        )
    if not found:
        raise BankUnknown(
            _("There is no question bank “%(name)s”. Add --course CODE to make it in that course.") % {"name": name}
        )
    return found[0]


@transaction.atomic
def create_bank(*, course_code: str, name: str) -> QuestionBank:
    """Make a bank of this title in a course. Raises BankUnknown where there is no such course."""
    is_course = CoursePage.objects.filter(key=course_code).exists() or Course.objects.filter(code=course_code).exists()
    if not is_course:
        raise BankUnknown(_("There is no course with the code “%(code)s”.") % {"code": course_code})
    taken = set(QuestionBank.objects.filter(course_code=course_code).values_list("key", flat=True))
    key = make_key(name, fallback="bank", taken=taken)
    return QuestionBank.objects.create(course_code=course_code, key=key, title=name[:200])
