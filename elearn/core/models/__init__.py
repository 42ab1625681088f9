from elearn.core.models.audit import AuditEvent
from elearn.core.models.media import Handout, Picture, PictureRendition
from elearn.core.models.work import PendingWork

__all__ = ["AuditEvent", "Handout", "PendingWork", "Picture", "PictureRendition"]
