"""Wishes in words: what is sought or ordered in a sentence, found in the catalog, and added only after a yes."""

import re
from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from bot.dialogs.buyer import choosing, lists
from bot.dialogs.buyer.browsing import (
    LONGEST,
    Facts,
    is_found_shown,
    is_sold_by,
    photo_path,
    price_line,
    product_facts,
    product_on_show,
    product_spoken_of,
    show_product,
)
from bot.dialogs.buyer.finding import find
from bot.dialogs.buyer.wishes import Wish, units, variants_spoken_of, wishes, wishes_for_shown
from bot.dialogs.many import better_line
from bot.dialogs.means import cause, number_of, shop_called
from bot.messages import Incoming
from bot.turn import Turn
from bot.understanding import understand
from catalog import products as goods
from catalog.products import Product
from catalog.wanted import read_wanted
from orders import basket
from orders.offered import MOST_UNITS

MORE_OF_IT = re.compile(r"\W*(?:r?ajoute[zr]?|encore|add)\b", re.IGNORECASE)
PRICED = "priced."  # before words that say a price, in a row's place
OFFERED = re.compile(r"\W*(?:[aà]|pour)\s*\d", re.IGNORECASE)  # a price that somebody offers: `à 5000`
WHICH = frozenset("lequel laquelle lesquels lesquelles quel quelle celui celle montre voir prends prend donne".split())
Sought = Literal["one", "several", "nothing", "unsure", "unnamed"]
Put = Literal["added", "too_many", "no_more", "limit", "gone"]
Opened = Literal["proposed", "other_unit", "variant", "one"]
Guessed = Literal["proposed", "other_unit", "variant", "several", "one"]
Proposed = Literal["proposed", "other_unit", "variant", "several", "nothing", "unsure", "one"]
Named = Literal["proposed", "other_unit", "variant", "several", "nothing", "unsure", "one", "list"]
Wished = Literal["proposed", "other_unit", "variant", "several", "nothing", "unsure", "unnamed", "one", "list", "named"]


class Fewer(TypedDict):
    """How many more can be had."""

    count: int
    name: str
    product: int


class FewerInLine(TypedDict):
    """How many can be had."""

    count: int


class Proposal(TypedDict):
    """What would be added; `amount` in F CFA, `better` a sentence or nothing."""

    quantity: int
    name: str
    unit: str
    amount: int
    better: str
    vendor: str
    product: NotRequired[int]


class OtherUnit(Facts):
    """A product in short, and the unit that was said though it is sold by another."""

    said: str
    photo: NotRequired[str]


class Added(TypedDict):
    """What is in the basket now; `goods` in F CFA, `better` a sentence or nothing."""

    quantity: int
    name: str
    better: str
    count: int
    goods: int
    product: NotRequired[int]


def look_for(turn: Turn) -> Sought:
    """A product that was asked for by words; without words what is spoken of, else which one must be asked."""
    _want(turn, 0)
    sought = turn.slot("product")
    if sought:
        bounds = {"min_price": turn.slot("min_price"), "max_price": turn.slot("max_price")}
        return find(turn, choosing.without_names(str(sought)), **bounds)
    return "one" if product_spoken_of(turn) else _listed(turn)


def propose_shown(turn: Turn, quantity: int, unit: str, said: str) -> Opened:
    """So many units of the product on show, which the words may narrow to a variant; its card where none were said."""
    _want(turn, quantity, unit)
    if quantity:
        _narrow(turn, said)
    return _proposed_or_passed(turn)


def _listed(turn: Turn) -> Literal["several", "unnamed"]:
    """Whether several products that were found are spoken of."""
    return "several" if is_found_shown(turn) else "unnamed"


def look_for_words(turn: Turn, sought: str) -> Named:
    """The answer to `which product?`: with quantities of its own, or with the one that was said before the question."""
    wished = [wish for heard in understand("buyer", sought) for wish in wishes(heard.slots) if wish["quantity"]]
    return _taken(turn, wished) if wished else _propose(turn, sought)


def take_wishes(turn: Turn) -> Wished:
    """A sentence that orders: one thing is proposed, several are a list that is shown as it was read.

    named: it only tells which variant is meant (`42 noir`).
    """
    variants = variants_spoken_of(turn)
    if choosing.names_only(turn.words, variants) and not choosing.counted(turn.words, variants):
        return "named"
    wished = wishes_for_shown(turn, variants) or [wish for heard in turn.heard for wish in wishes(heard.slots)]
    return _taken(turn, wished) if wished else _wish_for_shown(turn)


