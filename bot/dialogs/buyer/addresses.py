"""Where it is brought: quarter, landmark, recipient and phone, each understood from what people say or pin."""

from typing import Literal, TypedDict

from base import places
from base.places import Place
from bot.dialog import Page, Row
from bot.dialogs.buyer.readers import Where, Who
from bot.dialogs.means import quarter_name, take_alone, words
from bot.turn import Turn
from orders import addresses
from orders.basket import Address, basket_of

LONGEST_LANDMARK = 200  # characters
SHORTEST_LANDMARK = 6  # of the rest of a sentence that named the quarter
Located = Literal["found", "told", "complete", "several", "pinned", "outside", "unknown"]


class Quarter(TypedDict):
    """A place's name."""

    quarter: str


class WholeAddress(TypedDict):
    """A whole address, as the last order had it."""

    quarter: str
    landmark: str
    recipient: str
    phone: str


class Named(TypedDict):
    """The person's own name."""

    name: str


class Numbered(TypedDict):
    """The person's own phone, E.164."""

    phone: str


def find_quarter(turn: Turn, said: Where) -> Located:
    """The quarter that words name or a pin lies in; a landmark told in the same sentence is kept.

    found: the landmark is asked next. told: it was told. complete: nothing else is missing. several: ask which.
    """
    if "pin" in said:
        return _find_pin(turn, said["pin"])
    found = places.find_places(said["words"])
    if found.exact is None:
        turn.memory["rest"] = found.rest
        return _offer(turn, found.candidates)
    return _take(turn, found.exact, found.rest)


def _find_pin(turn: Turn, pin: list[float]) -> Literal["pinned", "outside"]:
    latitude, longitude = pin
    if not places.is_in_grand_lome(latitude, longitude):
        turn.memory["place"] = ""
        return "outside"
    near = places.nearest(latitude, longitude)
    turn.memory["pin"], turn.memory["place"] = pin, near.slug
    return "pinned" if near.kind == "quartier" else "outside"


def _offer(turn: Turn, candidates: tuple[Place, ...]) -> Literal["several", "unknown"]:
    turn.memory["places"] = [place.slug for place in candidates]
    return "several" if candidates else "unknown"


def _take(turn: Turn, place: Place, rest: str = "") -> Literal["found", "told", "complete", "outside"]:
    turn.memory["place"] = place.slug
    if place.kind != "quartier":
        return "outside"
    take_alone(turn)
    landmark = rest[:LONGEST_LANDMARK] if len(rest) >= SHORTEST_LANDMARK else ""
    addresses.set_quarter(turn.db, turn.person.contact_id, place.slug)
    addresses.set_landmark(turn.db, turn.person.contact_id, landmark)
    if not landmark:
        return "found"
    return "complete" if _is_complete(turn) else "told"


def _is_complete(turn: Turn) -> bool:
    return not _address(turn).missing


def _address(turn: Turn) -> Address:
    return basket_of(turn.db, turn.person.contact_id).address


def quarter_rows(turn: Turn, after: str) -> Page:
    """The quarters that a name can mean."""
    known = {place.slug: place for place in places.places()}
    offered = [known[slug] for slug in turn.memory.get("places", ()) if slug in known]
    return Page(tuple(Row(place.slug, place.name, place.commune) for place in offered))


def take_quarter(turn: Turn, row: str) -> Literal["found", "told", "complete", "outside"]:
    """The one that was meant; a landmark told with the name is kept."""
    offered = turn.memory["places"]
    return _take(turn, places.place(row if row in offered else offered[0]), turn.memory.get("rest", ""))


def take_pin(turn: Turn) -> Literal["found"]:
    """The quarter that the pin lies in, and the pin itself."""
    take_alone(turn)
    addresses.set_quarter(turn.db, turn.person.contact_id, turn.memory["place"], *turn.memory["pin"])
    addresses.set_landmark(turn.db, turn.person.contact_id, "")
    return "found"


def keep_landmark(turn: Turn, said: Where) -> Literal["kept", "complete", "far"]:
    """What to look for there: words, or a pin inside Grand Lomé."""
    if "pin" not in said:
        return _keep_landmark(turn, said["words"][:LONGEST_LANDMARK])
    if not places.is_in_grand_lome(*said["pin"]):
        turn.memory["place"] = ""
        return "far"
    take_alone(turn)
    quarter = _address(turn).quarter or places.nearest(*said["pin"]).slug
    addresses.set_quarter(turn.db, turn.person.contact_id, quarter, *said["pin"])
    return _keep_landmark(turn, words(turn, "buyer.pin_as_landmark"))


def skip_landmark(turn: Turn) -> Literal["kept", "complete"]:
    """There is none: whoever brings it phones."""
    return _keep_landmark(turn, words(turn, "buyer.no_landmark"))


def _keep_landmark(turn: Turn, landmark: str) -> Literal["kept", "complete"]:
    take_alone(turn)
    addresses.set_landmark(turn.db, turn.person.contact_id, landmark)
    return "complete" if _is_complete(turn) else "kept"


def know_name(turn: Turn) -> Literal["known", "unknown"]:
    """Whether the person can receive under the name the channel tells."""
    return "known" if any(letter.isalpha() for letter in turn.person.name) else "unknown"


def use_own_name(turn: Turn) -> Literal["kept"]:
    """The person receives it himself."""
    addresses.set_recipient(turn.db, turn.person.contact_id, turn.person.name[:60])
    return "kept"


def keep_recipient(turn: Turn, said: Who) -> Literal["kept", "complete"]:
    """Who receives; a phone told in the same message is kept."""
    take_alone(turn)
    addresses.set_recipient(turn.db, turn.person.contact_id, said["name"])
    if "phone" not in said:
        return "kept"
    addresses.set_phone(turn.db, turn.person.contact_id, said["phone"])
    return "complete"


def know_phone(turn: Turn) -> Literal["known", "unknown"]:
    """Whether the channel tells the person's phone."""
    return "known" if turn.phone else "unknown"


def use_own_phone(turn: Turn) -> Literal["kept"]:
    """Phone the person himself."""
    return keep_phone(turn, turn.phone)


def keep_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """The phone of who receives, E.164."""
    take_alone(turn)
    addresses.set_phone(turn.db, turn.person.contact_id, phone)
    return "kept"


def use_last_address(turn: Turn) -> Literal["kept"]:
    """Bring it where the last order went."""
    take_alone(turn)
    addresses.use_address(turn.db, turn.person.contact_id, _last_address(turn))
    return "kept"


def _last_address(turn: Turn) -> Address:
    """Raises LookupError when nothing was ever ordered: then it is not offered."""
    last = addresses.last_address(turn.db, turn.person.contact_id)
    if last is None:
        raise LookupError("no order to take an address from")
    return last


def last_address(turn: Turn) -> WholeAddress:
    """Values of `the same address as last time?`."""
    last = _last_address(turn)
    return {
        "quarter": quarter_name(last.quarter),
        "landmark": last.landmark or "",
        "recipient": last.recipient or "",
        "phone": last.phone or "",
    }


def place_spoken_of(turn: Turn) -> Quarter:
    """Values of texts about the place just named; `là-bas` when it has no name."""
    slug = turn.memory.get("place")
    return {"quarter": quarter_name(slug) or words(turn, "buyer.over_there")}


def own_name(turn: Turn) -> Named:
    """Values of the question who receives."""
    return {"name": " ".join(turn.person.name.split())[:60]}


def own_phone(turn: Turn) -> Numbered:
    """Values of the question which phone."""
    return {"phone": turn.phone}
