"""What is kept about a person, wherever it lies: every package says what it holds, hands it out and lets it go.

A package fills the registry in `ready()`. `holds` names the fields ("people.Membership.person") whose rows are about
the person; `acts` those by which a person only stands in somebody else's row ("people.Membership.decided_by"): such a
row is not theirs, and after an erasure it points at somebody without a name. A test walks every model and fails when a
field that leads to a person is in neither (tests/people/test_privacy_registry.py): no later table is forgotten.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from elearn.people.models import RoleGrant, User

Row = dict[str, Any]
Words = str | Promise


class PersonErased(PermissionDenied):
    """Refused: the account was erased meanwhile, and nothing about the person is written any more."""


@dataclass(frozen=True)
class Table:
    """Rows of one kind, as they stand in a person's download. Values are what JSON can hold."""

    key: str
    title: Words
    rows: list[Row]


@dataclass(frozen=True)
class Attachment:
    """A file of the person's own: its name in the download, and where it is stored."""

    name: str
    file: FieldFile


@dataclass(frozen=True)
class Identity:
    """The words by which a person is known: what must be found nowhere once they are erased."""

    words: frozenset[str]

    @classmethod
    def of(cls, person: User) -> "Identity":
        addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
        words = {person.printed_name, person.latin_name, person.email, *addresses}
        return cls(frozenset(word.strip().casefold() for word in words if word.strip()))

    def is_in(self, text: str) -> bool:
        return any(word in text.casefold() for word in self.words)

    def without(self, value: Any) -> Any:
        """The same JSON value with every text that holds one of the words replaced."""
        if isinstance(value, str):
            return ERASED_WORDS if self.is_in(value) else value
        if isinstance(value, dict):
            return {key: self.without(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.without(each) for each in value]
        return value


ERASED_WORDS = "[erased]"
NEUTRAL_NAME = "Erased person"
NEUTRAL_DOMAIN = "erased.invalid"  # RFC 2606: no mail ever arrives there.


def _no_files(person: User) -> list[Attachment]:
    return []


@dataclass(frozen=True)
class Contribution:
    """What one package keeps about people.

    `collect(person)` answers its tables, empty ones too, in the language now active. `erase(person, identity)` removes
    what names the person and leaves the evidence; it runs inside the erasure's transaction, may run again and then
    changes nothing.
    """

    name: str
    collect: Callable[[User], list[Table]]
    erase: Callable[[User, Identity], None]
    holds: frozenset[str]
    acts: frozenset[str] = field(default_factory=frozenset)
    files: Callable[[User], Iterable[Attachment]] = _no_files


_contributions: dict[str, Contribution] = {}


def register(contribution: Contribution) -> None:
    _contributions[contribution.name] = contribution


def contributions() -> list[Contribution]:
    """In the order in which they were registered: the lower packages first."""
    return list(_contributions.values())


def collect(person: User) -> dict[str, list[Table]]:
    """Everything that is kept about a person, by package, in the language now active."""
    return {contribution.name: contribution.collect(person) for contribution in contributions()}


def files(person: User) -> Iterator[Attachment]:
    for contribution in contributions():
        yield from contribution.files(person)


def acts_of(person: User) -> Table:
    """How often the person stands in other people's records, without those records."""
    rows: list[Row] = []
    for label in sorted(label for contribution in contributions() for label in contribution.acts):
        model_label, _dot, name = label.rpartition(".")
        count = apps.get_model(model_label)._base_manager.filter(**{name: person}).count()
        if count:
            rows.append({"record": label, "times": count})
    return Table("acts", _("Where you acted in records that are not about you"), rows)


def in_role(actor: User | None, person: User) -> str:
    """Another person in a download: never by name, only by what they are here."""
    if actor is None:
        return _("automatically")
    if actor.pk == person.pk:
        return _("you")
    grant = RoleGrant.objects.filter(person=actor).order_by("-starts_at").first()
    if grant is not None:
        return str(grant.get_role_display())
    return _("Administrator") if actor.is_superuser else _("another person")


def lock_person(pk: int) -> User:
    """Lock a person's row before their name or words are written anywhere, inside the caller's transaction.

    The order everywhere is person, enrolment, attempt, certificate. The lock leaves alone whoever only points at the
    person. Without it, something begun before an erasure could write the name again after it.
    Refusals: PersonErased.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=pk)
    if person.erased_at is not None:
        raise PersonErased(_("This account was erased. Nothing was saved."))
    return person
