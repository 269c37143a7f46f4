"""Browsing: categories, products in pages, and the card of one product."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Literal, NotRequired, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.buyer import choosing
from bot.dialogs.many import rules_line
from bot.dialogs.means import number_of, quarter_name, shop_called, words
from bot.turn import Turn
from bot.understanding import unit_named
from bot.world import ASKS
from catalog import products as goods
from catalog.categories import COUNTED_AT_MOST, Category, categories
from catalog.products import Product

PAGE = 9
LONGEST = 60  # characters of a wish that is said back
FOUND = "f"  # a list of products that was found by words
Scope = tuple[str, int]  # c: category, v: vendor, f: found; and its id (0)


class Facts(TypedDict):
    """One product in short; `price` with its unit and `stock` are lines of words."""

    name: str
    price: str
    stock: str
    product: NotRequired[int]


class Card(Facts):
    """One product whole; `about` are lines of words, each with a line break before it."""

    about: str
    vendor: str
    quarter: str
    photo: NotRequired[str]


def category_rows(turn: Turn, after: str) -> Page:
    """The categories; the cursor is the place of the last one shown."""
    first = number_of(after)
    found = categories(turn.db, turn.person.language)
    rows = [category_row(turn, category) for category in found[first : first + PAGE]]
    return Page(tuple(rows), str(first + PAGE) if len(found) > first + PAGE else "")


def category_row(turn: Turn, category: Category) -> Row:
    """One category with how many products it has, as far as they are counted."""
    text = "buyer.category_large" if category.products == COUNTED_AT_MOST else "buyer.category_detail"
    return Row(str(category.id), category.name, words(turn, text, count=category.products))


def catalogue(turn: Turn) -> Mapping[str, Any]:
    """What is asked about all goods: the provider's own catalogue answers it best, where the account has one."""
    return {ASKS: "catalogue"}


def choose_category(turn: Turn, row: str) -> Literal["chosen"]:
    """Look at one category from now on."""
    turn.memory["scope"] = f"c{number_of(row)}"
    return "chosen"


def product_rows(turn: Turn, after: str) -> Page:
    """The products of what is looked at. Row ids and cursors name the list themselves, so an old list stays itself."""
    listed, _, cursor = after.partition(":") if after else (str(turn.memory.get("scope", "")), "", "")
    page = _products(turn, _scope(listed), cursor)
    rows = tuple(product_row(turn, f"{listed}:{product.id}", product) for product in page.products)
    return Page(rows, f"{listed}:{page.after}" if page.after else "")


def product_row(turn: Turn, row: str, product: Product) -> Row:
    """A product as one of several, under this row's id."""
    photo = thumbnail_path(product.photo_hash) if product.photo_hash else ""
    return Row(row, product.name, detail(turn, product), photo, product.slug)


def _scope(text: str) -> Scope:
    return text[:1], number_of(text[1:])


def _products(turn: Turn, scope: Scope, after: str) -> goods.Page:
    kind, owner = scope
    if kind == "c":
        return goods.page_of_category(turn.db, owner, after, PAGE)
    if kind == "v":
        return goods.page_of_vendor(turn.db, owner, after, PAGE)
    if kind == FOUND:
        return _page_of_found(turn, number_of(after))
    return goods.Page((), "")


def _page_of_found(turn: Turn, first: int) -> goods.Page:
    """The next of the products that were found by words; the cursor is their place in the list."""
    found = list(turn.memory.get("found", ()))
    more = str(first + PAGE) if len(found) > first + PAGE else ""
    return goods.Page(goods.products(turn.db, found[first : first + PAGE]), more)


def detail(turn: Turn, product: Product) -> str:
    """Price, unit and stock in one line of a list; a group has no figure of its own."""
    if not product.available:
        key = "buyer.product_out" if product.is_shop_open else "buyer.product_closed"
    else:
        single = "buyer.promo_detail" if product.tariff.promo else "buyer.product_detail"
        key = "buyer.group_detail" if product.kind == "group" else single
    units = " / ".join(product.units)
    return words(turn, key, price=product.price, unit=units, available=product.available)


