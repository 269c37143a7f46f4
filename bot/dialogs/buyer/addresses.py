"""How and where it is brought: quarter, town or shop, landmark, recipient and phone, as people say or pin them."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from base import places
from base.phones import read_phone
from base.places import Place
from bot import received
from bot.dialog import Page, Row
from bot.dialogs import calling
from bot.dialogs.buyer.places import MOVED_TO
from bot.dialogs.buyer.readers import LONGEST_NAME, Where, Who, read_person
from bot.dialogs.buyer.telling import Told, is_landmark, is_same_again, other_place, read_landmark, read_told
from bot.dialogs.files import voice_of
from bot.dialogs.means import number_of, quarter_name, take_alone, words
from bot.turn import Turn
from catalog.vendors import vendors
from orders import addresses
from orders.addresses import KnownAddress
from orders.basket import Address, Basket, basket_of

Located = Literal["kept", "several", "pinned", "parcel", "abroad", "unknown", "voice"]


class Known(TypedDict):
    """One address of an earlier order, in one line."""

    line: str


class KnownAddresses(TypedDict):
    """Where earlier orders went."""

    addresses: list[Known]


class Named(TypedDict):
    """The person's own name."""

    name: str


class Numbered(TypedDict):
    """The person's own phone, E.164."""

    phone: str


class Noted(TypedDict):
    """What was said of an address, in one line."""

    told: str


class Shops(TypedDict):
    """Names of shops, in one line."""

    shops: str


def find_quarter(turn: Turn, said: Where) -> Located:
    """The quarter or town that words name or a pin lies in, with whatever else was told in the same message.

    kept: what is missing is asked next. several: ask which. parcel: no rider goes there, a bus does. voice: a voice
    note tells the rider the way; which quarter it is must be written, for the price.
    """
    if "voice" in said:
        turn.memory["voice"] = voice_of(turn)
    if "pin" not in said and "words" not in said:
        return "voice"
    if "pin" in said:
        return _find_pin(turn, said["pin"])
    if is_same_again(said["words"]):
        return _use_latest(turn)
    told = read_told(said["words"])
    turn.memory["told"] = {"landmark": told.landmark, "recipient": told.recipient, "phone": told.phone}
    if told.place is None:
        turn.memory["places"] = [place.slug for place in told.candidates]
        return "several" if told.candidates else "unknown"
    return _take(turn, told.place)


def _find_pin(turn: Turn, pin: list[float]) -> Literal["pinned", "parcel", "abroad"]:
    if not places.is_in_togo(*pin):
        return "abroad"
    near = places.nearest(*pin)
    turn.memory["pin"], turn.memory["told"] = pin, {}
    if near.kind == "quartier" and places.is_in_grand_lome(*pin):
        turn.memory["place"] = near.slug
        return "pinned"
    return _speak_of_town(turn, near)


def last_addresses(turn: Turn) -> list[KnownAddress]:
    """Where earlier orders went, as far as it still tells the way: a voice note that is forgotten tells none."""
    found = addresses.last_addresses(turn.db, turn.person.contact_id)
    by_voice = words(turn, "buyer.voice_as_landmark")
    only = {one.address.voice_id: one for one in found if one.address.voice_id and one.address.landmark == by_voice}
    told = received.of_messages(turn.db, [voice for voice in only if voice]) if only else ()
    heard = {file.inbox_id for file in told if file.state in ("kept", "waiting")}
    return [one for one in found if one.address.voice_id not in only or one.address.voice_id in heard]


def _use_latest(turn: Turn) -> Literal["kept", "unknown"]:
    known = last_addresses(turn)
    if not known:
        turn.memory["places"] = []
        return "unknown"
    return _use(turn, known[0].address)


