"""Who decides on certificates and on trainers: one right, and its reach, for each. Registered in `ready()`."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from elearn.people.domain import rights
from elearn.people.domain.rights import MANAGERS, PLATFORM_MANAGERS, Reach, Right
from elearn.people.enums import Role, Scope

HANDLE = Right(
    "certificates.handle",
    _("see, correct, hold, release and revoke certificates: all, or those of an Action"),
    MANAGERS,
)
RULE = Right(
    "authorisations.rule",
    _("say how trainers of a course are made, and for how long certificates are valid"),
    PLATFORM_MANAGERS,
)
AUTHORISE = Right(
    "authorisations.decide",
    _("see, suspend and withdraw the authorisations of trainers: all, or those of an Action's institutions"),
    MANAGERS,
)
ENDORSE = Right(
    "authorisations.endorse",
    _("say whether somebody of the institution should train others there, and see its trainers"),
    {Role.FOCAL_POINT: (Scope.INSTITUTION,)},
)
SEE_LINEAGE = Right(
    "lineage.see",
    _("see who trained whom and with what results; a focal point sees the institution's own trainers"),
    {**MANAGERS, Role.FOCAL_POINT: (Scope.INSTITUTION,)},
)
ALL = (HANDLE, RULE, AUTHORISE, ENDORSE, SEE_LINEAGE)


def register() -> None:
    for right in ALL:
        rights.register(right)


def of_enrolments(reach: Reach, prefix: str = "") -> Q:
    """Rows whose enrolment the reach covers, by the Action or institution as they were when enrolling.

    `prefix` leads from the rows to the enrolment: "enrolment__" for certificates.
    """
    if reach.everywhere:
        return Q()
    return Q(**{f"{prefix}action__in": reach.action_ids}) | Q(**{f"{prefix}institution__in": reach.institutions()})
