"""Rendering: the PDF of a certificate, from its frozen facts alone and the same to the byte whenever it is made."""

import base64
import hashlib
import io
import itertools
from dataclasses import dataclass

import segno
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from reportlab import rl_config
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates.domain import wording
from certificates.domain.issuing import Facts
from certificates.models import Certificate, CertificateSubject
from elearn.core.typesetting import FONTS, SANS, SERIF, SERIF_BOLD, Block, fit, tidy, undrawable

# No clock and no random number in a PDF: the same facts give the same bytes, and so the same hash.
rl_config.invariant = 1

TEMPLATES = {"classic-1": "certificates/pdf/classic_1.html"}
MILLIMETRE = 72 / 25.4
# Sizes in points with the most lines they may take; the first that holds the text is used.
NAME_SIZES = ((34, 1), (30, 1), (26, 1), (22, 1), (24, 2), (20, 2), (17, 3), (14, 4))
LATIN_NAME_SIZES = ((13, 1), (11, 1), (9, 2))
COURSE_SIZES = ((22, 1), (19, 1), (17, 1), (16, 2), (14, 2), (12, 3))
SENTENCE_SIZES = ((10, 2), (9, 2), (8, 3))


class RenderingRefused(Exception):
    """The certificate cannot be printed as it should be; nothing is stored."""


@dataclass(frozen=True)
class Module:
    number: int
    block: Block


@dataclass(frozen=True)
class Sheet:
    """What the template prints, in the certificate's language and broken into lines that fit."""

    title: str
    facts: Facts
    rtl: bool
    name: Block
    latin_name: Block | None
    deed: str
    course: Block
    edition: Block
    limit: Block | None
    modules: tuple[Module, ...]
    rows: tuple[wording.Row, ...]
    serial: str
    invitation: Block
    verify_address: Block
    qr_code: str
    rule: str
    bar: str
    fonts: str

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"


def render(certificate: Certificate) -> None:
    """Make the PDF of a certificate, store it privately and write its name and hash on the row.

    Of a certificate whose name was removed, the file is removed instead: also one that a rendering under way stored, or
    that a worker killed in the middle left behind.

    Effects: one file under a name derived from the serial; made again, however often, it is the same file. A hash that
    is already on the row is never changed.
    Refusals: RenderingRefused when no font has the characters of the name and there is no Latin form, or when a
    second rendering differs from the one whose hash was published.
    """
    storage, name = certificate.pdf.storage, f"certificates/{certificate.serial}.pdf"
    if certificate.name_removed_at is not None:
        _remove(certificate, storage, name)
        return
    if certificate.pdf_sha256 and _stored_hash(storage, name) == certificate.pdf_sha256:
        return
    data = pdf_of(certificate)
    digest = hashlib.sha256(data).hexdigest()
    if certificate.pdf_sha256 not in ("", digest):
        raise RenderingRefused(f"{certificate.serial} was published with another hash, and its file is gone.")
    _store(storage, name, data)
    with transaction.atomic():
        row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if row.name_removed_at is None:
            Certificate.objects.filter(pk=row.pk, pdf_sha256="").update(pdf=name, pdf_sha256=digest)
            return
    # The name was removed while its PDF was made. The row says so, and whoever finds it does this again.
    _remove(certificate, storage, name)


def _remove(certificate: Certificate, storage: Storage, name: str) -> None:
    storage.delete(name)
    Certificate.objects.filter(pk=certificate.pk).update(pdf="")


def pdf_of(certificate: Certificate) -> bytes:
    """The PDF of a certificate. Reads its facts and its subject, and nothing else."""
    facts = Facts.of(certificate)
    with translation.override(facts.language):
        sheet = sheet_of(facts, certificate.serial, certificate.subject)
        html = render_to_string(TEMPLATES[facts.template], {"sheet": sheet})
        subject = _("%(award)s: %(course)s") % {"award": sheet.title, "course": facts.course}
    meta = {
        "title": f"{sheet.title} {certificate.serial}",
        "author": facts.issuer,
        "subject": subject,
        "keywords": f"{certificate.serial}, {facts.verify_url}",
    }
    return print_html(html, meta)


def print_html(html: str, meta: dict[str, str]) -> bytes:
    """Print HTML as a PDF. Nothing is fetched: neither from the network nor from any folder but that of the fonts."""
    out = io.BytesIO()
    result = pisa.CreatePDF(
        html,
        dest=out,
        encoding="utf-8",
        context_meta=meta,
        resource_policy=ResourceAccessPolicy.server(FONTS, allow_remote=False),
    )
    if result.err:
        raise RenderingRefused(f"xhtml2pdf reported {result.err} errors.")
    return out.getvalue()


