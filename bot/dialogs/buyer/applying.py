"""Somebody wants to sell: eight questions at most, of which four are needed, a recap, and an organizer who decides."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypedDict

from base.hours import write_hours
from base.opening_words import read_opening
from base.phones import guess_wallet, is_togo_mobile
from base.places import Found, find_places, is_in_togo, nearest, place
from bot import application_words, appointing, consent, locks
from bot.dialog import Page, Row
from bot.dialogs.buyer.readers import read_person
from bot.dialogs.calling import own_phone
from bot.dialogs.means import number_of, words
from bot.dialogs.payout_words import Payout, read_payout
from bot.dialogs.zones import Zones, read_zones
from bot.messages import Incoming
from bot.readings import number_typed
from bot.received import of_messages
from bot.turn import Turn
from catalog import applications, categories
from catalog.applications import Application, Question

PAGE: Final = 9
LONGEST_NAME: Final = 40  # characters
LONGEST_LANDMARK: Final = 100
LONGEST_GOODS: Final = 120
CONSENT: Final = "shop"  # what of the log of consents
Next = Literal[
    "shop",
    "seller",
    "seller_known",
    "place",
    "goods",
    "hours",
    "delivery",
    "payout",
    "payout_known",
    "photo",
    "recap",
    "over",
]


class Unclear(TypedDict):
    """An answer that is none."""


class Begun(TypedDict):
    """What was told before, a line for each answer."""

    told: str


class Decided(TypedDict):
    """Values of the answer to who applies again: why it was refused, in the organizer's words."""

    reason: str


class Seller(TypedDict):
    """The person's own name."""

    name: str


class Phone(TypedDict):
    """The person's own phone, E.164."""

    phone: str


class Place(TypedDict, total=False):
    """Where the shop lies: a quarter's slug with a landmark, a pin in degrees, or the slugs that a name can mean."""

    quarter: str
    landmark: str
    pin: list[float]
    candidates: list[str]


def _application(turn: Turn) -> Application | None:
    return applications.latest(turn.db, turn.person.contact_id)


def begin(turn: Turn) -> Literal["new", "begun", "sent", "refused", "owner"]:
    """Where somebody stands who wants to sell; after a refusal he begins with the answers that he gave."""
    if turn.person.owned_ids:
        return "owner"
    found = _application(turn)
    if found is None or found.state == "approved":
        return "new"
    if found.state == "open":
        return "begun" if found.answers else "new"
    return "sent" if found.state == "sent" else "refused"


def start(turn: Turn) -> Literal["begun"]:
    """He has read what is kept, and answers."""
    locks.contact(turn.db, turn.person.contact_id)
    found = _application(turn)
    former = found.answers if found and found.state == "refused" else _invited(turn)
    applications.start(turn.db, turn.person.contact_id, turn.conversation_id, former)
    return "begun"


def _invited(turn: Turn) -> dict[str, str]:
    """What an organizer told of him who has come by himself now: he need not say it again, and can correct it."""
    invited = appointing.invitation_for(turn.db, turn.person.contact_id)
    if invited is None:
        return {}
    appointing.use_invitation(turn.db, invited.id)
    return {name: told for name, told in (("shop", invited.shop), ("seller", invited.name)) if told}


def start_again(turn: Turn) -> Literal["begun"]:
    """All questions are put anew."""
    locks.contact(turn.db, turn.person.contact_id)
    applications.begin_again(turn.db, turn.person.contact_id)
    return "begun"


def is_open(turn: Turn) -> bool:
    """Whether an application of the person is open."""
    found = _application(turn)
    return found is not None and found.state == "open"


def next_question(turn: Turn) -> Next:
    """The first question that was not put yet, else the recap; `over`: it was sent from another chat meanwhile."""
    found = _application(turn)
    if found is None or found.state != "open":
        return "over"
    question = found.next_question
    if question is None:
        return "recap"
    if question == "seller":
        return "seller_known" if _own_name(turn) else "seller"
    if question == "payout":
        return "payout_known" if is_togo_mobile(own_phone(turn)) else "payout"
    return question


def _own_name(turn: Turn) -> str:
    name = " ".join(turn.person.name.split())
    return name[:LONGEST_NAME] if sum(map(str.isalpha, name)) > 1 else ""


