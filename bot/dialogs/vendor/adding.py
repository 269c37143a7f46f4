"""A vendor puts up a product: what is missing is asked one by one, then all is said back and waits for a yes."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from base.spelling import fold
from bot import pictures, rights
from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, take_alone
from bot.dialogs.vendor import drafts, unfinished
from bot.dialogs.vendor.outline import PIECE, proposal_of, same_of, section_of, shop_of, stock_of, unit_of
from bot.dialogs.vendor.shop import read_count
from bot.dialogs.vendor.unfinished import Draft, current
from bot.messages import Heard, Incoming
from bot.new_goods import MOST_QUANTITY, Told, is_caption, read_good, read_goods, read_price, unit_said
from bot.turn import Turn
from bot.understanding.goods import UNIT_OF
from catalog import listing, sections
from catalog.listing import HIGHEST_PRICE, NewGood, NewVariant
from catalog.vendors import vendors

PAGE = 8
COIN, DEAR = 5, 5_000_000  # F CFA: what a price is a multiple of, and above which it is asked twice
MOST_UNITS = 7
Question = Literal["shop", "name", "known", "price", "odd", "quantity", "section", "unit", "photo", "ready"]
Kept = Literal["kept"]


def begin_guided(turn: Turn) -> Literal["begun", "unfinished"]:
    """Guided, from the first question; an unfinished product is offered first."""
    draft = current(turn)
    if draft and draft.get("name"):
        return "unfinished"
    return begin_afresh(turn)


def begin_afresh(turn: Turn) -> Literal["begun"]:
    """Guided, from the first question; what is unfinished comes after it."""
    unfinished.put_first(turn, [{}])
    return "begun"


def hear(turn: Turn) -> Literal["begun", "known"]:
    """A sentence that puts something up: what it says is read exactly, else, or where it names more, as understood.

    known: he has all of it already, and tells its price or how many there are: `riz 17500x20`.
    """
    told = unfinished.goods_told(turn)
    heard = [one.slots for one in turn.heard if one.intent == "add_product" and one.slots.get("product")]
    is_read = any(one.get("price") for one in told) and len(heard) <= len(told)
    wanted = told if is_read else [_understood(turn, slots) for slots in heard] or [Draft()]
    figures = [] if _NEW.match(turn.words) else [_figures_of(turn, draft) for draft in wanted]
    if figures and all(figures):
        drafts.add(turn, drafts.draft_for(turn), [one for some in figures for one in some])
        return "known"
    unfinished.put_first(turn, wanted)
    return "begun"


_NEW: Final = re.compile(r"\s*(?:nouve|ajout|add\b|new\b)", re.IGNORECASE)


def _figures_of(turn: Turn, draft: Draft) -> list[Heard]:
    """The stock and the price that are told of a product that is there; [] where it is not, or more is told of it."""
    same = same_of(turn, draft) if draft.get("name") else None
    is_of_sizes = same is not None and same.kind == "group" and "quantity" in draft
    if same is None or is_of_sizes or not draft.keys() <= _FIGURES | {"name", "unit"}:
        return []
    found = []
    if "quantity" in draft:
        unit = {"unit": draft["unit"]} if draft.get("unit") else {}
        found.append(Heard("set_stock", {"product": same.name, "quantity": draft["quantity"], **unit}, LIKELY))
    if draft.get("price", same.price) != same.price:
        found.append(Heard("set_price", {"product": same.name, "price": draft["price"]}, LIKELY))
    return found


LIKELY: Final = 0.85  # of what waits for a yes in any case
_FIGURES: Final = frozenset({"price", "quantity", "photos"})


def _understood(turn: Turn, slots: Mapping[str, Any]) -> Draft:
    named = str(slots["product"])
    draft = unfinished.told_of(Told(named) if named in turn.names.values() else read_good(named))
    price, quantity = slots.get("price"), slots.get("quantity")
    if isinstance(price, int) and 0 < price <= HIGHEST_PRICE:
        draft["price"] = price
    if isinstance(quantity, int) and 0 <= quantity <= MOST_QUANTITY:
        draft["quantity"] = quantity
    return draft


def begin_unknown(turn: Turn) -> Kept:
    """What a message told of goods that are not there is told of them; what it did not tell is asked."""
    left = drafts.draft_of(turn)
    asks = turn.memory.pop(unfinished.NEWS, None) or left.get("news", [])
    turn.memory.pop(drafts.DRAFT, None)
    unfinished.put_first(turn, unfinished.of_asks(asks) or [unfinished.named(words) for words in left["unknown"]])
    return "kept"


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
    if shop_of(turn, draft) is None:
        return "shop"
    if not draft.get("name"):
        return "name"
    if not draft.get("is_another") and same_of(turn, draft):
        return "known"
    if "price" not in draft:
        return "price"
    if not draft.get("is_believed") and _is_odd(draft["price"]):
        return "odd"
    return _then(turn, draft)


def _then(turn: Turn, draft: Draft) -> Question:
    if "quantity" not in draft:
        return "quantity"
    if section_of(turn, draft) is None:
        return "section"
    if not unit_of(turn, draft):
        return "unit"
    return "ready" if draft.get("photos") or draft.get("is_bare") else "photo"


def _is_odd(price: int) -> bool:
    return price % COIN != 0 or price > DEAR


def keep_shop(turn: Turn, said: str) -> Literal["kept", "unknown"]:
    """Where it will be sold: the one shop with these words in its name."""
    wanted = set(fold(said).split())
    known = vendors(turn.db, rights.shops(turn, "goods"))
    fitting = [shop_id for shop_id, shop in known.items() if wanted and wanted <= set(fold(shop.name).split())]
    if len(fitting) != 1:
        return "unknown"
    unfinished.change(turn, shop=fitting[0])
    return "kept"


def read_line(said: Incoming) -> list[Draft] | None:
    """A name, or a whole line with price and number, or several lines; None for what names nothing."""
    goods = read_goods(said.text)
    return [unfinished.told_of(good) for good in goods] or None


def is_line(said: Incoming) -> bool:
    """Whether words are such a line for sure."""
    return is_caption(said.text)


def keep_line(turn: Turn, told: list[Draft]) -> Kept:
    """What was told beside the name counts too; more lines are more products."""
    unfinished.change(turn, **told[0])
    unfinished.put_behind(turn, told[1:])
    return "kept"


def read_good_price(said: Incoming) -> int | None:
    """A price in F CFA."""
    price = read_price(said.text)
    return price if price and price <= HIGHEST_PRICE else None


def keep_price(turn: Turn, price: int) -> Kept:
    """The price of one unit."""
    unfinished.change(turn, price=price)
    return "kept"


def believe(turn: Turn) -> Kept:
    """The odd price is meant."""
    unfinished.change(turn, is_believed=True)
    return "kept"


read_number = read_count


def keep_number(turn: Turn, units: int) -> Kept:
    """How many there are, of each size where there are sizes."""
    unfinished.change(turn, quantity=units)
    return "kept"


def section_rows(turn: Turn, after: str) -> Page:
    """All sections, the likeliest first; the cursor is how many were shown."""
    found = proposal_of(turn, current(turn) or {}).sections
    start = number_of(after)
    rows = tuple(Row(str(section.id), section.name) for section in found[start : start + PAGE])
    return Page(rows, str(start + PAGE) if len(found) > start + PAGE else "")


def keep_section(turn: Turn, row: str) -> Kept:
    """Where buyers find it."""
    unfinished.change(turn, category=number_of(row))
    return "kept"


def unit_rows(turn: Turn, after: str) -> Page:
    """What goods of the section are sold by, and by the piece; nothing where nothing is sold yet.

    A row is its number in the list.
    """
    return Page(tuple(Row(str(number), unit) for number, unit in enumerate(_units(turn), 1)))


def _units(turn: Turn) -> list[str]:
    section = section_of(turn, current(turn) or {})
    known = sections.units(turn.db, section)[:MOST_UNITS] if section else ()
    return list(dict.fromkeys((*known, PIECE))) if known else []


def keep_unit(turn: Turn, row: str) -> Kept:
    """What one costs the price: of a row, or a unit of its own."""
    shown = dict(enumerate(_units(turn), 1))
    unfinished.change(turn, unit=row if row in NAMED_UNITS else shown.get(number_of(row), PIECE))
    return "kept"


def read_named_unit(said: Incoming) -> str | None:
    """A unit that goods are sold by, though none of the section is yet: `sachet`."""
    unit = unit_said(said.text)
    return unit if unit in NAMED_UNITS else None


NAMED_UNITS: Final = frozenset(UNIT_OF.values())


def read_unit(said: Incoming) -> str | None:
    """A unit in a word or two."""
    return unit_said(said.text) or None


def keep_unit_said(turn: Turn, unit: str) -> Kept:
    """The same, in the vendor's words."""
    unfinished.change(turn, unit=unit)
    return "kept"


