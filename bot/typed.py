"""What somebody of ours typed of a vendor's voice note, read as if the vendor had written it: nothing is done by that.

What it changes of his goods is proposed and shown to him, whatever else it says he has done by a button of his notice.
"""

from collections.abc import Sequence
from dataclasses import replace

from base import facts
from bot import attention, voices
from bot.dialogs.vendor import changes, drafts, spoken_of, stocking
from bot.dialogs.vendor.asks import Draft
from bot.dialogs.vendor.dialog import VENDOR
from bot.messages import Happened
from bot.recognising import recognise
from bot.routing import LIKELY, SURE, way_of_voice
from bot.turn import Turn
from bot.voices import How, VoiceRead
from bot.world import Spoken


def read(turn: Turn, happened: Happened) -> None:
    """Read it in the vendor's own turn; what he hears of it is a notice."""
    if VENDOR.name not in turn.person.hats:
        _tell(turn, happened.words, "no_shop")
        return
    heard = recognise(turn, VENDOR.name, happened.words)
    as_his = replace(turn, words=happened.words, heard=heard, is_by_voice=True)
    if _is_of_goods(as_his):
        if not stocking.may_all(as_his):
            _tell(turn, happened.words, "may_not")
            return
        draft = _draft(as_his)
        if "adjustment" in draft:
            _tell(turn, happened.words, "asked", changes.told(as_his, draft), draft["adjustment"])
            return
    way = way_of_voice(VENDOR, Spoken(happened.words, heard))
    if way and (_is_of_goods(as_his) or all(one.confidence >= SURE for one in way.heard)):
        _tell(turn, happened.words, "meant")
        return
    about = {"inbox": list(happened.rows), "typed": happened.words}
    attention.ask_for_person(turn.db, turn.conversation_id, turn.person.contact_id, voices.UNCLEAR, about)
    _tell(turn, happened.words, "unclear")


def _is_of_goods(turn: Turn) -> bool:
    return bool(turn.heard) and all(one.intent in drafts.KINDS and one.confidence >= LIKELY for one in turn.heard)


def _draft(turn: Turn) -> Draft:
    """What it changes; proposed where nothing has to be asked first."""
    draft: Draft = {"lines": [], "todo": [], "unknown": [], "is_sure": False}
    drafts.add(turn, draft, spoken_of.with_goods(turn))
    drafts.clear(turn, draft)
    return draft


def _tell(turn: Turn, words: str, how: How, lines: str = "", adjustment_id: int = 0) -> None:
    shops: Sequence[int] = turn.person.vendor_ids
    fact = VoiceRead(turn.conversation_id, turn.inbox_id or 0, next(iter(shops), 0), words, how, lines, adjustment_id)
    facts.record(turn.db, fact)