def told(turn: Turn) -> Begun:
    """Values of the recap, and of what was told before."""
    found = _application(turn)
    return {"told": application_words.told(turn.person.language, found.answers) if found else ""}


def refusal(turn: Turn) -> Decided:
    """Values of `it was refused`."""
    found = _application(turn)
    return {"reason": found.reason if found else ""}


def seller(turn: Turn) -> Seller:
    """Values of `who sells`, where the person's name is known."""
    return {"name": _own_name(turn)}


def phone(turn: Turn) -> Phone:
    """Values of `where are you paid`, where the person's own phone is known."""
    return {"phone": own_phone(turn)}


def read_name(said: Incoming) -> str | None:
    """A shop's name: words with letters in them."""
    name = " ".join(said.text.split())
    if said.media or len(name) > LONGEST_NAME or sum(map(str.isalpha, name)) < 2:
        return None
    return name


def read_seller(said: Incoming) -> str | None:
    """A person's name."""
    if said.media:
        return None
    return (read_person(said.text[:LONGEST_NAME]) or {}).get("name")


def read_place(said: Incoming) -> Place | None:
    """A pin, or a quarter or town with typing mistakes and whatever else tells the way; None without one."""
    if said.location:
        pin = [said.location.latitude, said.location.longitude]
        return {"quarter": nearest(*pin).slug, "landmark": "", "pin": pin} if is_in_togo(*pin) else None
    if said.media:
        return None
    return _named(find_places(said.text))


def _named(found: Found) -> Place | None:
    landmark = " ".join(found.rest.split())[:LONGEST_LANDMARK]
    if found.exact:
        return {"quarter": found.exact.slug, "landmark": landmark}
    return {"candidates": [one.slug for one in found.candidates], "landmark": landmark} if found.candidates else None


def read_goods(said: Incoming) -> str | None:
    """What is sold, in words."""
    goods = " ".join(said.text.split())[:LONGEST_GOODS]
    return None if said.media or sum(map(str.isalpha, goods)) < 2 else goods


def read_hours(said: Incoming) -> dict[str, list[str]] | None:
    """`8h-19h sauf dimanche`, as base.hours writes it; {} for what has a figure in it, and is none."""
    hours = read_opening(said.text)
    return write_hours(hours) if hours else {} if _tries(said) else None


def read_delivery(said: Incoming) -> Zones | Unclear | None:
    """`500 Bè, Agoè 1000, pas Baguida`; {} for what has a figure in it, and is none."""
    return read_zones(said.text) or ({} if _tries(said) else None)


def read_payment(said: Incoming) -> Payout | Unclear | None:
    """A mobile of Togo with its wallet; {} for figures that are none."""
    return read_payout(said) or ({} if _tries(said) or said.cards else None)


def _tries(said: Incoming) -> bool:
    """Whether somebody answers, though not so that it is understood: it is said what is missing, and asked again."""
    return any(map(str.isdigit, said.text)) and number_typed(said.text) is None


def read_photo(said: Incoming) -> bool | None:
    """A picture."""
    return True if any(media.kind == "image" for media in said.media) else None


def _keep(turn: Turn, question: Question, answer: Any) -> Literal["kept"]:
    """Where nothing is open any more, the question after it says so."""
    locks.contact(turn.db, turn.person.contact_id)
    applications.keep(turn.db, turn.person.contact_id, question, answer)
    return "kept"


def keep_shop(turn: Turn, name: str) -> Literal["kept"]:
    """The shop's name."""
    return _keep(turn, "shop", name)


def keep_seller(turn: Turn, name: str) -> Literal["kept"]:
    """Who sells."""
    return _keep(turn, "seller", name)


def keep_myself(turn: Turn) -> Literal["kept"]:
    """Who writes is who sells."""
    return _keep(turn, "seller", _own_name(turn))


def keep_place(turn: Turn, said: Place) -> Literal["kept", "several"]:
    """Where the shop lies; `several`: the name is asked about."""
    if "candidates" in said:
        turn.memory["shop_places"] = [said["candidates"], said["landmark"]]
        return "several"
    return _keep(turn, "place", {**said, "pin": said.get("pin")})


