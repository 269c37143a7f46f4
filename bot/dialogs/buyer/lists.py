"""Several things in one message: every line is found first, doubts are asked one by one, and one yes adds them all."""

import re
from collections.abc import Sequence
from typing import Literal, TypedDict

from base.shortening import shorten
from base.spelling import normalise
from bot.dialog import Page
from bot.dialogs.buyer import choosing
from bot.dialogs.buyer.browsing import product_row, show_product
from bot.dialogs.buyer.wishes import Line, Wish, find_lines, known_products, open_lines, settle, wish_of, wishes
from bot.dialogs.means import cause, number_of, words
from bot.messages import Incoming
from bot.routing import SURE
from bot.turn import Turn
from bot.understanding import understand
from catalog import products as goods
from catalog.products import Product
from orders import basket, offered
from orders.offered import MOST_UNITS

MOST_LETTERS = 40  # of a name in the list, which must fit whatever it holds
NAMED = "named."  # before words of a name, in a row's place
NAMING = frozenset("search order choose ask_variant unknown".split())  # intents of words that name a good for sure
ONE_OF = re.compile(
    r"\W*(?:non\W+)?(?P<whole>(?:l['’]|(?:le|la|les|celui|celle|ceux)\b)\W*(?:(?:de|du|en|[aà])\b\W*)?"
    r"(?P<words>\w+(?:\W+\w+){0,2}?))\W*(?:\b(?:svp|stp)\W*)?",
    re.IGNORECASE,
)
Doubt = Literal["which", "variant", "units", "fewer", "out", "unknown"]


class Doubtful(TypedDict):
    """The line that is asked about, as it was said."""

    said: str


class Choosing(Doubtful):
    """Which one of a line's group is asked for."""

    name: str
    attribute: str
    product: int


class Counting(TypedDict):
    """How many of a line is asked for; `price` and `stock` are words."""

    name: str
    price: str
    stock: str
    product: int


class Listed(TypedDict):
    """One line as it was read; `amount` in F CFA."""

    quantity: int
    name: str
    unit: str
    amount: int
    vendor: str


class Shown(TypedDict):
    """The whole list; `total` in F CFA, without delivery."""

    lines: list[Listed]
    total: int


class AddedAll(TypedDict):
    """What entered the basket, what did not (a sentence or nothing), and what is in it now; `goods` in F CFA."""

    added: str
    left_out: str
    count: int
    goods: int


def open_list(turn: Turn, wished: Sequence[Wish]) -> None:
    """Find what a list asks for, all lines at once, and keep it until it is answered."""
    turn.memory["list"] = find_lines(turn, wished)


def is_open(turn: Turn) -> bool:
    """Whether a list waits for an answer."""
    return bool(turn.memory.get("list"))


def next_doubt(turn: Turn) -> Literal["which", "variant", "units", "fewer", "out", "unknown", "shown", "empty"]:
    """What must be asked before the list can be shown: the first line's doubt."""
    lines = open_lines(turn)
    if not lines:
        return "empty"
    known = {p.id: p for p in goods.products(turn.db, {line["product"] for line in lines if line["product"]})}
    for place, line in enumerate(lines):
        doubt = _doubt(line, known.get(line["product"]))
        if doubt:
            turn.memory["at"] = place
            if line["product"]:
                show_product(turn, line["product"])
            return doubt
    return "shown"


def _doubt(line: Line, product: Product | None) -> Doubt | None:
    if not line["product"]:
        return "which" if line["found"] else "unknown"
    if product is None or not product.available:
        return "out"
    if product.kind == "group":
        return "variant"
    if not line["is_sure"]:
        return "units"
    return "fewer" if line["quantity"] > min(product.available, MOST_UNITS) else None


def _at(turn: Turn) -> Line | None:
    lines, place = open_lines(turn), number_of(turn.memory.get("at", 0))
    return lines[place] if place < len(lines) else None


def _product_at(turn: Turn) -> Product | None:
    line = _at(turn)
    return goods.product(turn.db, line["product"]) if line else None


def doubtful(turn: Turn) -> Doubtful:
    """Values of a question about one line."""
    line = _at(turn)
    return {"said": line["said"] if line else ""}


def found_rows(turn: Turn, after: str) -> Page:
    """The products that the line may mean."""
    line = _at(turn)
    found = goods.products(turn.db, line["found"]) if line else ()
    return Page(tuple(product_row(turn, str(product.id), product) for product in found))


def read_one_of(said: Incoming) -> str | None:
    """`le parfumé`, `celui de 25 kg`: one of those that are offered, by words of its name; None for anything else."""
    found = ONE_OF.fullmatch(said.text[:MOST_LETTERS])
    heard = understand("buyer", found["whole"]) if found else ()
    is_name = all(one.intent in NAMING or one.confidence < SURE for one in heard)
    return f"{NAMED}{found['words']}" if found and is_name else None


def _named(turn: Turn, said: str) -> Literal["known", "unclear"]:
    """Those of the line whose names hold these words: the only one is meant, several are offered again."""
    line = _at(turn)
    wanted = {word.removesuffix("s") for word in normalise(said).split()}
    offered = goods.products(turn.db, line["found"]) if line else ()
    left = [one.id for one in offered if wanted <= {word.removesuffix("s") for word in normalise(one.name).split()}]
    if line is None or not left:
        return "unclear"
    line["found"] = left
    return take_found(turn, str(left[0])) if len(left) == 1 else "known"


