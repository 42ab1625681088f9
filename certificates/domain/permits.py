"""Whether a certificate may be issued on the authority under which it was earned."""

from dataclasses import dataclass

from certificates.enums import HeldFor
from certificates.models import TrainerAuthorisation
from courses.models import Enrolment


@dataclass(frozen=True)
class Permit:
    """`authorisation` is that of the cohort's trainer, None for the programme; `held_for`: why nothing is issued."""

    authorisation: TrainerAuthorisation | None = None
    held_for: HeldFor | None = None


def permit_for(enrolment: Enrolment) -> Permit:
    """What the cohort of a completed enrolment rests on at this moment. Called with the enrolment locked."""
    return Permit()
