"""What somebody who is blocked is heard to say: what the law gives everybody, and nothing else; he is told once."""

from typing import Final

from base.spelling import fold
from bot.messages import Incoming
from bot.opt_words import read_opt
from bot.session import Session
from bot.turn import Turn
from bot.world import Bubble, Moment, Route, Turned

TOLD: Final = "blocked.told"  # the text, and what a chat's memory knows of it
FREE_WORDS: Final = frozenset(
    {"suivi", "mes commandes", "my orders", "orders", "annonces", "announcements", "mes donnees", "my data"}
    | {"corriger", "correct", "supprimer", "supprimer mes donnees", "effacer mes donnees", "delete", "delete my data"}
    | {"annuler la suppression", "keep my data", "langue", "language"}
)
FREE_STATES: Final = frozenset(
    f"buyer.{name}"
    for name in (
        "my_data",
        "correct",
        "correct_name",
        "name_sure",
        "correct_phone",
        "erase_sure",
        "erase_before",
        "language",
    )
)


def way_while_blocked(session: Session, said: Incoming, moment: Moment) -> Route | None:
    """None for what is heard as usual: opting out, what is kept of him, his orders, and answers to these questions."""
    if not moment.blocked or said.happened or said.signal:
        return None
    if said.comment:
        return Route("quiet")
    is_free = session.state in FREE_STATES or fold(said.text) in FREE_WORDS or read_opt(said.text)
    return None if is_free and not said.media else Route("blocked")


def told(moment: Moment) -> tuple[Bubble, ...]:
    """That he is blocked, once."""
    return (Bubble(TOLD, {}),) if moment.blocked == "new" else ()


def note_block(turn: Turn, turned: Turned) -> None:
    """The chat remembers that he was told; a block that has ended is told anew when there is another."""
    if not turn.person.is_blocked:
        turn.memory.pop(TOLD, None)
    elif turned.route.how == "blocked":
        turn.memory[TOLD] = True
