from elearn.people.models.institution import Action, Institution, Membership
from elearn.people.models.privacy import DataExport, ErasureRequest, NoticeAcceptance, PrivacyNotice
from elearn.people.models.role import RoleGrant
from elearn.people.models.user import User

__all__ = [
    "Action",
    "DataExport",
    "ErasureRequest",
    "Institution",
    "Membership",
    "NoticeAcceptance",
    "PrivacyNotice",
    "RoleGrant",
    "User",
]
