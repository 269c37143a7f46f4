"""Who answers a person: this program, or somebody in the Page's inbox or another app (channels.md §3.2, §3.7).

Nothing says that a thread has become idle after its 24 hours: what then comes stands in `messaging` again.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from base.secret import Secret
from bot.messages import Happened, Incoming
from handlers.graph import Document
from handlers.messenger.events import TALK, Event, Unusable, bare, own_id, told_in
from handlers.messenger.fields import id_in, number_in
from handlers.signatures import read_our_id, sign_our_id

PAGE_INBOX: Final = "263902037430900"
PART: Final = "part:"  # of a letter whose last message is still to come


@dataclass(frozen=True)
class Us:
    """How we know ourselves: by our app's id ('' where the settings name none), and by what we sign."""

    app_id: str
    secret_key: Secret

    def is_app(self, app: str) -> bool:
        """Whether an app is ours; where ours has no name, any but the Page's inbox may be."""
        return app == self.app_id if self.app_id else app != PAGE_INBOX

    def letter_of(self, metadata: Any) -> int | None:
        """The outbox id of the letter that ended with this message; None for any other."""
        return read_our_id(self.secret_key, metadata) if isinstance(metadata, str) else None

    def has_said(self, echo: Document) -> bool:
        """Whether an echo is of a message of ours: by its app, or by what we signed in it."""
        app, metadata = number_in(echo.get("app_id")), echo.get("metadata")
        if app and self.is_app(app):
            return True
        return isinstance(metadata, str) and self.letter_of(metadata.removeprefix(PART)) is not None


def sign_letter(secret_key: Secret, outbox_id: int) -> str:
    """The metadata of a letter's last message: with its echo the letter has arrived."""
    return sign_our_id(secret_key, outbox_id)


def sign_part(signed: str) -> str:
    """The metadata of a message before it: ours, and no sign of the whole letter."""
    return f"{PART}{signed}"


def read_echo(told: Document, event: Event, us: Us) -> Incoming | None:
    """Somebody else has answered the person; None for our own words and for some that were taken back."""
    if us.has_said(told) or told.get("is_deleted") is True:
        return None
    mid = id_in(told.get("mid"))
    if not mid:
        raise Unusable("no_mid")
    return replace(bare(event, "recipient"), provider_id=mid, happened=Happened("taken_over"))


def read_control(told: Document, event: Event, us: Us) -> Incoming:
    """The thread has been passed, or taken: by whoever holds it now. Its shape is unconfirmed."""
    new, previous = number_in(told.get("new_owner_app_id")), number_in(told.get("previous_owner_app_id"))
    if not new and not previous:
        raise Unusable("no_owner")
    is_ours = us.is_app(new) if new else not us.is_app(previous)
    what: Literal["given_back", "taken_over"] = "given_back" if is_ours else "taken_over"
    return replace(bare(event), provider_id=own_id(event, "control", new, previous), happened=Happened(what))


def read_standby(event: Event, us: Us) -> Incoming | None:
    """Talk that another app has to answer: none of its words is kept, but that somebody else holds the thread."""
    name = next((name for name in TALK if name in event.document), "")
    if not name:
        return None
    told = told_in(event.document, name)
    if told.get("is_echo") is True:
        return read_echo(told, event, us)
    taken = replace(bare(event), happened=Happened("taken_over"))
    return replace(taken, provider_id=own_id(event, "standby", id_in(told.get("mid"))))