def _take(turn: Turn, place: Place) -> Literal["kept", "parcel"]:
    if place.kind != "quartier":
        return _speak_of_town(turn, place)
    take_alone(turn)
    before = _basket(turn).address.quarter if turn.memory.get("place", place.slug) != place.slug else None
    turn.memory[MOVED_TO] = place.slug if before and before != place.slug else ""
    turn.memory["place"] = place.slug
    addresses.set_quarter(turn.db, turn.person.contact_id, place.slug)
    told = _told(turn)
    landmark = told.get("landmark", "")
    if not landmark and "voice" in turn.memory:
        landmark = words(turn, "buyer.voice_as_landmark")
    addresses.set_landmark(turn.db, turn.person.contact_id, landmark, turn.memory.pop("voice", None))
    _keep_person(turn, told)
    return "kept"


def _told(turn: Turn) -> Mapping[str, str]:
    """What was told with a place that had to be asked about."""
    told: Mapping[str, str] = turn.memory.get("told", {})
    return told


def _keep_person(turn: Turn, told: Mapping[str, str]) -> None:
    if told.get("recipient"):
        addresses.set_recipient(turn.db, turn.person.contact_id, told["recipient"])
    if told.get("phone"):
        addresses.set_phone(turn.db, turn.person.contact_id, told["phone"])


def _speak_of_town(turn: Turn, place: Place) -> Literal["parcel"]:
    turn.memory["place"] = place.slug
    turn.memory["town"] = place.slug if place.kind == "town" else places.nearest_town(*places.position(place)).slug
    return "parcel"


def take_parcel(turn: Turn) -> Literal["kept"]:
    """Send it by bus to the town spoken of; whoever fetches it there is named as on the identity card."""
    take_alone(turn)
    addresses.set_quarter(turn.db, turn.person.contact_id, turn.memory["town"])
    addresses.set_landmark(turn.db, turn.person.contact_id, "")
    told = _told(turn)
    addresses.set_recipient(turn.db, turn.person.contact_id, told.get("recipient", ""))
    _keep_person(turn, told)
    return "kept"


def _basket(turn: Turn) -> Basket:
    return basket_of(turn.db, turn.person.contact_id)


def quarter_rows(turn: Turn, after: str) -> Page:
    """The quarters that a name can mean."""
    known = {place.slug: place for place in places.places()}
    offered = [known[slug] for slug in turn.memory.get("places", ()) if slug in known]
    return Page(tuple(Row(place.slug, place.name, place.commune) for place in offered))


def take_quarter(turn: Turn, row: str) -> Literal["kept", "parcel"]:
    """The one that was meant; what was told with the name is kept."""
    offered = turn.memory["places"]
    return _take(turn, places.place(row if row in offered else offered[0]))


def take_pin(turn: Turn) -> Literal["kept"]:
    """The quarter that the pin lies in, and the pin itself; the landmark stays where the quarter does."""
    take_alone(turn)
    turn.memory[MOVED_TO] = ""
    is_another = _basket(turn).address.quarter != turn.memory["place"]
    addresses.set_quarter(turn.db, turn.person.contact_id, turn.memory["place"], *turn.memory["pin"])
    if is_another:
        addresses.set_landmark(turn.db, turn.person.contact_id, _told(turn).get("landmark", ""))
    return "kept"


def take_pin_said(turn: Turn) -> Literal["kept", "pinned", "parcel", "abroad", "unexpected"]:
    """A pin that no question waits for: with goods in the basket it says where they go."""
    basket, pin = _basket(turn), turn.said.location
    if not basket.lines or pin is None:
        return "unexpected"
    found = _find_pin(turn, [pin.latitude, pin.longitude])
    if found == "pinned" and basket.address.quarter == turn.memory["place"] and basket.address.way == "delivery":
        return take_pin(turn)
    return found


