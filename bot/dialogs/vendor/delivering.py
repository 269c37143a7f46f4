"""A shop's terms by message: where it brings its goods and for how much, and what may be paid at the door.

What is told is shown with what it takes the place of, counts after a yes, and is taken back for a day.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from base.money import format_short
from base.places import find_places, name_of
from bot import rights
from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, words
from bot.dialogs.vendor.permitting import permits
from bot.dialogs.vendor.unfinished import changed
from bot.dialogs.zones import DEAREST, read_zones
from bot.turn import Turn
from bot.understanding.terms_slots import ANY, COD, COD_MOST
from catalog import terms, vendors
from catalog.terms import COD_MAX, UNSERVED, Values, What
from catalog.vendors import Vendor

KEPT = "terms"  # in memory: what is told, of which shops
BACK = "terms_back"  # in memory: what was taken back
MOST_SHOWN = 12  # places


class Prices(TypedDict):
    """Names of the shops, and a line for each of their terms."""

    shops: str
    prices: str


def own_shops(turn: Turn) -> tuple[int, ...]:
    """The shops whose terms this person sets."""
    return rights.shops(turn, "zones")


def hear(turn: Turn) -> Literal["told", "which", "untold"]:
    """Places with their prices are kept until a yes; untold: none, or one of them is no place or has no price.

    which: he has several shops, and says of which of them it is.
    """
    read = read_zones(turn.words)
    told = read["zones"] if read and not read["unserved"] else _understood(turn)
    return _keep(turn, "delivery", told)


def _understood(turn: Turn) -> dict[str, int]:
    told = {}
    for one in turn.heard:
        found = find_places(str(one.slots.get("place") or ""))
        price = one.slots.get("price")
        if found.exact is None or found.rest or not isinstance(price, int) or not 0 <= price <= DEAREST:
            return {}
        told[found.exact.slug] = price
    return told


def hear_settings(turn: Turn) -> Literal["told", "which", "untold", "may_not", "menu"]:
    """`pas de cod pour plus de 20 mil`: kept until a yes; untold: only asked about; menu: it is of no such thing."""
    slots = turn.heard[0].slots if len(turn.heard) == 1 else {}
    if COD not in slots and COD_MOST not in slots:
        return "menu"
    if not permits(turn, "zones"):
        return "may_not"
    if slots.get(COD) == ANY:
        return _keep(turn, "cod", {COD_MAX: None})
    return _keep(turn, "cod", {COD_MAX: int(slots[COD_MOST])} if COD_MOST in slots else {})


def _keep(turn: Turn, what: What, values: Values) -> Literal["told", "which", "untold"]:
    turn.memory.pop(KEPT, None)
    if not values:
        return "untold"
    shops = own_shops(turn)
    turn.memory[KEPT] = {"what": what, "values": dict(values), "shops": list(shops)}
    return "which" if len(shops) > 1 else "told"


def shop_rows(turn: Turn, after: str) -> Page:
    """His shops."""
    return Page(tuple(Row(str(shop.id), shop.name, "") for shop in _shops(turn, own_shops(turn))))


def choose_shop(turn: Turn, row: str) -> Literal["told", "gone"]:
    """It is of this shop alone."""
    shop, kept = number_of(row), turn.memory.get(KEPT)
    if not kept or shop not in own_shops(turn):
        return "gone"
    kept["shops"] = [shop]
    return "told"


def _shops(turn: Turn, ids: Sequence[int]) -> list[Vendor]:
    return list(vendors.vendors(turn.db, ids).values())


def _kept(turn: Turn) -> tuple[What, dict[str, int | None], list[int]]:
    kept: dict[str, Any] = turn.memory.get(KEPT) or {"what": "delivery", "values": {}, "shops": []}
    own = own_shops(turn)
    return kept["what"], kept["values"], [shop for shop in kept["shops"] if shop in own]


def is_told(turn: Turn) -> bool:
    """Whether terms wait for their shop."""
    return KEPT in turn.memory


def is_kept(turn: Turn) -> bool:
    """Whether terms wait for their yes."""
    return bool(_kept(turn)[2])


def kept(turn: Turn) -> Prices:
    """Values of the question whether these shall be the terms."""
    what, values, shops = _kept(turn)
    before = terms.now_of(turn.db, shops, what, values)
    first = next(iter(before.values()), {})
    is_same = all(one == first for one in before.values())
    lines = _lines(turn, what, first if is_same else values, values)
    if what == "cod" and values.get(COD_MAX) is not None:
        lines.append(words(turn, "zones.cod_above" if values[COD_MAX] else "zones.cod_before"))
    return _told(turn, shops, lines)


def _lines(turn: Turn, what: What, before: Values, after: Values) -> list[str]:
    """A line for each term, with what it was where it had a figure of its own."""
    if what == "cod":
        was, told = _cod(turn, before.get(COD_MAX)), _cod(turn, after[COD_MAX])
        if was == told:
            return [words(turn, "zones.cod", most=told)]
        return [words(turn, "zones.cod_moved", before=was, after=told)]
    named = sorted((name_of(slug), before.get(slug), fee) for slug, fee in after.items())
    return [
        words(turn, "zones.price", place=place, price=_fee(turn, fee))
        if was in (None, fee)
        else words(turn, "zones.moved", place=place, before=_fee(turn, was), after=_fee(turn, fee))
        for place, was, fee in named
    ]


def _fee(turn: Turn, fee: int | None) -> str:
    if fee is None or fee == UNSERVED:
        return words(turn, "zones.market" if fee is None else "zones.unserved")
    return format_short(fee)


def _cod(turn: Turn, most: int | None) -> str:
    if most:
        return words(turn, "zones.cod_most", price=format_short(most))
    return words(turn, "zones.cod_any" if most is None else "zones.cod_none")


def _told(turn: Turn, shops: Sequence[int], lines: Sequence[str]) -> Prices:
    names = ", ".join(shop.name for shop in _shops(turn, shops))
    return {"shops": names, "prices": "\n".join(_first(lines))}


def _first(lines: Sequence[str]) -> list[str]:
    return [*lines[:MOST_SHOWN], *(["…"] if len(lines) > MOST_SHOWN else [])]


def now(turn: Turn) -> Prices:
    """Values of the texts about the terms as they are, shop by shop where these are not the same."""
    shops = _shops(turn, own_shops(turn))
    told = {shop.name: "\n".join(_of_shop(turn, shop)) for shop in shops}
    return {"shops": ", ".join(told), "prices": "\n".join(_apart(turn, told))}


def _of_shop(turn: Turn, shop: Vendor) -> list[str]:
    priced: Mapping[str, int] = shop.delivery.zones
    lines = _first(_lines(turn, "delivery", {}, priced)) or [words(turn, "zones.usual")]
    cod = [words(turn, "zones.cod", most=_cod(turn, shop.deposit.cod_max))] if shop.deposit else []
    return [*lines, *cod]


def set_terms(turn: Turn) -> Literal["done"]:
    """These are the terms from now on; others stay as they are. A recap that is open is shown anew."""
    what, values, shops = _kept(turn)
    turn.memory.pop(KEPT, None)
    terms.set_terms(turn.db, shops, what, values, cause(turn))
    changed(turn)
    return "done"


def undo(turn: Turn) -> Literal["done", "nothing", "already", "may_not"]:
    """Take back the last change of terms, where it is the last thing that he changed by message."""
    undone = terms.undo(turn.db, own_shops(turn), cause(turn))
    if undone.outcome == "may_not":
        permits(turn, "zones", 0)
    turn.memory[BACK] = {
        "what": undone.what,
        "was": dict(undone.was),
        "back": [[shop, dict(values)] for shop, values in undone.back.items()],
        "kept": list(undone.kept),
    }
    return undone.outcome


def undone(turn: Turn) -> Prices:
    """Values of what was taken back, shop by shop where it differs, and what of it somebody has changed since."""
    back: dict[str, Any] = turn.memory.get(BACK) or {"what": "delivery", "was": {}, "back": [], "kept": []}
    names = {shop.id: shop.name for shop in _shops(turn, [shop for shop, _ in back["back"]])}
    told = {
        names[shop]: "\n".join(_lines(turn, back["what"], back["was"], values))
        for shop, values in back["back"]
        if shop in names and values
    }
    lines = _apart(turn, told)
    if back["kept"]:
        kept_ones = ", ".join(words(turn, "zones.cod_name") if key == COD_MAX else name_of(key) for key in back["kept"])
        lines.append(words(turn, "vendor.change.kept", names=kept_ones))
    return {"shops": ", ".join(names.values()), "prices": "\n".join(lines)}


def _apart(turn: Turn, told: Mapping[str, str]) -> list[str]:
    """What is told of each shop, by its name; once without a name where it is the same of all."""
    if len(set(told.values())) > 1:
        return [f"{words(turn, 'zones.of_shop', shop=name)}\n{lines}" for name, lines in told.items()]
    return list(told.values())[:1]
