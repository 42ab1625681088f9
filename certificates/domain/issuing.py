"""Issuing: one certificate per completed enrolment, with every printed fact frozen."""

import hashlib
import hmac
import json
import logging
import secrets
import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from certificates.domain import events, status_lists
from certificates.domain.line import line_of
from certificates.domain.permits import Permit, permit_for
from certificates.domain.serials import new_serial
from certificates.domain.templates import version_for
from certificates.domain.terms import months_later
from certificates.enums import CertificateEventKind, DecisionState
from certificates.models import Certificate, CertificateSubject, CertificateTerm, IssueDecision
from certificates.signals import certificate_issued
from courses.domain.outline import completions_of
from courses.enums import Award
from courses.models import Enrolment, UnitCompletion
from courses.models.edition import Variant
from elearn.core import pending
from elearn.messages.domain import sending
from elearn.people.domain.personal_data import lock_person

log = logging.getLogger(__name__)

KIND = "certificates.certificate"
TEMPLATE = "classic-1"


class IssueHeld(Exception):
    """Nothing is issued until a manager has decided; the message says why."""


@dataclass(frozen=True)
class Facts:
    """Every printed fact of a certificate but the name. Dates are ISO 8601; hours are a decimal number as text."""

    award: str
    course: str
    edition: int
    edition_title: str
    modules: list[str]
    variant: str
    language: str
    hours: str
    started_on: str
    completed_on: str
    issued_on: str
    issuer: str
    template: str
    verify_url: str
    # Later ones have a default: certificates issued before there was such a fact are read as they were.
    expires_on: str = ""
    institution: str = ""
    cohort: str = ""
    generation: int = 0
    # certificates.domain.line.Step as data, from the trainer up to the root.
    line: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        return cls(**certificate.facts)


def issue(*, enrolment: Enrolment) -> Certificate:
    """Issue the certificate of a completed enrolment, or answer the one it has.

    Effects: the certificate with its frozen facts, its subject, its first event; a worker is asked for the PDF. Where
    the cohort's authority does not allow it, an IssueDecision instead, which is written once.
    However often it is called, and from however many processes at once, there is one certificate.
    Refusals: IssueHeld, after the decision was written, when a manager is to decide or has refused; ValueError when the
    enrolment is not completed; PersonErased when the holder was erased: the person is locked before the enrolment, so
    that an erasure at the same moment does not find its name written again.
    """
    made = _issue_or_hold(enrolment)
    if isinstance(made, IssueDecision):
        raise IssueHeld(str(made.get_held_for_display()))
    return made


@transaction.atomic
def _issue_or_hold(enrolment: Enrolment) -> Certificate | IssueDecision:
    lock_person(enrolment.person_id)
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("person", "course", "edition")
        .get(pk=enrolment.pk)
    )
    if enrolment.completed_at is None:
        raise ValueError(f"Enrolment {enrolment.pk} is not completed.")
    existing = Certificate.objects.filter(enrolment=enrolment).order_by("issue_number").last()
    if existing is not None:
        return existing
    permit = permit_for(enrolment)
    decision = _standing_decision(enrolment)
    if decision is None and permit.held_for is not None:
        decision = IssueDecision.objects.create(
            enrolment=enrolment, held_for=permit.held_for, authorisation=permit.authorisation
        )
    if decision is not None and decision.state != DecisionState.RELEASED:
        return decision
    award = enrolment.edition.award
    serial = new_serial()
    salt = secrets.token_hex(16)
    expires_at = expiry(enrolment, timezone.now())
    facts = _freeze(enrolment, award, serial, permit, expires_at)
    certificate = Certificate.objects.create(
        enrolment=enrolment,
        award=award,
        serial=serial,
        status_index=status_lists.free_index(),
        facts=asdict(facts),
        template_version=version_for(enrolment.course.code, award),
        cohort=enrolment.cohort,
        authorisation=permit.authorisation,
        generation=facts.generation,
        line=(permit.authorisation.path or "") if permit.authorisation else "",
        decision=decision,
        expires_at=expires_at,
        name_salt=salt,
        name_hmac=name_hmac(enrolment.person.printed_name, salt),
    )
    CertificateSubject.objects.create(
        certificate=certificate,
        printed_name=enrolment.person.printed_name,
        latin_name=enrolment.person.latin_name,
    )
    events.record(certificate, CertificateEventKind.ISSUED, facts_sha256=facts_hash(certificate))
    pending.wake(KIND, certificate.pk)
    _tell_holder(certificate)
    transaction.on_commit(lambda: certificate_issued.send(sender=Certificate, certificate=certificate))
    return certificate


