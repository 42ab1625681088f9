"""Institutions: finding them, proposing a new one, and what managers make of a proposal."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from django.db import IntegrityError, transaction
from django.db.models import ManyToManyRel, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elearn.people.domain import trail
from elearn.people.domain.names import clean_name, folded
from elearn.people.domain.places import country_name
from elearn.people.enums import InstitutionKind, InstitutionState
from elearn.people.models import Institution, Membership, User

ALIKE = 0.78  # Of 1: two names that share this much may be one institution, and a person decides.
DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
# Anybody gets an address there, so it proves nothing about where somebody works.
PUBLIC_MAIL = frozenset(
    # A text of words is read more easily than a list of sixty literals.
    """
    126.com 163.com aol.com bk.ru duck.com fastmail.com free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com
    hey.com hotmail.com hotmail.es hotmail.fr icloud.com inbox.ru laposte.net list.ru live.com live.fr mac.com mail.com
    mail.ru me.com msn.com naver.com orange.fr outlook.com outlook.es outlook.fr pm.me proton.me protonmail.com qq.com
    rambler.ru rediffmail.com sapo.pt sina.com terra.com.br tuta.io tutanota.com uol.com.br wanadoo.fr web.de
    ya.ru yahoo.co.in yahoo.co.uk yahoo.com yahoo.com.br yahoo.es yahoo.fr yandex.com yandex.ru ymail.com zoho.com
    """.split()  # noqa: SIM905
)


class InstitutionRefused(ValueError):
    """It cannot be done with this institution; the message says why, in words."""


class ParentRefused(InstitutionRefused):
    """The institution cannot be part of the one that was named."""


# --- Finding -----------------------------------------------------------------------------------------------------


def search(among: QuerySet[Institution], text: str) -> list[Institution]:
    """Those whose name holds every word of the text, whatever its accents and case; the closest first.

    A database compares neither "Ministério" with "ministerio" nor Arabic with and without vowel marks, so the names
    are compared here: thousands of them take some milliseconds.
    """
    words = folded(text).split()
    found = []
    for pk, name in among.values_list("pk", "name"):
        known = folded(name)
        if all(word in known for word in words):
            found.append((not known.startswith(" ".join(words)), known, pk))
    order = [pk for _later, _name, pk in sorted(found)[:100]]
    rows = among.in_bulk(order)
    return [rows[pk] for pk in order]


def alike(among: QuerySet[Institution], name: str, country: str) -> list[Institution]:
    """Those of the country whose name is nearly this one, or holds all its words; at most ten."""
    wanted = folded(name)
    words = set(wanted.split())
    found = []
    for pk, known in among.filter(country=country).values_list("pk", "name"):
        other = folded(known)
        both = words & set(other.split())
        matcher = SequenceMatcher(None, wanted, other)
        likeness = matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0
        if likeness >= ALIKE or both in (words, set(other.split())):
            found.append((-likeness, pk))
    order = [pk for _likeness, pk in sorted(found)[:10]]
    rows = Institution.objects.in_bulk(order)
    return [rows[pk] for pk in order]


def described(institution: Institution) -> str:
    return f"{institution.name} ({country_name(institution.country)})"


# --- Proposals ---------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(*, person: User, name: str, kind: InstitutionKind, country: str) -> Institution:
    """Propose an institution that is not known yet; twice the same gives one.

    Effects: a row that only the proposer and managers see until a manager has decided.
    Refusals: InstitutionRefused when there is one of this name in the country; NameRefused.
    """
    name = clean_name(name)
    existing = Institution.objects.filter(name__iexact=name, country=country).first()
    if existing is None:
        try:
            with transaction.atomic():
                return Institution.objects.create(
                    name=name, kind=kind, country=country, state=InstitutionState.PROPOSED, proposed_by=person
                )
        except IntegrityError:
            # Somebody, or this person from another tab, has done so at the same moment.
            existing = Institution.objects.get(name=name, country=country)
    if existing.state == InstitutionState.PROPOSED and existing.proposed_by_id == person.pk:
        return existing
    if existing.state == InstitutionState.KNOWN:
        raise InstitutionRefused(_("This institution is known here already. Search for it and choose it."))
    raise InstitutionRefused(
        _("An institution of this name has been proposed before. The programme's managers are looking at it, or have.")
    )


@transaction.atomic
def accept(*, institution: Institution, by: User) -> None:
    """Make a proposed institution a known one, which everybody can choose. An audit event; twice changes nothing."""
    proposed = Institution.objects.filter(pk=institution.pk, state=InstitutionState.PROPOSED)
    if proposed.update(state=InstitutionState.KNOWN):
        _record("people.institution_accepted", institution, by)
    institution.refresh_from_db()


@transaction.atomic
def merge(*, institution: Institution, into: Institution, by: User) -> int:
    """Merge a proposed institution into a known one, and answer how many memberships moved.

    Effects: memberships, running and ended, belong to the known one and keep all else; the proposal stays as a row
    that points there and is offered to nobody. An audit event.
    Refusals: InstitutionRefused when something would be lost: somebody has a running membership in both, or another
    record (an enrolment, a role, a cohort) names the proposal.
    """
    rows = Institution.objects.select_for_update().in_bulk([institution.pk, into.pk])
    proposal, target = rows.get(institution.pk), rows.get(into.pk)
    if proposal is None or proposal.state != InstitutionState.PROPOSED:
        raise InstitutionRefused(_("Only an institution that is proposed can be merged."))
    if target is None or target.state != InstitutionState.KNOWN:
        raise InstitutionRefused(_("Choose a known institution to merge it into."))
    _refuse_losing(proposal, target)
    moved = Membership.objects.filter(institution=proposal).update(institution=target)
    Institution.objects.filter(pk=proposal.pk).update(state=InstitutionState.MERGED, merged_into=target)
    _record("people.institution_merged", proposal, by, into=target.pk)
    institution.refresh_from_db()
    return moved


def _refuse_losing(proposal: Institution, target: Institution) -> None:
    in_both = Membership.objects.running().filter(
        institution=proposal, person__in=Membership.objects.running().filter(institution=target).values("person")
    )
    if count := in_both.count():
        raise InstitutionRefused(
            ngettext(
                "%d person has a membership in both. End one of the two first; nothing was changed.",
                "%d people have a membership in both. End one of the two first; nothing was changed.",
                count,
            )
            % count
        )
    others = [name for name, count in _other_records(proposal) if count]
    if others:
        raise InstitutionRefused(
            _("Other records name it: %s. Accept it instead; nothing was changed.") % ", ".join(sorted(others))
        )


def _other_records(institution: Institution) -> Iterable[tuple[str, int]]:
    """Whatever points at the institution, in packages above as well, except memberships."""
    for relation in Institution._meta.related_objects:
        model = relation.related_model
        if model is Membership or isinstance(model, str):
            continue
        field = relation.field.name
        name = model._meta.verbose_name if not isinstance(relation, ManyToManyRel) else model._meta.verbose_name_plural
        yield str(name), model._default_manager.filter(**{field: institution}).count()


@transaction.atomic
def decline(*, institution: Institution, by: User) -> None:
    """Decline a proposal: offered to nobody any more. An audit event; claims to it are for a manager to refuse."""
    proposed = Institution.objects.filter(pk=institution.pk, state=InstitutionState.PROPOSED)
    if proposed.update(state=InstitutionState.DECLINED):
        _record("people.institution_declined", institution, by)
    institution.refresh_from_db()


# --- Domains -----------------------------------------------------------------------------------------------------


def clean_domains(text: str) -> list[str]:
    """The domains in a text, one to a line or separated by blanks or commas; in lower case, without the @.

    Refusals: InstitutionRefused for what is no domain, and for domains where anybody gets an address.
    """
    domains = sorted({part.strip().lower().removeprefix("@").rstrip(".") for part in re.split(r"[\s,;]+", text)} - {""})
    for domain in domains:
        if not DOMAIN.match(domain):
            raise InstitutionRefused(_("“%s” is not a domain. Write, for example: interior.example") % domain)
        if is_public(domain):
            raise InstitutionRefused(_("Anybody can have an address at “%s”, so it proves no post.") % domain)
    return domains


def is_public(domain: str) -> bool:
    return any(domain == public or domain.endswith(f".{public}") for public in PUBLIC_MAIL)


def domain_that_proves(institution: Institution, address: str) -> str:
    """The domain of the institution at which this address is, or "".

    The rule: the part after the @ is the domain itself or ends in a dot and the domain. A proposed institution proves
    nothing, nor does a public mail domain, however it got into the row.
    """
    if institution.state != InstitutionState.KNOWN:
        return ""
    for domain in institution.email_domains:
        if domain and not is_public(domain) and is_at(address, domain):
            return str(domain)
    return ""


def is_at(address: str, domain: str) -> bool:
    host = address.rpartition("@")[2].lower()
    return host == domain or host.endswith(f".{domain}")


@transaction.atomic
def change_institution(
    *,
    institution: Institution,
    name: str,
    kind: InstitutionKind,
    country: str,
    domains: list[str],
    parent: Institution | None,
    by: User,
) -> None:
    """Change what is known about an institution. An audit event when it differs.

    New domains confirm from the next claim, or the next time somebody's address is confirmed; a domain that is taken
    away takes no confirmation back. Refusals: InstitutionRefused for a name that another one has, or a bad domain;
    ParentRefused for a parent that is not known, the institution itself, or one below it.
    """
    name, domains = clean_name(name), clean_domains(" ".join(domains))
    # With the parent, in one order: two who make each the other's parent at once must not both succeed.
    keys = {institution.pk} | ({parent.pk} if parent else set())
    rows = Institution.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(keys)
    row = rows[institution.pk]
    _refuse_parent(row, parent)
    if Institution.objects.filter(name=name, country=country).exclude(pk=row.pk).exists():
        raise InstitutionRefused(_("Another institution of that country has this name."))
    facts = {"name": name, "kind": kind, "country": country, "email_domains": domains, "parent": parent}
    if any(getattr(row, field) != value for field, value in facts.items()):
        for field, value in facts.items():
            setattr(row, field, value)
        row.save(update_fields=list(facts))
        _record("people.institution_changed", row, by)
    institution.refresh_from_db()


@transaction.atomic
def add_institution(
    *,
    name: str,
    kind: InstitutionKind,
    country: str,
    domains: list[str],
    by: User,
    parent: Institution | None = None,
) -> Institution:
    """Add a known institution. An audit event. Refusals: as `change_institution`."""
    name, domains = clean_name(name), clean_domains(" ".join(domains))
    if Institution.objects.filter(name=name, country=country).exists():
        raise InstitutionRefused(_("Another institution of that country has this name."))
    if parent is not None and parent.state != InstitutionState.KNOWN:
        raise ParentRefused(_("An institution is part of a known one."))
    row = Institution.objects.create(name=name, kind=kind, country=country, email_domains=domains, parent=parent)
    _record("people.institution_added", row, by)
    return row


def _refuse_parent(row: Institution, parent: Institution | None) -> None:
    if parent is None or parent.pk == row.parent_id:
        return
    if parent.state != InstitutionState.KNOWN:
        raise ParentRefused(_("An institution is part of a known one."))
    above: int | None = parent.pk
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == row.pk:
            raise ParentRefused(_("An institution cannot be part of itself, nor of one that is part of it."))
        seen.add(above)
        above = Institution.objects.values_list("parent", flat=True).get(pk=above)


def _record(event: str, institution: Institution, by: User, **details: object) -> None:
    trail.record(event, actor=by, subject=None, institution=institution.pk, **details)
