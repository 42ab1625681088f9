"""Moving an open enrolment up to the newest edition of its course: what it would change, and the act."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.domain.cohorts.attendance import is_satisfied
from courses.domain.editions import give_editions
from courses.domain.news import EditionChanges, edition_changes
from courses.domain.outline import Outline, build_outlines, completions_of
from courses.domain.progress import complete_edition_if_done
from courses.domain.tree import page_address
from courses.enums import EnrolmentState, VariantKind
from courses.models import Course, Edition, Enrolment, EnrolmentMove, UnitCompletion
from courses.models.edition import Variant
from elearn.core import audit
from elearn.messages.domain import sending
from elearn.people.models import User


class MoveRefused(Exception):
    """The enrolment stays in its edition; the message says why, in words for the learner."""


# By primary key of an enrolment, in words for the learner: why it had better stay where it is.
MovingRule = Callable[[Sequence[Enrolment], Edition], dict[int, str]]
_rules: list[MovingRule] = []


def register_rule(rule: MovingRule) -> None:
    """Let an upper package keep enrolments where they are. Rules run inside the move, on a locked enrolment."""
    if rule not in _rules:
        _rules.append(rule)


def reasons_to_stay(enrolments: Sequence[Enrolment], edition: Edition) -> dict[int, str]:
    found: dict[int, str] = {}
    for rule in _rules:
        found = {**rule(enrolments, edition), **found}
    return found


@dataclass(frozen=True)
class MovePreview:
    """What moving up would change for one learner. `refusal` says why it cannot be done, or nothing."""

    enrolment: Enrolment
    edition: Edition
    before: Outline
    after: Outline
    changes: EditionChanges
    completes: Variant | None
    refusal: str
    group: str

    @property
    def counts_on(self) -> int:
        """Units of the newer edition that the learner has completed already."""
        return sum(unit.is_done for unit in self.after.units)

    @property
    def no_longer_counts(self) -> int:
        return sum(unit.is_done for unit in self.changes.gone)

    @property
    def to_do(self) -> int:
        return self.after.required - self.after.done

    @property
    def minutes_to_do(self) -> int:
        open_modules = [module for module in self.after.modules if not module.is_complete]
        return sum(u.minutes for module in open_modules for u in module.units if u.required and not u.is_done)

    @property
    def hours(self) -> Decimal:
        return (self.completes or self.after.variant).hours

    @property
    def variant(self) -> str:
        return str(VariantKind((self.completes or self.after.variant).kind).label)

    @property
    def award(self) -> str:
        return str(self.edition.award.label)


def preview_move(*, enrolment: Enrolment, language: str) -> MovePreview | None:
    """What moving to the current edition would change; None for an enrolment that may not move. Nothing is written."""
    edition = enrolment.course.current_edition
    if edition is None or not enrolment.may_move_up:
        return None
    enrolment.edition.course = edition.course = enrolment.course
    done = completions_of(enrolment)
    before, after = build_outlines([(enrolment.edition, done), (edition, done)], language)
    cohort = enrolment.cohort
    return MovePreview(
        enrolment=enrolment,
        edition=edition,
        before=before,
        after=after,
        changes=edition_changes(enrolment.edition, edition, before, after),
        completes=edition.structure.complete_in(set(done)) if is_satisfied(enrolment) else None,
        refusal=reasons_to_stay([enrolment], edition).get(enrolment.pk, ""),
        group=cohort.title if cohort and cohort.edition_id != edition.pk else "",
    )


@transaction.atomic
def move_up(*, enrolment: Enrolment, to_edition: Edition, moved_by: User | None) -> EnrolmentMove:
    """Move an active enrolment up to the edition that its mover was shown.

    Effects: the enrolment pins that edition from now on, one row of history, an audit event; completions are not
    touched and count by unit. When a variant of the edition is done already, the enrolment is completed and
    `course_completed` is sent after the commit. A learner whom somebody else moved is told by mail. Asking twice, at
    once or later, answers the same row. Attempts in progress stay as they were drawn.
    Refusals: MoveRefused when the enrolment is completed or not open, when a newer edition was released since the
    preview, or when a rule of an upper package speaks against it.

    The enrolment is locked first, as by everything that completes: otherwise a last unit finished at the same moment
    would be counted by the edition just left.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    made = EnrolmentMove.objects.filter(enrolment=enrolment, to_edition=enrolment.edition_id).first()
    if made is not None and made.to_edition_id == to_edition.pk:
        made.enrolment = enrolment
        return made
    _refuse(enrolment, to_edition)
    move = EnrolmentMove.objects.create(
        enrolment=enrolment, from_edition=enrolment.edition, to_edition=to_edition, moved_by=moved_by
    )
    enrolment.edition = to_edition
    enrolment.save(update_fields=["edition"])
    audit.record(
        action="enrolment.move_up",
        actor=moved_by,
        subject=enrolment.person,
        enrolment=enrolment.pk,
        from_edition=move.from_edition.number,
        to_edition=to_edition.number,
    )
    complete_edition_if_done(enrolment)
    if moved_by != enrolment.person:
        _tell_learner(move)
    return move


