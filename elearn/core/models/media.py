import secrets
from pathlib import PurePosixPath
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, to_locale
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import CollectionMember
from wagtail.search import index

from elearn.core import recordings
from elearn.core.uploads import check_captions, check_document, check_picture, check_recording


class Picture(AbstractImage):
    """An author's picture: it says what it shows, or says that it only decorates."""

    alt_text = models.CharField(
        _("text alternative"),
        max_length=400,
        blank=True,
        help_text=_("What the picture tells, for somebody who cannot see it."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It carries no information; screen readers skip it.")
    )

    admin_form_fields = ("title", "file", "alt_text", "is_decorative", "collection", "tags")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_decorative=True) | ~models.Q(alt_text=""),
                name="picture_has_alt_text_or_is_decorative",
                violation_error_message=_("Say what the picture shows, or mark it as decorative."),
            )
        ]

    @property
    def default_alt_text(self) -> str:
        return "" if self.is_decorative else self.alt_text

    def clean(self) -> None:
        super().clean()
        if self.file and not getattr(self.file, "_committed", True):
            try:
                check_picture(self.file, self.file.name)
            except ValueError as error:
                raise ValidationError({"file": str(error)}) from error


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]


def private_storage():  # type: ignore[no-untyped-def]
    return storages["private"]


class Handout(AbstractDocument):
    """A file to download from a lesson. Stored privately; a checked view hands it out."""

    file = models.FileField(_("file"), upload_to="documents", storage=private_storage)

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file to download")
        verbose_name_plural = _("files to download")

    def clean(self) -> None:
        super().clean()
        if self.file and not getattr(self.file, "_committed", True):
            try:
                check_document(self.file, self.file.name or "")
            except ValueError as error:
                raise ValidationError({"file": str(error)}) from error


class RecordingKind(models.TextChoices):
    AUDIO = recordings.AUDIO, _("audio")
    VIDEO = recordings.VIDEO, _("video")


def recording_path(instance: models.Model, name: str) -> str:
    """A folder of its own for each file: its address never comes back with another content."""
    path = PurePosixPath(name)
    stem = slugify(path.stem)[:80] or "recording"
    return f"recordings/{secrets.token_hex(4)}/{stem}{path.suffix.lower()}"


def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


class Recording(CollectionMember, index.Indexed, ClusterableModel):
    """Sound or moving pictures. What it is and how long it lasts is read from the file, never believed of its name."""

    title = models.CharField(_("title"), max_length=255)
    file = models.FileField(
        _("file"),
        upload_to=recording_path,
        max_length=255,
        help_text=_("Audio: MP3 or M4A; OGG is silent on older telephones. Video: MP4 (H.264) or WebM."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=RecordingKind.choices, editable=False)
    seconds = models.PositiveIntegerField(_("length in seconds"), null=True, editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    file_size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    poster = models.ForeignKey(
        "core.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture before it plays"),
        help_text=_("For a video only."),
    )

    panels: ClassVar[list] = [
        FieldPanel("title"),
        FieldPanel("file"),
        FieldPanel("poster"),
        FieldPanel("collection"),
        InlinePanel(
            "captions",
            heading=_("Captions"),
            label=_("Captions in a language"),
            help_text=_("A video needs captions in the language that is spoken; those in other languages help others."),
        ),
    ]
    search_fields: ClassVar[list] = [
        *CollectionMember.search_fields,
        index.SearchField("title", boost=10),
        index.AutocompleteField("title"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["title", "pk"]
        permissions = [("choose_recording", "Can choose recording")]  # As Wagtail has it for pictures and files.
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RecordingKind.values), name="recording_is_audio_or_video"
            ),
            models.CheckConstraint(
                condition=models.Q(poster=None) | models.Q(kind=RecordingKind.VIDEO),
                name="recording_with_poster_is_video",
                violation_error_message=_("Only a video has a picture before it plays."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_video(self) -> bool:
        return self.kind == RecordingKind.VIDEO

    @property
    def length(self) -> str:
        """How long it lasts, in words; empty where the file does not say."""
        if not self.seconds:
            return ""
        if self.seconds < 60:
            return ngettext("%d s", "%d s", self.seconds) % self.seconds
        minutes = round(self.seconds / 60)
        return ngettext("%d min", "%d min", minutes) % minutes

    @property
    def in_words(self) -> str:
        """What somebody on a slow line wants to know first: “Audio, 4 min, 2.1 MB”."""
        kind = _("Video") if self.is_video else _("Audio")
        return ", ".join(str(part) for part in (kind, self.length, filesizeformat(self.file_size)) if part)

    def clean(self) -> None:
        super().clean()
        if self.file and not getattr(self.file, "_committed", True):
            before = self.kind
            try:
                self.take_facts()
            except ValueError as error:
                raise ValidationError({"file": str(error)}) from error
            if self.pk and before and before != self.kind:
                raise ValidationError({"file": _("This is of another kind than before. Make a new recording of it.")})

    def take_facts(self) -> None:
        """Check the new file and note what it says of itself. Raises ValueError, in words for a person."""
        facts = check_recording(self.file.file, PurePosixPath(self.file.name or "").name)
        self.kind = facts.kind
        self.seconds = None if facts.seconds is None else max(1, round(facts.seconds))
        self.width, self.height = facts.width, facts.height
        self.file_size = self.file.size


class RecordingCaptions(models.Model):
    """The captions of a recording in one language."""

    recording = ParentalKey(Recording, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(_("language"), max_length=10, choices=languages)
    file = models.FileField(
        _("file"), upload_to=recording_path, max_length=255, help_text=_("WebVTT (.vtt): times and text.")
    )

    panels: ClassVar[list] = [FieldPanel("language"), FieldPanel("file")]

    class Meta:
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "language"],
                name="one_captions_file_per_language",
                violation_error_message=_("There are captions in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recording}: {self.get_language_display()}"

    @property
    def html_language(self) -> str:
        """As HTML and course packages write it: pt-BR."""
        return to_locale(self.language).replace("_", "-")

    def clean(self) -> None:
        super().clean()
        if self.file and not getattr(self.file, "_committed", True):
            try:
                check_captions(self.file.file, PurePosixPath(self.file.name or "").name)
            except ValueError as error:
                raise ValidationError({"file": str(error)}) from error
