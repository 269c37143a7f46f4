"""An organizer's second factor is set up: a page with the secret for his app, then a first code that proves it."""

from datetime import timedelta
from typing import Literal, TypedDict

from bot import files, locks, second_factor, second_factor_page
from bot.turn import Turn

SHOWN = timedelta(minutes=10)


class Link(TypedDict):
    """The address of the page, as a button where there are buttons."""

    link: str


def begin(turn: Turn) -> Literal["begun", "enrolled"]:
    """A new secret, unless one is proven already. Raises Alone in a batch when he is busy."""
    locks.contact(turn.db, turn.person.contact_id)
    return "begun" if second_factor.enrol(turn.db, turn.person.contact_id) else "enrolled"


def page(turn: Turn) -> Link:
    """Values of the question for the first code: the secret itself is in no row and in no log."""
    path = files.path_to(second_factor_page.KIND, turn.config.secret_key, turn.person.contact_id, turn.now + SHOWN)
    return {"link": f"{turn.config.server.base_url}{path}"}


def waits(turn: Turn) -> bool:
    """Whether he has begun, and has proven nothing yet."""
    is_begun = "select exists (select from second_factor where contact_id = %(id)s and enrolled_at is null)"
    return bool(turn.db.value(is_begun, id=turn.person.contact_id))
