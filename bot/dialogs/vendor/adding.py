"""A vendor puts up a product: what is missing is asked one by one, then all is said back and waits for a yes."""

from collections.abc import Callable
from typing import Any, Literal, TypedDict

from base.spelling import fold
from bot import pictures, product_page
from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.dialogs.vendor import drafts
from bot.dialogs.vendor.drafts import Draft, current
from bot.dialogs.vendor.shop import read_count
from bot.messages import Incoming
from bot.new_goods import MOST_QUANTITY, is_caption, read_good, read_goods, read_price, unit_said
from bot.turn import Turn
from catalog import listing, sections
from catalog.listing import HIGHEST_PRICE, NewGood, NewVariant
from catalog.products import product
from catalog.vendors import vendors

ADDED = "added"  # in memory: the product that was put up last
PAGE = 8
COIN, DEAR = 5, 5_000_000  # F CFA: what a price is a multiple of, and above which it is asked twice
PIECE = "pièce"
MOST_UNITS = 7
Question = Literal["shop", "name", "known", "price", "odd", "quantity", "section", "unit", "photo", "ready"]
Kept = Literal["kept"]


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


def begin_guided(turn: Turn) -> Literal["begun", "unfinished"]:
    """Guided, from the first question; an unfinished product is offered first."""
    draft = current(turn)
    if draft and draft.get("name"):
        return "unfinished"
    return begin_afresh(turn)


def begin_afresh(turn: Turn) -> Literal["begun"]:
    """Guided, from the first question; what is unfinished comes after it."""
    drafts.put_first(turn, [{}])
    return "begun"


def hear(turn: Turn) -> Literal["begun"]:
    """A sentence that puts something up: what it says is read exactly, else as it was understood."""
    told = [drafts.told_of(good) for good in read_goods(turn.words)]
    drafts.put_first(turn, told if any(one.get("price") for one in told) else [_understood(turn)])
    return "begun"


def _understood(turn: Turn) -> Draft:
    draft = drafts.told_of(read_good(str(turn.slot("product") or "")))
    price, quantity = turn.slot("price"), turn.slot("quantity")
    if isinstance(price, int) and 0 < price <= HIGHEST_PRICE:
        draft["price"] = price
    if isinstance(quantity, int) and 0 <= quantity <= MOST_QUANTITY:
        draft["quantity"] = quantity
    return draft


def is_adding(turn: Turn) -> bool:
    """Whether a product is being put up."""
    return current(turn) is not None


def is_named(turn: Turn) -> bool:
    """Whether an unfinished product has a name by which it can be spoken of."""
    draft = current(turn)
    return bool(draft and draft.get("name"))


def next_question(turn: Turn) -> Question:
    """What is still missing, in the order in which it is asked."""
    draft = current(turn) or Draft()
    if _shop(turn, draft) is None:
        return "shop"
    if not draft.get("name"):
        return "name"
    if not draft.get("is_another") and _same(turn, draft):
        return "known"
    if "price" not in draft:
        return "price"
    if not draft.get("is_believed") and _is_odd(draft["price"]):
        return "odd"
    return _then(turn, draft)


def _then(turn: Turn, draft: Draft) -> Question:
    if "quantity" not in draft:
        return "quantity"
    if _section(turn, draft) is None:
        return "section"
    if not _unit(turn, draft):
        return "unit"
    return "ready" if draft.get("photos") or draft.get("is_bare") else "photo"


def _shop(turn: Turn, draft: Draft) -> int | None:
    own = turn.person.vendor_ids
    return own[0] if len(own) == 1 else draft.get("shop") if draft.get("shop") in own else None


def _same(turn: Turn, draft: Draft) -> listing.Own | None:
    shop = _shop(turn, draft)
    return listing.same_name(turn.db, [shop], draft["name"]) if shop else None


def _is_odd(price: int) -> bool:
    return price % COIN != 0 or price > DEAR


def _section(turn: Turn, draft: Draft) -> int | None:
    """The section that was told, else the one that is clear by the names of what is there."""
    if "category" in draft or draft.get("is_asked_section"):
        return draft.get("category")
    clear = _proposal(turn, draft).clear
    return clear.id if clear else None


def _proposal(turn: Turn, draft: Draft) -> sections.Proposal:
    return sections.propose(turn.db, _shop(turn, draft) or 0, draft.get("name", ""), turn.person.language)


def _unit(turn: Turn, draft: Draft) -> str:
    """The unit that was told, else the one that nearly all goods of the section have; '' where it must be asked."""
    if draft.get("unit") or draft.get("sizes"):
        return draft.get("unit") or PIECE
    section = _section(turn, draft)
    return sections.usual_unit(turn.db, section, draft.get("name", "")) if section else ""