def open_product(turn: Turn, row: str) -> Literal["opened"]:
    """Put one product on show."""
    listed, _, product_id = row.partition(":")
    turn.memory["scope"] = listed[:20]
    show_product(turn, number_of(product_id))
    return "opened"


def show_product(turn: Turn, product_id: int) -> None:
    """Remember which product the chat is about; nothing is chosen or said of it yet."""
    turn.memory["product"] = product_id
    turn.memory.pop("fixed", None)
    turn.memory.pop("said_of", None)


def product_on_show(turn: Turn) -> Product | None:
    """The product that the chat is about; None when there is none, or no longer."""
    return goods.product(turn.db, number_of(turn.memory.get("product", "")))


def product_spoken_of(turn: Turn) -> Product | None:
    """The product on show; None when a list has been opened since that does not hold it."""
    product = product_on_show(turn)
    return product if product and _holds(turn, product) else None


def is_sold_by(unit: str, product: Product) -> bool:
    """Whether a unit as it was said is one that the product is sold by; no unit said is any."""
    return unit == "" or unit in map(unit_named, product.units)


def is_found_shown(turn: Turn) -> bool:
    """Whether the list last opened is one of several products that were found by words."""
    return turn.memory.get("scope") == f"{FOUND}0" and len(turn.memory.get("found", ())) > 1


def _holds(turn: Turn, product: Product) -> bool:
    kind, owner = _scope(str(turn.memory.get("scope", "")))
    if kind == FOUND:
        return not {product.id, product.good_id}.isdisjoint(turn.memory.get("found", ()))
    return owner == {"c": product.category_id, "v": product.vendor_id}.get(kind, owner)


def card_rows(turn: Turn, after: str) -> Page:
    """What can be done with the product on show. The ids name the product, so an old card stays itself."""
    product = product_on_show(turn)
    if product is None:
        return Page(())
    ways = ("add" if product.available else "alert", "ask", "others")
    return Page(tuple(Row(f"{way}.{product.id}", words(turn, f"option.{way}")) for way in ways))


def act_on_card(turn: Turn, row: str) -> Literal["add", "choose", "alert", "ask", "others", "gone"]:
    """Add it, wait for it, ask its shop something, or go back to the list."""
    way, _, product_id = row.partition(".")
    show_product(turn, number_of(product_id))
    product = product_on_show(turn)
    if product is None or (way == "add" and not product.available):
        return "gone"
    if way == "add":
        return _added(turn, product)
    if way == "alert":
        wait_for(turn, product)
        return "alert"
    if way == "ask":
        return "ask"
    _widen(turn, product)
    return "others"


def see_shop(turn: Turn) -> Literal["shown", "gone"]:
    """What else the shop of the product on show sells."""
    product = product_on_show(turn)
    if product is None:
        return "gone"
    turn.memory["scope"] = f"v{product.vendor_id}"
    return "shown"


def _widen(turn: Turn, product: Product) -> None:
    """The list behind a card; its category where the card was all that was found."""
    scope = turn.memory.get("scope")
    if not scope or (scope == f"{FOUND}0" and len(turn.memory.get("found", ())) == 1):
        turn.memory["scope"] = f"c{product.category_id}"


def wait_for(turn: Turn, product: Product) -> None:
    """Remember that this product is missed, before it is asked whether its arrival shall be told."""
    turn.memory["words"], turn.memory["missed"] = product.name[:LONGEST], {"product": product.id}


def leave_card(turn: Turn) -> Literal["others", "gone"]:
    """A no to the card: what else there is."""
    product = product_on_show(turn)
    if product is None:
        return "gone"
    _widen(turn, product)
    return "others"


