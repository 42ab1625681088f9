"""The page on which one piece of work is judged: which draft it shows, which judgements, and what it says."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.domain import marking_desk, second_marks
from assessments.domain.judging import DECISIONS, LEASE, SavedDraft, Written, written_in
from assessments.domain.marking_pages import Comparison, Criterion, Work, compare, criteria_of, read_work
from assessments.domain.reading.question import plain
from assessments.enums import AssessmentPart, AssessmentState, ScriptState
from assessments.forms.marking import JudgementForm
from assessments.models import RubricAssessment, Script
from elearn.people.models import User


def address_of(draft: RubricAssessment) -> str:
    """The page on which this draft is filled in."""
    name = "assessments:marking_decide" if draft.part in DECISIONS else "assessments:marking_script"
    return reverse(name, args=[draft.script.public_id])


class JudgementPage:
    """One script for one person. A page of decisions shows all judgements; one for marks shows nobody else's."""

    def __init__(self, script: Script, person: User, *, decides: bool) -> None:
        self.script, self.person, self.decides = script, person, decides
        self.finals = second_marks.finals_of(script)

    @property
    def url(self) -> str:
        name = "assessments:marking_decide" if self.decides else "assessments:marking_script"
        return reverse(name, args=[self.script.public_id])

    @cached_property
    def moderates(self) -> bool:
        return marking_desk.moderated_by(self.person).filter(pk=self.script.pk).exists()

    @cached_property
    def may_see_judgements(self) -> bool:
        """Blind as long as a mark is wanted: only what differs or is settled is seen, by whoever may decide on it."""
        return self.moderates and self.script.state != ScriptState.WAITING

    @cached_property
    def part(self) -> AssessmentPart | None:
        """What is wanted of this person on this page."""
        part = marking_desk.part_of(self.script, self.person, self.finals)
        if part is None or (part in DECISIONS) != self.decides:
            return None
        return part if part not in DECISIONS or self.moderates else None

    @cached_property
    def wanted_elsewhere(self) -> bool:
        """Whether the page of decisions is where this person would go on."""
        return not self.decides and self.may_see_judgements

    @cached_property
    def draft(self) -> RubricAssessment | None:
        """The person's own draft, as far as it is filled in on this page."""
        own = [each for each in self.script.assessments.all() if each.assessor_id == self.person.pk]
        found = next((each for each in own if each.state == AssessmentState.DRAFT), None)
        if found is None or (found.part in DECISIONS) != self.decides:
            return None
        found.script = self.script
        return found

    @property
    def is_open(self) -> bool:
        """Whether there is a draft to go on with at this moment."""
        return self.draft is not None and self.draft.part == self.part and not self.others_until and self.is_held

    @property
    def is_held(self) -> bool:
        return marking_desk.is_held_by(self.script, self.person)

    @property
    def others_until(self) -> Any:
        return marking_desk.holder_until(self.script, self.person)

    @property
    def own_final(self) -> RubricAssessment | None:
        return next((each for each in self.finals if each.assessor_id == self.person.pk), None)

    @property
    def lease_minutes(self) -> int:
        return int(LEASE.total_seconds() // 60)

    @cached_property
    def written(self) -> Written:
        return written_in(self.draft) if self.draft is not None else Written()

    @cached_property
    def criteria(self) -> list[Criterion]:
        return criteria_of(self.script, self.written, get_language())

    @cached_property
    def comparison(self) -> Comparison | None:
        """All judgements for whoever decides; their own for whoever has given one."""
        if self.decides:
            return compare(self.script, self.finals, get_language())
        return compare(self.script, [self.own_final], get_language()) if self.own_final else None

    def work(self) -> Work:
        return read_work(self.script, get_language())

    def form(self, data: QueryDict | None = None) -> JudgementForm:
        possible = second_marks.possible_points(self.script) if self.script.attempt_id is not None else None
        points = self.written.points
        initial = {
            "points": plain(points) if points is not None else None,
            "reasons": self.written.reasons,
            "note": self.written.note,
            "version": self.draft.version if self.draft is not None else 0,
        }
        return JudgementForm(data, initial=initial, criteria=self.criteria, possible=possible)

    def type_again(self, data: QueryDict) -> None:
        """Show what was posted, where it could not be read and so was not saved."""
        ids = [criterion.id for criterion in self.criteria]
        levels = {each: data.get(f"level-{each}", "") for each in ids}
        comments = {each: data.get(f"comment-{each}", "") for each in ids}
        self.criteria = criteria_of(self.script, Written(levels, comments), get_language())

    # --- Words ---------------------------------------------------------------------------------------------------

    def words_on(self, saved: SavedDraft) -> list[tuple[int, str]]:
        """What is said after a saving."""
        if saved.joined:
            return [(messages.WARNING, _joined_words())]
        if saved.others_until:
            return [(messages.WARNING, _others_words(saved))]
        return [(messages.SUCCESS, _("Your draft is saved."))]

    def words_on_errors(self, form: JudgementForm) -> str:
        return " ".join(str(error) for errors in form.errors.values() for error in errors)

    def saved_as_data(self, saved: SavedDraft) -> dict[str, Any]:
        """The same for the script of the page, with every field as it now stands where two versions were joined."""
        reply: dict[str, Any] = {"saved": True, "version": saved.assessment.version, "message": ""}
        if saved.joined:
            reply |= {"message": _joined_words(), "fields": _fields(saved.written)}
        elif saved.others_until:
            reply["message"] = _others_words(saved)
        return reply


def _fields(written: Written) -> dict[str, str]:
    points = written.points
    return {
        **{f"level-{key}": level for key, level in written.levels.items()},
        **{f"comment-{key}": text for key, text in written.comments.items()},
        "points": str(plain(points)) if points is not None else "",
        "reasons": written.reasons,
        "note": written.note,
    }


def _joined_words() -> str:
    return _(
        "This was changed in another window too. Texts of both are kept, one after the other; of levels and points "
        "those saved first stand. Look through it before you finish."
    )


def _others_words(saved: SavedDraft) -> str:
    words = _(
        "Your draft is saved. A colleague has taken this one meanwhile, until %(time)s: you cannot finish it now."
    )
    return words % {"time": time_format(localtime(saved.others_until))}
