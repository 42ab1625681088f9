from django.utils.translation import gettext_lazy as _

from courses.blocks.groups import MEDIA
from courses.blocks.previews import paragraphs
from courses.blocks.recordings import RecordingBlock, RecordingChooserBlock, SampleRecording


class AudioBlock(RecordingBlock):
    file = RecordingChooserBlock("audio", label=_("Recording"))

    class Meta:
        icon = "media"
        label = _("Audio")
        group = MEDIA
        description = _("Something to listen to, with everything that is said in writing below it.")
        label_format = "{title}"
        template = "blocks/audio.html"
        form_layout = ["file", "title", "transcript"]
        preview_value = {
            "title": _("A border officer tells of a first interview"),
            "file": SampleRecording(_("Audio, 4 min, 2.1 MB")),
            "transcript": paragraphs(_("“I begin by saying who I am, and what will happen next.”")),
        }