def shops(turn: Turn) -> Shops:
    """The names of the vendor's shops."""
    return {"shops": ", ".join(shop.name for shop in vendors(turn.db, turn.person.vendor_ids).values())}


def keep_shop(turn: Turn, said: str) -> Literal["kept", "unknown"]:
    """Where it will be sold: the one shop with these words in its name."""
    wanted = set(fold(said).split())
    known = vendors(turn.db, turn.person.vendor_ids)
    fitting = [shop_id for shop_id, shop in known.items() if wanted and wanted <= set(fold(shop.name).split())]
    if len(fitting) != 1:
        return "unknown"
    drafts.change(turn, shop=fitting[0])
    return "kept"


def read_line(said: Incoming) -> list[Draft] | None:
    """A name, or a whole line with price and number, or several lines; None for what names nothing."""
    goods = read_goods(said.text)
    return [drafts.told_of(good) for good in goods] or None


def is_line(said: Incoming) -> bool:
    """Whether words are such a line for sure."""
    return is_caption(said.text)


def keep_line(turn: Turn, told: list[Draft]) -> Kept:
    """What was told beside the name counts too; more lines are more products."""
    drafts.change(turn, **told[0])
    drafts.put_behind(turn, told[1:])
    return "kept"


def read_good_price(said: Incoming) -> int | None:
    """A price in F CFA."""
    price = read_price(said.text)
    return price if price and price <= HIGHEST_PRICE else None


def keep_price(turn: Turn, price: int) -> Kept:
    """The price of one unit."""
    drafts.change(turn, price=price)
    return "kept"


def believe(turn: Turn) -> Kept:
    """The odd price is meant."""
    drafts.change(turn, is_believed=True)
    return "kept"


read_number = read_count


def keep_number(turn: Turn, units: int) -> Kept:
    """How many there are, of each size where there are sizes."""
    drafts.change(turn, quantity=units)
    return "kept"


def section_rows(turn: Turn, after: str) -> Page:
    """All sections, the likeliest first; the cursor is how many were shown."""
    found = _proposal(turn, current(turn) or {}).sections
    start = number_of(after)
    rows = tuple(Row(str(section.id), section.name) for section in found[start : start + PAGE])
    return Page(rows, str(start + PAGE) if len(found) > start + PAGE else "")


def keep_section(turn: Turn, row: str) -> Kept:
    """Where buyers find it."""
    drafts.change(turn, category=number_of(row))
    return "kept"


def unit_rows(turn: Turn, after: str) -> Page:
    """What goods of the section are sold by, and by the piece; nothing where nothing is sold yet.

    A row is its number in the list.
    """
    return Page(tuple(Row(str(number), unit) for number, unit in enumerate(_units(turn), 1)))


def _units(turn: Turn) -> list[str]:
    section = _section(turn, current(turn) or {})
    known = sections.units(turn.db, section)[:MOST_UNITS] if section else ()
    return list(dict.fromkeys((*known, PIECE))) if known else []


def keep_unit(turn: Turn, row: str) -> Kept:
    """What one costs the price."""
    units = dict(enumerate(_units(turn), 1))
    drafts.change(turn, unit=units.get(number_of(row), PIECE))
    return "kept"


def read_unit(said: Incoming) -> str | None:
    """A unit in a word or two."""
    return unit_said(said.text) or None


def keep_unit_said(turn: Turn, unit: str) -> Kept:
    """The same, in the vendor's words."""
    drafts.change(turn, unit=unit)
    return "kept"


def read_photos(said: Incoming) -> int | None:
    """How many pictures came; None for none, and for a picture that offers something of its own."""
    count = sum(media.kind == "image" for media in said.media)
    return count if count and not is_caption(said.text) else None


def keep_photos(turn: Turn, count: int) -> Kept:
    """They are of this product; their files may come later."""
    sent = pictures.sent(turn.db, turn.inbox_ids)
    drafts.change(turn, photos=[list(place) for place in sent] or None, is_bare=not sent)
    return "kept"


def without_photo(turn: Turn) -> Kept:
    """It is sold without a photo."""
    drafts.change(turn, is_bare=True)
    return "kept"


def clearing(*keys: str) -> Callable[[Turn], Kept]:
    """The step that forgets what was told, so that it is asked again."""

    def clear(turn: Turn) -> Kept:
        drafts.change(turn, **dict.fromkeys(keys), **({"is_asked_section": True} if "category" in keys else {}))
        return "kept"

    return clear


def as_another(turn: Turn) -> Kept:
    """It is another product of the same name."""
    drafts.change(turn, is_another=True)
    return "kept"


