"""What the parts of a sentence ask for, and what is found for each of them, all at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from bot.dialogs.buyer import choosing
from bot.dialogs.buyer.browsing import is_sold_by, product_spoken_of
from bot.dialogs.means import number_of
from bot.turn import Turn
from bot.understanding import unit_named
from catalog import products as goods
from catalog.products import Product
from catalog.search import find_each
from orders.offered import MOST_LINES, MOST_UNITS

MOST_FOUND = 8  # products that a line may mean, beside the option to leave it out


class Wish(TypedDict):
    """What one part of a sentence asks for: words, units (0: not said), the unit said, and the variants it can be."""

    said: str
    quantity: int
    unit: str
    variants: list[int]


class Line(Wish):
    """A wish with what was found for it; `product` is 0 until it is sure, `is_sure` that the units are."""

    found: list[int]
    product: int
    fixed: choosing.Fixed
    is_sure: bool


def wishes(slots: Mapping[str, Any]) -> list[Wish]:
    """The wishes of one reading."""
    items: Iterable[Mapping[str, Any]] = slots.get("items") or [slots]
    return [wish_of(item) for item in items if item.get("product")][:MOST_LINES]


def wish_of(item: Mapping[str, Any]) -> Wish:
    """One item of a reading."""
    unit = unit_named(str(item.get("unit") or ""))
    return {"said": str(item["product"])[:60], "quantity": units(item.get("quantity")), "unit": unit, "variants": []}


def wish_for(product: Product, quantity: int) -> Wish:
    """A product that is told by itself, not by words, as a cart of the provider's own tells it."""
    return {"said": product.name[:60], "quantity": units(quantity), "unit": "", "variants": [product.id]}


def units(quantity: object) -> int:
    """A quantity as it was said, within what a basket takes; 0 for none."""
    return min(max(number_of(quantity), 0), MOST_UNITS)


def variants_spoken_of(turn: Turn) -> tuple[Product, ...]:
    """The variants of the group that is spoken of, by itself or by one of them; () when something else is."""
    product = product_spoken_of(turn)
    group = product.good_id or (product.id if product.kind == "group" else None) if product else None
    return goods.variants(turn.db, group) if group else ()


def wishes_for_shown(turn: Turn, variants: Sequence[Product]) -> list[Wish]:
    """`2 rouge 1 bleu taille 40` of the group that is spoken of; [] when the words say something else."""
    counted = choosing.counted(turn.words, variants)
    return [
        {"said": said, "quantity": quantity, "unit": "", "variants": [one.id for one in left]}
        for left, quantity, said in counted
    ]


def find_lines(turn: Turn, wished: Sequence[Wish]) -> list[Line]:
    """The lines of these wishes with what is found for each, all at once."""
    sought = [wish for wish in wished if not wish["variants"]]
    found = iter(
        find_each(turn.db, [choosing.without_names(wish["said"]) for wish in sought], MOST_FOUND) if sought else ()
    )
    own = {p.id: p for p in goods.products(turn.db, [v for wish in wished for v in wish["variants"][:1]])}
    candidates = [
        (wish, [own[wish["variants"][0]]] if wish["variants"] else list(next(found))) for wish in wished[:MOST_LINES]
    ]
    groups = {one.id for _, products in candidates for one in products if one.kind == "group"}
    groups |= {one.good_id for _, products in candidates for one in products if one.good_id}
    variants = goods.variants_of(turn.db, groups) if groups else {}
    return [_line(wish, products, variants) for wish, products in candidates]


def _line(wish: Wish, products: Sequence[Product], variants: Mapping[int, Sequence[Product]]) -> Line:
    by_unit = [product for product in products if is_sold_by(wish["unit"], product)]
    found = list(by_unit) if wish["unit"] and by_unit else list(products)
    line: Line = {
        **wish,
        "found": [product.id for product in found],
        "product": 0,
        "fixed": [],
        "is_sure": bool(wish["quantity"]),
    }
    if len(found) == 1:
        settle(line, found[0], variants)
    return line


def settle(line: Line, product: Product, variants: Mapping[int, Sequence[Product]]) -> None:
    """The product of a line is known; of a group its words, its unit or its stock may tell the variant."""
    line["product"] = product.id
    group = product.good_id if line["variants"] else product.id if product.kind == "group" else None
    if group is None:
        line["is_sure"] = line["is_sure"] and is_sold_by(line["unit"], product)
        return
    own = variants.get(group, ())
    named = choosing.named(f"{line['said']} {line['unit']}", own) if own else None
    narrowed = [one for one in named or own if one.available]
    line["fixed"] = choosing.fixed(narrowed) if named else []
    line["product"] = narrowed[0].id if len(narrowed) == 1 else group


def open_lines(turn: Turn) -> list[Line]:
    """The lines of the list that waits; [] when none does."""
    lines: list[Line] = turn.memory.get("list", [])
    return lines


def known_products(turn: Turn) -> dict[int, Product]:
    """The products of the open list's lines, as they are now."""
    return {product.id: product for product in goods.products(turn.db, {line["product"] for line in open_lines(turn)})}
