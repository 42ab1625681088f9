"""The privacy notice: versions that never change, and who has accepted which."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markdown_it import MarkdownIt

from elearn.core import audit
from elearn.core.html import clean_rich_text
from elearn.people.domain import rights
from elearn.people.models import NoticeAcceptance, PrivacyNotice, User

SHIPPED = Path(__file__).resolve().parent.parent / "notices"
REMEMBERED_SECONDS = 60
REMEMBERED = "privacy_notice_version"
_markdown = MarkdownIt("commonmark", {"html": False})


PUBLISH_NOTICES = rights.Right(
    "people.notices", gettext_lazy("publish a new version of the privacy notice"), rights.PLATFORM_MANAGERS
)
rights.register(PUBLISH_NOTICES)


class NoticeRefused(Exception):
    """The notice cannot be published; the message says why. Nothing was changed."""


@dataclass(frozen=True)
class NoticeText:
    """A version of the notice as it is shown: in the language asked for, or in the one that is nearest."""

    version: int
    language: str
    html: str
    changes: str
    effective_from: datetime
    is_asked_language: bool


def current_version() -> int:
    """The version in effect now, 0 when there is none. Every process remembers it for a minute."""
    version: int | None = caches["local"].get(REMEMBERED)
    if version is None:
        version = PrivacyNotice.objects.in_effect().values_list("version", flat=True).first() or 0
        caches["local"].set(REMEMBERED, version, REMEMBERED_SECONDS)
    return version


def versions() -> list[PrivacyNotice]:
    """Those in effect now or before, the newest first."""
    return list(PrivacyNotice.objects.in_effect())


def text_of(notice: PrivacyNotice, language: str) -> NoticeText:
    shown = language if language in notice.texts else settings.LANGUAGE_CODE
    text = notice.texts[shown]
    return NoticeText(
        version=notice.version,
        language=shown,
        html=with_operator(text["html"]),
        changes=text["changes"],
        effective_from=notice.effective_from,
        is_asked_language=shown == language,
    )


def with_operator(html: str) -> str:
    """Whose notice it is: their name and address come from the settings, so a new address is no new version."""
    return html.replace("{operator}", escape(settings.OPERATOR_NAME)).replace(
        "{contact}", escape(settings.OPERATOR_CONTACT)
    )


def preview(texts: dict[str, str], changes: dict[str, str]) -> list[NoticeText]:
    """A version as people would see it, in every language that has a text."""
    fallback = changes.get(settings.LANGUAGE_CODE, "")
    return [
        NoticeText(0, language, with_operator(as_html(text)), changes.get(language) or fallback, timezone.now(), True)
        for language, text in texts.items()
        if text.strip()
    ]


def as_html(markdown: str) -> str:
    return clean_rich_text(_markdown.render(markdown))


@transaction.atomic
def publish(
    *, by: User | None, texts: dict[str, str], changes: dict[str, str], effective_from: datetime | None = None
) -> PrivacyNotice:
    """Publish the next version of the notice.

    `texts` is Markdown by language; `changes` says by language what is new. Effects: one row that is never changed;
    from `effective_from` on (now, when it is empty or past) everybody is asked once; an audit event.
    Refusals: NoticeRefused without a text in the site's own language, without words on what is new in any version but
    the first, when it would come into effect before the version that it follows, or when somebody else publishes at
    the same moment.
    """
    texts = {language: text.strip() for language, text in texts.items() if text.strip()}
    if settings.LANGUAGE_CODE not in texts:
        raise NoticeRefused(_("Write the notice in the site's own language at least."))
    last = PrivacyNotice.objects.first()
    if last is not None and not changes.get(settings.LANGUAGE_CODE, "").strip():
        raise NoticeRefused(_("Say what is new in this version: people who accepted the last one will read it."))
    begins = max(effective_from or timezone.now(), timezone.now())
    if last is not None and begins < last.effective_from:
        raise NoticeRefused(
            _("Version %(version)d comes into effect later than this one would. Choose a later day.")
            % {"version": last.version}
        )
    try:
        with transaction.atomic():
            notice = PrivacyNotice.objects.create(
                version=last.version + 1 if last else 1,
                texts={
                    language: {
                        "markdown": text,
                        "html": as_html(text),
                        "changes": changes.get(language, "").strip() or changes.get(settings.LANGUAGE_CODE, "").strip(),
                    }
                    for language, text in texts.items()
                },
                effective_from=begins,
                published_by=by,
            )
    except IntegrityError as error:
        raise NoticeRefused(
            _("Somebody else has just published a version. Read it first; yours is kept here.")
        ) from error
    if by is not None:
        audit.record(action="privacy.notice_published", actor=by, subject=None, version=notice.version)
    transaction.on_commit(forget)
    return notice


def forget() -> None:
    """Let this process look again; the others do within a minute."""
    caches["local"].delete(REMEMBERED)


def ensure_first_notice() -> None:
    """Write the notice that comes with the product, where there is none. Runs after every `migrate`."""
    if PrivacyNotice.objects.exists():
        return
    files = sorted(SHIPPED.glob("1.*.md"))
    publish(by=None, texts={file.name.split(".")[1]: file.read_text(encoding="utf-8") for file in files}, changes={})


@transaction.atomic
def accept(*, person: User, version: int, language: str) -> None:
    """Write that a person has accepted a version that is in effect, in the language in which they read it.

    Effects: one row per person and version, however often; the newest version on the person's own row.
    Refusals: PrivacyNotice.DoesNotExist.
    """
    notice = PrivacyNotice.objects.in_effect().get(version=version)
    shown = language if language in notice.texts else settings.LANGUAGE_CODE
    NoticeAcceptance.objects.get_or_create(person=person, notice=notice, defaults={"language": shown})
    User.objects.filter(pk=person.pk, notice_version__lt=version).update(notice_version=version)
    person.notice_version = max(person.notice_version, version)


def is_due(person: User) -> bool:
    """Whether there is a version in effect that the person has not accepted. No query, but one in a minute."""
    return person.notice_version < current_version()


def history_of(person: User) -> list[dict[str, Any]]:
    rows = NoticeAcceptance.objects.filter(person=person).select_related("notice")
    return [{"version": row.notice.version, "accepted_at": row.accepted_at, "language": row.language} for row in rows]
