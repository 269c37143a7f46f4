"""What a step, a `shows` or a `rows` may know of its turn: the database, the person, and the chat's memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from base.config import Config
from base.db import Db
from bot.messages import Heard, Incoming, Sender

SILENT = Incoming("", Sender(()))


@dataclass(frozen=True)
class Person:
    """A contact as one conversation sees it; `hats` are the roles held, the highest first, always with buyer last.

    `vendor_ids` are the shops he owns or helps in, `owned_ids` those he owns; `phone_told` (E.164) is his own phone
    where he has corrected it; `suspended_since` when roles of his were suspended that wait to be re-verified. Whoever
    `is_blocked` may not buy (bot/blocks.py).
    """

    contact_id: int
    name: str
    language: str
    is_in_text_mode: bool
    hats: tuple[str, ...] = ("buyer",)
    vendor_ids: tuple[int, ...] = ()
    phone_told: str = ""
    suspended_since: datetime | None = None
    owned_ids: tuple[int, ...] = ()
    is_blocked: bool = False


@dataclass
class Turn:
    """One turn as its steps see it.

    `memory` is kept with the session (what JSON holds): what the chat is about, such as the product on show; `heard`
    are the readings that led here.
    """

    db: Db
    config: Config
    person: Person
    conversation_id: int
    account_id: int
    inbox_id: int | None
    now: datetime
    memory: dict[str, Any] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()
    words: str = ""  # the message as typed
    plain: str = ""  # the same as it was read, with a plain word in the place of each name of a vendor's own goods
    names: Mapping[str, str] = field(default_factory=dict)  # by these words
    said: Incoming = SILENT  # the message whole: its files, cards, cart, place
    inbox_ids: tuple[int, ...] = ()  # of all its rows, where several are one message
    phone: str = ""  # E.164 of the person where the channel tells it
    asked: str = ""  # hat.state of the question that was open when the message came, '' when none was
    is_by_voice: bool = False  # `words` are what somebody of ours typed of a voice note
    held_until: datetime | None = None  # a person answers this chat by hand until then, and the bot does not

    def slot(self, name: str) -> Any:
        """The first value of a slot among the readings, or None."""
        found: list[Mapping[str, Any]] = [heard.slots for heard in self.heard if name in heard.slots]
        return found[0][name] if found else None
