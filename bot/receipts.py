"""Receipts: what one says in every form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base.money import format_short
from base.places import address_of, name_of
from bot import messages
from bot.price_words import of_ordered
from bot.texts import say
from orders import withdrawal
from orders.reports import OrderLine, OrderView, Part
from orders.states import OVER


@dataclass(frozen=True)
class ReceiptLine:
    """Units as ordered; amounts in F CFA."""

    quantity: int
    name: str
    unit: str
    price: int
    amount: int

    @property
    def is_by_unit(self) -> bool:
        """Whether its units cost what they cost one by one."""
        return self.quantity * self.price == self.amount


@dataclass(frozen=True)
class ReceiptPart:
    """One seller's part; `state` in words, `comes` how it reaches the buyer, `fee` for how much."""

    seller: str
    where: str
    state: str
    lines: tuple[ReceiptLine, ...]
    comes: str
    fee: str
    is_paid_for: bool


@dataclass(frozen=True)
class Receipt:
    """An order as its buyer keeps it, in one language's words; `total` in F CFA."""

    language: str
    code: str
    placed_at: datetime
    buyer: str
    to: str
    parts: tuple[ReceiptPart, ...]
    total: int
    payment: str
    withdrawal: str  # '' where nothing is left that could be given back


def receipt_of(order: OrderView, language: str) -> Receipt:
    """The receipt of an order; parts that ended without being received are named and cost nothing."""
    parts = tuple(_part(own.part, language) for own in order.parts)
    counted, method = _counted(order), _method(order, language)
    return Receipt(
        language=language,
        code=order.code,
        placed_at=order.placed_at,
        buyer=order.recipient,
        to=say(language, f"buyer.to.{order.way}", {"quarter": name_of(order.quarter), "landmark": order.landmark}),
        parts=parts,
        total=sum(part.total for part in counted),
        payment=_payment(order, method, language),
        withdrawal=_withdrawal(counted, language),
    )


def _counted(order: OrderView) -> list[Part]:
    """The parts that did not end without being received."""
    return [own.part for own in order.parts if own.part.state not in OVER]


def _method(order: OrderView, language: str) -> str:
    return say(language, "receipt.any_method" if order.payment == "cash" else f"method.{order.payment}", {})


def _payment(order: OrderView, method: str, language: str) -> str:
    """How the parts that count are paid, what of it is, and what is owed or was given back for the others."""
    parts = _counted(order)
    told = [_way_to_pay(parts, method, language)] if order.paid < sum(part.total for part in parts) else []
    if order.paid:
        told.append(say(language, f"receipt.payment.{'paid' if told else 'all_paid'}", {"paid": order.paid}))
    if order.owed:
        told.append(say(language, "buyer.owed", {"owed": order.owed}))
    if order.refunded:
        told.append(say(language, "receipt.payment.refunded", {"refunded": order.refunded}))
    return "\n".join(told) or say(language, "buyer.nothing_due", {})


def _way_to_pay(parts: list[Part], method: str, language: str) -> str:
    prepaid, rest = sum(part.prepaid for part in parts), sum(part.due for part in parts)
    key = parts[0].way if not prepaid else "share" if rest else "before"
    return say(language, f"receipt.payment.{key}", {"method": method, "prepaid": prepaid, "rest": rest})


def _part(part: Part, language: str) -> ReceiptPart:
    return ReceiptPart(
        seller=part.vendor_name,
        where=address_of(part.vendor_quarter, part.vendor_landmark),
        state=say(language, f"order.state.{part.state}", {}),
        lines=tuple(ReceiptLine(line.quantity, line.name, line.unit, line.price, line.amount) for line in part.lines),
        comes=say(language, f"receipt.comes.{part.way}", {}),
        fee=format_short(part.delivery) if part.delivery else say(language, "receipt.free", {}),
        is_paid_for=part.state not in OVER,
    )


def _withdrawal(parts: list[Part], language: str) -> str:
    """Until when it can be given back once all is there; before, how long; of nothing, nothing."""
    if not parts:
        return ""
    if all(part.state == "delivered" for part in parts):
        day = withdrawal.last_day_of(part.changed_at for part in parts)
        return say(language, "withdrawal.until", {"until": day})
    return say(language, "withdrawal.right", {})


def shown_receipt(order: OrderView, language: str) -> messages.Receipt:
    """The same for a channel that has receipts of its own; units that cost less in lots stand in their line's words."""
    counted, method = _counted(order), _method(order, language)
    return messages.Receipt(
        code=order.code,
        recipient=order.recipient,
        payment=method,
        lines=tuple(_shown_line(line) for part in counted for line in part.lines),
        delivery=sum(part.delivery for part in counted),
        total=sum(part.total for part in counted),
    )


def _shown_line(line: OrderLine) -> messages.ReceiptLine:
    if line.quantity * line.price == line.amount:
        return messages.ReceiptLine(line.name, line.quantity, line.price)
    return messages.ReceiptLine(f"{line.quantity} × {line.name}", 1, line.amount)


def values_of(receipt: Receipt) -> dict[str, Any]:
    """Values of the text `receipt.whole`."""
    return {
        "code": receipt.code,
        "at": receipt.placed_at.isoformat(),
        "buyer": receipt.buyer,
        "to": receipt.to,
        "parts": [_part_values(part, receipt.language) for part in receipt.parts],
        "total": receipt.total,
        "payment": receipt.payment,
        "withdrawal": f"\n{receipt.withdrawal}" if receipt.withdrawal else "",
    }


def _part_values(part: ReceiptPart, language: str) -> dict[str, Any]:
    return {
        "seller": part.seller,
        "where": part.where,
        "state": part.state,
        "lines": [
            {
                "quantity": line.quantity,
                "name": line.name,
                "price": of_ordered(language, line.quantity, line.price, line.amount),
                "amount": line.amount,
            }
            for line in part.lines
        ],
        "comes": part.comes,
        "fee": part.fee,
    }
