from elearn.messages.models.message import Message

__all__ = ["Message"]