def _taken(turn: Turn, wished: Sequence[Wish]) -> Named:
    if len(wished) > 1:
        lists.open_list(turn, wished)
        return "list"
    lists.leave(turn)
    wish = wished[0]
    _want(turn, wish["quantity"], wish["unit"])
    if wish["variants"]:
        return _propose_variants(turn, goods.products(turn.db, wish["variants"]))
    return _propose(turn, wish["said"])


def _propose_variants(turn: Turn, narrowed: Sequence[Product]) -> Opened:
    """`2 rouge` of the group that is spoken of."""
    group = goods.product(turn.db, narrowed[0].good_id or 0)
    if group is None or not any(one.available for one in narrowed):
        return "one"
    return "proposed" if choosing.open_choice(turn, group, narrowed) == "one" else "variant"


def _wish_for_shown(turn: Turn) -> Wished:
    """`je prends 2` names no product: the one spoken of is meant, or one of those just found, or the next one named."""
    _want(turn, units(turn.slot("quantity")))
    return _proposed_or_passed(turn) if product_spoken_of(turn) else _listed(turn)


def _want(turn: Turn, quantity: int, unit: str = "") -> None:
    """Remember how many were said, and in which unit; 0 when no quantity was said."""
    turn.memory["wanted"], turn.memory["wanted_unit"] = quantity, unit


def _propose(turn: Turn, sought: str) -> Proposed:
    """Find what is wanted, and propose it where one product fits and the quantity is sure."""
    found = find(turn, choosing.without_names(sought))
    if found == "several" and _takes_more(turn):
        found = "one"
    if found != "one":
        return found
    _narrow(turn, sought)
    return _proposed_or_passed(turn)


def _takes_more(turn: Turn) -> bool:
    """`ajoute encore 1 huile` means the one oil that lies in the basket; it is on show then."""
    if not MORE_OF_IT.match(turn.words):
        return False
    lines = basket.basket_of(turn.db, turn.person.contact_id).lines
    own = [line.product_id for line in lines if line.product_id in turn.memory["found"]]
    if len(own) != 1:
        return False
    show_product(turn, own[0])
    return True


def _narrow(turn: Turn, sought: str) -> None:
    """`sandales taille 42` names the variant with the product; so does the unit of a good that is sold by several."""
    group = product_on_show(turn)
    if group is None or group.kind != "group":
        return
    said = f"{sought} {turn.memory.get('wanted_unit') or ''}"
    narrowed = choosing.named(said, goods.variants(turn.db, group.id))
    if narrowed and any(one.available for one in narrowed):
        choosing.open_choice(turn, group, narrowed)


def _proposed_or_passed(turn: Turn) -> Opened:
    """Whether the product on show is proposed; its card takes no quantity along to another product."""
    outcome = _proposed_or_one(turn)
    if outcome == "one":
        _want(turn, 0)
    return outcome


def _proposed_or_one(turn: Turn) -> Opened:
    """Two kilos are not two sacks: a quantity said in another unit than the product's is asked for again."""
    product = product_on_show(turn)
    unit = str(turn.memory.get("wanted_unit") or "")
    if not is_wanted(turn) or not product or not product.available:
        return "one"
    if product.kind == "group":
        is_narrowed = bool(turn.memory.get("fixed")) or choosing.open_choice(turn, product) == "several"
        return "variant" if is_narrowed else "proposed"
    return "proposed" if is_sold_by(unit, product) else "other_unit"


def read_price(said: Incoming) -> str | None:
    """`le moins cher`, `jusqu'à 15000` and no other word: what the list that was found shall keep to, as typed."""
    wanted = read_wanted(said.text)
    says_price = wanted.is_cheapest or wanted.has_bounds
    is_else = wanted.qualities or wanted.measures or wanted.shop or wanted.place or OFFERED.match(said.text)
    return f"{PRICED}{said.text[:LONGEST]}" if says_price and not is_else and WHICH.issuperset(wanted.goods) else None


def _priced(turn: Turn, typed: str) -> Guessed:
    """The same words are looked for again, within another price."""
    words, wanted = str(turn.memory.get("words", "")), read_wanted(typed)
    sought = f"{words} moins cher" if wanted.is_cheapest else words
    found = find(turn, sought, min_price=wanted.min_price, max_price=wanted.max_price)
    turn.memory["words"] = words
    return _proposed_or_passed(turn) if found == "one" else "several"


