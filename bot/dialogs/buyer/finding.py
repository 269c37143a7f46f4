"""Searching in a chat: what was found, what is said back of the wish, and what is offered where nothing was found."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from base.spelling import fold
from bot.dialog import Page, Row
from bot.dialogs.buyer.browsing import FOUND, LONGEST, PAGE, Card, card, category_row, show_product
from bot.dialogs.means import quarter_name, words
from bot.turn import Turn
from bot.understanding import unit_named
from catalog import search
from catalog.categories import categories
from catalog.products import products
from catalog.search import Found

MOST_FOUND = 3 * PAGE
MOST_KIN = 3  # categories that are offered where nothing was found
WIDENED = {"price": "buyer.said.no_price", "place": "buyer.said.no_place", "shop": "buyer.said.no_shop"}
Looked = Literal["one", "several", "nothing", "unsure"]


class Heading(TypedDict):
    """What is said above what was found."""

    heading: str


class Shown(Card):
    """One product whole, below what is said back of the wish that found it."""

    said: str


class Words(TypedDict):
    """The words that nothing was found for."""

    words: str


def find(turn: Turn, sought: str, *, min_price: int | None = None, max_price: int | None = None) -> Looked:
    """Find products by words and remember them, those sold by the unit that was said first; bounds in F CFA.

    one: a single product is all that was sought; what is only near it stands behind it in the list, as it does where
    nothing is all that was sought. Where several are, they alone are listed.
    """
    turn.memory["words"] = sought[:LONGEST]
    message = turn.words if turn.heard else ""
    found = search.find(turn.db, sought, min_price=min_price, max_price=max_price, message=message)
    _forget(turn)
    ids = _by_unit(turn, found.ids[: min(found.whole, MOST_FOUND) if found.whole > 1 else MOST_FOUND])
    turn.memory["found"] = ids
    if not ids:
        bounds = {"low": found.wanted.min_price, "high": found.wanted.max_price}
        turn.memory["missed"] = {name: price for name, price in bounds.items() if price is not None}
        return "nothing"
    if len(found.guesses) > 1:
        turn.memory["guesses"] = list(found.guesses)
        return "unsure"
    return _show(turn, found, ids)


def _show(turn: Turn, found: Found, ids: Sequence[int]) -> Literal["one", "several"]:
    turn.memory["scope"] = f"{FOUND}0"
    if said := _said(found):
        turn.memory["said"] = said
    if found.whole != 1 and len(ids) > 1:
        return "several"
    show_product(turn, ids[0])
    turn.memory["said_of"] = ids[0]
    return "one"


def _forget(turn: Turn) -> None:
    """Nothing is said back of an earlier wish."""
    for forgotten in ("said", "guesses", "missed"):
        turn.memory.pop(forgotten, None)


def _by_unit(turn: Turn, ids: Sequence[int]) -> list[int]:
    unit = str(turn.memory.get("wanted_unit") or "")
    if not unit:
        return list(ids)
    found = products(turn.db, ids)
    return [product.id for product in sorted(found, key=lambda product: unit_named(product.unit) != unit)]


def _said(found: Found) -> dict[str, Any]:
    """What is said back of a wish, as a document; only what is not plain."""
    wanted = found.wanted
    told = {
        "taken": found.goods if found.is_corrected else "",
        "missing": ", ".join(found.missing),
        "widened": found.widened,
        "low": wanted.min_price if found.widened != "price" else None,
        "high": wanted.max_price if found.widened != "price" else None,
        "cheapest": wanted.is_cheapest,
        "place": wanted.place,
        "shop": " ".join(wanted.shop).title() if found.widened != "shop" else "",
    }
    said = {name: value for name, value in told.items() if value}
    return {**said, "goods": found.goods} if said else {}


def heading(turn: Turn) -> Heading:
    """Values of `found`: the wish as it was read, what was corrected and what was widened."""
    said = said_back(turn)
    return {"heading": f"{said}\n" if said else f"{words(turn, 'buyer.said.found')} "}


def shown(turn: Turn) -> Shown:
    """Values of a product's card; who has just sought it hears first how he was understood."""
    values = card(turn)
    is_sought = turn.memory.get("said_of") == turn.memory.get("product")
    said = said_back(turn) if is_sought else ""
    return {**values, "said": f"{said}\n\n" if said else ""}


def said_back(turn: Turn) -> str:
    """`J'ai compris « riz ».`, `Robe, au plus 8 000 F :`; '' when there is nothing to say beside what was found."""
    said: Mapping[str, Any] = turn.memory.get("said", {})
    lines = []
    if said.get("taken"):
        lines.append(words(turn, "buyer.said.taken", words=said["taken"]))
    if said.get("missing"):
        lines.append(words(turn, "buyer.said.missing", words=said["missing"]))
    if said.get("widened"):
        lines.append(words(turn, WIDENED[said["widened"]], place=quarter_name(said.get("place"))))
    bounds = _bounds(turn, said)
    if bounds:
        goods = str(said["goods"])
        lines.append(", ".join([goods[:1].upper() + goods[1:], *bounds] if goods else [*bounds]) + "\u00a0:")
    return "\n".join(lines)


def _bounds(turn: Turn, said: Mapping[str, Any]) -> list[str]:
    """The bounds that were kept, each in a few words."""
    low, high = said.get("low"), said.get("high")
    found = []
    if low and high:
        found.append(words(turn, "buyer.said.between", low=low, high=high))
    elif low or high:
        found.append(words(turn, "buyer.said.least" if low else "buyer.said.most", price=low or high))
    if said.get("cheapest"):
        found.append(words(turn, "buyer.said.cheapest"))
    if said.get("place") and said.get("widened") != "place":
        found.append(words(turn, "buyer.said.place", place=quarter_name(said["place"])))
    if said.get("shop"):
        found.append(words(turn, "buyer.said.shop", shop=said["shop"]))
    return found


def sought_words(turn: Turn) -> Words:
    """Values of `nothing found`."""
    return {"words": str(turn.memory.get("words", ""))}


def kin_rows(turn: Turn, after: str) -> Page:
    """The categories of the kind of what was not found; none where it is of no kind that is sold."""
    near = search.kin(turn.db, str(turn.memory.get("words", "")))
    listed = categories(turn.db, turn.person.language) if near else ()
    kin = [category for category in listed if category.id in near][:MOST_KIN]
    return Page(tuple(category_row(turn, category) for category in kin))


def guess_rows(turn: Turn, after: str) -> Page:
    """The words that may have been meant, as far as goods are still called so."""
    guesses = [str(word) for word in turn.memory.get("guesses", ()) if search.names_goods(turn.db, str(word))]
    return Page(tuple(Row(fold(word), word.capitalize()) for word in guesses))
