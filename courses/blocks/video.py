from django.utils.translation import gettext_lazy as _

from courses.blocks.groups import MEDIA
from courses.blocks.previews import paragraphs
from courses.blocks.recordings import (
    RecordingBlock,
    RecordingChooserBlock,
    SampleRecording,
    VideoValue,
    demand_captions,
)


class VideoBlock(RecordingBlock):
    file = RecordingChooserBlock("video", label=_("Recording"))

    class Meta:
        icon = "media"
        label = _("Video")
        group = MEDIA
        description = _(
            "Something to watch, with captions, and with everything that is said and shown in writing below it."
        )
        label_format = "{title}"
        template = "blocks/video.html"
        value_class = VideoValue
        form_layout = ["file", "title", "transcript"]
        preview_value = {
            "title": _("Welcoming a person at the counter"),
            "file": SampleRecording(_("Video, 3 min, 12 MB")),
            "transcript": paragraphs(_("An officer stands up, greets the person and offers a chair.")),
        }

    def clean(self, value: VideoValue) -> VideoValue:
        cleaned: VideoValue = super().clean(value)
        if not self.is_deferred_validation:  # A draft may wait for its captions.
            demand_captions(cleaned)
        return cleaned
