"""Browsing: categories, products in pages, and the card of one product."""

from typing import Literal, NotRequired, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import number_of, quarter_name, words
from bot.turn import Turn
from catalog import products as goods
from catalog.categories import categories
from catalog.products import Product

PAGE = 9
FOUND = "f"  # a list of products that was found by words
Scope = tuple[str, int]  # c: category, v: vendor, f: found; and its id (0)


class Facts(TypedDict):
    """One product in short; `price` in F CFA a unit, `stock` a line of words."""

    name: str
    price: int
    unit: str
    stock: str


class Card(Facts):
    """One product whole."""

    description: str
    vendor: str
    quarter: str
    photo: NotRequired[str]


class Picture(TypedDict):
    """One product's photo, a public path."""

    name: str
    photo: str


def category_rows(turn: Turn, after: str) -> Page:
    """The categories; the cursor is the place of the last one shown."""
    first = number_of(after)
    found = categories(turn.db, turn.person.language)
    rows = [
        Row(str(c.id), c.name, words(turn, "buyer.category_detail", count=c.products))
        for c in found[first : first + PAGE]
    ]
    return Page(tuple(rows), str(first + PAGE) if len(found) > first + PAGE else "")


def choose_category(turn: Turn, row: str) -> Literal["chosen"]:
    """Look at one category from now on."""
    turn.memory["scope"] = f"c{number_of(row)}"
    turn.memory.pop("wishes", None)
    return "chosen"


def product_rows(turn: Turn, after: str) -> Page:
    """The products of what is looked at. Row ids and cursors name the list themselves, so an old list stays itself."""
    listed, _, cursor = after.partition(":") if after else (str(turn.memory.get("scope", "")), "", "")
    page = _products(turn, _scope(listed), cursor)
    rows = tuple(Row(f"{listed}:{product.id}", product.name, detail(turn, product)) for product in page.products)
    return Page(rows, f"{listed}:{page.after}" if page.after else "")


def _scope(text: str) -> Scope:
    return text[:1], number_of(text[1:])


def _products(turn: Turn, scope: Scope, after: str) -> goods.Page:
    kind, owner = scope
    if kind == "c":
        return goods.page_of_category(turn.db, owner, after, PAGE)
    if kind == "v":
        return goods.page_of_vendor(turn.db, owner, after, PAGE)
    if kind == FOUND:
        return goods.Page(goods.products(turn.db, turn.memory.get("found", ()))[:PAGE], "")
    return goods.Page((), "")


def detail(turn: Turn, product: Product) -> str:
    """Price, unit and stock in one line of a list."""
    closed = "buyer.product_out" if product.is_shop_open else "buyer.product_closed"
    key = "buyer.product_detail" if product.available else closed
    return words(turn, key, price=product.price, unit=product.unit, available=product.available)


def open_product(turn: Turn, row: str) -> Literal["opened"]:
    """Put one product on show."""
    listed, _, product_id = row.partition(":")
    turn.memory["scope"] = listed[:20]
    show_product(turn, number_of(product_id))
    return "opened"


def show_product(turn: Turn, product_id: int) -> None:
    """Remember which product the chat is about."""
    turn.memory["product"] = product_id


def product_on_show(turn: Turn) -> Product | None:
    """The product that the chat is about; None when there is none, or no longer."""
    return goods.product(turn.db, number_of(turn.memory.get("product", "")))


def product_spoken_of(turn: Turn) -> Product | None:
    """The product on show; None when a list has been opened since that does not hold it."""
    product = product_on_show(turn)
    return product if product and _holds(turn, product) else None


def is_found_shown(turn: Turn) -> bool:
    """Whether the list last opened is one of several products that were found by words."""
    return turn.memory.get("scope") == f"{FOUND}0" and len(turn.memory.get("found", ())) > 1


def _holds(turn: Turn, product: Product) -> bool:
    kind, owner = _scope(str(turn.memory.get("scope", "")))
    if kind == FOUND:
        return product.id in turn.memory.get("found", ())
    return owner == {"c": product.category_id, "v": product.vendor_id}.get(kind, owner)


def card_rows(turn: Turn, after: str) -> Page:
    """What can be done with the product on show. The ids name the product, so an old card stays itself."""
    product = product_on_show(turn)
    if product is None:
        return Page(())
    ways = ("add", "same_shop", "others") if product.available else ("same_shop", "others")
    return Page(tuple(Row(f"{way}.{product.id}", words(turn, f"option.{way}")) for way in ways))


def act_on_card(turn: Turn, row: str) -> Literal["add", "same_shop", "others", "gone"]:
    """Add it, see what else its shop sells, or go back to the list."""
    way, _, product_id = row.partition(".")
    show_product(turn, number_of(product_id))
    product = product_on_show(turn)
    if product is None or (way == "add" and not product.available):
        return "gone"
    if way == "add":
        return "add"
    if way == "same_shop":
        turn.memory["scope"] = f"v{product.vendor_id}"
        return "same_shop"
    _widen(turn, product)
    return "others"


def _widen(turn: Turn, product: Product) -> None:
    """The list behind a card; its category where the card was all that was found."""
    scope = turn.memory.get("scope")
    if not scope or (scope == f"{FOUND}0" and len(turn.memory.get("found", ())) == 1):
        turn.memory["scope"] = f"c{product.category_id}"


def leave_card(turn: Turn) -> Literal["others", "gone"]:
    """A no to the card: what else there is."""
    product = product_on_show(turn)
    if product is None:
        return "gone"
    _widen(turn, product)
    return "others"


def take_shown(turn: Turn) -> Literal["add", "gone"]:
    """A yes to the card means that the product is wanted, if it can be had."""
    product = product_on_show(turn)
    return "add" if product and product.available else "gone"


def card(turn: Turn) -> Card:
    """Values of the product's card."""
    product = product_on_show(turn)
    if product is None:
        return {"name": "", "price": 0, "unit": "", "stock": "", "description": "", "vendor": "", "quarter": ""}
    values: Card = {
        "name": product.name,
        "price": product.price,
        "unit": product.unit,
        "stock": stock_line(turn, product),
        "description": f"\n{product.description}" if product.description else "",
        "vendor": product.vendor_name,
        "quarter": quarter_name(product.vendor_quarter),
    }
    if product.photo_hash:
        values["photo"] = f"/media/{product.photo_hash}.jpg"
    return values


def look_at_photo(turn: Turn) -> Literal["shown", "without", "unknown"]:
    """Whether the product spoken of has a photo."""
    product = product_spoken_of(turn)
    if product is None:
        return "unknown"
    return "shown" if product.photo_hash else "without"


def picture(turn: Turn) -> Picture:
    """Values of the photo that was asked for."""
    shown = card(turn)
    return {"name": shown["name"], "photo": shown.get("photo", "")}


def facts(turn: Turn) -> Facts:
    """Values of the question how many; the card has just shown the photo."""
    shown = card(turn)
    return {"name": shown["name"], "price": shown["price"], "unit": shown["unit"], "stock": shown["stock"]}


def stock_line(turn: Turn, product: Product) -> str:
    """`Il en reste 12.`, or that there is none, or that the shop is closed."""
    if product.available:
        return words(turn, "buyer.stock", count=product.available)
    return words(turn, "buyer.no_stock" if product.is_shop_open else "buyer.shop_closed")
