"""The events of a Page's webhook, one by one: where each stands, whose it is, and its id (channels.md §3.2)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Literal, get_args

from bot.messages import Identity, Incoming, Sender
from handlers.graph import Document, object_in, objects
from handlers.messenger.fields import milliseconds_in, moment_of, number_in, seconds_in

Place = Literal["messaging", "standby", "changes"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)
FRAME: Final = ("sender", "recipient", "timestamp")
TALK: Final = ("message", "postback")
MARKS: Final = ("mid", "is_echo", "is_deleted", "app_id", "metadata")


class Unusable(Exception):
    """An event that cannot be a message: it says why, without anything of the person's."""


@dataclass(frozen=True)
class Event:
    """One element of an entry's lists with the Page that it came to and its time in milliseconds, 0 without one.

    In `standby` stands what is said while another app answers the person, in `changes` what happens in public.
    """

    page: str
    at: int
    document: Document
    place: Place = "messaging"

    @property
    def raw(self) -> bytes:
        """A webhook's body with this event alone, so that it can be read again without its neighbours.

        Raises Unusable for one that is nested deeper than can be written.
        """
        entry = {"id": self.page, "time": self.at, self.place: [self.document]}
        try:
            return json.dumps({"object": "page", "entry": [entry]}).encode("ascii")
        except RecursionError:
            raise Unusable("too_deep") from None

    @property
    def value(self) -> Document:
        """What has changed in public; an empty object elsewhere."""
        return object_in(self.document, "value") if self.place == "changes" else {}


def pages_in(document: Document) -> frozenset[str]:
    """The ids of the Pages that a webhook speaks of."""
    return frozenset(filter(None, (number_in(entry.get("id")) for entry in objects(document.get("entry")))))


def events_of(document: Document, page: str) -> list[Event]:
    """The events of a Page by their time: those that Meta sends again come in any order."""
    return sorted(_events(document, page), key=attrgetter("at"))


def _events(document: Document, page: str) -> Iterator[Event]:
    for entry in objects(document.get("entry")):
        if number_in(entry.get("id")) != page:
            continue
        for place in PLACES:
            told = entry.get(place)
            for event in told if isinstance(told, list) else []:
                yield _event(entry, place, event if isinstance(event, dict) else {}, page)


def _event(entry: Document, place: Place, document: Document, page: str) -> Event:
    stamped = milliseconds_in(document.get("timestamp"))
    if place == "changes":
        stamped = seconds_in(object_in(document, "value").get("created_time"))
    shown = _without_words(document) if place == "standby" else document
    return Event(page, stamped or milliseconds_in(entry.get("time")), shown, place)


def _without_words(document: Document) -> Document:
    """What is said to somebody else is not ours to keep: of talk in standby its marks stay."""
    framed = {name: document[name] for name in FRAME if name in document}
    talk = {name: document[name] for name in TALK if isinstance(document.get(name), dict)}
    marked = {name: {mark: told[mark] for mark in MARKS if mark in told} for name, told in talk.items()}
    rest = {name: document[name] for name in ("delivery", "read") if name in document}
    return {**framed, **marked, **rest}


def bare(event: Event, side: Literal["sender", "recipient"] = "sender") -> Incoming:
    """Who and when; an echo's person is its recipient.

    Raises Unusable without a page-scoped id: `user_ref` alone cannot be answered.
    """
    psid = person_in(event, side)
    if not psid:
        raise Unusable("no_sender")
    return Incoming("", Sender((Identity("psid", psid),)), sent_at=moment_of(event.at))


def person_in(event: Event, side: Literal["sender", "recipient"]) -> str:
    """The page-scoped id of who stands there; '' for nobody, or for the Page."""
    psid = number_in(object_in(event.document, side).get("id"))
    return "" if psid == event.page else psid


def own_id(event: Event, kind: str, *parts: str) -> str:
    """The same for the same event, where the provider gives none of its own."""
    psid = number_in(object_in(event.document, "sender").get("id"))
    told = json.dumps([psid, milliseconds_in(event.document.get("timestamp")), kind, *parts])
    return f"{kind}:{hashlib.sha256(told.encode('ascii')).hexdigest()[:40]}"


def told_in(document: Mapping[str, Any], name: str) -> Document:
    """The object of this name. Raises Unusable where something else stands there."""
    told = document[name]
    if not isinstance(told, dict):
        raise Unusable(f"no_{name}")
    return told
