"""What is asked about the product spoken of: whether there is one in 42, in which condition it is, its photos."""

from typing import Literal, NotRequired, TypedDict

from bot.dialogs.buyer import asking, choosing, lists, wishing
from bot.dialogs.buyer.browsing import is_found_shown, photo_path, product_on_show, product_spoken_of, show_product
from bot.dialogs.buyer.finding import find
from bot.dialogs.means import number_of, words
from bot.turn import Turn
from catalog import products as goods
from catalog.products import Product

Photo = Literal["shown", "without", "unknown", "several", "nothing"]


class Picture(TypedDict):
    """One photo, a public path; `what` names it and says how to see the next."""

    what: str
    photo: str
    product: NotRequired[int]


class Missing(TypedDict):
    """What was asked for and cannot be had."""

    name: str
    label: str


class Quality(TypedDict):
    """In which condition a product is, in a sentence."""

    name: str
    told: str


Variant = Literal["one", "proposed", "listed", "several", "out", "single", "which", "gone", "no_row"]


def answer_variant(turn: Turn) -> Variant:
    """`en 42 il reste ?`, `ya d'autres couleurs ?`, `le rouge` about the product spoken of.

    one, proposed: there is, and how many are wanted is asked or was said. listed: a line of the open list waited for
    it. several: which one is asked. out: not that one, but others. single: only one kind is known, and its shop may be
    asked. which: no product is spoken of. no_row: a place in a list was said that the open question does not have.
    """
    group, index = group_spoken_of(turn), str(turn.slot("index") or "")
    variants = goods.variants(turn.db, group.id) if group else ()
    if index and not choosing.named(index, variants):  # `le 42` is a size where there is one
        return "no_row"
    if group is None:
        return _of_one_kind(turn)
    if not any(one.available for one in variants):
        show_product(turn, group.id)
        return "gone"
    size = str(turn.slot("size") or index)
    named = choosing.named(size or turn.words, variants)
    if (named is None and size) or (named and not any(one.available for one in named)):
        show_product(turn, group.id)
        turn.memory["label"] = (size or turn.words)[:40]
        return "out"
    if named and lists.narrow(turn, group, named):
        return "listed"
    if choosing.open_choice(turn, group, named) == "several":
        return "several"
    return "proposed" if wishing.is_wanted(turn) else "one"


def _of_one_kind(turn: Turn) -> Literal["single", "which"]:
    product = product_spoken_of(turn)
    if product is None:
        return "which"
    asking.offer(turn, product, turn.words)
    return "single"


def group_spoken_of(turn: Turn) -> Product | None:
    """The group that is spoken of, by itself or by one of its variants; None when something else is, or nothing."""
    product = product_spoken_of(turn)
    if product is None or product.kind == "group":
        return product
    return goods.product(turn.db, product.good_id) if product.good_id else None


def names_variant(turn: Turn, said: str) -> bool:
    """Whether a message is nothing but what tells a variant of the product spoken of: `le rouge`, `en 42`."""
    group = group_spoken_of(turn) if turn.memory.get("product") else None
    return group is not None and choosing.names_only(said, goods.variants(turn.db, group.id))


def variant_missing(turn: Turn) -> Missing:
    """Values of `there is none in 42`."""
    product = product_on_show(turn)
    return {"name": product.name if product else "", "label": str(turn.memory.get("label", ""))}


def answer_quality(turn: Turn) -> Literal["told", "unknown", "which"]:
    """In which condition the product spoken of is; unknown: its vendor has not said, and may be asked."""
    product = product_spoken_of(turn)
    if product is None:
        return "which"
    if asking.knows(product, turn.words):
        return "told"
    asking.offer(turn, product, turn.words)
    return "unknown"


def quality(turn: Turn) -> Quality:
    """Values of the answer: what the vendor said of it, and its description."""
    product = product_on_show(turn)
    if product is None:
        return {"name": "", "told": ""}
    told = [words(turn, f"quality.{product.condition}")] if product.condition else []
    return {"name": product.name, "told": "\n".join([*told, *([product.description] if product.description else [])])}


def look_at_photo(turn: Turn) -> Photo:
    """Whether there is a photo of the product asked for, or else spoken of; each time asked, the next one is shown."""
    sought = str(turn.slot("product") or "")
    if sought:
        found = find(turn, sought)
        if found != "one":
            return "nothing" if found == "unsure" else found
    product = product_spoken_of(turn)
    if product is None:
        return "several" if is_found_shown(turn) else "unknown"
    if not product.photo_hash:
        asking.offer(turn, product, words(turn, "written.photo_please"))
        return "without"
    seen = turn.memory.get("seen", [0, 0])
    photos = 1 + len(goods.more_photos(turn.db, product.id))
    first = 2 if photos > 1 and not turn.person.is_in_text_mode else 1  # beside buttons the card has shown the first
    place = seen[1] % photos + 1 if seen[0] == product.id else first
    turn.memory["seen"] = [product.id, place, photos]
    return "shown"


def picture(turn: Turn) -> Picture:
    """Values of the photo that was asked for."""
    product = product_on_show(turn)
    if product is None or not product.photo_hash:
        return {"what": "", "photo": ""}
    _, place, photos = turn.memory["seen"]
    hashes = (product.photo_hash, *goods.more_photos(turn.db, product.id))
    shown = hashes[min(number_of(place), len(hashes)) - 1]
    key = "buyer.photo_only" if photos == 1 else "buyer.photo_last" if place == photos else "buyer.photo_of"
    what = words(turn, key, name=product.name, place=place, photos=photos)
    return {"what": what, "photo": photo_path(shown), "product": product.id}