def read_photos(said: Incoming) -> int | None:
    """How many pictures came; None for none, and for a picture that offers something of its own."""
    count = sum(media.kind == "image" for media in said.media)
    return count if count and not is_caption(said.text) else None


def keep_photos(turn: Turn, count: int) -> Kept:
    """They are of this product; their files may come later."""
    sent = pictures.sent(turn.db, turn.inbox_ids)
    unfinished.change(turn, photos=[list(place) for place in sent] or None, is_bare=not sent)
    return "kept"


def without_photo(turn: Turn) -> Kept:
    """It is sold without a photo."""
    unfinished.change(turn, is_bare=True)
    return "kept"


def clearing(*keys: str) -> Callable[[Turn], Kept]:
    """The step that forgets what was told, so that it is asked again."""

    def clear(turn: Turn) -> Kept:
        unfinished.change(turn, **dict.fromkeys(keys), **({"is_asked_section": True} if "category" in keys else {}))
        return "kept"

    return clear


def as_another(turn: Turn) -> Kept:
    """It is another product of the same name."""
    unfinished.change(turn, is_another=True)
    return "kept"


def take_known(turn: Turn) -> Literal["opened", "sizes", "told"]:
    """It is the product that is there: its photos are that product's, and its figures are shown.

    told: other figures were told of it, which are shown before they count.
    """
    draft = current(turn) or {}
    same, figures = same_of(turn, draft), _figures_of(turn, draft)
    unfinished.end(turn)
    if same is None:
        return "sizes"
    _give_photos(turn, same.id, draft)
    if figures:
        drafts.add(turn, drafts.draft_for(turn), figures)
        return "told"
    turn.memory["good"] = same.id
    return "sizes" if same.kind == "group" else "opened"


