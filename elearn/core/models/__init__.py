from elearn.core.models.audit import AuditEvent
from elearn.core.models.media import Handout, Picture, PictureRendition, Recording, RecordingCaptions, RecordingKind
from elearn.core.models.work import PendingWork

__all__ = [
    "AuditEvent",
    "Handout",
    "PendingWork",
    "Picture",
    "PictureRendition",
    "Recording",
    "RecordingCaptions",
    "RecordingKind",
]