def place_rows(turn: Turn, after: str) -> Page:
    """The places that the name can mean."""
    slugs, _ = turn.memory.get("shop_places", [[], ""]) if is_open(turn) else [[], ""]
    return Page(tuple(Row(slug, place(slug).name, place(slug).commune) for slug in slugs))


def take_place(turn: Turn, row: str) -> Literal["kept"]:
    """The one that was meant."""
    slugs, landmark = turn.memory["shop_places"]
    chosen = row if row in slugs else slugs[0]
    return _keep(turn, "place", {"quarter": chosen, "landmark": landmark, "pin": None})


def keep_goods(turn: Turn, goods: str) -> Literal["kept"]:
    """What is sold."""
    return _keep(turn, "goods", goods)


def category_rows(turn: Turn, after: str) -> Page:
    """The market's sections, those that were chosen marked."""
    known = categories.named(turn.db, turn.person.language) if is_open(turn) else ()
    first = number_of(after)
    rows = tuple(Row(str(place), _marked(turn, slug, name)) for place, (slug, name) in enumerate(known))
    page = rows[first : first + PAGE]
    return Page(page, str(first + PAGE) if len(rows) > first + PAGE else "")


def _marked(turn: Turn, slug: str, name: str) -> str:
    return f"✓ {name}" if slug in turn.memory.get("shop_sections", []) else name


def take_category(turn: Turn, row: str) -> Literal["taken"]:
    """One more of them, or one less."""
    known = categories.named(turn.db, turn.person.language)
    chosen = list(turn.memory.get("shop_sections", []))
    slug = known[min(number_of(row), len(known) - 1)][0]
    turn.memory["shop_sections"] = [one for one in chosen if one != slug] if slug in chosen else [*chosen, slug]
    return "taken"


def keep_categories(turn: Turn) -> Literal["kept"]:
    """The sections that were chosen, by their names; none is a question skipped."""
    chosen = turn.memory.pop("shop_sections", [])
    names = [name for slug, name in categories.named(turn.db, turn.person.language) if slug in chosen]
    return _keep(turn, "goods", ", ".join(names)[:LONGEST_GOODS] or None)


def keep_hours(turn: Turn, hours: dict[str, list[str]]) -> Literal["kept", "unclear"]:
    """When the shop is open."""
    return _keep(turn, "hours", hours) if hours else "unclear"


def keep_delivery(turn: Turn, zones: Zones | Unclear) -> Literal["kept", "unclear"]:
    """Where it brings its goods, for how much."""
    return _keep(turn, "delivery", zones) if zones else "unclear"


def keep_payout(turn: Turn, told: Payout | Unclear) -> Literal["kept", "unclear"]:
    """Where the shop is paid."""
    return _keep(turn, "payout", told) if told else "unclear"


def keep_own_number(turn: Turn) -> Literal["kept"]:
    """It is paid on the person's own phone; the wallet is what its first digits say, until he corrects it."""
    own = own_phone(turn)
    return _keep(turn, "payout", {"phone": own, "wallet": guess_wallet(own)})


def keep_photo(turn: Turn, is_sent: bool) -> Literal["kept"]:
    """The picture, by the row that brought it: an organizer looks at it."""
    rows = list(turn.inbox_ids) or [turn.inbox_id or 0]
    pictures = [file.inbox_id for file in of_messages(turn.db, rows) if file.kind == "image"]
    return _keep(turn, "photo", next(iter(pictures), rows[0]) or -1)


def skipping(question: Question) -> Callable[[Turn], Literal["kept"]]:
    """The step of a question that is skipped."""

    def skip(turn: Turn) -> Literal["kept"]:
        return _keep(turn, question, None)

    return skip


def send(turn: Turn) -> Literal["sent", "before"]:
    """The yes: an organizer decides; what he agreed to is logged with its words."""
    locks.contact(turn.db, turn.person.contact_id)
    if not applications.send(turn.db, turn.person.contact_id):
        return "before"
    agreed = f"{words(turn, 'buyer.apply_start')} — {words(turn, 'option.send')}"
    consent.log_yes(turn, CONSENT, agreed)
    return "sent"
