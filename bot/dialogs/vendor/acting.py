"""What a vendor does with the part that is meant: answer it, prepare it, hand it over, deliver it."""

from collections.abc import Callable
from typing import Literal, TypedDict

from bot import rights
from bot.dialogs.means import TYPED_WORD, cause, words
from bot.dialogs.vendor import shortage
from bot.dialogs.vendor.leaving import told_deposit
from bot.dialogs.vendor.parts import (
    LEFT,
    Coded,
    Contact,
    Meant,
    Sure,
    code_for,
    code_meant,
    find,
    hearing,
    mean,
    meant_id,
    own,
    speak_of,
    sure_of,
    waiting_for,
)
from bot.messages import Incoming
from bot.order_words import reason_told
from bot.turn import Turn
from orders import progress, reports, states
from orders.codes import read_prefix
from orders.progress import RefusalReason
from orders.states import Action, Outcome

PIN_DIGITS = 4
REASONS: tuple[RefusalReason, ...] = ("shortage", "closed", "too_far", "other")
Done = Literal["done", "already", "too_early", "closed", "unknown"]


REASON_TOLD = "reason_told"  # in memory: the part, and why it is refused, as a sentence gave it


class Refusal(Sure):
    """And why, with a line break before it; '' where no reason was told."""

    why: str


class Away(Coded):
    """And who is to be called."""

    contact: list[Contact]


class ToldPin(TypedDict):
    """The code that the buyer told."""

    pin: str


class Pin(ToldPin):
    """And the order it is for."""

    code: str


def accept(turn: Turn) -> Literal["done", "already", "closed", "unknown"]:
    """The vendor will prepare it."""
    part_id, opening = speak_of(turn, states.ACCEPT), turn.config.market.opening
    match progress.accept(turn.db, part_id, rights.shops(turn, "orders"), cause(turn), opening):
        case "done":
            return "done"
        case "already":
            return "already"
        case "not_yours":
            return "unknown"
        case _:
            return "closed"


def look_refusable(turn: Turn) -> Literal["open", "already", "closed"]:
    """Whether it makes sense to ask why."""
    match _answer(turn, states.REFUSE):
        case "done":
            return "open"
        case "already":
            return "already"
        case _:
            return "closed"


def look_deliverable(turn: Turn) -> Literal["open", "already", "too_early", "closed", "locked"]:
    """Whether it makes sense to ask for the buyer's code."""
    match _answer(turn, states.DELIVER):
        case "done":
            return _look_at_lock(turn)
        case "already":
            return "already"
        case "too_early":
            return "too_early"
        case _:
            return "closed"


def hear_away(turn: Turn) -> Literal["open", "otherwise", "several", "none", "unknown"]:
    """Whose customer is away or lacks his code: what can be done, or how an order stands that is not on its way."""
    found = hearing(states.DELIVER)(turn)
    if found != "found":
        return found
    turn.memory["shown"] = meant_id(turn, states.DELIVER)
    return "open" if is_pin_wanted(turn) else "otherwise"


def away(turn: Turn) -> Away:
    """Values of `what has happened?`, where the customer is away or lacks his code."""
    part = own(turn, meant_id(turn, states.DELIVER))
    phone = part.recipient_phone if part else ""
    contact: list[Contact] = [{"recipient": part.recipient, "phone": phone}] if part and phone else []
    return {"code": part.code if part else "", "contact": contact}


def bring_back(turn: Turn) -> Literal["kept"]:
    """The parcel that was not taken is the one that comes back."""
    mean(turn, states.TAKE_BACK, meant_id(turn, states.DELIVER))
    return "kept"


def _look_at_lock(turn: Turn) -> Literal["open", "locked"]:
    if is_pin_wanted(turn):
        return "open"
    progress.wait_for_unlocking(turn.db, meant_id(turn, states.DELIVER))
    return "locked"


