"""From the basket to an order: what is missing is asked, the recap holds the goods, and only a yes orders."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Literal, TypedDict

from base.shortening import shorten
from bot import sources
from bot.dialogs.buyer import addresses
from bot.dialogs.buyer.baskets import Line
from bot.dialogs.buyer.lists import MOST_LETTERS, shortened
from bot.dialogs.means import called, cause, quarter_name, terms, words
from bot.price_words import of_delivery, of_line
from bot.receipts import shown_receipt
from bot.turn import Turn
from orders import holding, placing, reports
from orders.basket import Address, Basket, basket_of
from orders.delivery import Way
from orders.holding import Held, Missing
from orders.placing import AddressMissing, Placed, PriceChanged
from orders.recap import Recap, RecapBlock, recap, recap_of
from orders.reports import OrderView

FEWER_LETTERS = 18  # of names in a long recap, which must fit whatever it holds
MANY_LINES = 8  # from so many on, names have the fewer letters
LONGEST_LANDMARK = 100  # characters of it in the recap
MOST_CHANGES = 2  # prices that changed and are told one by one; the recap below has them all


class RecapLine(Line):
    """A line of the recap; `price` says what a unit costs, or the lot that made it less."""

    price: str


class Block(TypedDict):
    """One shop's part; `terms` says what bringing it costs and takes, and what the shop asks before."""

    vendor: str
    quarter: str
    lines: list[RecapLine]
    terms: str


class WholeRecap(TypedDict):
    """Everything that the law wants said before a yes; `total` in F CFA, the others but name and phone sentences."""

    blocks: list[Block]
    total: int
    before: str
    to: str
    recipient: str
    phone: str
    note: str
    payment: str
    held: str


class PriceChange(TypedDict):
    """A price that is another now, F CFA a unit."""

    name: str
    before: int
    after: int


class Recapped(TypedDict):
    """The recap."""

    recap: list[WholeRecap]


class RecappedAnew(TypedDict):
    """The recap, and what changed since the last one."""

    recap: list[WholeRecap]
    changed: str


class MissingLine(TypedDict):
    """A line that can't be had whole."""

    name: str
    wanted: int
    available: int


class Missed(TypedDict):
    """All of them."""

    lines: list[MissingLine]


class Ordered(TypedDict):
    """An order that was just placed; `pay` says how much is paid when, `answer` until when its `count` shops answer."""

    to: str
    code: str
    pay: str
    answer: str
    count: int
    order_receipt: dict[str, Any]


class Unserved(TypedDict):
    """Which shops send nothing there, and which cannot take his order, a sentence a line."""

    told: str


Begun = Literal["empty", "same", "quarter", "landmark", "recipient", "phone", "unserved", "complete"]


def begin(turn: Turn) -> Begun:
    """What must be asked first.

    same: an address of an earlier order can serve. unserved: a shop sends nothing there.
    """
    basket = basket_of(turn.db, turn.person.contact_id)
    if not basket.lines:
        return "empty"
    missing = basket.address.missing
    if "quarter" in missing and addresses.last_addresses(turn):
        return "same"
    if missing:
        return missing[0]
    return "unserved" if _is_unserved(turn, recap_of(turn.db, basket, terms(turn))) else "complete"


def _is_unserved(turn: Turn, now: Recap) -> bool:
    turn.memory["barring"] = [shop.name for shop in now.barring]
    turn.memory["unserved"] = [shop.name for shop in now.unserved if shop not in now.barring]
    return bool(now.unserved)


def hold(turn: Turn) -> Literal["held", "changed", "missing", "empty", "incomplete", "unserved"]:
    """Hold all that the recap will show, or nothing."""
    contact = turn.person.contact_id
    held = holding.hold_basket(turn.db, contact, cause(turn), terms(turn).hold)
    if held == "empty":
        return "empty"
    if isinstance(held, Missing):
        turn.memory["missing"] = [
            {"name": line.name, "wanted": line.wanted, "available": line.available} for line in held.lines
        ]
        return "missing"
    return _remember(turn, held, recap(turn.db, contact, terms(turn)))


def hold_again(turn: Turn) -> Literal["held", "missing", "unserved"]:
    """The same once a yes met another price: then the hold still lasted, so that basket and address are there."""
    held = hold(turn)
    return held if held in ("missing", "unserved") else "held"