def open_found(turn: Turn, row: str) -> Guessed:
    """One of several that were found: proposed when a quantity was said for this list, else its card.

    In a row's place a price (read_price): those that it leaves are listed.
    """
    if row.startswith(PRICED):
        return _priced(turn, row.removeprefix(PRICED))
    product_id = number_of(row.partition(":")[2])
    show_product(turn, product_id)
    if product_id not in turn.memory.get("found", ()):  # an older list's
        _want(turn, 0)
    else:
        _narrow(turn, str(turn.memory.get("words", "")))
    return _proposed_or_one(turn)


def take_variant(turn: Turn, row: str) -> Literal["several", "proposed", "one", "gone"]:
    """A value of a group was chosen: another one is asked, or what it leaves is proposed, or how many is asked."""
    taken = choosing.take(turn, row)
    return "proposed" if taken == "one" and is_wanted(turn) else taken


def take_guess(turn: Turn, row: str) -> Guessed:
    """One of the words that may have been meant: it is looked for as the wish that it stands for.

    several: also when all that is so called has just gone, and the list is empty.
    """
    taken = _propose(turn, row[:LONGEST])
    return "several" if taken == "unsure" or taken == "nothing" else taken


def is_wanted(turn: Turn) -> bool:
    """Whether a quantity still waits for a yes."""
    return bool(turn.memory.get("wanted"))


def proposal(turn: Turn) -> Proposal:
    """Values of `2 sacs de Riz : 35 000 F CFA. C'est bon ?`."""
    product = product_on_show(turn)
    quantity = number_of(turn.memory.get("wanted", 0))
    if product is None:
        return {"quantity": quantity, "name": "", "unit": "", "amount": 0, "better": "", "vendor": ""}
    return {
        "quantity": quantity,
        "name": product.name,
        "unit": product.unit,
        "amount": product.tariff.amount(quantity),
        "better": better_line(turn, product.tariff, quantity),
        "vendor": shop_called(turn, product.vendor_name, product.vendor_level),
        "product": product.id,
    }


def add_wanted(turn: Turn) -> Put:
    """The buyer said yes to the proposal."""
    return add_to_basket(turn, number_of(turn.memory.get("wanted", 0)))


def add_to_basket(turn: Turn, quantity: int) -> Put:
    """Put units of the product on show into the basket, or nothing.

    too_many: fewer can be had. no_more: none beside those in the basket.
    """
    _want(turn, 0)
    if quantity < 1:
        return "gone"
    product_id = number_of(turn.memory.get("product", ""))
    change = basket.add(turn.db, turn.person.contact_id, product_id, min(quantity, 10 * MOST_UNITS), cause(turn))
    if change.outcome == "added":
        return "added"
    if not change.available and not change.quantity:
        return "gone"  # nothing is left, and nothing lies in the basket
    turn.memory["most"] = change.available - change.quantity
    if change.outcome == "too_many" and change.available <= change.quantity:
        return "no_more"
    return change.outcome


def pass_over(turn: Turn) -> Literal["done"]:
    """The buyer said no to the proposal, or to the question how many."""
    _want(turn, 0)
    return "done"


def in_other_unit(turn: Turn) -> OtherUnit:
    """Values of `not sold by the unit that was said`."""
    product = product_on_show(turn)
    said = str(turn.memory.get("wanted_unit", ""))
    if product is None:
        return {"name": "", "price": "", "stock": "", "said": said}
    short = product_facts(turn, product)
    values: OtherUnit = {
        "name": product.name,
        "price": price_line(turn, product),
        "stock": short["stock"],
        "said": said,
        "product": product.id,
    }
    if product.photo_hash:
        values["photo"] = photo_path(product.photo_hash)
    return values


def fewer(turn: Turn) -> Fewer:
    """Values of `only so many are left`."""
    product = product_on_show(turn)
    count = number_of(turn.memory.get("most", 0))
    return {"count": count, "name": product.name if product else "", "product": product.id if product else 0}


def fewer_in_line(turn: Turn) -> FewerInLine:
    """Values of `only so many can be had` of a line of the basket."""
    return {"count": number_of(turn.memory.get("most", 0))}


def added(turn: Turn) -> Added:
    """Values of `in the basket`."""
    now = basket.basket_of(turn.db, turn.person.contact_id)
    shown = number_of(turn.memory.get("product", ""))
    own = next((line for line in now.lines if line.product_id == shown), None)
    values: Added = {
        "quantity": own.quantity if own else 0,
        "name": own.name if own else "",
        "better": better_line(turn, own.tariff, own.quantity) if own else "",
        "count": len(now.lines),
        "goods": now.goods,
    }
    if own:
        values["product"] = own.product_id
    return values