def _answer(turn: Turn, action: Action) -> Outcome:
    """What an action would answer now; progress decides again, under the lock."""
    part = reports.part(turn.db, speak_of(turn, action))
    return action.answers[part.state] if part else "not_yours"


def is_pin_wanted(turn: Turn) -> bool:
    """Whether a buyer's code would still be tried."""
    part_id = meant_id(turn, states.DELIVER)
    return waiting_for(states.DELIVER)(turn) and not progress.is_code_locked(turn.db, part_id)


def is_code_told(turn: Turn) -> bool:
    """Whether a code was told that has not been tried."""
    return bool(turn.memory.get("pin"))


def is_pin_told(turn: Turn) -> bool:
    """Whether a code was told that the meant part still waits for."""
    return is_code_told(turn) and is_pin_wanted(turn)


def because(reason: RefusalReason) -> Callable[[Turn], Literal["kept"]]:
    """The step that keeps a reason."""

    def keep(turn: Turn) -> Literal["kept"]:
        turn.memory["reason"] = reason
        return "kept"

    return keep


def hear_refusal(turn: Turn) -> Meant:
    """The order that a sentence refuses; the reason that its words give is kept for the yes."""
    found = hearing(states.REFUSE)(turn)
    reason = reason_told(str(turn.slot("reason") or ""))
    turn.memory[REASON_TOLD] = {"part": meant_id(turn, states.REFUSE), "reason": reason}
    return found


def _reason_told(turn: Turn) -> RefusalReason | None:
    told = turn.memory.get(REASON_TOLD, {})
    reason: RefusalReason | None = told.get("reason")
    return reason if told.get("part") == meant_id(turn, states.REFUSE) else None


def refusal(turn: Turn) -> Refusal:
    """Values of the question whether he refuses: with the reason that he gave, on a line of its own."""
    reason = _reason_told(turn)
    why = words(turn, "vendor.refuse_why", why=words(turn, f"refusal.{reason}")) if reason else ""
    return {**sure_of(states.REFUSE)(turn), "why": f"\n{why}" if why else ""}


def take_reason(turn: Turn) -> Literal["told", "untold"]:
    """The reason that was told with the order, to which he said yes."""
    reason = _reason_told(turn)
    turn.memory.pop(REASON_TOLD, None)
    if reason:
        turn.memory["reason"] = reason
    return "told" if reason else "untold"


def refuse(turn: Turn) -> Literal["done", "short", "already", "closed", "unknown"]:
    """The vendor can't serve it; short: he has too few, and is asked how many lie there."""
    reason: RefusalReason = turn.memory.get("reason", "other")
    match progress.refuse(turn.db, speak_of(turn, states.REFUSE), rights.shops(turn, "orders"), reason, cause(turn)):
        case "done":
            return _doubt_stock(turn) if reason == "shortage" else "done"
        case "already":
            return "already"
        case "not_yours":
            return "unknown"
        case _:
            return "closed"


def _doubt_stock(turn: Turn) -> Literal["short"]:
    part = reports.part(turn.db, meant_id(turn, states.REFUSE))
    shortage.doubt(turn, [line.stock_id for line in part.lines] if part else [])
    return "short"


def ready(turn: Turn) -> Done:
    """It waits in the shop."""
    return _done(progress.ready(turn.db, speak_of(turn, states.READY), rights.shops(turn, "orders"), cause(turn)))


def hand_over(turn: Turn) -> Literal["done", "already", "too_early", "closed", "unknown", "short"]:
    """It left the shop, a parcel with the company that was told."""
    deposit = told_deposit(turn)
    turn.memory.pop(LEFT, None)
    part_id, shops = speak_of(turn, states.HAND_OVER), rights.shops(turn, "orders")
    outcome = progress.hand_over(turn.db, part_id, shops, cause(turn), deposit)
    return "short" if outcome == "short" else _done(outcome)


def _done(outcome: Outcome) -> Done:
    match outcome:
        case "done":
            return "done"
        case "already":
            return "already"
        case "too_early":
            return "too_early"
        case "not_yours":
            return "unknown"
        case _:
            return "closed"


