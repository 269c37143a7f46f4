"""What lies there of a product on show, as a vendor counts it: shown before it is taken."""

from typing import Literal

from bot.dialogs.means import number_of
from bot.dialogs.vendor import drafts, unchanged
from bot.dialogs.vendor.asks import Draft
from bot.dialogs.vendor.drafts import DRAFT
from bot.turn import Turn
from catalog import matching


def count_card(turn: Turn, units_said: int) -> Literal["kept", "gone"]:
    """What lies there of the product on show; shown before it is taken."""
    good_id = number_of(turn.memory.get("good", 0))
    draft: Draft = {"lines": [(good_id, "count", units_said, 0)], "todo": [], "unknown": [], "is_sure": False}
    if not matching.goods(turn.db, turn.person.vendor_ids, [good_id]):
        return "gone"
    draft["card"] = True
    drafts.propose(turn, draft)
    turn.memory[DRAFT] = draft
    return "kept"


def count_anew(turn: Turn, units_said: int) -> Literal["kept", "gone", "same"]:
    """The same; same: so many lie there already."""
    outcome = count_card(turn, units_said)
    if outcome == "kept" and unchanged.leave_out(turn, drafts.draft_of(turn)):
        return "same"
    return outcome