def _refuse(enrolment: Enrolment, to_edition: Edition) -> None:
    if enrolment.completed_at is not None:
        raise MoveRefused(
            _("You have completed this course in edition %d. Your certificate stands on that, so it stays there.")
            % enrolment.edition.number
        )
    if enrolment.state != EnrolmentState.ACTIVE:
        raise MoveRefused(_("You are not enrolled in this course at the moment, so nothing was moved."))
    if enrolment.course.current_edition_id != to_edition.pk:
        raise MoveRefused(_("A newer edition was released in the meantime, so nothing was moved. Look at it first."))
    if enrolment.edition_id == to_edition.pk:
        raise MoveRefused(_("You are taking the newest edition already."))
    reason = reasons_to_stay([enrolment], to_edition).get(enrolment.pk)
    if reason:
        raise MoveRefused(reason)


def _tell_learner(move: EnrolmentMove) -> None:
    person = move.enrolment.person
    title, url = title_and_address(move.enrolment.course, person.language)
    with translation.override(person.language):
        sending.write(
            person=person,
            reason=f"moved-up-{move.pk}",
            subject=_("%(course)s: you take the newest edition now") % {"course": title},
            body=_(
                "Hello %(name)s,\n\nthe programme has moved you from edition %(before)d to edition %(after)d of "
                "%(course)s. What you have finished stays finished.\n\nSee what is new: %(url)s\n"
            )
            % {
                "name": person.printed_name,
                "course": title,
                "before": move.from_edition.number,
                "after": move.to_edition.number,
                "url": settings.SITE_URL + url,
            },
        )


def title_and_address(course: Course, language: str) -> tuple[str, str]:
    """What the live course page is called, and where it is: in this language, or in the first that has one."""
    pages = Page.objects.live().filter(translation_key=course.key).order_by("path")
    found = {
        code: (title, page_address(code, path))
        for code, title, path in pages.values_list("locale__language_code", "title", "url_path")
    }
    return found.get(language) or next(iter(found.values()), (course.code, "/"))


# --- Several at once ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MovesPlan:
    """What moving a course's active learners up would do. `stay` counts, by reason, whom a rule keeps back.

    `in_groups` are those whose cohort takes another edition; they stay with their group unless asked for.
    """

    edition: Edition
    enrolments: tuple[Enrolment, ...] = ()
    by_edition: dict[int, int] = field(default_factory=dict)
    completes: int = 0
    in_groups: int = 0
    stay: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.enrolments)


@dataclass(frozen=True)
class MovesDone:
    moved: int
    completed: int
    refused: dict[str, int]
    left: int


def plan_moves(*, course: Course, with_groups: bool = False) -> MovesPlan | None:
    """Whom a move of everybody would reach; None for a course without a released edition. Nothing is written."""
    edition = course.current_edition
    if edition is None:
        return None
    behind = _movable(course)
    grouped = {e.pk for e in behind if e.cohort is not None and e.cohort.edition_id != edition.pk}
    chosen = behind if with_groups else [e for e in behind if e.pk not in grouped]
    stay = reasons_to_stay(chosen, edition)
    movable = tuple(enrolment for enrolment in chosen if enrolment.pk not in stay)
    done = _completions(movable)
    return MovesPlan(
        edition=edition,
        enrolments=movable,
        by_edition=dict(sorted(Counter(enrolment.edition.number for enrolment in movable).items())),
        completes=sum(edition.structure.complete_in(done[e.pk]) is not None and is_satisfied(e) for e in movable),
        in_groups=0 if with_groups else len(grouped),
        stay=dict(Counter(stay.values())),
    )


def move_many(*, plan: MovesPlan, moved_by: User | None, at_most: int | None = None) -> MovesDone:
    """Move the learners of a plan, each in a transaction of their own, so that one refusal keeps nobody else back.

    Effects: those of `move_up`, for each. `at_most` leaves the rest for another call.
    """
    chosen = plan.enrolments[:at_most]
    moved = completed = 0
    refused: Counter[str] = Counter()
    for enrolment in chosen:
        try:
            move = move_up(enrolment=enrolment, to_edition=plan.edition, moved_by=moved_by)
        except MoveRefused as refusal:
            refused[str(refusal)] += 1
            continue
        moved += 1
        completed += move.enrolment.completed_at is not None
    return MovesDone(moved, completed, dict(refused), left=plan.total - len(chosen))


def _movable(course: Course) -> list[Enrolment]:
    """With what they need: one query, and one for editions not kept."""
    rows = list(Enrolment.objects.movable().filter(course=course).select_related("cohort").order_by("pk"))
    for row in rows:
        row.course = course
    give_editions(rows)
    return rows


def _completions(enrolments: Sequence[Enrolment]) -> dict[int, set[UUID]]:
    done: dict[int, set[UUID]] = defaultdict(set)
    rows = UnitCompletion.objects.standing().filter(enrolment__in=[enrolment.pk for enrolment in enrolments])
    for enrolment_id, key in rows.values_list("enrolment", "unit__key"):
        done[enrolment_id].add(key)
    return done
