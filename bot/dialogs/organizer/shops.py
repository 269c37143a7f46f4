"""Shops as organizers name, list and judge them."""

from typing import Any, Final, Literal, TypedDict

from base.spelling import words as words_of
from bot import contacts
from bot.application_news import APPLICATION
from bot.attention import line_about
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, quarter_name, words
from bot.dialogs.organizer import planning
from bot.turn import Turn
from catalog import applications, standing
from catalog.vendors import Vendor, vendor, vendors

ROWS: Final = 9
NAMED: Final = "shops_named"  # in the chat's memory: the shops that words may mean, and what shall be done
SHOP: Final = "shop_shown"
BESIDE: Final = frozenset("boutique la le de du shop vendeur vendeuse".split())
Found = Literal["one", "several", "none", "waits", "card"]
Way = Literal["planned", "others"]
ACT_OF: Final = {"suspend": "suspend", "restore": "restore", "verify": "verified"}


class Shop(TypedDict):
    """A shop as an organizer reads it; `history` has a line for each of the newest decisions."""

    name: str
    level: str
    state: str
    phone: str
    quarter: str
    history: str


def hear(turn: Turn) -> Literal[Found, "untold"]:
    """`suspends boutique Koffi plaintes`; untold: no shop is named."""
    typed = str(turn.slot("vendor") or "")
    turn.memory[NAMED] = [[], str(turn.slot("action") or ""), str(turn.slot("reason") or "")]
    return _find(turn, typed) if typed else "untold"


def find(turn: Turn, typed: str) -> Found:
    """Words that were asked for."""
    return _find(turn, typed)


def _find(turn: Turn, typed: str) -> Found:
    _, action, reason = turn.memory.get(NAMED, [[], "", ""])
    said = [word for word in words_of(typed) if word not in BESIDE] or words_of(typed)
    if action == "approve":
        line = _application(turn, said)
        if line:
            turn.memory["item"] = line
            return "waits"
    found = standing.named(turn.db, said)[: ROWS * 5]
    turn.memory[NAMED] = [list(found), action, reason]
    if not found:
        return "none"
    return _chosen(turn, found[0]) if len(found) == 1 else "several"


def _application(turn: Turn, said: list[str]) -> int | None:
    """The line of an application for a shop of this name that waits."""
    found = applications.sent_named(turn.db, said)
    return line_about(turn.db, APPLICATION, {"application": found}) if found else None


def named_rows(turn: Turn, after: str) -> Page:
    """The shops that the words may mean."""
    ids = [one for one in turn.memory.get(NAMED, [[]])[0] if one > number_of(after)]
    return _page(turn, sorted(ids)[: ROWS + 1])


def _page(turn: Turn, ids: list[int]) -> Page:
    known = vendors(turn.db, ids)
    rows = tuple(row(turn, known[one]) for one in ids[:ROWS] if one in known)
    return Page(rows, str(ids[ROWS - 1]) if len(ids) > ROWS else "")


def row(turn: Turn, shop: Vendor) -> Row:
    """A shop in a list: its name, where it lies, how it stands."""
    state = "suspended" if shop.suspended_at else shop.level
    told = words(turn, f"standing.{state}")
    detail = words(turn, "organizer.shop_detail", quarter=quarter_name(shop.quarter), state=told)
    return Row(str(shop.id), shop.name, detail)


def choose(turn: Turn, given: str) -> Literal["one", "card"]:
    """One of them."""
    return _chosen(turn, number_of(given))


def _chosen(turn: Turn, vendor_id: int) -> Literal["one", "card"]:
    _, action, reason = turn.memory.get(NAMED, [[], "", ""])
    shop = vendor(turn.db, vendor_id)
    turn.memory[SHOP] = vendor_id
    act = _act(shop, action) if shop else ""
    if shop is None or not act:
        return "card"
    planning.propose(turn, act, id=shop.id, name=shop.name, words=reason)
    return "one"


def _act(shop: Vendor, action: str) -> str:
    """What is meant by a word: a shop that is suspended is approved by restoring it, a new one by verifying it."""
    if action == "approve":
        return "restore" if shop.suspended_at else "verified" if shop.level == "new" else ""
    return ACT_OF.get(action, "")


def open_shop(turn: Turn, given: str) -> Literal["opened"]:
    """Put a shop of a list on show."""
    turn.memory[SHOP] = number_of(given)
    return "opened"


def _shown(turn: Turn) -> Vendor | None:
    return vendor(turn.db, number_of(turn.memory.get(SHOP, 0)))


def card(turn: Turn) -> Shop:
    """Values of the shop on show."""
    shop = _shown(turn)
    if shop is None:
        return {"name": "", "level": "", "state": "", "phone": "", "quarter": "", "history": ""}
    state = "suspended" if shop.suspended_at else "open" if shop.is_open else "shut"
    return {
        "name": shop.name,
        "level": words(turn, f"standing.{shop.level}"),
        "state": words(turn, f"standing.{state}"),
        "phone": shop.phone,
        "quarter": quarter_name(shop.quarter),
        "history": "".join("\n" + _line(turn, one) for one in standing.history(turn.db, shop.id)),
    }


def _line(turn: Turn, one: standing.Stand) -> str:
    by = contacts.name_of(turn.db, one.contact_id) if one.contact_id else ""
    values: dict[str, Any] = {"at": one.at, "what": words(turn, f"standing.{one.what}"), "by": by or "…"}
    told = words(turn, "organizer.shop_line", **values)
    return f"{told} {one.words}" if one.words else told


def ways(turn: Turn, after: str) -> Page:
    """What can be done with the shop on show; the ids name it, so an old bubble stays itself."""
    shop = _shown(turn)
    if shop is None:
        return Page(())
    levels = {"new": ("verified",), "verified": ("proven", "new"), "proven": ("new",)}[shop.level]
    offered = ("restore",) if shop.suspended_at else (*levels, "suspend")
    rows = [Row(f"{way}.{shop.id}", words(turn, f"standing.way.{way}")) for way in (*offered, "others")]
    return Page(tuple(rows))


def act(turn: Turn, given: str) -> Way:
    """Plan it, or go back."""
    way, _, shop_id = given.partition(".")
    shop = vendor(turn.db, number_of(shop_id))
    if shop is None or way == "others":
        return "others"
    planning.propose(turn, way, id=shop.id, name=shop.name)
    return "planned"