def _give_photos(turn: Turn, product_id: int, draft: Draft) -> None:
    photos = [(inbox, place) for inbox, place in draft.get("photos", [])]
    if photos:
        pictures.give(turn.db, product_id, photos, turn.inbox_id)


def drop(turn: Turn) -> Literal["dropped"]:
    """It is not put up."""
    unfinished.end(turn)
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
    shop = shop_of(turn, draft) if draft else None
    section = section_of(turn, draft) if draft else None
    if draft is None or shop is None or section is None or next_question(turn) != "ready":
        return "unready"
    product_id = listing.make(turn.db, shop, _good(turn, draft, section), cause(turn))
    _give_photos(turn, product_id, draft)
    unfinished.changed(turn, unfinished.ADDED, {"id": product_id, "stock": stock_of(turn, draft)})
    unfinished.end(turn)
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
        unit_of(turn, draft),
        section,
        draft.get("description", ""),
        None,
        variants,
        draft.get("condition", ""),
    )


def unadd(turn: Turn) -> Literal["done", "kept"]:
    """Take it away again; `kept`: somebody has ordered of it."""
    take_alone(turn)
    kept = turn.memory.get(unfinished.ADDED, {"id": 0})
    outcome = listing.take_back(turn.db, rights.shops(turn, "goods"), kept["id"], cause(turn))
    if outcome != "promised":
        turn.memory.pop(unfinished.ADDED, None)
    return "done" if outcome == "done" else "kept"
