"""The good that a vendor speaks of where he names none: the one whose price he set, or was shown, last."""

from collections.abc import Mapping, Sequence

from bot.dialogs.means import number_of
from bot.dialogs.vendor import drafts
from bot.dialogs.vendor.changes import ADJUSTED
from bot.messages import Heard
from bot.turn import Turn
from bot.understanding.terms_slots import FROM
from catalog import adjusting
from catalog.adjusting import Seen


def with_goods(turn: Turn) -> Sequence[Heard]:
    """The readings, those of a price without a good (`non c'est 2000`, `à partir de 10 c 900`) with theirs."""
    if not any(one.intent == "set_price" and not _names_goods(one) for one in turn.heard):
        return turn.heard
    last = adjusting.preview(
        turn.db, number_of(drafts.draft_of(turn).get("adjustment") or turn.memory.get(ADJUSTED) or 0)
    )
    return [
        one if _names_goods(one) else Heard(one.intent, {**_meant(one, last), **one.slots}, one.confidence)
        for one in turn.heard
        if one.intent in drafts.KINDS
    ]


def _names_goods(heard: Heard) -> bool:
    return bool(heard.slots.get("product") or heard.slots.get("is_all"))


def _meant(heard: Heard, last: Sequence[Seen]) -> Mapping[str, str]:
    """A price for many is of the one good that was changed last, in whatever way; of several, which one is asked."""
    names = [seen.name for seen in last if FROM in heard.slots or seen.line.kind == "price"]
    is_clear = bool(names) and (FROM not in heard.slots or len(set(names)) == 1)
    return {"product": names[-1]} if is_clear else {}