def keep_landmark(turn: Turn, said: Where) -> Literal["kept", "several", "pinned", "parcel", "abroad"]:
    """What to look for there, with whoever receives when he is told too: words, a voice note, or a pin.

    `non plutôt Adidogomé` is another quarter, whose landmark is asked anew.
    """
    if another := other_place(said.get("words", "")):
        told = read_told(another)
        turn.memory["told"], turn.memory["places"] = {}, [place.slug for place in told.candidates]
        return _take(turn, told.place) if told.place else "several"
    if "voice" in said:
        turn.memory["voice"] = voice_of(turn)
    if "pin" not in said:
        told = (
            read_landmark(said["words"]) if "words" in said else Told(landmark=words(turn, "buyer.voice_as_landmark"))
        )
        return _keep_landmark(turn, told)
    found = _find_pin(turn, said["pin"])
    if found != "pinned" or _basket(turn).address.quarter != turn.memory["place"]:
        turn.memory["told"] = {"landmark": words(turn, "buyer.pin_as_landmark")}
        return found
    take_pin(turn)
    return _keep_landmark(turn, Told(landmark=words(turn, "buyer.pin_as_landmark")))


def skip_landmark(turn: Turn) -> Literal["kept"]:
    """There is none: whoever brings it phones."""
    return _keep_landmark(turn, Told(landmark=words(turn, "buyer.no_landmark")))


def _keep_landmark(turn: Turn, told: Told) -> Literal["kept"]:
    take_alone(turn)
    addresses.set_landmark(turn.db, turn.person.contact_id, told.landmark, turn.memory.pop("voice", None))
    _keep_person(turn, {"recipient": told.recipient, "phone": told.phone})
    return "kept"


def know_name(turn: Turn) -> Literal["known", "unknown", "card"]:
    """Whether the person can receive under the name the channel tells; a parcel is given to the name on a card."""
    if _basket(turn).address.way == "parcel":
        return "card"
    return "known" if _own_name(turn) else "unknown"


def _own_name(turn: Turn) -> str:
    name = " ".join(turn.person.name.split())[:LONGEST_NAME]
    return name if any(letter.isalpha() for letter in name) else ""


def use_own_name(turn: Turn) -> Literal["kept"]:
    """The person receives it himself."""
    take_alone(turn)
    addresses.set_recipient(turn.db, turn.person.contact_id, _own_name(turn))
    return "kept"


def keep_recipient(turn: Turn, said: Who) -> Literal["kept"]:
    """Who receives; a phone told with the name is kept, or before it: then the name is asked once more."""
    take_alone(turn)
    _keep_person(turn, {"recipient": said.get("name", ""), "phone": said.get("phone", "")})
    return "kept"


def know_phone(turn: Turn) -> Literal["known", "unknown"]:
    """Whether a phone of the person is known."""
    return "known" if calling.own_phone(turn) else "unknown"


def use_own_phone(turn: Turn) -> Literal["kept"]:
    """Phone the person himself."""
    return keep_phone(turn, calling.own_phone(turn))


def keep_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """The phone of who receives, E.164."""
    take_alone(turn)
    addresses.set_phone(turn.db, turn.person.contact_id, phone)
    return "kept"


def known_rows(turn: Turn, after: str) -> Page:
    """The addresses of earlier orders, the latest first; the ids are the orders'."""
    known = last_addresses(turn)
    return Page(tuple(Row(str(one.order_id), quarter_name(one.address.quarter)) for one in known))


def known_addresses(turn: Turn) -> KnownAddresses:
    """Values of the question which of them it is, in the order of the rows."""
    known = last_addresses(turn)
    return {"addresses": [{"line": _line(turn, one.address)} for one in known]}


def _line(turn: Turn, address: Address) -> str:
    key = "buyer.known_parcel" if address.way == "parcel" else "buyer.known_address"
    return words(turn, key, quarter=quarter_name(address.quarter), landmark=address.landmark or "",
                 recipient=address.recipient or "", phone=address.phone or "")  # fmt: skip


def use_known(turn: Turn, row: str) -> Literal["kept", "unknown"]:
    """Bring it where that order went."""
    address = addresses.address_of(turn.db, turn.person.contact_id, number_of(row))
    return _use(turn, address) if address else "unknown"


