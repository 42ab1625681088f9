import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from elearn.people.enums import MembershipState
from elearn.people.models import Action, Institution, Membership, User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    printed_name = factory.Sequence(lambda n: f"Person {n}")
    is_active = True
    notice_version = 1  # They have accepted the notice that comes with the product.

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        self.set_password(extracted or "correct horse battery")
        self.save()


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"Institution {n}")
    country = "PT"


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    code = factory.Sequence(lambda n: f"ACT-{n}")
    title = factory.Sequence(lambda n: f"Action {n}")


class MembershipFactory(DjangoModelFactory):
    """A claim; `confirmed=True` makes it one that somebody has confirmed."""

    class Meta:
        model = Membership

    class Params:
        confirmed = factory.Trait(
            state=MembershipState.CONFIRMED,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory),
        )

    person = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)
    starts_on = datetime.date(2025, 1, 1)
