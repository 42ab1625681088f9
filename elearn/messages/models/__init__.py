from elearn.messages.models.message import Message
from elearn.messages.models.preference import MailPreference

__all__ = ["MailPreference", "Message"]
