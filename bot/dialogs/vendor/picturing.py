"""A vendor sends a picture: of a new product, of one that he has, or something that a person must look at."""

from typing import Literal, TypedDict

from base.money import format_amount
from base.spelling import fold
from bot import attention, own_names, pictures, product_page
from bot.dialog import Page, Row
from bot.dialogs.means import number_of
from bot.dialogs.vendor import unfinished
from bot.dialogs.vendor.permitting import permits
from bot.dialogs.vendor.unfinished import Draft, current
from bot.new_goods import is_caption, read_good
from bot.pictures import Place
from bot.turn import Turn
from catalog import listing
from catalog.listing import Own
from catalog.products import product

SENT, SAID = "pictures", "picture_words"  # in memory: pictures that nobody has said yet what they show
MEANT = "pictured"  # in memory: the product that pictures are given to
PAGE = 7
OPEN = "vendor.add_"


class Pictured(TypedDict):
    """The product a picture is of."""

    name: str


class Shared(Pictured):
    """And where its page is; `price` in F CFA."""

    price: int
    page: str


def look(turn: Turn) -> Literal["captioned", "joined", "alone", "may_not"]:
    """Of a picture with words that offer something a product is made; one that comes while a product is put up is its.

    Of several pictures that come together each may have its own words.
    """
    sent = pictures.sent(turn.db, turn.inbox_ids)
    if is_caption(turn.words):
        if not permits(turn, "goods"):
            return "may_not"
        own_names.tell(turn, turn.words)
        unfinished.put_first(turn, _captioned(turn, sent))
        return "captioned"
    draft = current(turn)
    if draft is not None and turn.asked.startswith(OPEN):
        photos = [*draft.get("photos", []), *(list(place) for place in sent)]
        unfinished.change(turn, photos=photos[: listing.MOST_PHOTOS] or None, is_bare=None)
        return "joined"
    turn.memory[SENT], turn.memory[SAID] = [list(place) for place in sent], turn.words[:200]
    return "alone"


def _captioned(turn: Turn, sent: list[Place]) -> list[Draft]:
    """The products that the words offer, each with the pictures that came with it or after it."""
    told = unfinished.goods_told(turn)
    words = pictures.words_of(turn.db, turn.inbox_ids)
    owners = [inbox for inbox in turn.inbox_ids if is_caption(words.get(inbox, ""))]
    each = len(told) > 1 and len(owners) == len(told)
    for inbox, place in sent:
        owner = max((number for number, own in enumerate(owners) if own <= inbox), default=0) if each else 0
        told[owner].setdefault("photos", []).append([inbox, place])
    return told


def rows(turn: Turn, after: str) -> Page:
    """The vendor's products, first those that the words below the picture name."""
    return _rows(turn, str(turn.memory.get(SAID, "")), after)


def _rows(turn: Turn, words: str, after: str) -> Page:
    start = number_of(after)
    found = listing.like_name(turn.db, turn.person.vendor_ids, words, start, PAGE + 1)
    more = str(start + PAGE) if len(found) > PAGE else ""
    return Page(tuple(Row(str(one.id), one.name, format_amount(one.price)) for one in found[:PAGE]), more)


def take(turn: Turn, row: str) -> Literal["found", "unknown"]:
    """This is the product."""
    turn.memory[MEANT] = number_of(row)
    return "found" if _meant(turn) else "unknown"


def _meant(turn: Turn) -> Own | None:
    return listing.own(turn.db, turn.person.vendor_ids, number_of(turn.memory.get(MEANT, 0)))


def are_sent(turn: Turn) -> bool:
    """Whether pictures wait to be given to a product."""
    return bool(turn.memory.get(SENT))


def as_new(turn: Turn) -> Literal["begun", "may_not"]:
    """They are of a new product, whose name may stand below them."""
    if not permits(turn, "goods"):
        return "may_not"
    draft = unfinished.told_of(read_good(str(turn.memory.pop(SAID, ""))))
    draft["photos"] = turn.memory.pop(SENT, [])
    unfinished.put_first(turn, [draft])
    return "begun"


def give(turn: Turn) -> Literal["given"]:
    """The pictures are this product's; their files may come later."""
    sent = [(inbox, place) for inbox, place in turn.memory.pop(SENT, [])]
    turn.memory.pop(SAID, None)
    meant = _meant(turn)
    if meant:
        pictures.give(turn.db, meant.id, sent, turn.inbox_id)
    return "given"


def show_to_person(turn: Turn) -> Literal["kept", "again"]:
    """They show something else: a person looks at them."""
    rows = tuple({inbox for inbox, _ in turn.memory.pop(SENT, [])})
    turn.memory.pop(SAID, None)
    is_new = attention.ask_to_look(turn.db, "image_query", turn.conversation_id, turn.person.contact_id, rows)
    return "kept" if is_new else "again"


def meant(turn: Turn) -> Pictured:
    """The product that pictures are given to."""
    own = _meant(turn)
    return {"name": own.name if own else ""}


def is_meant(turn: Turn) -> bool:
    """Whether it is still there."""
    return _meant(turn) is not None


def look_for(turn: Turn) -> Literal["one", "several"]:
    """Which product a sentence names: the only one with all its words, else it is asked."""
    words = fold(str(turn.slot("product") or "")).split()
    turn.memory[SAID] = " ".join(words)
    found = listing.like_name(turn.db, turn.person.vendor_ids, " ".join(words), 0, 2) if words else ()
    fitting = [one for one in found if set(words) <= set(fold(one.name).split())]
    if len(fitting) != 1:
        return "several"
    turn.memory[MEANT] = fitting[0].id
    return "one"


def take_sent(turn: Turn, count: int) -> Literal["kept"]:
    """The pictures that were waited for."""
    turn.memory[SENT] = [list(place) for place in pictures.sent(turn.db, turn.inbox_ids)]
    return "kept"


def await_one(turn: Turn, given: str) -> Literal["one", "unknown"]:
    """The button below `your photo can't be shown`: of this product another one is waited for."""
    turn.memory[MEANT] = number_of(given)
    return "one" if _meant(turn) else "unknown"


def shared(turn: Turn) -> Shared:
    """Values of a product's address to be passed on."""
    own = _meant(turn)
    found = product(turn.db, own.id) if own else None
    base = turn.config.server.base_url
    return {
        "name": found.name if found else "",
        "price": found.price if found else 0,
        "page": f"{base}{product_page.path_of(found.slug)}" if found else "",
    }
