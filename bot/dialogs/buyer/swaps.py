"""A part that its shop does not answer or serve: another shop's equal goods, waiting, or letting it be."""

from typing import Literal, TypedDict

from bot.dialogs.buyer import orders
from bot.dialogs.buyer.lists import MOST_LETTERS
from bot.dialogs.means import cause, number_of, quarter_name, terms, words
from bot.price_words import of_delivery, of_line
from bot.turn import Turn
from orders import cutting, moving, progress, reports
from orders.moving import Another, Standing
from orders.reports import Part


class PartStanding(TypedDict):
    """How a part stands; `state` names a text."""

    code: str
    vendor: str
    state: str


class SwapLine(TypedDict):
    """Units of another shop; `price` in words, `amount` in F CFA."""

    quantity: int
    name: str
    price: str
    amount: int


class Swap(TypedDict):
    """What another shop brings, as a recap tells it; amounts in F CFA; `fee` and `difference` in words."""

    vendor: str
    quarter: str
    lines: list[SwapLine]
    fee: str
    total: int
    difference: str


class Offered(TypedDict):
    """Another shop's offer for a part, and how all is paid; `whole` in F CFA is what the order costs then."""

    code: str
    vendor: str
    offers: list[Swap]
    whole: int
    payment: str


class Waiting(TypedDict):
    """Until when a part's shop may answer, an ISO moment."""

    code: str
    vendor: str
    expires_at: str


def look(turn: Turn, given: str | None) -> Literal["offered", "alone", "none", "standing", "unknown"]:
    """Who else has the same now; `alone`: nobody, and its shop may still answer; `none`: nobody, and it was refused."""
    part = _mean(turn, given)
    if part is None:
        return "unknown"
    if part.how in ("answered", "undecided", "over"):
        return "standing"
    offer = moving.another(turn.db, part, terms(turn))
    if offer is None:
        return "alone" if part.how == "waiting" else "none"
    turn.memory["offer"] = [offer.vendor.id, offer.total, offer.prepaid]
    return "offered"


def _mean(turn: Turn, given: str | None) -> Standing | None:
    """A notice's button names the part (`p17`), a command the order's code; else the one that is spoken of."""
    if given is not None:
        turn.memory["part"] = number_of(given[1:]) if given.startswith("p") else _part_of_order(turn, given)
    found = moving.standing(turn.db, number_of(turn.memory.get("part", 0)), turn.person.contact_id)
    if found:
        turn.memory["order"] = found.order_id
    return found


def _part_of_order(turn: Turn, code: str) -> int:
    """Of the order that a command names: the part that its shop has not answered, or turned down, or any."""
    if orders.name_order(turn, code) != "one":
        return 0
    order = reports.order(turn.db, number_of(turn.memory["order"]))
    parts = [own.part for own in order.parts if not own.part.is_moved] if order else []
    undecided = next((part.id for part in parts if part.is_undecided), 0)
    for state in ("placed", "refused"):
        found = [part for part in parts if part.state == state]
        if found:
            return undecided or found[0].id
    return undecided or (parts[0].id if parts else 0)


def _part(turn: Turn) -> Part | None:
    return reports.part(turn.db, number_of(turn.memory.get("part", 0)))


def _offer(turn: Turn) -> Another | None:
    part = _mean(turn, None)
    return moving.another(turn.db, part, terms(turn)) if part and part.how in ("waiting", "refused") else None


def standing(turn: Turn) -> PartStanding:
    """Values of texts about the part that is spoken of."""
    part = _part(turn)
    if part is None:
        return {"code": "", "vendor": "", "state": "closed"}
    return {"code": part.code, "vendor": part.vendor_name, "state": "moved" if part.is_moved else part.state}


