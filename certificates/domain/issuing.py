"""Issuing: one certificate per completed enrolment, with every printed fact frozen."""

import hashlib
import hmac
import logging
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from certificates.domain.serials import new_serial
from certificates.enums import CertificateEventKind
from certificates.models import Certificate, CertificateEvent, CertificateSubject
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
STATUS_LIST_SIZE = 131_072  # entries: the least that W3C Bitstring Status List 1.0 allows, for herd privacy


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

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        return cls(**certificate.facts)


@transaction.atomic
def issue(*, enrolment: Enrolment) -> Certificate:
    """Issue the certificate of a completed enrolment, or answer the one it has.

    Effects: the certificate with its frozen facts, its subject, its first event; a worker is asked for the PDF.
    However often it is called, and from however many processes at once, there is one certificate.
    Refusals: ValueError when the enrolment is not completed; PersonErased when the holder was erased: the person is
    locked before the enrolment, so that an erasure at the same moment does not find its name written again.
    """
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
    award = enrolment.edition.award
    serial = new_serial()
    salt = secrets.token_hex(16)
    certificate = Certificate.objects.create(
        enrolment=enrolment,
        award=award,
        serial=serial,
        status_index=_free_status_index(),
        facts=asdict(_freeze(enrolment, award, serial)),
        name_salt=salt,
        name_hmac=name_hmac(enrolment.person.printed_name, salt),
    )
    CertificateSubject.objects.create(
        certificate=certificate,
        printed_name=enrolment.person.printed_name,
        latin_name=enrolment.person.latin_name,
    )
    CertificateEvent.objects.create(certificate=certificate, kind=CertificateEventKind.ISSUED)
    pending.wake(KIND, certificate.pk)
    _tell_holder(certificate)
    return certificate


def issue_missing() -> int:
    """Issue for every completed enrolment that has no certificate; the sweeper runs this. Answers how many."""
    missing = Enrolment.objects.completed().filter(certificates=None, person__erased_at=None)
    missing = missing.order_by("completed_at")[:500]
    issued = 0
    for enrolment in missing:
        try:
            issue(enrolment=enrolment)
            issued += 1
        except Exception:  # One that cannot be issued must not keep the others waiting.
            log.exception("No certificate could be issued for enrolment %s", enrolment.pk)
    return issued


def normalised_name(name: str) -> str:
    """The form in which names are compared: Unicode NFKC, case-folded, single spaces, no invisible characters."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join(seen.casefold().split())


def name_hmac(name: str, salt: str) -> str:
    return hmac.new(bytes.fromhex(salt), normalised_name(name).encode(), hashlib.sha256).hexdigest()


def _free_status_index() -> int:
    """A random place in the status list that no certificate has. A second list begins when the first is half full."""
    count = Certificate.objects.count()
    lists = 1 + count // (STATUS_LIST_SIZE // 2)
    while True:
        index = secrets.randbelow(STATUS_LIST_SIZE * lists)
        if not Certificate.objects.filter(status_index=index).exists():
            return index


def _freeze(enrolment: Enrolment, award: Award, serial: str) -> Facts:
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