def sheet_of(facts: Facts, serial: str, subject: CertificateSubject) -> Sheet:
    """Set the texts of a certificate in the language now active."""
    name, latin_name = _names(subject)
    limit = wording.limit(facts.award)
    return Sheet(
        title=wording.award_name(facts.award),
        facts=facts,
        rtl=get_language_info(facts.language)["bidi"],
        name=fit(name, face=SERIF, width=232 * MILLIMETRE, choices=NAME_SIZES),
        latin_name=fit(latin_name, face=SERIF, width=220 * MILLIMETRE, choices=LATIN_NAME_SIZES)
        if latin_name
        else None,
        deed=wording.deed(facts.award),
        course=fit(facts.course, face=SERIF_BOLD, width=232 * MILLIMETRE, choices=COURSE_SIZES),
        edition=fit(_edition_line(facts), face=SANS, width=220 * MILLIMETRE, choices=((11, 1), (10, 2))),
        limit=fit(limit, face=SANS, width=220 * MILLIMETRE, choices=SENTENCE_SIZES) if limit else None,
        modules=_modules(facts),
        rows=_details(facts),
        serial=serial,
        invitation=fit(
            _("Scan the code, or type the serial at this address:"),
            face=SANS,
            width=30 * MILLIMETRE,
            choices=((8, 6), (7, 8)),
        ),
        verify_address=fit(
            facts.verify_url.removesuffix(f"{serial}/").split("://", 1)[1],
            face=SANS,
            width=63 * MILLIMETRE,
            choices=((9, 1), (8, 1), (7, 2)),
        ),
        qr_code=_inline(_qr_svg(facts.verify_url)),
        bar=_inline(render_to_string("certificates/pdf/_bar.svg")),
        rule=_inline(render_to_string("certificates/pdf/_rule.svg")),
        fonts=str(FONTS),
    )


def _names(subject: CertificateSubject) -> tuple[str, str]:
    """The name to print large, and the Latin form beneath it (empty when there is none, or nothing to add)."""
    printed, latin = tidy(subject.printed_name), tidy(subject.latin_name)
    missing = undrawable(printed, SERIF)
    if not missing:
        return printed, "" if latin == printed or undrawable(latin, SERIF) else latin
    if latin and not undrawable(latin, SERIF):
        return latin, ""
    raise RenderingRefused(f"No font has {' '.join(missing)} and the person gave no name in Latin script.")


def _edition_line(facts: Facts) -> str:
    if not facts.edition_title:
        return _("Edition %(number)s") % {"number": facts.edition}
    return _("Edition %(number)s: %(title)s") % {"number": facts.edition, "title": facts.edition_title}


def _modules(facts: Facts) -> tuple[Module, ...]:
    """The modules, smaller when there are many, so that up to a dozen fit the place they have."""
    size = 8.5 if len(facts.modules) <= 6 else 7
    return tuple(
        Module(number, fit(title, face=SANS, width=84 * MILLIMETRE, choices=((size, 2), (size - 1, 3))))
        for number, title in enumerate(facts.modules, start=1)
    )


def _details(facts: Facts) -> tuple[wording.Row, ...]:
    return (
        wording.Row(_("Completed on"), wording.written_date(facts.completed_on)),
        wording.Row(_("Issued on"), wording.written_date(facts.issued_on)),
        wording.Row(_("Variant"), wording.variant_name(facts)),
        wording.Row(_("Hours of learning"), wording.hours(facts)),
        wording.Row(_("Language of the course"), wording.language_name(facts.language)),
        wording.Row(_("Issued by"), facts.issuer),
    )


def _qr_svg(url: str) -> str:
    """The QR code as one filled path, a rectangle for each run of dark modules: no seams between its rows."""
    rows = [list(row) for row in segno.make(url, error="m", micro=False).matrix]
    path, size = [], len(rows)
    for y, row in enumerate(rows):
        x = 0
        for dark, run in itertools.groupby(row):
            width = len(list(run))
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}">'
        f'<path fill="#1b2a3a" d="{"".join(path)}"/></svg>'
    )


def _inline(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _stored_hash(storage: Storage, name: str) -> str:
    if not storage.exists(name):
        return ""
    with storage.open(name) as file:
        return hashlib.sha256(file.read()).hexdigest()


def _store(storage: Storage, name: str, data: bytes) -> None:
    """Keep the file under exactly this name, in place of one that a killed worker left half written."""
    digest = hashlib.sha256(data).hexdigest()
    if _stored_hash(storage, name) == digest:
        return
    storage.delete(name)
    stored = storage.save(name, ContentFile(data))
    if stored != name:
        # Another worker wrote it meanwhile; theirs has the same bytes, or the next line finds out.
        storage.delete(stored)
    if _stored_hash(storage, name) != digest:
        raise OSError(f"{name} was not stored whole.")