def recapped(turn: Turn) -> Offered:
    """Values of the recap that a yes confirms."""
    part, offer = _part(turn), _offer(turn)
    order = reports.order(turn.db, part.order_id) if part else None
    if part is None or order is None or offer is None:
        return {"code": "", "vendor": "", "offers": [], "whole": 0, "payment": ""}
    is_waiting = part.state == "placed"
    whole = order.due + offer.total - (part.total if is_waiting else 0)
    prepaid = order.prepaid + offer.prepaid - (part.prepaid if is_waiting else 0)
    unpaid = order.unpaid + offer.prepaid - (part.prepaid if is_waiting and part.is_unpaid else 0)
    owed = part.paid if is_waiting else part.owed
    return {
        "code": part.code,
        "vendor": part.vendor_name,
        "offers": [_swap(turn, part, offer)],
        "whole": whole,
        "payment": "\n".join(
            [
                *([words(turn, "buyer.swap_refund", owed=owed)] if owed else []),
                *([words(turn, "buyer.paid_before", prepaid=unpaid)] if unpaid else []),
                words(turn, f"buyer.pay.{'before' if prepaid == whole else part.way}"),
            ]
        ),
    }


def _swap(turn: Turn, part: Part, offer: Another) -> Swap:
    key = "dearer" if offer.difference > 0 else "cheaper" if offer.difference else "equal"
    return {
        "vendor": offer.vendor.name,
        "quarter": quarter_name(offer.vendor.quarter),
        "lines": [
            {
                "quantity": line.quantity,
                "name": line.name,
                "price": of_line(turn.person.language, line),
                "amount": line.amount,
            }
            for line in offer.lines
        ],
        "fee": of_delivery(turn.person.language, offer.vendor, part.way, offer.delivery, MOST_LETTERS),
        "total": offer.total,
        "difference": words(turn, f"offer.{key}", amount=abs(offer.difference)),
    }


def is_movable(turn: Turn) -> bool:
    """Whether there is still a point in asking."""
    return _offer(turn) is not None


def move(turn: Turn) -> Literal["moved", "again", "standing"]:
    """The buyer said yes to the other shop."""
    vendor_id, total, prepaid = turn.memory.get("offer", (0, 0, 0))
    part_id = number_of(turn.memory.get("part", 0))
    contact = turn.person.contact_id
    outcome = moving.move(
        turn.db, part_id, contact, vendor_id, cause(turn), terms(turn), total_seen=total, prepaid_seen=prepaid
    )
    if outcome == "moved":
        return "moved"
    return "again" if outcome in ("again", "gone") else "standing"


def what_remains(turn: Turn) -> Literal["waiting", "over"]:
    """After a no: while the shop may still answer there is a choice, else the order is shown."""
    part = _mean(turn, None)
    return "waiting" if part and part.how == "waiting" else "over"


def wait_on(turn: Turn, given: str) -> Literal["waiting", "standing", "unknown"]:
    """The buyer gives the shop its time."""
    return _waits(_mean(turn, given))


def drop_named(turn: Turn, given: str) -> Literal["waiting", "standing", "unknown", "bare"]:
    """The part that a button or a command lets be; without a code nothing ends before it was asked for.

    Of a part that its shop can serve in part only the rest may be let go too.
    """
    part = _mean(turn, given) if given else None
    if not given:
        return "bare"
    return "waiting" if part and part.how == "undecided" else _waits(part)


def keep_rest(turn: Turn, given: str) -> Literal["kept", "standing", "unknown"]:
    """The buyer wants what its shop can serve of a part."""
    part = _mean(turn, given)
    if part is None:
        return "unknown"
    outcome = cutting.keep_rest(turn.db, part.part_id, turn.person.contact_id, cause(turn), terms(turn))
    return "kept" if outcome == "kept" else "standing"


def _waits(part: Standing | None) -> Literal["waiting", "standing", "unknown"]:
    if part is None:
        return "unknown"
    return "waiting" if part.how == "waiting" else "standing"


def waiting(turn: Turn) -> Waiting:
    """Values of `we wait`."""
    part = _part(turn)
    until = part.expires_at if part and part.expires_at else turn.now
    known = standing(turn)
    return {"code": known["code"], "vendor": known["vendor"], "expires_at": until.isoformat()}


def drop(turn: Turn) -> Literal["dropped", "standing"]:
    """The part is cancelled, if its shop has not answered meanwhile."""
    part_id = number_of(turn.memory.get("part", 0))
    outcome = progress.cancel_part(turn.db, part_id, turn.person.contact_id, cause(turn))
    return "dropped" if outcome == "done" else "standing"