def use_latest(turn: Turn) -> Literal["kept", "unknown"]:
    """Bring it where the last order went."""
    return _use_latest(turn)


def _use(turn: Turn, address: Address) -> Literal["kept"]:
    take_alone(turn)
    addresses.use_address(turn.db, turn.person.contact_id, address)
    return "kept"


def take_pickup(turn: Turn) -> Literal["kept", "none", "impossible"]:
    """Fetch it at the shops: who writes fetches it, unless he says otherwise.

    none: the basket is empty. impossible: a shop lets nobody fetch.
    """
    basket = _basket(turn)
    if not basket.lines:
        return "none"
    shops = vendors(turn.db, (shop.vendor_id for shop in basket.shops)).values()
    closed = [shop.name for shop in shops if not shop.delivery.has_pickup]
    turn.memory["no_pickup"] = closed
    if closed:
        return "impossible"
    take_alone(turn)
    addresses.set_way(turn.db, turn.person.contact_id, "pickup")
    own = {"recipient": _own_name(turn), "phone": turn.phone}
    known = basket.address
    _keep_person(turn, {name: value for name, value in own.items() if not getattr(known, name)})
    return "kept"


def without_pickup(turn: Turn) -> Shops:
    """Values of `these shops let nobody fetch`."""
    return {"shops": ", ".join(turn.memory.get("no_pickup", ()))}


def hear_address(turn: Turn) -> Literal["kept", "several", "parcel", "unknown", "noted", "early"]:
    """An address said before it was asked, or once more: what it tells is kept, and what is missing is asked.

    Nothing is in the basket yet: it is noted and waits for that, or early, where no place is told.
    """
    basket = _basket(turn)
    if is_same_again(turn.words):
        return _after(basket, _use_latest(turn))
    told = read_told(turn.words)
    if basket.address.quarter and is_landmark(turn.words):
        return _after(basket, _keep_landmark(turn, read_landmark(turn.words)))
    turn.memory["told"] = {"landmark": told.landmark, "recipient": told.recipient, "phone": told.phone}
    turn.memory["places"] = [place.slug for place in told.candidates]
    if told.place:
        return _after(basket, _take(turn, told.place))
    return "several" if told.candidates else _after(basket, "unknown")


def hear_name(turn: Turn) -> Literal["kept", "noted", "unclear"]:
    """Who receives, said before it was asked."""
    return _hear_person(turn, str(turn.slot("name") or ""))


def hear_phone(turn: Turn) -> Literal["kept", "noted", "unclear"]:
    """Whom to phone, said before it was asked."""
    return _hear_person(turn, "")


def _hear_person(turn: Turn, named: str) -> Literal["kept", "noted", "unclear"]:
    said = read_person(named or turn.words) or {}
    name = said.get("name", "") if named else ""
    phone = str(turn.slot("phone") or "") or said.get("phone", "") or read_phone(turn.words) or ""
    if not (name or phone):
        return "unclear"
    take_alone(turn)
    _keep_person(turn, {"recipient": name, "phone": phone})
    return "kept" if _basket(turn).lines else "noted"


def _after(
    basket: Basket, outcome: Literal["kept", "parcel", "unknown"]
) -> Literal["kept", "parcel", "unknown", "noted", "early"]:
    if basket.lines or outcome == "parcel":
        return outcome
    return "noted" if outcome == "kept" else "early"


def noted(turn: Turn) -> Noted:
    """Values of `it is noted`: what is known of the address."""
    address = _basket(turn).address
    known = (quarter_name(address.quarter), address.landmark, address.recipient)
    return {"told": ", ".join(part for part in known if part) or words(turn, "buyer.your_number")}


def own_name(turn: Turn) -> Named:
    """Values of the question who receives."""
    return {"name": _own_name(turn)}


def own_phone(turn: Turn) -> Numbered:
    """Values of the question which phone."""
    return {"phone": calling.own_phone(turn)}