def _remember(turn: Turn, held: Held, now: Recap) -> Literal["held", "changed", "incomplete", "unserved"]:
    if now.address.missing:
        return "incomplete"
    if _is_unserved(turn, now):
        return "unserved"
    turn.memory["total"], turn.memory["prepaid"] = now.total, now.prepaid
    turn.memory["changes"] = [{"name": c.name, "before": c.before, "after": c.after} for c in held.price_changes]
    return "changed" if held.price_changes else "held"


def recapped(turn: Turn) -> Recapped:
    """Values of the recap."""
    return {"recap": [_whole(turn)]}


def recapped_anew(turn: Turn) -> RecappedAnew:
    """Values of the recap that tells which prices changed."""
    changes: list[PriceChange] = turn.memory.get("changes", [])
    return {"recap": [_whole(turn)], "changed": _changed(turn, changes)}


def _changed(turn: Turn, changes: list[PriceChange]) -> str:
    if len(changes) > MOST_CHANGES:
        return words(turn, "buyer.many_prices_changed", count=len(changes))
    shown = [{**change, "name": shorten(change["name"], FEWER_LETTERS)} for change in changes]
    return words(turn, "buyer.prices_changed", changes=shown) if shown else words(turn, "buyer.delivery_changed")


def _whole(turn: Turn) -> WholeRecap:
    basket = basket_of(turn.db, turn.person.contact_id)
    now = recap_of(turn.db, basket, terms(turn))
    address = now.address
    return {
        "blocks": [_block(turn, block, address.way, letters_of(len(basket.lines))) for block in now.blocks],
        "total": now.total,
        "before": _before(turn, now),
        "to": to_words(turn, replace(address, landmark=shorten(_landmark(turn, address), LONGEST_LANDMARK))),
        "recipient": shorten(address.recipient or "", MOST_LETTERS),
        "phone": address.phone or "",
        "note": _note(turn, basket),
        "payment": _payment(turn, now, basket),
        "held": _held(turn, basket),
    }


def _landmark(turn: Turn, address: Address) -> str:
    """What to look for, and that a voice note tells more where it does not say so itself."""
    by_voice = words(turn, "buyer.voice_as_landmark")
    told = address.landmark or ""
    return f"{told}, {by_voice}" if address.voice_id and told != by_voice else told


def to_words(turn: Turn, address: Address | OrderView) -> str:
    """Where it goes, and how, in a line."""
    where = quarter_name(address.quarter)
    return words(turn, f"buyer.to.{address.way}", quarter=where, landmark=address.landmark or "")


def _before(turn: Turn, now: Recap) -> str:
    """What is paid before it leaves, and who arranges that; nothing is collected in the chat."""
    return "\n" + words(turn, "buyer.paid_before", prepaid=now.prepaid) if now.prepaid else ""


def _note(turn: Turn, basket: Basket) -> str:
    """The word to whoever sells, shortened here alone."""
    if basket.note_voice_id:
        return "\n" + words(turn, "buyer.recap_note_voice")
    return "\n" + words(turn, "buyer.recap_note", note=shorten(basket.note, MOST_LETTERS)) if basket.note else ""


def _payment(turn: Turn, now: Recap, basket: Basket) -> str:
    """How the rest is paid, and how the buyer said he would."""
    key = "before" if now.prepaid == now.total else now.address.way
    wish = words(turn, "buyer.pay_wish", method=method_words(turn, basket.payment, basket.payment_phone))
    return words(turn, f"buyer.pay.{key}") + ("\n" + wish if basket.payment else "")


def method_words(turn: Turn, method: str | None, phone: str | None) -> str:
    """A way to pay, with the phone it comes from where that was said."""
    named = words(turn, f"method.{method or 'cash'}")
    return words(turn, "buyer.method_from", method=named, phone=phone) if phone else named


def _held(turn: Turn, basket: Basket) -> str:
    """Until when the articles are kept; a recap that is shown again may be older than its hold."""
    if not basket.is_held:
        return words(turn, "buyer.hold_ended")
    return words(turn, "buyer.held_until", until=basket.held_until)


def letters_of(lines: int) -> int:
    """How long names may be in a recap of so many lines."""
    return MOST_LETTERS if lines < MANY_LINES else FEWER_LETTERS


