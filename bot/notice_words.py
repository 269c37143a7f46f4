"""The words of notices: their doors, what they are about, their values and what stands in a template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.shortening import shorten
from bot.extras import map_of
from bot.messages import Template
from bot.pins import pin_of
from bot.templates import NEW_ORDER, ORDER_NEWS, SHOP_NEWS, TO_ORGANIZERS, for_reader
from bot.texts import FIRST, has, say
from bot.world import LINK, LINK_TITLE
from catalog.vendors import Vendor
from orders.complaints import without_numbers
from orders.reports import Part

LONGEST_REASON = 100  # characters in a template
ONE_LINE = 300  # characters of the goods in a template
PART_DOORS = frozenset({"swap", "wait_on", "drop", "keep_rest", "drop_rest"})


@dataclass(frozen=True)
class Door:
    """A button of a notice: dialog and door, what it is about, and the code that is typed with its word instead."""

    dialog: str
    door: str
    about: str
    code: str = ""


def answers(part: Part) -> tuple[str, ...]:
    """A shop's doors of a part that waits for its answer; of one article there is no part."""
    is_one = sum(line.quantity for line in part.lines) == 1
    return ("accept", "refuse") if is_one else ("accept", "refuse", "partly")


def about_door(door: str, part: Part) -> str:
    """What a buyer's door is about: his order, or this part of it (`p17`)."""
    return f"p{part.id}" if door in PART_DOORS else str(part.order_id)


def typed_words(language: str, door: Door) -> str:
    """What a person types instead of tapping."""
    return say(language, f"notice.typed.{door.door}", {"code": door.code})


def variant(what: str, part: Part) -> str:
    """The text of a notice: its own for a parcel, a pickup or an order with a deposit, where these read otherwise.

    What must be paid first and is not goes before.
    """
    ways = [*([f"{part.way}_unpaid"] if part.is_unpaid else []), part.way, *(["deposit"] if part.prepaid else [])]
    return next((key for way in ways if has(FIRST, key := f"notice.{what}_{way}")), f"notice.{what}")


def about_part(part: Part) -> Mapping[str, int]:
    """The rows that a notice of a part is about."""
    return {"order": part.order_id, "vendor_order": part.id}


def in_short(reader: str, hat: str, what: str, part: Part) -> Template:
    """News of a part for somebody whose window is shut: its code, its shop and a few words; the rest he asks for."""

    def values(language: str) -> tuple[str, ...]:
        return part.code, part.vendor_name, say(language, f"news.{hat}.{what}", {})

    return for_reader(ORDER_NEWS, reader, values)


def to_answer(reader: str, part: Part, doors: Sequence[Door]) -> Template:
    """A new order for a shop whose window is shut: its code, its goods, and what is typed to accept and to refuse."""

    def values(language: str) -> tuple[str, ...]:
        return part.code, in_one_line(part), *(typed_words(language, door) for door in doors)

    return for_reader(NEW_ORDER, reader, values)


def to_look_at(reader: str, kind: str, count: int) -> Template:
    """A line of their list for organizers whose window is shut, and how many lines are open."""
    return for_reader(TO_ORGANIZERS, reader, lambda language: (say(language, f"attention.kind.{kind}", {}), str(count)))


def of_shop(shop: str, what: str, reason: str = "") -> Callable[[str], Template]:
    """News of a shop for whose window is shut: its name and the few words of `news.shop.<what>`, which may say why."""
    why = {"reason": f" ({shorten(reason, LONGEST_REASON)})" if reason else ""}
    return lambda reader: for_reader(
        SHOP_NEWS, reader, lambda language: (shop, say(language, f"news.shop.{what}", why))
    )


def in_one_line(part: Part) -> str:
    """The goods of a part as a template's single line."""
    return shorten(", ".join(f"{line.quantity} × {line.name}" for line in part.lines), ONE_LINE)


def to_listen(language: str, url: str) -> Mapping[str, str]:
    """Values of a notice about a sound at this address."""
    return {LINK: url, LINK_TITLE: say(language, "link.listen", {})}


def to_look(language: str, url: str) -> Mapping[str, str]:
    """Values of a notice about a picture at this address."""
    return {LINK: url, LINK_TITLE: say(language, "link.look", {})}


def to_map(language: str, shop: Vendor) -> Mapping[str, str]:
    """Values of a notice about this shop's door; none where only its quarter is known."""
    pin = pin_of(shop)
    return {LINK: map_of(pin), LINK_TITLE: say(language, "link.map", {})} if pin else {}


def vendor_values(part: Part) -> Mapping[str, Any]:
    """What a vendor's notice tells of his part; never the delivery code, and no phone before he accepts."""
    return {
        "code": part.code,
        "lines": [
            {"quantity": line.quantity, "name": line.name, "unit": line.unit, "amount": line.amount}
            for line in part.lines
        ],
        "goods": part.goods,
        "delivery": part.delivery,
        "total": part.total,
        "prepaid": part.prepaid,
        "quarter": part.quarter,
        "landmark": part.landmark,
        "note": [{"note": without_numbers(part.note)}] if part.note else [],
        "expires_at": part.expires_at.isoformat() if part.expires_at else "",
        "late_at": part.late_at.isoformat() if part.late_at else "",
    }
