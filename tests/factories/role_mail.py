"""What the tables of roles name of mail."""

from elearn.messages.domain.stopping import token_of
from elearn.messages.enums import Category
from tests.factories.role_world import World


def mail_facts(world: World) -> dict[str, object]:
    """The links by which the learners of North and South stop mail, and the choice of getting none."""
    return {
        "stop_north": token_of(world.north.person, ["forum", "trainer"]),
        "stop_south": token_of(world.south.person, ["forum", "trainer"]),
        "no_mail": "&".join(f"{category.value}=never" for category in Category),
    }