def take_shown(turn: Turn) -> Literal["add", "choose", "gone"]:
    """A yes to the card means that the product is wanted, if it can be had."""
    product = product_on_show(turn)
    return _added(turn, product) if product and product.available else "gone"


def _added(turn: Turn, product: Product) -> Literal["add", "choose"]:
    """How many is asked of what is sold as it is, first which one of what is sold by its variants."""
    if product.kind != "group":
        return "add"
    return "choose" if choosing.open_choice(turn, product) == "several" else "add"


def card(turn: Turn) -> Card:
    """Values of the product's card."""
    product = product_on_show(turn)
    if product is None:
        return {"name": "", "price": "", "stock": "", "about": "", "vendor": "", "quarter": ""}
    values: Card = {
        "name": product.name,
        "price": price_line(turn, product),
        "stock": stock_line(turn, product),
        "about": "".join(f"\n{line}" for line in _about(turn, product)),
        "vendor": shop_called(turn, product.vendor_name, product.vendor_level),
        "quarter": quarter_name(product.vendor_quarter),
        "product": product.id,
    }
    if product.photo_hash:
        values["photo"] = photo_path(product.photo_hash)
    return values


def photo_path(photo_hash: str) -> str:
    """Where a photo is found, a public path."""
    return f"/media/{photo_hash}.jpg"


def thumbnail_path(photo_hash: str) -> str:
    """Where it is found as one of several, a public path."""
    return f"/media/thumbnail/{photo_hash}.jpg"


def _about(turn: Turn, product: Product) -> Iterator[str]:
    """What else is known of a product, line by line."""
    rules = rules_line(turn, product.tariff)
    if rules:
        yield rules
    promo = product.tariff.promo
    if promo and promo.until:
        yield words(turn, "buyer.promo_until", last=promo.until - timedelta(seconds=1))
    if product.condition:
        yield words(turn, f"condition.{product.condition}")
    if product.description:
        yield product.description


def facts(turn: Turn) -> Facts:
    """Values of the question how many; the card has just shown the photo."""
    product = product_on_show(turn)
    return product_facts(turn, product) if product else {"name": "", "price": "", "stock": ""}


def product_facts(turn: Turn, product: Product) -> Facts:
    """One product in short."""
    rules = rules_line(turn, product.tariff)
    stock = stock_line(turn, product)
    return {
        "name": product.name,
        "price": price_in_short(turn, product),
        "stock": f"{stock} {rules}" if rules else stock,
        "product": product.id,
    }


def price_in_short(turn: Turn, product: Product) -> str:
    """`15 000 F (sac)`, while a promotion runs `15 000 F au lieu de 17 500 F (sac)`."""
    usual = product.tariff.usual_price
    key = "buyer.price_short" if usual == product.price else "buyer.promo_short"
    return words(turn, key, price=product.price, unit=product.unit, usual=usual)


def price_line(turn: Turn, product: Product) -> str:
    """`17 500 F CFA (sac)`; of a group what its variants cost, in how many units it comes."""
    if product.kind != "group":
        usual = product.tariff.usual_price
        key = "buyer.price_unit" if usual == product.price else "buyer.price_promo"
        return words(turn, key, price=product.price, unit=product.unit, usual=usual)
    own = goods.variants(turn.db, product.id)
    key = "buyer.price_unit" if len({one.price for one in own}) < 2 else "buyer.price_from"
    return words(turn, key, price=product.price, unit=" / ".join(product.units))


def stock_line(turn: Turn, product: Product) -> str:
    """`Il en reste 12.` or `Tailles : 40, 41.`, or that there is none, or that the shop is closed."""
    if not product.available:
        if not product.is_shop_open and product.opens_at:
            return words(turn, "buyer.shop_opens", at=product.opens_at)
        return words(turn, "buyer.no_stock" if product.is_shop_open else "buyer.shop_closed")
    if product.kind == "group":
        return choosing.choices_line(turn, goods.variants(turn.db, product.id))
    return words(turn, "buyer.stock", count=product.available)
