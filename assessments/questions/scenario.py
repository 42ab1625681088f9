from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import (
    EVERYTHING,
    NOTHING,
    Answer,
    Asked,
    Option,
    Posted,
    QuestionType,
    clamp,
    is_blank,
    plain_text,
    require,
    require_different,
)


class Scenario(QuestionType):
    """A case that unfolds: each choice leads to another step, until a step offers none.

    The answer is the list of the choices made, from the first step on. A choice once saved stands, as in life. Where
    the path is scored, the shares of its choices are added, never below 0 or above the point, and an unfinished path
    keeps what it earned so far. Where it is not, whoever reaches an end has the point.
    """

    key = "scenario"
    label = _("Scenario")
    about = _("A case that unfolds: each choice leads to another step. Its path is scored, or followed for practice.")
    template = "scenario"
    blocks = ("step",)
    rules = ("scored",)
    unfolds = True

    def validate(self, asked: Asked) -> None:
        steps = asked.options
        require(bool(steps), _("Write at least one step."))
        require_different(steps)
        names = [step.name for step in steps]
        require(all(names) and len(set(names)) == len(names), _("Every step needs a name of its own."))
        require(not any(is_blank(step.text) for step in steps), _("Every step needs a text."))
        choices = [choice for step in steps for choice in step.inside]
        require_different(choices)
        require(bool(steps[0].inside), _("The first step needs choices."))
        require(not any(is_blank(choice.text) for choice in choices), _("Every choice needs a text."))
        unknown = sorted({choice.leads_to for choice in choices} - set(names))
        require(
            not unknown,
            _("A choice leads to “%(name)s”, and there is no such step.") % {"name": unknown[0] if unknown else ""},
        )
        _require_ways_out(steps)
        if asked.rules.scored:
            require(_best_path(steps) >= 1, _("No path earns the whole point. Raise the shares of the best choices."))

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        known = {step.id for step in asked.options}
        if not set(posted) <= known or any(len(values) > 1 for values in posted.values()):
            raise ValueError("The answer names a step that the question does not have.")
        stands = standing or []

        def choice_at(step: Option) -> Option | None:
            posted_choice, taken = _posted_choice(step, posted), _taken(step, stands)
            if taken and posted_choice and taken != posted_choice:
                raise ValueError("A choice that was saved stands.")
            return taken or posted_choice

        path = [choice.id for step in _walk(asked.options, choice_at) if (choice := choice_at(step))]
        return path or None

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        """By choices alone no step can be named: the page is made anew after each choice, and reads none of these."""
        return {}

    def is_complete(self, answer: Answer, asked: Asked) -> bool:
        *_before, last = _walk(asked.options, lambda step: _taken(step, answer))
        return not last.inside

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        if not asked.rules.scored:
            return EVERYTHING if self.is_complete(answer, asked) else NOTHING
        choices = [_taken(step, answer) for step in _walk(asked.options, lambda step: _taken(step, answer))]
        return clamp(sum((choice.fraction for choice in choices if choice), NOTHING))

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        steps = list(_walk(asked.options, lambda step: _taken(step, answer)))
        return {
            "taken": [
                {"id": step.id, "text": step.text, "choice": _taken(step, answer)}
                for step in steps
                if _taken(step, answer)
            ],
            "now": next(
                ({"id": s.id, "text": s.text, "choices": s.inside} for s in steps if not _taken(s, answer)), None
            ),
        }

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        return {
            "steps": [
                {
                    "text": step.text,
                    "choice": choice,
                    "correct": choice is not None and choice.fraction == _best(step),
                    "better": [c for c in step.inside if c.fraction == _best(step)] if asked.rules.scored else [],
                }
                for step in _walk(asked.options, lambda step: _taken(step, answer))
                for choice in (_taken(step, answer),)
            ],
            "scored": asked.rules.scored,
        }

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        steps = _walk(asked.options, lambda step: _taken(step, answer))
        return [plain_text(choice.text) for step in steps if (choice := _taken(step, answer))]

    def without_words(self, answer: Answer, asked: Asked) -> Answer:
        known = {choice.id for step in asked.options for choice in step.inside}
        return [choice_id for choice_id in answer or () if choice_id in known] or None

    def chosen(self, answer: Answer) -> list[str]:
        return list(answer or ())


def _posted_choice(step: Option, posted: Posted) -> Option | None:
    given = next((value for value in posted.get(step.id, ()) if value), "")
    if not given:
        return None
    choice = next((choice for choice in step.inside if choice.id == given), None)
    if choice is None:
        raise ValueError("The answer names a choice that the step does not have.")
    return choice


def _taken(step: Option, answer: Answer) -> Option | None:
    return next((choice for choice in step.inside if choice.id in (answer or ())), None)


def _walk(steps: tuple[Option, ...], choice_at: Any) -> Iterator[Option]:
    """The steps on a path, with the one that waits for a choice or ends it. No step is met twice: none leads back."""
    by_name = {step.name: step for step in steps}
    step: Option | None = steps[0]
    while step is not None:
        yield step
        choice = choice_at(step)
        step = by_name.get(choice.leads_to) if choice else None


def _best(step: Option) -> Decimal:
    return max((choice.fraction for choice in step.inside), default=NOTHING)


def _in_order(steps: tuple[Option, ...]) -> list[Option]:
    """Each step after all that lead to it. Raises ValidationError when steps lead in a circle."""
    by_name = {step.name: step for step in steps}
    done: list[Option] = []
    open_steps: list[tuple[Option, Iterator[Option]]] = [(steps[0], iter(steps[0].inside))]
    on_the_way, finished = {steps[0].name}, set()
    while open_steps:
        step, choices = open_steps[-1]
        choice = next(choices, None)
        if choice is None:
            open_steps.pop()
            on_the_way.discard(step.name)
            finished.add(step.name)
            done.append(step)
            continue
        require(choice.leads_to not in on_the_way, _("Steps lead in a circle. Every path must come to an end."))
        if choice.leads_to not in finished:
            following = by_name[choice.leads_to]
            on_the_way.add(following.name)
            open_steps.append((following, iter(following.inside)))
    return done[::-1]


def _require_ways_out(steps: tuple[Option, ...]) -> None:
    met = {step.name for step in _in_order(steps)}
    missed = [step.name for step in steps if step.name not in met]
    require(not missed, _("No choice leads to the step “%(name)s”.") % {"name": missed[0] if missed else ""})


def _best_path(steps: tuple[Option, ...]) -> Decimal:
    """What the best path earns, without the limits of the mark."""
    best: dict[str, Decimal] = {}
    for step in reversed(_in_order(steps)):
        best[step.name] = max((c.fraction + best[c.leads_to] for c in step.inside), default=NOTHING)
    return best[steps[0].name]
