"""What follows from a judgement: a second one is asked for, the script is settled, or somebody has to decide.

Everything here runs under the locks of `lock`, in the transaction of domain.judging.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.domain import attempts, marking, practicals, second_marks
from assessments.enums import AssessmentPart, MarkReason, ScriptState, SecondMark
from assessments.models import Attempt, HandIn, MarkChange, RubricAssessment, Script
from courses.domain.tree import tree_of
from courses.models import Enrolment
from elearn.messages.domain import sending
from elearn.people.domain.personal_data import lock_person


def lock(assessment: RubricAssessment) -> tuple[Script, list[Script]]:
    """Lock what a judgement may change, in the order of the house; answers the script, and all of its attempt.

    Refusals: PersonErased.
    """
    if assessment.script is None:
        raise ValueError("Not about a script.")
    known = assessment.script
    lock_person(assessment.subject_id)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("person").get(pk=known.enrolment_id)
    rows = Script.objects.select_for_update(of=("self",)).order_by("pk")
    if known.attempt_id is not None:
        attempt = (
            Attempt.objects.select_for_update(of=("self",)).select_related("unit__course").get(pk=known.attempt_id)
        )
        siblings = list(rows.filter(attempt=attempt))
        attempt.enrolment = enrolment
        for each in siblings:
            each.attempt, each.unit, each.enrolment = attempt, attempt.unit, enrolment
    else:
        hand_in = (
            HandIn.objects.select_for_update(of=("self",)).select_related("unit__course", "rubric").get(script=known)
        )
        siblings = list(rows.filter(pk=known.pk))
        for each in siblings:
            each.hand_in, each.unit, each.enrolment = hand_in, hand_in.unit, enrolment
    return next(each for each in siblings if each.pk == known.pk), siblings


def follow(*, script: Script, siblings: list[Script], judged: RubricAssessment) -> None:
    """Do what follows from a judgement that has just become final."""
    if judged.part == AssessmentPart.FIRST:
        _after_first(script, siblings)
    elif judged.part == AssessmentPart.SECOND and not _agree(script, judged):
        script.state = ScriptState.DISPUTED
        script.save(update_fields=["state"])
    else:
        settle(script)


def _agree(script: Script, second: RubricAssessment) -> bool:
    first = next(each for each in second_marks.finals_of(script) if each.part == AssessmentPart.FIRST)
    return second_marks.agree(script, first, second)


def _after_first(script: Script, siblings: Iterable[Script]) -> None:
    """One mark settles, unless chance has asked for two, or the result as a whole is near the pass mark.

    How near an attempt is can be told once all of its essays have a mark; until then those that have one wait.
    """
    ready = [each for each in siblings if _waits_with_one_mark(each)]
    if not second_marks.borderline_of(script):
        ready = [each for each in ready if each.pk == script.pk]
        percent = None
    elif script.attempt is not None:
        percent = second_marks.percent_with(script.attempt, {})
        ready = ready if percent is not None else []
    else:
        counts = second_marks.verdict(second_marks.finals_of(script))
        percent = counts.fraction * 100 if counts is not None else None
    borderline = percent is not None and second_marks.is_borderline(script, percent)
    for each in ready:
        if borderline:
            each.second_mark = SecondMark.BORDERLINE
            each.save(update_fields=["second_mark"])
        else:
            settle(each)


def _waits_with_one_mark(script: Script) -> bool:
    return script.state == ScriptState.WAITING and not script.second_mark and bool(second_marks.finals_of(script))


def settle(script: Script) -> None:
    """Let what was judged count.

    Effects: the script is settled; an essay's mark is written and its attempt settled, or the practical is; the
    learner is told by mail once nothing of the attempt waits any more, and of every moderation.
    """
    counts = second_marks.verdict(second_marks.finals_of(script))
    if counts is None:
        raise ValueError("Nobody has judged this script.")
    script.state = ScriptState.SETTLED
    script.settled_at = script.settled_at or timezone.now()
    script.save(update_fields=["state", "settled_at"])
    if script.attempt is not None:
        MarkChange.objects.create(
            attempt=script.attempt,
            question_key=script.question_key,
            fraction=counts.fraction,
            reason=MarkReason.MANUAL,
            comment=counts.reasons,
            marked_by=counts.given_by[-1].assessor,
        )
        marking.keep_result(script.attempt)
        language = attempts.language_of(script.attempt)
        attempts.settle(attempt=script.attempt, language=language, revision=None)
    elif script.hand_in is not None:
        practicals.settle(hand_in=script.hand_in, assessment=counts.shown)
    if counts.shown.part == AssessmentPart.MODERATION:
        _tell(script, f"moderated-{counts.shown.public_id}", _changed_words)
    elif script.attempt is None or not marking.result_of(script.attempt).waiting:
        _tell(script, f"marked-{_public_id(script)}", _marked_words)


def _public_id(script: Script) -> object:
    return script.attempt.public_id if script.attempt is not None else script.hand_in and script.hand_in.public_id


def _marked_words() -> tuple[str, str]:
    return (
        _("Your work has been marked: %(unit)s"),
        _("Hello %(name)s,\n\nyour work in %(unit)s has been marked. The result and the reasons are here:\n%(link)s\n"),
    )


def _changed_words() -> tuple[str, str]:
    return (
        _("Somebody has looked at your mark again: %(unit)s"),
        _(
            "Hello %(name)s,\n\nthe mark of your work in %(unit)s was looked at once more. What counts now, and the "
            "reasons, are here:\n%(link)s\n\nWhat you have passed stays passed.\n"
        ),
    )


def _tell(script: Script, reason: str, words: Callable[[], tuple[str, str]]) -> None:
    person, course = script.enrolment.person, script.unit.course
    with translation.override(person.language):
        tree = tree_of(course.key, person.language, course.wording)
        page = tree.pages.get(script.unit.key) if tree else None
        link = f"/{person.language}/desk/"
        if script.attempt is not None:
            link = reverse("assessments:result", args=[script.attempt.public_id])
        elif page is not None:
            link = page.url
        subject, body = words()
        about = {"name": person.printed_name, "unit": page.title if page else script.unit.code}
        sending.write(
            person=person,
            reason=reason,
            subject=subject % about,
            body=body % {**about, "link": f"{settings.SITE_URL}{link}"},
        )
