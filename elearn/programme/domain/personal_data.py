"""What the programme's records keep about people: who decided, wrote or ordered."""

from elearn.people.domain.personal_data import Contribution, Identity, Table
from elearn.people.models import User


def collect(person: User) -> list[Table]:
    """Nothing: these records are about institutions."""
    return []


def erase(person: User, identity: Identity) -> None:
    """Nothing to remove: they name people by their account alone."""


CONTRIBUTION = Contribution(
    name="programme",
    collect=collect,
    erase=erase,
    holds=frozenset(),
    acts=frozenset(
        {
            "programme.DonorReport.asked_by",
            "programme.ReportSchedule.owner",
            "programme.RequestMessage.by",
            "programme.TrainingRequest.decided_by",
        }
    ),
)