def look_returnable(turn: Turn) -> Literal["open", "already", "too_early", "closed"]:
    """Whether it makes sense to ask what becomes of the goods."""
    match _answer(turn, states.TAKE_BACK):
        case "done":
            return "open"
        case "already":
            return "already"
        case "too_early":
            return "too_early"
        case _:
            return "closed"


def taking_back(*, is_sellable: bool) -> Callable[[Turn], Literal["done", "already", "unknown"]]:
    """The step that notes a parcel as come back, its goods sellable or not."""

    def take_back(turn: Turn) -> Literal["done", "already", "unknown"]:
        part_id, shops = speak_of(turn, states.TAKE_BACK), rights.shops(turn, "orders")
        match progress.take_back(turn.db, part_id, shops, cause(turn), is_sellable=is_sellable):
            case "done":
                return "done"
            case "not_yours":
                return "unknown"
            case _:  # once it has left the shop it can only have come back before
                return "already"

    return take_back


def read_pin(said: Incoming) -> str | None:
    """The four digits of a delivery code, blanks between them allowed."""
    digits = "".join(said.text.split())
    return digits if len(digits) == PIN_DIGITS and digits.isascii() and digits.isdigit() else None


def keep_pin(turn: Turn, pin: str) -> Literal["kept"]:
    """What the buyer told; tried only after a yes."""
    turn.memory["pin"] = pin
    return "kept"


def name_delivered(turn: Turn, given: str) -> Literal["found", "told", "several", "several_told", "none", "unknown"]:
    """`livre 4K7P2 1234` names part and code, `livre 4K7P2` the part, `livre 1234` the code of one on its way."""
    *named, last = given.split() or [""]
    is_pin = len(last) == PIN_DIGITS and last.isdigit()
    if not is_pin or (not named and _is_prefix(turn, last)):
        return find(turn, given, states.DELIVER)
    keep_pin(turn, last)
    match find(turn, " ".join(named), states.DELIVER):
        case "found":
            return "told"
        case "several":
            return "several_told"
        case nothing:
            return nothing


def hear_delivered(turn: Turn) -> Literal["found", "told", "several", "none", "unknown"]:
    """A sentence names the part, or the buyer's code (`c'est livré 4821`), which is asked about before it is tried."""
    heard = code_meant(turn)
    pins = [part for part in TYPED_WORD.findall(turn.words) if len(part) == PIN_DIGITS and part.isdecimal()]
    pin = next((one for one in pins if not _is_prefix(turn, one)), "")
    if not pin:
        return find(turn, heard, states.DELIVER)
    found = find(turn, "" if heard == pin else heard, states.DELIVER)
    if found == "found" and waiting_for(states.DELIVER)(turn):
        keep_pin(turn, pin)
        return "told" if is_pin_wanted(turn) else found
    return found


def _is_prefix(turn: Turn, typed: str) -> bool:
    prefix = read_prefix(typed)
    return bool(prefix and reports.part_by_prefix(turn.db, rights.shops(turn, "orders"), prefix))


def told_pin(turn: Turn) -> ToldPin:
    """Values of `which one has this code?`."""
    return {"pin": str(turn.memory.get("pin", ""))}


def pin(turn: Turn) -> Pin:
    """Values of `is this the code?`."""
    return {**told_pin(turn), "code": code_for(states.DELIVER)(turn)["code"]}


def deliver(
    turn: Turn,
) -> Literal["done", "already", "too_early", "closed", "unknown", "wrong_code", "locked"]:
    """Try the buyer's code."""
    told = str(turn.memory.pop("pin", ""))
    outcome = progress.deliver(turn.db, speak_of(turn, states.DELIVER), rights.shops(turn, "orders"), told, cause(turn))
    if outcome == "wrong_code":
        return "wrong_code"
    return "locked" if outcome == "locked" else _done(outcome)
