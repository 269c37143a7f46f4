"""What a buyer says without words: a heart on a product, a place, a contact card, a cart of the provider's own."""

from typing import Literal, TypedDict

from bot import outbox
from bot.dialog import QUIET, RETURN, State, choose, do, tell
from bot.dialogs.buyer import information, lists
from bot.dialogs.buyer.browsing import product_on_show, show_product
from bot.dialogs.buyer.wishes import wish_for
from bot.dialogs.files import keeping_back, kept_files, showing_back
from bot.dialogs.means import number_of, words
from bot.taps import read_tap
from bot.turn import Turn
from catalog.products import product, products_by_slug
from orders.offered import MOST_LINES

HEART = "\u2764"  # with or without the sign that makes it red
CROSS = frozenset("😠😡🤬😤👿🖕")
REMEMBERED = 20  # products that were offered for a heart
MOST_NAMED = 3  # articles of a cart that are named when they are not found


class Liked(TypedDict):
    """The product that pleases; `price` in F CFA a unit."""

    name: str
    price: int
    unit: str


class Card(TypedDict):
    """Whose card it is."""

    name: str


class NotFound(TypedDict):
    """The articles of a cart that are not sold here."""

    count: int
    names: str


def look_at_reaction(turn: Turn) -> Literal["liked", "nothing"]:
    """A heart on the card of a product that can be had offers it, once; nothing else is answered."""
    reaction = turn.said.reaction
    if reaction is None or reaction.emoji.rstrip("\ufe0f") != HEART:
        return "nothing"
    liked: list[int] = turn.memory.get("liked", [])
    product_id = _product_of(turn, reaction.to)
    found = product(turn.db, product_id) if product_id and product_id not in liked else None
    if found is None or not found.available:
        return "nothing"
    turn.memory["liked"] = [*liked, product_id][-REMEMBERED:]
    show_product(turn, product_id)
    return "liked"


def look_at_emoji(turn: Turn) -> Literal["cross", "light"]:
    """Somebody who shows that he is cross is not smiled at."""
    return "cross" if CROSS.intersection(turn.words) else "light"


def _product_of(turn: Turn, bubble: str) -> int:
    """The product whose card a bubble was, 0 when it was none."""
    for offer in outbox.offers_of(turn.db, turn.account_id, turn.conversation_id, bubble):
        tap = read_tap(offer)
        if tap and tap.state == "buyer.card":
            return number_of(tap.choice.partition(".")[2])
    return 0


def liked(turn: Turn) -> Liked:
    """Values of the offer."""
    shown = product_on_show(turn)
    return {
        "name": shown.name if shown else "",
        "price": shown.price if shown else 0,
        "unit": shown.unit if shown else "",
    }


def is_liked_sold(turn: Turn) -> bool:
    """Whether it can still be had."""
    shown = product_on_show(turn)
    return bool(shown and shown.available)


def card(turn: Turn) -> Card:
    """Values of the answer to a contact card where none was asked for."""
    name = next((one.name for one in turn.said.cards if one.name), "")
    return {"name": name[:60] or words(turn, "buyer.this_contact")}


def take_cart(turn: Turn) -> Literal["found", "partly", "unknown"]:
    """The lines of the provider's own cart become wishes, each proposed before it is in the basket."""
    items = turn.said.cart[:MOST_LINES]
    known = products_by_slug(turn.db, [item.product for item in items])
    wishes = [wish_for(known[item.product], item.quantity) for item in items if item.product in known]
    turn.memory["unknown"] = [item.product for item in items if item.product not in known]
    if not wishes:
        return "unknown"
    lists.open_list(turn, wishes)
    return "partly" if turn.memory["unknown"] else "found"


def not_found(turn: Turn) -> NotFound:
    """Values of `these are not sold here`."""
    unknown: list[str] = turn.memory.get("unknown", [])
    named = [slug.replace("-", " ")[:40] for slug in unknown[:MOST_NAMED]]
    return {"count": len(unknown), "names": ", ".join(named) + (" …" if len(unknown) > MOST_NAMED else "")}


def _shown(kind: str, *, kept: str) -> State:
    """A file that may prove a payment; who hides his phone is asked for one."""
    return do(showing_back(kind), kept=kept, claim="payment_shown", again="still_looking", unreachable="person_phone")


SIGNS: dict[str, State] = {
    **kept_files(),
    "voice": do(keeping_back("voice_note"), kept="voice_kept", again="still_looking", unreachable="person_phone"),
    "film": do(keeping_back("file_query"), kept="film_kept", again="still_looking", unreachable="person_phone"),
    "picture": _shown("image_query", kept="picture_kept"),
    "picture_kept": tell("picture_kept", RETURN),
    "paper": _shown("file_query", kept="paper_kept"),
    "paper_kept": tell("paper_kept", RETURN),
    "payment_shown": tell("payment_shown", RETURN),
    "here": do(
        information.quote_here,
        one_shop="here_fee",
        any_shop="here_fees",
        outside="delivery_outside",
        abroad="here_abroad",
        unserved="delivery_unserved",
    ),
    "here_fee": tell("here_fee", RETURN, shows=information.fee),
    "here_fees": tell("here_fees", RETURN, shows=information.fees_here),
    "card_seen": tell("card_seen", RETURN, shows=card),
    "here_abroad": tell("abroad", RETURN),
    "cart": do(take_cart, found="list", partly="cart_partly", unknown="cart_unknown"),
    "cart_partly": tell("cart_partly", "list", shows=not_found),
    "cart_unknown": tell("cart_unknown", RETURN),
    "felt": do(look_at_emoji, cross="abuse", light="smile"),
    "reacted": do(look_at_reaction, liked="liked", nothing=QUIET),
    "liked": choose("liked", shows=liked, stands=is_liked_sold, yes="take_shown", no=RETURN),
}

LED_BY = {
    "audio": "voice",
    "image": "picture",
    "video": "film",
    "document": "paper",
    "sticker": "smile",
    "emoji": "felt",
    "location": "pin_said",
    "card": "card_seen",
    "cart": "cart",
    "reaction": "reacted",
    "other": "unread",
}
"""Sign -> the state that answers it."""
