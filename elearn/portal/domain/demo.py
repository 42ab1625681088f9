"""The people of the demonstration: one for each role, all invented. Their password is known to everybody."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from elearn.core.checks import DEMO_DOMAIN
from elearn.people.domain import notices
from elearn.people.domain.roles import grant_role
from elearn.people.enums import InstitutionKind, MembershipState, Role
from elearn.people.models import Institution, Membership, User

PASSWORD = "demo"  # noqa: S105  Everybody knows it; elearn.core.checks keeps it off public sites.
INSTITUTION = "Ministry of Migration (invented)"
NO_COUNTRY = "XX"  # ISO 3166-1 leaves this code to its users.


@dataclass(frozen=True)
class DemoPerson:
    login: str
    printed_name: str
    does: str
    post: str = ""
    role: Role | None = None
    latin_name: str = ""

    @property
    def email(self) -> str:
        return f"{self.login}@{DEMO_DOMAIN}"


ADMIN = DemoPerson("admin", "Sefa Leota", "administers the site")
PEOPLE = (
    ADMIN,
    DemoPerson("manager", "Sophea Chann", "runs the programme", "Programme manager", Role.MANAGER),
    DemoPerson(
        "focal", "ليلى بن عمر", "speaks for an institution", "Head of training", Role.FOCAL_POINT, "Leila Ben Omar"
    ),
    DemoPerson("author", "Nino Beridze", "writes courses in /cms/", "Course author", Role.AUTHOR),
    DemoPerson("reviewer", "Keiko Arana", "reviews courses as an expert", "Legal adviser", Role.REVIEWER),
    DemoPerson("editor", "Mateus Nhambe", "approves and releases courses", "Course editor", Role.EDITOR),
    DemoPerson("trainer", "Tomás Quispe Rojas", "trains colleagues", "Senior trainer", Role.TRAINER),
    DemoPerson("learner", "Amina Diallo", "takes courses", "Case officer"),
)


class NotTheDemo(Exception):
    """Demo people would be a way in for everybody."""


@transaction.atomic
def make_demo_people() -> list[User]:
    """Make the demo people who do not exist yet, and answer the new ones.

    Effects: accounts with a confirmed address and the known password, roles, and confirmed posts in one invented
    institution. Somebody who exists already is left as they are.
    Refusals: NotTheDemo unless DEMO=1.
    """
    if not settings.DEMO:
        raise NotTheDemo("Demo people have a password that everybody knows; they are made with DEMO=1 only.")
    existing = set(User.objects.filter(email__in=[person.email for person in PEOPLE]).values_list("email", flat=True))
    return [_make(person) for person in PEOPLE if person.email not in existing]


def _make(person: DemoPerson) -> User:
    create = User.objects.create_superuser if person is ADMIN else User.objects.create_user
    user = create(person.email, PASSWORD, printed_name=person.printed_name, latin_name=person.latin_name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    notices.accept(person=user, version=notices.current_version(), language=user.language)
    if person is ADMIN:
        return user
    admin = User.objects.get(email=ADMIN.email)
    institution, _created = Institution.objects.get_or_create(
        name=INSTITUTION, country=NO_COUNTRY, defaults={"kind": InstitutionKind.MINISTRY}
    )
    now = timezone.now()
    Membership.objects.create(
        person=user,
        institution=institution,
        post=person.post,
        state=MembershipState.CONFIRMED,
        starts_on=now.date(),
        decided_by=admin,
        decided_at=now,
    )
    if person.role is not None:
        scope = institution if person.role == Role.FOCAL_POINT else None
        grant_role(person=user, role=person.role, granted_by=admin, institution=scope)
    return user
