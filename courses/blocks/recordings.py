"""What the blocks of sound and of moving pictures share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, StructBlockValidationError, StructValue
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.snippets.widgets import AdminSnippetChooser

from courses.blocks.text import RunningTextBlock

TRANSCRIPT_HELP = _(
    "Everything that is said, and what else is heard or seen and matters, for those who cannot hear it, cannot play it "
    "here or pay for every megabyte."
)


class RecordingChooser(AdminSnippetChooser):
    """A chooser that lists recordings of one kind."""

    def __init__(self, model: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(model, **kwargs)
        self.kind = kind

    def get_chooser_modal_url(self) -> str:
        return f"{super().get_chooser_modal_url()}?kind={self.kind}"


class RecordingChooserBlock(SnippetChooserBlock):
    """Chooses a core.Recording of one kind, and loads its captions and its poster with it."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__("core.Recording", **kwargs)
        self.kind = kind

    @property
    def widget(self) -> RecordingChooser:
        return RecordingChooser(self.target_model, self.kind, icon="media")

    def clean(self, value: Any) -> Any:
        recording = super().clean(value)
        if recording is not None and recording.kind != self.kind:
            raise ValidationError(_("This recording is of the other kind. Choose another, or use the other block."))
        return recording

    def bulk_to_python(self, values: list) -> list:
        rows = self.target_model.objects.select_related("poster").prefetch_related("captions")
        found = rows.in_bulk([value for value in values if value is not None])
        return [found.get(value) for value in values]


class SampleRecording:
    """Stands where a block has a recording, in the previews of the editor."""

    pk = 0
    file = poster = None
    width, height = 640, 360

    def __init__(self, in_words: Any) -> None:
        self.in_words = in_words


class RecordingBlock(StructBlock):
    """A recording with its words. Without a transcript nothing is published: the block demands it."""

    title = CharBlock(label=_("Title"), max_length=200, help_text=_("What there is to hear or see."))
    transcript = RunningTextBlock(label=_("Transcript"), help_text=TRANSCRIPT_HELP)


class VideoValue(StructValue):
    @property
    def has_captions(self) -> bool:
        return bool(self["file"] and len(self["file"].captions.all()))


def demand_captions(value: VideoValue) -> None:
    """Raise, in words for an author, when a video is to be published that nobody has captioned."""
    if value["file"] and not value.has_captions:
        raise StructBlockValidationError(
            block_errors={
                "file": ValidationError(
                    _("This video has no captions. Add them to the recording first: edit it under “Recordings”.")
                )
            }
        )
