"""What can be done with a line of the list besides settling it: by its kind, and how each begins."""

from typing import Final

from bot import accounts, flags, suspension, voices
from bot.attention import Item
from bot.dialogs.means import number_of
from bot.dialogs.organizer import deciding, planning
from bot.turn import Turn
from orders import reports
from orders.states import OPEN

COMMON: Final = ("settle", "others")
PLANNED: Final = frozenset({"resume_account", "take_again", "warn", "suspend_shop", "block_person"})


def ways_of(turn: Turn, item: Item) -> tuple[str, ...]:
    """In the order in which they are offered."""
    return deciding.WAYS_OF.get(item.kind) or (*_own(turn, item), *_chat(item), *COMMON)


def _chat(item: Item) -> tuple[str, ...]:
    """Answering by hand, where a person waits for words; himself only where there is more than this program for it."""
    if not item.has_chat:
        return ()
    if item.is_held:
        return ("answer", "release")
    return ("answer", "hold") if item.has_inbox else ("answer",)


def _own(turn: Turn, item: Item) -> tuple[str, ...]:
    """What can be done with a line of this kind alone."""
    match item.kind:
        case "code_locked":
            return ("unlock",)
        case suspension.KIND:
            return ("restore",)
        case voices.KIND:
            return ("type",)
        case "account_paused":
            return ("resume_account",)
        case "message_dead":
            return ("take_again",)
        case flags.KIND:
            return _of_flag(turn, item)
    return ("taken",) if item.kind == "payment_to_arrange" and has_ended(turn, item) else ()


def _of_flag(turn: Turn, item: Item) -> tuple[str, ...]:
    found = flags.flag(turn.db, number_of(item.about.get("flag", "")))
    if found is None:
        return ()
    return ("warn", "suspend_shop") if found.vendor_id else ("warn", "block_person")


def has_ended(turn: Turn, item: Item) -> bool:
    """Whether nobody prepares or brings any more what a line is about, by a job or before it came."""
    part = reports.part(turn.db, number_of(item.about.get("vendor_order", "")))
    if part is None or part.state not in OPEN:
        return part is not None
    return part.state == "placed" and part.expires_at is not None and part.expires_at <= turn.now


def plan(turn: Turn, item: Item, way: str) -> None:
    """Begin what is shown and confirmed before it is done; its line is settled with it."""
    match way:
        case "resume_account":
            key = accounts.key_of(turn.db, number_of(item.about.get("account", "")))
            planning.propose(turn, "resume", name=key, line=item.id)
        case "take_again":
            planning.propose(
                turn, "again", id=number_of(item.about.get("inbox", "")), name=item.name or "…", line=item.id
            )
        case _:
            _plan_of_flag(turn, item, way)


def _plan_of_flag(turn: Turn, item: Item, way: str) -> None:
    found = flags.flag(turn.db, number_of(item.about.get("flag", "")))
    if found is None:
        return
    name = found.shop or found.buyer or "…"
    acts = {
        "warn": ("warn", found.id),
        "suspend_shop": ("suspend", found.vendor_id),
        "block_person": ("block", found.about_id),
    }
    act, id_ = acts[way]
    planning.propose(turn, act, id=id_ or 0, name=name, line=item.id)
