"""What learners are told when one of their answers was marked again, and when a pass of theirs is taken back."""

from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from assessments.domain.attempts import rules_of
from assessments.domain.marking import Result
from assessments.enums import Moment
from assessments.models import Attempt, Remark
from courses.models import Unit
from elearn.messages.domain import sending

# When learners see marks at all, a mail may name them.
MARKS_ARE_SEEN = {Moment.DURING, Moment.AFTER}


class RemarkMail:
    """The mails of one act. Titles are read once for each quiz and language."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        self._titles: dict[tuple[int, str], str] = {}

    def tell(self, attempt: Attempt, *, before: Result, after: Result) -> None:
        """Tell a learner what changed, what the result is now, and that a pass stays; in their own language.

        Asked a second time it writes nothing. The mail says nothing about what the right answer is.
        """
        person = attempt.enrolment.person
        with translation.override(person.language):
            quiz = self._title(attempt.unit, person.language)
            sending.write(
                person=person,
                reason=f"marked-again-{self.remark.pk}-{attempt.pk}",
                subject=(_("%(quiz)s: one of your answers was marked again") % {"quiz": quiz})[:400],
                body="\n\n".join(
                    [
                        _("Hello %(name)s,") % {"name": person.printed_name},
                        self._cause(attempt, quiz),
                        _("The reason given: %(reason)s") % {"reason": self.remark.reason},
                        *_outcome(attempt, before, after),
                        _("Your result: %(url)s")
                        % {"url": settings.SITE_URL + reverse("assessments:result", args=[attempt.public_id])},
                    ]
                )
                + "\n",
            )

    def _cause(self, attempt: Attempt, quiz: str) -> str:
        words = (
            _("a question of “%(quiz)s” was not right. Everybody who was asked it now has its points.")
            if self.remark.everybody
            else _("the right answer to a question of “%(quiz)s” was set wrongly. It was corrected and marked again.")
        )
        number = _("This concerns your attempt %(number)d.") % {"number": attempt.number}
        return f"{words % {'quiz': quiz}} {number}"

    def _title(self, unit: Unit, language: str) -> str:
        if (unit.pk, language) not in self._titles:
            self._titles[unit.pk, language] = quiz_title(unit, language)
        return self._titles[unit.pk, language]


def _outcome(attempt: Attempt, before: Result, after: Result) -> list[str]:
    told = []
    if rules_of(attempt).show_marks in MARKS_ARE_SEEN:
        values = {"before": _percent(before.percent), "after": _percent(after.percent), "mark": after.pass_mark}
        told.append(_("Your result was %(before)s %% and is now %(after)s %%. The pass mark is %(mark)d %%.") % values)
    if after.passed and not before.passed:
        told.append(_("With this you have passed the quiz."))
    elif before.passed:
        told.append(_("You had passed this quiz. A pass, once given, stays: nothing is taken away from you."))
    return told


def _percent(number: Decimal) -> str:
    return str(number_format(number.normalize() + 0))


def quiz_title(unit: Unit, language: str) -> str:
    """What the quiz is called in this language, or in the first that has it."""
    pages = Page.objects.live().filter(translation_key=unit.key).order_by("path")
    titles = dict(pages.values_list("locale__language_code", "title"))
    return str(titles.get(language) or next(iter(titles.values()), unit.code))


def tell_of_voiding(attempt: Attempt, reason: str) -> None:
    """Tell a learner that a pass of theirs was taken back, and why."""
    person = attempt.enrolment.person
    with translation.override(person.language):
        quiz = quiz_title(attempt.unit, person.language)
        sending.write(
            person=person,
            reason=f"pass-voided-{attempt.pk}",
            subject=(_("%(quiz)s: your pass was taken back") % {"quiz": quiz})[:400],
            body=_(
                "Hello %(name)s,\n\nthe programme has taken back your pass of “%(quiz)s”.\n\nThe reason given: "
                "%(reason)s\n\nYou can take the quiz again as long as you have attempts left. If you think this is "
                "wrong, write to the people who run your course.\n\nYour result: %(url)s\n"
            )
            % {
                "name": person.printed_name,
                "quiz": quiz,
                "reason": reason,
                "url": settings.SITE_URL + reverse("assessments:result", args=[attempt.public_id]),
            },
        )
