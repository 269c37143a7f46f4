"""What a product that is being put up would be: its shop, section and unit, and the words that show it."""

from typing import Any, TypedDict

from bot import product_page, rights
from bot.dialogs.means import words
from bot.dialogs.vendor import unfinished
from bot.dialogs.vendor.unfinished import Draft, current
from bot.turn import Turn
from catalog import listing, sections
from catalog.products import product
from catalog.vendors import vendors

PIECE = "pièce"


class Named(TypedDict):
    """A product's name, '' where none was told."""

    name: str


class Known(Named):
    """The product of this name that is there; `price` in F CFA."""

    price: int


class Shops(TypedDict):
    """The names of the vendor's shops."""

    shops: str


class Priced(TypedDict):
    """An odd price, in F CFA."""

    price: int


class Asked(Named):
    """The question of how many; `each` says that it is of each size."""

    each: str


class Preview(Named):
    """All that will be put up."""

    price: int
    stock: str
    section: str
    more: str
    photos: str


class Added(Named):
    """What was put up, and where its page is."""

    price: int
    stock: str
    page: str


def shop_of(turn: Turn, draft: Draft) -> int | None:
    """The shop it is put up in; None where several are possible."""
    own = rights.shops(turn, "goods")
    return own[0] if len(own) == 1 else draft.get("shop") if draft.get("shop") in own else None


def same_of(turn: Turn, draft: Draft) -> listing.Own | None:
    """What has this name in the shop already."""
    shop = shop_of(turn, draft)
    return listing.same_name(turn.db, [shop], draft["name"]) if shop else None


def section_of(turn: Turn, draft: Draft) -> int | None:
    """The section that was told, else the one that is clear by the names of what is there."""
    if "category" in draft or draft.get("is_asked_section"):
        return draft.get("category")
    clear = proposal_of(turn, draft).clear
    return clear.id if clear else None


def proposal_of(turn: Turn, draft: Draft) -> sections.Proposal:
    """The sections that it may stand in, by the names of what is there."""
    return sections.propose(turn.db, shop_of(turn, draft) or 0, draft.get("name", ""), turn.person.language)


def unit_of(turn: Turn, draft: Draft) -> str:
    """The unit that was told, else the one that nearly all goods of the section have; '' where it must be asked."""
    if draft.get("unit") or draft.get("sizes"):
        return draft.get("unit") or PIECE
    section = section_of(turn, draft)
    return sections.usual_unit(turn.db, section, draft.get("name", "")) if section else ""


def shops(turn: Turn) -> Shops:
    """The names of the vendor's shops."""
    return {"shops": ", ".join(shop.name for shop in vendors(turn.db, rights.shops(turn, "goods")).values())}


def name(turn: Turn) -> Named:
    """The name as far as it is known."""
    return {"name": (current(turn) or {}).get("name", "")}


def known(turn: Turn) -> Known:
    """Values of `you have it already`."""
    same = same_of(turn, current(turn) or {"name": ""})
    return {"name": same.name if same else "", "price": same.price if same else 0}


def price(turn: Turn) -> Priced:
    """Value of `is this the price?`."""
    return {"price": (current(turn) or {}).get("price", 0)}


def asked(turn: Turn) -> Asked:
    """Values of `how many?`."""
    draft = current(turn) or {}
    return {**name(turn), "each": words(turn, "vendor.of_each_size") if draft.get("sizes") else ""}


def preview(turn: Turn) -> Preview:
    """Values of `shall I put it up?`."""
    draft = current(turn) or {}
    section = section_of(turn, draft)
    count = len(draft.get("photos", []))
    return {
        **name(turn),
        "price": draft.get("price", 0),
        "stock": stock_of(turn, draft),
        "section": sections.name_of(turn.db, section, turn.person.language) if section else "",
        "more": "".join(f"\n{line}" for line in _more(turn, draft)),
        "photos": words(turn, "vendor.photos", count=count) if count else words(turn, "vendor.no_photos"),
    }


def _more(turn: Turn, draft: Draft) -> list[str]:
    condition = draft.get("condition", "")
    lines = [words(turn, "vendor.sizes", sizes=", ".join(draft["sizes"]))] if draft.get("sizes") else []
    lines += [words(turn, f"condition.{condition}")] if condition else []
    return [*lines, *([draft["description"]] if draft.get("description") else [])]


def stock_of(turn: Turn, draft: Draft) -> str:
    """`12 pièces`, `3 pièces de chaque taille`."""
    number, unit = draft.get("quantity", 0), unit_of(turn, draft)
    told = f"{number} {in_plural(unit) if number > 1 else unit}"
    return f"{told}{words(turn, 'vendor.of_each_size')}" if draft.get("sizes") else told


def in_plural(unit: str) -> str:
    """A unit as it is counted from two on."""
    return unit if unit.endswith(("s", "x", "z")) else f"{unit}x" if unit.endswith("eau") else f"{unit}s"


def added(turn: Turn) -> Added:
    """Values of `it is there`."""
    kept: dict[str, Any] = turn.memory.get(unfinished.ADDED, {})
    made = product(turn.db, kept.get("id", 0))
    base = turn.config.server.base_url
    return {
        "name": made.name if made else "",
        "price": made.price if made else 0,
        "stock": kept.get("stock", ""),
        "page": f"{base}{product_page.path_of(made.slug)}" if made else "",
    }


def fresh(turn: Turn) -> Named:
    """The product that was put up last."""
    return {"name": added(turn)["name"]}