def take_found(turn: Turn, row: str) -> Literal["known", "unclear"]:
    """The line means this product, or one that is named in a row's place (read_one_of); unclear: no such one."""
    if row.startswith(NAMED):
        return _named(turn, row.removeprefix(NAMED))
    line, product = _at(turn), goods.product(turn.db, number_of(row))
    if line and product and product.id in line["found"]:
        own = {product.id: goods.variants(turn.db, product.id)} if product.kind == "group" else {}
        settle(line, product, own)
    return "known"


def variant_rows(turn: Turn, after: str) -> Page:
    """The values of the line's group that are asked."""
    return choosing.rows_of(turn, _variants_left(turn), after)


def _variants_left(turn: Turn) -> list[Product]:
    line = _at(turn)
    return choosing.left_of(turn, line["product"], line["fixed"]) if line else []


def take_variant(turn: Turn, row: str) -> Literal["known"]:
    """The line means what has this value; another attribute may still be open."""
    line = _at(turn)
    chosen = choosing.chosen_of(turn, row, line["product"], line["fixed"]) if line else None
    if line and chosen:
        line["product"], line["fixed"] = chosen
    return "known"


def narrow(turn: Turn, group: Product, named: Sequence[Product]) -> bool:
    """Whether the line that is asked about is of this group; it then means one of the variants that words left."""
    line = _at(turn)
    if line is None or line["product"] != group.id:
        return False
    possible = [one for one in named if one.available]
    line["fixed"] = choosing.fixed(possible)
    line["product"] = possible[0].id if len(possible) == 1 else group.id
    return True


def variant_asked(turn: Turn) -> Choosing:
    """Values of the question which one."""
    line = _at(turn)
    asked = choosing.asked_of(turn, line["product"] if line else 0, _variants_left(turn))
    said = doubtful(turn)["said"]
    return {"name": asked["name"], "attribute": asked["attribute"], "said": said, "product": asked.get("product", 0)}


def counting(turn: Turn) -> Counting:
    """Values of the question how many of a line."""
    product = _product_at(turn)
    if product is None:
        return {"name": "", "price": "", "stock": "", "product": 0}
    return {
        "name": product.name,
        "price": words(turn, "buyer.price_short", price=product.price, unit=product.unit),
        "stock": words(turn, "buyer.stock", count=min(product.available, MOST_UNITS)),
        "product": product.id,
    }


def keep_units(turn: Turn, quantity: int) -> Literal["kept"]:
    """So many of the line, in its own unit."""
    line = _at(turn)
    if line:
        line["quantity"], line["is_sure"] = quantity, True
    return "kept"


def look_again(turn: Turn, said: str) -> Literal["found"]:
    """Other words for the line that nothing was found for; a quantity among them counts."""
    line = _at(turn)
    if line:
        heard = [wish for one in understand("buyer", said) for wish in wishes(one.slots)]
        wish = heard[0] if len(heard) == 1 else {**wish_of({"product": said}), "unit": line["unit"]}
        wish["quantity"] = wish["quantity"] or line["quantity"]
        open_lines(turn)[turn.memory["at"]] = find_lines(turn, [wish])[0]
    return "found"


def drop(turn: Turn) -> Literal["dropped"]:
    """The line is left out."""
    if _at(turn):
        del open_lines(turn)[turn.memory["at"]]
    return "dropped"


def leave(turn: Turn) -> Literal["left"]:
    """Nothing of the list is wanted."""
    turn.memory.pop("list", None)
    return "left"


def shown(turn: Turn) -> Shown:
    """Values of the list as it was read."""
    known = known_products(turn)
    pairs = [(line, known[line["product"]]) for line in open_lines(turn) if line["product"] in known]
    lines = [_listed(product, line["quantity"]) for line, product in pairs]
    return {"lines": lines, "total": sum(line["amount"] for line in lines)}


def _listed(product: Product, quantity: int) -> Listed:
    return {
        "quantity": quantity,
        "name": shortened(product.name, product.label),
        "unit": product.unit,
        "amount": product.tariff.amount(quantity),
        "vendor": shorten(product.vendor_name, MOST_LETTERS),
    }


def shortened(name: str, label: str, most: int = MOST_LETTERS) -> str:
    """A name of at most so many letters; of a variant what tells it from the others stays."""
    end = f", {label}"
    if not label or not name.endswith(end) or len(end) >= most:
        return shorten(name, most)
    return f"{shorten(name.removesuffix(end), most - len(end))}{end}"


def put(turn: Turn) -> Literal["added", "full", "gone"]:
    """Everything enters the basket, in one step, all that can."""
    wanted: dict[int, int] = {}
    for line in open_lines(turn):
        wanted[line["product"]] = wanted.get(line["product"], 0) + line["quantity"]
    wished = [offered.Wish(product, quantity) for product, quantity in wanted.items() if product and quantity]
    if not wished:
        return "gone"
    changes = basket.add_all(turn.db, turn.person.contact_id, wished, cause(turn))
    turn.memory.pop("list", None)
    left = [wish.product_id for wish, change in zip(wished, changes, strict=True) if change.outcome != "added"]
    if len(left) == len(wished):
        return "full" if any(change.outcome == "limit" for change in changes) else "gone"
    turn.memory["added"] = [len(wished) - len(left), left]
    return "added"


def added_all(turn: Turn) -> AddedAll:
    """Values of `all of it is in the basket`."""
    now = basket.basket_of(turn.db, turn.person.contact_id)
    count, left = turn.memory.get("added", [0, []])
    names = [shorten(product.name, MOST_LETTERS) for product in goods.products(turn.db, left)]
    return {
        "added": words(turn, "buyer.lines_added", count=count),
        "left_out": words(turn, "buyer.lines_left_out", names=", ".join(names)) if names else "",
        "count": len(now.lines),
        "goods": now.goods,
    }
