"""What is answered under any hat: an invitation to help in a shop, and `it was not I` about where a shop is paid."""

from typing import Literal, TypedDict

from base.phones import mask
from bot import shop_people
from bot.dialog import RETURN, State, do, tell
from bot.dialogs.means import cause, number_of, take_alone
from bot.payout_chats import may_stop, stoppable
from bot.turn import Turn
from catalog import payout_numbers
from catalog.vendors import vendor


class Helped(TypedDict):
    """The shop's name."""

    shop: str


class Stopped(TypedDict):
    """The number that is not used, masked."""

    number: str


def join_this(turn: Turn, given: str) -> Literal["joined", "none"]:
    """The button of an invitation."""
    return _join(turn, number_of(given))


def join_named(turn: Turn) -> Literal["joined", "none"]:
    """The bare word: the newest invitation."""
    found = shop_people.open_for(turn.db, turn.person.contact_id)
    return _join(turn, found.id if found else 0)


def _join(turn: Turn, invitation_id: int) -> Literal["joined", "none"]:
    turn.memory["invitation"] = invitation_id
    take_alone(turn)
    return "joined" if shop_people.accept(turn.db, invitation_id, turn.person.contact_id) else "none"


def decline_this(turn: Turn, given: str) -> Literal["declined", "none"]:
    """The other button."""
    return _decline(turn, number_of(given))


def decline_named(turn: Turn) -> Literal["declined", "none"]:
    """The bare word: the newest invitation."""
    found = shop_people.open_for(turn.db, turn.person.contact_id)
    return _decline(turn, found.id if found else 0)


def _decline(turn: Turn, invitation_id: int) -> Literal["declined", "none"]:
    turn.memory["invitation"] = invitation_id
    take_alone(turn)
    return "declined" if shop_people.decline(turn.db, invitation_id, turn.person.contact_id) else "none"


def helped(turn: Turn) -> Helped:
    """Values of the answers to who was invited."""
    found = shop_people.invitation(turn.db, number_of(turn.memory.get("invitation", 0)))
    shop = vendor(turn.db, found.vendor_id) if found else None
    return {"shop": shop.name if shop else ""}


def stop_this(turn: Turn, given: str) -> Literal["stopped", "none"]:
    """The button `it was not I`."""
    payout_id = number_of(given)
    return _stop(turn, [payout_id] if may_stop(turn.db, payout_id, turn.person.contact_id) else [])


def stop_named(turn: Turn) -> Literal["stopped", "none"]:
    """The bare word: whatever waits of which he was told. To stop too much costs a day."""
    return _stop(turn, stoppable(turn.db, turn.person.contact_id))


def _stop(turn: Turn, payout_ids: list[int]) -> Literal["stopped", "none"]:
    take_alone(turn)
    stopped = [one for one in payout_ids if payout_numbers.stop(turn.db, one, cause(turn))]
    turn.memory["stopped"] = stopped[:1]
    return "stopped" if stopped else "none"


def stopped(turn: Turn) -> Stopped:
    """Values of `it is stopped`."""
    found = payout_numbers.number(turn.db, next(iter(turn.memory.get("stopped", [])), 0))
    return {"number": mask(found.phone) if found else ""}


COMMANDS = {
    **dict.fromkeys(("rejoindre", "join"), "join_named"),
    **dict.fromkeys(("decliner", "decline"), "decline_named"),
    **dict.fromkeys(("bloquer", "block"), "stop_named"),
}
DOORS = {"join": "join_this", "decline": "decline_this", "not_me": "stop_this"}


def answers() -> dict[str, State]:
    """The states behind those commands."""
    return {
        "join_named": do(join_named, writes="after_yes", joined="joined", none="no_invitation"),
        "joined": tell("joined", RETURN, shows=helped),
        "decline_named": do(decline_named, writes="after_yes", declined="join_declined", none="no_invitation"),
        "join_declined": tell("join_declined", RETURN, shows=helped),
        "no_invitation": tell("no_invitation", RETURN),
        "stop_named": do(stop_named, writes="after_yes", stopped="payout_stopped", none="nothing_to_stop"),
        "payout_stopped": tell("payout_stopped", RETURN, shows=stopped),
        "nothing_to_stop": tell("nothing_to_stop", RETURN),
    }


def buttons() -> dict[str, State]:
    """The states behind the buttons of notices, which go to who may have no other hat than the buyer's."""
    return {
        "join_this": do(join_this, writes="after_yes", joined="joined", none="no_invitation"),
        "decline_this": do(decline_this, writes="after_yes", declined="join_declined", none="no_invitation"),
        "stop_this": do(stop_this, writes="after_yes", stopped="payout_stopped", none="nothing_to_stop"),
    }