def facts_hash(certificate: Certificate) -> str:
    """SHA-256 of the frozen facts, as the ledger keeps it: JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(certificate.facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def expiry(enrolment: Enrolment, now: datetime) -> datetime | None:
    """Until when a certificate of this course, issued now, is valid; None for good."""
    term = CertificateTerm.objects.filter(course=enrolment.course_id).first()
    return months_later(now, term.months) if term else None


def _standing_decision(enrolment: Enrolment) -> IssueDecision | None:
    """What was decided last about this enrolment's certificate, if anything had to be."""
    return IssueDecision.objects.select_for_update().filter(enrolment=enrolment).order_by("pk").last()


def issue_missing() -> int:
    """Issue for every completed enrolment that has no certificate; the sweeper runs this. Answers how many."""
    undecided = IssueDecision.objects.exclude(state=DecisionState.RELEASED)
    missing = Enrolment.objects.completed().filter(certificates=None, person__erased_at=None)
    missing = missing.exclude(pk__in=undecided.values("enrolment"))
    missing = missing.order_by("completed_at")[:500]
    issued = 0
    for enrolment in missing:
        try:
            issue(enrolment=enrolment)
            issued += 1
        except IssueHeld:
            continue
        except Exception:  # One that cannot be issued must not keep the others waiting.
            log.exception("No certificate could be issued for enrolment %s", enrolment.pk)
    return issued


def normalised_name(name: str) -> str:
    """The form in which names are compared: Unicode NFKC, case-folded, single spaces, no invisible characters."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join(seen.casefold().split())


def name_hmac(name: str, salt: str) -> str:
    return hmac.new(bytes.fromhex(salt), normalised_name(name).encode(), hashlib.sha256).hexdigest()


def _freeze(enrolment: Enrolment, award: Award, serial: str, permit: Permit, expires_at: datetime | None) -> Facts:
    edition = enrolment.edition
    variant = edition.structure.complete_in(set(completions_of(enrolment))) or edition.structure.variants[0]
    language = _language_read(enrolment, variant)
    titles = _titles(enrolment, variant, language)
    completed = enrolment.completed_at
    if completed is None:
        raise ValueError(f"Enrolment {enrolment.pk} is not completed.")
    return Facts(
        award=award,
        course=titles.get(str(enrolment.course.key), enrolment.course.code),
        edition=edition.number,
        edition_title=edition.title(language),
        modules=[titles.get(module.key, module.code) for module in variant.modules],
        variant=variant.kind,
        language=language,
        hours=str(variant.hours),
        started_on=enrolment.created_at.date().isoformat(),
        completed_on=completed.date().isoformat(),
        issued_on=timezone.now().date().isoformat(),
        issuer=settings.SITE_NAME,
        template=TEMPLATE,
        verify_url=f"{settings.SITE_URL}/verify/{serial}/",
        expires_on=expires_at.date().isoformat() if expires_at else "",
        institution=enrolment.institution.name if enrolment.institution else "",
        cohort=str(enrolment.cohort.public_id) if enrolment.cohort else "",
        generation=permit.authorisation.generation if permit.authorisation else 0,
        line=line_of(permit.authorisation),
    )


def _language_read(enrolment: Enrolment, variant: Variant) -> str:
    """The language of the variant in which most units were completed."""
    read = UnitCompletion.objects.standing().filter(enrolment=enrolment).values_list("language", flat=True)
    counted = [language for language in read if language in variant.languages]
    return max(variant.languages, key=lambda language: (counted.count(language), -variant.languages.index(language)))


def _titles(enrolment: Enrolment, variant: Variant, language: str) -> dict[str, str]:
    keys = [str(enrolment.course.key), *(module.key for module in variant.modules)]
    rows: Any = Page.objects.filter(translation_key__in=keys, locale__language_code=language)
    return {str(key): title for key, title in rows.values_list("translation_key", "title")}


def _tell_holder(certificate: Certificate) -> None:
    person = certificate.enrolment.person
    facts = Facts.of(certificate)
    with translation.override(person.language):
        sending.write(
            person=person,
            reason=f"certificate-issued-{certificate.serial}",
            subject=_("Your certificate: %(course)s") % {"course": facts.course},
            body=_(
                "Hello %(name)s,\n\nyou have completed %(course)s. Your certificate has the serial %(serial)s.\n\n"
                "Download it from your desk: %(desk)s\n"
                "Anyone can check it here: %(verify)s\n"
            )
            % {
                "name": person.printed_name,
                "course": facts.course,
                "serial": certificate.serial,
                "desk": f"{settings.SITE_URL}/{person.language}/desk/",
                "verify": facts.verify_url,
            },
        )