def take_known(turn: Turn) -> Literal["opened", "sizes"]:
    """It is the product that is there: its photos are that product's, and its figures are shown."""
    draft = current(turn) or {}
    same = _same(turn, draft)
    drafts.end(turn)
    if same is None:
        return "sizes"
    _give_photos(turn, same.id, draft)
    turn.memory["good"] = same.id
    return "sizes" if same.kind == "group" else "opened"


def _give_photos(turn: Turn, product_id: int, draft: Draft) -> None:
    photos = [(inbox, place) for inbox, place in draft.get("photos", [])]
    if photos:
        pictures.give(turn.db, product_id, photos, turn.inbox_id)


def drop(turn: Turn) -> Literal["dropped"]:
    """It is not put up."""
    drafts.end(turn)
    return "dropped"


def look_for_more(turn: Turn) -> Literal["more", "none"]:
    """Whether another product waits to be asked about."""
    return "more" if current(turn) else "none"


def is_ready(turn: Turn) -> bool:
    """Whether all is known."""
    return next_question(turn) == "ready"


def add(turn: Turn) -> Literal["added", "unready"]:
    """Put it up; `unready`: it has changed since it was said back, or another of its name came meanwhile."""
    take_alone(turn)
    draft = current(turn)
    shop = _shop(turn, draft) if draft else None
    section = _section(turn, draft) if draft else None
    if draft is None or shop is None or section is None or next_question(turn) != "ready":
        return "unready"
    product_id = listing.make(turn.db, shop, _good(turn, draft, section), cause(turn))
    _give_photos(turn, product_id, draft)
    turn.memory[ADDED] = {"id": product_id, "stock": _stock(turn, draft)}
    drafts.end(turn)
    return "added"


def _good(turn: Turn, draft: Draft, section: int) -> NewGood:
    attribute = draft.get("attribute", "taille")
    variants = tuple(
        NewVariant(((attribute, size),), draft["price"], draft["quantity"]) for size in draft.get("sizes", [])
    )
    return NewGood(
        draft["name"],
        draft["price"],
        draft["quantity"],
        _unit(turn, draft),
        section,
        draft.get("description", ""),
        None,
        variants,
        draft.get("condition", ""),
    )


def name(turn: Turn) -> Named:
    """The name as far as it is known."""
    return {"name": (current(turn) or {}).get("name", "")}


def known(turn: Turn) -> Known:
    """Values of `you have it already`."""
    same = _same(turn, current(turn) or {"name": ""})
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
    section = _section(turn, draft)
    count = len(draft.get("photos", []))
    return {
        **name(turn),
        "price": draft.get("price", 0),
        "stock": _stock(turn, draft),
        "section": sections.name_of(turn.db, section, turn.person.language) if section else "",
        "more": "".join(f"\n{line}" for line in _more(turn, draft)),
        "photos": words(turn, "vendor.photos", count=count) if count else words(turn, "vendor.no_photos"),
    }


def _more(turn: Turn, draft: Draft) -> list[str]:
    condition = draft.get("condition", "")
    lines = [words(turn, "vendor.sizes", sizes=", ".join(draft["sizes"]))] if draft.get("sizes") else []
    lines += [words(turn, f"condition.{condition}")] if condition else []
    return [*lines, *([draft["description"]] if draft.get("description") else [])]


def _stock(turn: Turn, draft: Draft) -> str:
    """`12 pièces`, `3 pièces de chaque taille`."""
    number, unit = draft.get("quantity", 0), _unit(turn, draft)
    told = f"{number} {in_plural(unit) if number > 1 else unit}"
    return f"{told}{words(turn, 'vendor.of_each_size')}" if draft.get("sizes") else told


def in_plural(unit: str) -> str:
    """A unit as it is counted from two on."""
    return unit if unit.endswith(("s", "x", "z")) else f"{unit}x" if unit.endswith("eau") else f"{unit}s"


def added(turn: Turn) -> Added:
    """Values of `it is there`."""
    kept: dict[str, Any] = turn.memory.get(ADDED, {})
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


def look_back(turn: Turn) -> Literal["fresh", "none"]:
    """Whether a product was put up lately that is still there."""
    return "fresh" if is_fresh(turn) else "none"


def is_fresh(turn: Turn) -> bool:
    """Whether the product that was put up last can be taken away again."""
    kept = turn.memory.get(ADDED)
    found = product(turn.db, kept["id"]) if kept else None
    return found is not None and found.vendor_id in turn.person.vendor_ids


def unadd(turn: Turn) -> Literal["done", "kept"]:
    """Take it away again; `kept`: somebody has ordered of it."""
    take_alone(turn)
    kept = turn.memory.get(ADDED, {"id": 0})
    outcome = listing.take_back(turn.db, turn.person.vendor_ids, kept["id"], cause(turn))
    if outcome != "promised":
        turn.memory.pop(ADDED, None)
    return "done" if outcome == "done" else "kept"
