from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.questions.base import (
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


class Ordering(QuestionType):
    """Items are put in order; the author writes them in the right one.

    What counts is who follows whom: each item that is followed at once by the one that should follow earns an equal
    share, so that one item out of place does not spoil the rest. With `all_or_nothing` the whole order must be right.
    The answer keeps the place that was given to each item, from 1, even while two have the same.
    """

    key = "ordering"
    label = _("Ordering")
    about = _("Items to be put in order. Write them in the right order; they are shown in another.")
    template = "ordering"
    blocks = ("item",)
    rules = ("all_or_nothing",)

    def validate(self, asked: Asked) -> None:
        require(len(asked.options) >= 2, _("There must be at least two items to put in order."))
        require_different(asked.options)
        require(not any(is_blank(item.text) for item in asked.options), _("Every item needs a text."))

    def read_answer(self, posted: Posted, asked: Asked, standing: Answer = None) -> Answer:
        known = {item.id for item in asked.options}
        places = {str(place) for place in range(1, len(known) + 1)}
        answer = {}
        for part, values in posted.items():
            given = [value for value in values if value]
            if part not in known or len(given) > 1 or not set(given) <= places:
                raise ValueError("The answer names an item or a place that the question does not have.")
            if given:
                answer[part] = int(given[0])
        return dict(sorted(answer.items())) or None

    def fields_of(self, answer: Answer) -> dict[str, list[str]]:
        return {part: [str(place)] for part, place in (answer or {}).items()}

    def is_complete(self, answer: Answer, asked: Asked) -> bool:
        return len(set((answer or {}).values())) == len(asked.options)

    def mark(self, answer: Answer, asked: Asked) -> Decimal:
        places = answer or {}
        following = [
            item.id in places and next_one.id in places and _follows(places, item.id, next_one.id)
            for item, next_one in pairwise(asked.options)
        ]
        if asked.rules.all_or_nothing and not all(following):
            return NOTHING
        return clamp(Decimal(sum(following)) / len(following))

    def view(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        places = answer or {}
        numbers = range(1, len(asked.options) + 1)
        return {
            "rows": [
                {
                    "id": item.id,
                    "text": item.text,
                    "places": [{"number": number, "checked": places.get(item.id) == number} for number in numbers],
                }
                for item in asked.shown
            ],
            # Two items in one place: kept, and worth a word.
            "doubled": len(set(places.values())) < len(places),
        }

    def review(self, asked: Asked, answer: Answer) -> dict[str, Any]:
        places = answer or {}
        return {
            "rows": [
                {
                    "text": item.text,
                    "place": number,
                    "given": places.get(item.id),
                    "correct": places.get(item.id) == number,
                }
                for number, item in enumerate(asked.options, start=1)
            ],
            "given": [
                {"place": place, "text": option.text}
                for place, option in sorted(
                    ((places[item.id], item) for item in asked.options if item.id in places), key=lambda entry: entry[0]
                )
            ],
        }

    def in_words(self, answer: Answer, asked: Asked) -> list[str]:
        by_place = sorted((answer or {}).items(), key=lambda entry: entry[1])
        texts = {item.id: plain_text(item.text) for item in asked.options}
        return [f"{place}. {texts.get(item_id, item_id)}" for item_id, place in by_place]

    def shuffle(self, options: Sequence[Option], mix: Any) -> list[Option]:
        """Any order but the right one."""
        mixed = list(options)
        mix(mixed)
        return mixed if [o.id for o in mixed] != [o.id for o in options] else [*mixed[1:], mixed[0]]

    def without_words(self, answer: Answer, asked: Asked) -> Answer:
        known = {item.id for item in asked.options}
        return {part: place for part, place in (answer or {}).items() if part in known} or None


def _follows(places: dict[str, int], first: str, second: str) -> bool:
    """Whether `second` comes at once after `first`; two in one place follow nobody."""
    between = [place for place in places.values() if places[first] <= place <= places[second]]
    return places[first] < places[second] and len(between) == 2
