"""Actions: finding them, adding one, and changing what is known of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from elearn.people.domain import rights, trail
from elearn.people.domain.names import folded
from elearn.people.domain.places import country_name
from elearn.people.enums import InstitutionState, Theme
from elearn.people.models import Action, Institution, User

CODE_LENGTH, TITLE_LENGTH = 30, 200


class ActionRefused(ValueError):
    """It cannot be done with this Action; the message says why, in words. `field` is the form's field it concerns."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class ActionFacts:
    """What is known of an Action. `countries` are codes of two letters."""

    code: str
    title: str
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    institutions: tuple[Institution, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


def within(person: User) -> QuerySet[Action]:
    """The Actions that the person may change."""
    reach = rights.reach(person, rights.CURATE_ACTIONS)
    return Action.objects.all() if reach.everywhere else Action.objects.filter(pk__in=reach.action_ids)


def search(among: QuerySet[Action], text: str) -> QuerySet[Action]:
    """Those whose code or title holds every word of the text, whatever its accents and case."""
    words = folded(text).split()
    found = [
        pk
        for pk, code, title in among.values_list("pk", "code", "title")
        if all(word in folded(f"{code} {title}") for word in words)
    ]
    return among.filter(pk__in=found)


@transaction.atomic
def add_action(*, facts: ActionFacts, by: User) -> Action:
    """Add an Action. An audit event.

    Refusals: ActionRefused for an empty or known code, an empty title, wrong dates, an unknown theme or country, and an
    institution that is not known. Of two who add the same code at once, one is refused.
    """
    facts = _checked(facts)
    _refuse_known_code(facts.code, Action.objects.all())
    try:
        with transaction.atomic():
            row = Action.objects.create(**_columns(facts))
    except IntegrityError as error:
        raise ActionRefused(_("Another Action has this code."), "code") from error
    row.institutions.set(facts.institutions)
    trail.record("people.action_added", actor=by, subject=None, of_action=row.pk)
    return row


@transaction.atomic
def change_action(*, action: Action, facts: ActionFacts, by: User) -> None:
    """Change what is known of an Action. An audit event when it differs.

    What institutions it names decides whose people its managers see. Whoever manages this Action alone can therefore
    not name further ones.
    Refusals: as `add_action`, and ActionRefused for an institution that is added without the right to.
    """
    row = Action.objects.select_for_update().get(pk=action.pk)
    facts = _checked(facts)
    _refuse_known_code(facts.code, Action.objects.exclude(pk=row.pk))
    before, after = set(row.institutions.all()), set(facts.institutions)
    if after - before and not rights.reach(by, rights.CURATE_ACTIONS).everywhere:
        words = _("You see the people of the Action's institutions, so the programme's managers add them.")
        raise ActionRefused(words, "institutions")
    columns = _columns(facts)
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        row.save(update_fields=changed)
    if before != after:
        row.institutions.set(after)
        changed.append("institutions")
    if changed:
        trail.record("people.action_changed", actor=by, subject=None, of_action=row.pk, changed=changed)
    action.refresh_from_db()


def _checked(facts: ActionFacts) -> ActionFacts:
    code, title = " ".join(facts.code.split()), " ".join(facts.title.split())
    if not code or len(code) > CODE_LENGTH:
        raise ActionRefused(_("Give the Action a code of at most %d characters.") % CODE_LENGTH, "code")
    if not title or len(title) > TITLE_LENGTH:
        raise ActionRefused(_("Give the Action a title of at most %d characters.") % TITLE_LENGTH, "title")
    if facts.ends_on and not facts.starts_on:
        raise ActionRefused(_("Say also when the Action begins."), "starts_on")
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        raise ActionRefused(_("The last day cannot lie before the first."), "ends_on")
    if unknown := set(facts.themes) - set(Theme.values):
        raise ActionRefused(_("This theme is not known: %s") % unknown.pop(), "themes")
    if unknown := {country for country in facts.countries if country_name(country) == country}:
        raise ActionRefused(_("This country is not known: %s") % unknown.pop(), "countries")
    if any(row.state != InstitutionState.KNOWN for row in facts.institutions):
        raise ActionRefused(_("Only known institutions take part in an Action."), "institutions")
    themes, countries = tuple(sorted(set(facts.themes))), tuple(sorted(set(facts.countries)))
    return ActionFacts(code, title, themes, countries, facts.institutions, facts.starts_on, facts.ends_on)


def _columns(facts: ActionFacts) -> dict[str, object]:
    return {
        "code": facts.code,
        "title": facts.title,
        "themes": list(facts.themes),
        "countries": list(facts.countries),
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
    }


def _refuse_known_code(code: str, others: QuerySet[Action]) -> None:
    if others.filter(code__iexact=code).exists():
        raise ActionRefused(_("Another Action has this code."), "code")


def in_words(values: Iterable[str]) -> list[str]:
    """Countries by their names, in the order of the alphabet."""
    return sorted((country_name(value) for value in values), key=folded)