def _block(turn: Turn, block: RecapBlock, way: Way, letters: int) -> Block:
    return {
        "vendor": shorten(block.vendor.name, letters),
        "quarter": quarter_name(block.vendor.quarter),
        "lines": [
            {
                "quantity": line.quantity,
                "name": shortened(line.name, line.label, letters),
                "price": of_line(turn.person.language, line),
                "amount": line.amount,
            }
            for line in block.lines
        ],
        "terms": "\n".join(_terms_of(turn, block, way, letters)),
    }


def _terms_of(turn: Turn, block: RecapBlock, way: Way, letters: int) -> Iterator[str]:
    """What bringing it costs and takes, the shop's rule of deposit, what that means here, and what spoils by bus."""
    shop = block.vendor
    yield of_delivery(turn.person.language, shop, way, block.delivery, letters)
    if shop.deposit and way != "parcel":
        rule = "kept" if not block.prepaid else "all" if block.prepaid == block.total else "share"
        told = {"most": shop.deposit.cod_max, "percent": shop.deposit.percent or 100, "prepaid": block.prepaid}
        yield words(turn, f"buyer.deposit.{rule}", **told)
    if block.has_perishables and way == "parcel":
        yield words(turn, "buyer.perishable_parcel")


def unserved(turn: Turn) -> Unserved:
    """Values of `these shops do not send there`."""
    address = basket_of(turn.db, turn.person.contact_id).address
    where = quarter_name(address.quarter)
    lines = [
        words(turn, f"buyer.shops.{kind}", shops=", ".join(names), where=where)
        for kind in ("unserved", "barring")
        if (names := turn.memory.get(kind, ()))
    ]
    return {"told": "\n".join(lines)}


def missed(turn: Turn) -> Missed:
    """Values of `not all of it can be had`."""
    lines: list[MissingLine] = turn.memory.get("missing", [])
    return {"lines": lines}


def place(turn: Turn) -> Literal["placed", "expired", "changed", "incomplete"]:
    """The buyer said yes to the recap."""
    contact = turn.person.contact_id
    placed = placing.place_order(
        turn.db,
        contact,
        turn.conversation_id,
        cause(turn),
        terms(turn),
        total_seen=turn.memory.get("total"),
        prepaid_seen=turn.memory.get("prepaid"),
        source=sources.ends(turn.db, contact),
    )
    match placed:
        case Placed():
            _remember_order(turn, placed)
            return "placed"
        case PriceChanged():
            return "changed"
        case AddressMissing():
            return "incomplete"
        case _:
            return "expired"


def _remember_order(turn: Turn, placed: Placed) -> None:
    turn.memory["order"] = placed.order_id
    turn.memory["count"] = len(placed.vendor_order_ids)
    for passed in (
        "total",
        "prepaid",
        "changes",
        "missing",
        "unserved",
        "barring",
        "told",
        "pin",
        "place",
        "places",
        "town",
    ):
        turn.memory.pop(passed, None)


def ordered(turn: Turn) -> Ordered:
    """Values of `your order is placed`."""
    order = reports.order(turn.db, turn.memory["order"])
    if order is None:
        raise LookupError("the order that was just placed is gone")
    key = "before" if order.prepaid else order.way
    pay = words(turn, f"buyer.placed_pay.{key}", total=order.total, prepaid=order.prepaid)
    receipt = asdict(shown_receipt(order, turn.person.language))
    return {
        "to": called(turn),
        "code": order.code,
        "pay": pay,
        "answer": _answer(turn, order),
        "count": turn.memory["count"],
        "order_receipt": receipt,
    }


def _answer(turn: Turn, order: OrderView) -> str:
    """Within a day, or until a moment where a shop is shut so long."""
    latest = max((own.part.expires_at for own in order.parts if own.part.expires_at), default=turn.now)
    is_plain = latest <= order.placed_at + timedelta(seconds=terms(turn).unanswered)
    return words(turn, "buyer.answers.soon") if is_plain else words(turn, "buyer.answers.until", until=latest)


def let_go(turn: Turn) -> Literal["kept"]:
    """The buyer does not order now: what was held is given back, the basket stays."""
    holding.release(turn.db, turn.person.contact_id, cause(turn))
    return "kept"
