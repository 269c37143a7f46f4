"""How a part of an order comes to be meant: by a command, or by a sentence that asks first."""

from bot.dialog import RETURN, State, choose, do, pick
from bot.dialogs.vendor import parts
from orders.states import Action


def ways_to(verb: str, action: Action, then: str) -> dict[str, State]:
    """How a part comes to be meant: by a command, or by a sentence that asks first."""
    return {
        f"{verb}_named": do(
            parts.naming(action), found=then, several=f"{verb}_which", none="none_waiting", unknown="unknown_part"
        ),
        f"{verb}_heard": do(
            parts.hearing(action),
            found=f"{verb}_sure",
            several=f"{verb}_which",
            none="none_waiting",
            unknown="unknown_part",
        ),
        f"{verb}_which": pick(
            f"{verb}_which",
            parts.choosing(action),
            parts.taking(action),
            none="menu",
            spoken=["no"],
            found=then,
            unknown="unknown_part",
            no=RETURN,
        ),
        f"{verb}_sure": choose(
            f"{verb}_sure", shows=parts.sure_of(action), stands=parts.waiting_for(action), yes=then, no=RETURN
        ),
    }
