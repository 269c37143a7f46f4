"""What is said once in a person's life, below an answer: what is kept of him, and that English is spoken here."""

from collections.abc import Sequence
from dataclasses import replace

from base.db import Alone
from bot import consent
from bot.english import is_english
from bot.messages import Identity
from bot.texts import say
from bot.turn import Turn
from bot.world import Turned

KEPT, ENGLISH = "first.kept", "first.english"
MET, TOLD, OFFERED = "met", "told_kept", "offered_english"  # what a chat's memory knows of it
UNASKED = frozenset({"sorry", "signal", "hurried"})  # answers that are none to what a person said
HAT = "buyer"  # a vendor and an organizer are told by the person who registers them


def meet(turn: Turn, names: Sequence[Identity]) -> None:
    """In the first turn of a chat: what somebody of these names stopped before he was erased stays stopped."""
    if turn.memory.get(MET) or not names:
        return
    stopped = consent.kept_for(turn.db, turn.config.lasting_key, names)
    if stopped:
        if turn.db.in_batch:  # the turn may need locks after this has written
            raise Alone
        consent.take_back(turn, consent.AS_BEFORE, stopped)
    turn.memory[MET] = True


def say_once(turn: Turn, turned: Turned) -> tuple[str, ...]:
    """The text keys that belong below this answer; what is told now is logged, in its exact words."""
    if turned.session.hat != HAT or not turned.bubbles or turned.route.how in UNASKED:
        return ()
    return (*_kept(turn), *_english(turn))


def _kept(turn: Turn) -> tuple[str, ...]:
    if turn.memory.get(TOLD):
        return ()
    turn.memory[TOLD] = True
    if consent.is_logged(turn.db, turn.person.contact_id, consent.KEPT):
        return ()
    consent.log_told(turn, say(turn.person.language, KEPT, {}))
    return (KEPT,)


def _english(turn: Turn) -> tuple[str, ...]:
    if turn.person.language == "en" or turn.memory.get(OFFERED) or not is_english(turn.words):
        return ()
    turn.memory[OFFERED] = True
    return (ENGLISH,)


def below(turned: Turned, footnotes: Sequence[str]) -> Turned:
    """The turn with these texts below its last bubble."""
    if not footnotes:
        return turned
    *first, last = turned.bubbles
    return replace(turned, bubbles=(*first, replace(last, footnotes=tuple(footnotes))))
