"""The only words that the bot and its channels share: what comes in, what goes out, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

LONGEST_HEARD: Final = 1200  # characters: a longer text was not typed, and nothing is looked for in it
IdentityKind = Literal["phone", "bsuid", "psid"]
MediaKind = Literal["image", "audio", "video", "document", "sticker"]
Layout = Literal["text", "buttons", "list"]


@dataclass(frozen=True)
class Identity:
    """One name a channel gives a person: an E.164 phone, a business-scoped id or a page-scoped id."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True)
class Sender:
    """Who wrote: at least one identity, and the display name as the person chose it (untrusted)."""

    identities: tuple[Identity, ...]
    name: str = ""


@dataclass(frozen=True)
class Media:
    """A reference to a file at the provider; fetching it is a job of its own."""

    kind: MediaKind
    reference: str
    mime: str = ""


@dataclass(frozen=True)
class Location:
    """A pin: WGS 84 degrees, with the label and address the app adds."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True)
class Reaction:
    """A sign set on a bubble: the provider's id of that bubble, and the emoji ('' takes it back)."""

    to: str
    emoji: str


@dataclass(frozen=True)
class Card:
    """A contact card: a name and its phones, as the card has them; none where the channel shows no inside of it."""

    name: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class CartItem:
    """A line of a cart that was filled in the provider's own catalogue.

    `product` is the seller's id there, which is our slug; `price` whole units of the currency, as shown there.
    """

    product: str
    quantity: int
    price: int | None = None


@dataclass(frozen=True)
class Incoming:
    """One message of a person, the same from every channel.

    `tap` is the id of an offer (a button or a list row), `signal` a word of our own (a wait that ended), `unread` the
    provider's name of a kind of message that we cannot read; `sent_at` the provider's time where it tells one.
    `edits` is the provider's id of an earlier message whose words these replace, `deletes` that of one taken back.
    """

    provider_id: str
    sender: Sender
    text: str = ""
    tap: str = ""
    media: tuple[Media, ...] = ()
    location: Location | None = None
    replied_to: str = ""
    sent_at: datetime | None = None
    signal: str = ""
    unread: str = ""
    reaction: Reaction | None = None
    cards: tuple[Card, ...] = ()
    cart: tuple[CartItem, ...] = ()
    edits: str = ""
    deletes: str = ""


@dataclass(frozen=True)
class Kept:
    """A message with the bytes it came in; only its channel reads those again."""

    message: Incoming
    raw: bytes


DeliveryStatus = Literal["accepted", "sent", "delivered", "read", "failed"]
RANKS: Mapping[str, int] = {
    "accepted": 1,
    "sent": 2,
    "failed": 3,
    "delivered": 4,
    "read": 5,
}


@dataclass(frozen=True)
class StatusReport:
    """What a provider says became of a send: its id for it and, where it travels, ours (`outbox_id`)."""

    provider_id: str
    status: DeliveryStatus
    outbox_id: int | None = None
    failure: "Refused | None" = None


@dataclass(frozen=True)
class Parsed:
    """What one webhook held, in the provider's order."""

    messages: tuple[Kept, ...] = ()
    reports: tuple[StatusReport, ...] = ()


@dataclass(frozen=True)
class Offer:
    """One thing a person may choose: its number in the question, its title, its id for taps."""

    number: int
    title: str
    id: str
    detail: str = ""


@dataclass(frozen=True)
class Template:
    """An approved message for a shut window: its name in config.yaml, its language, its values in order."""

    name: str
    language: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """One bubble that already fits its channel: words final, numbers fixed, text mode decided.

    `layout` text: `offers` are in the words; buttons and list: the channel shows them. `photo`, `document` (a PDF) and
    `audio` are public https URLs, one of them at most: a photo or a document stands above the words, a sound alone.
    `opener` is the label that opens a list, `document_name` what a document is called. `product`: the row that it is
    about, which an answer to this very bubble means; 0 none.
    """

    body: str
    layout: Layout = "text"
    offers: tuple[Offer, ...] = ()
    opener: str = ""
    photo: str = ""
    document: str = ""
    document_name: str = ""
    audio: str = ""
    product: int = 0

    @property
    def file(self) -> str:
        """The URL of what comes with the words; '' when nothing does."""
        return self.photo or self.document or self.audio


@dataclass(frozen=True)
class Letter:
    """One send: the bubble or, in a shut window, the template; to whom; our id; what the channel remembers for itself.

    `contents` maps the names of the account's content resources to their ids at the provider.
    """

    outbox_id: int
    to: Identity
    bubble: Outgoing
    template: Template | None = None
    contents: Mapping[str, str] = field(default_factory=dict)


RefusalKind = Literal["busy", "window", "opted_out", "unreachable", "content", "final", "account"]


@dataclass(frozen=True)
class Accepted:
    """The provider took the message and gave it this id."""

    provider_id: str


@dataclass(frozen=True)
class Refused:
    """The provider certainly did not take it.

    busy: retry (after `wait` seconds when told, `most_tries` times when limited). window: needs a template. opted_out
    and unreachable: stop for this person. content: our words or files are at fault. final: no other words would help.
    account: pause the account.
    """

    kind: RefusalKind
    code: str
    wait: float | None = None
    most_tries: int | None = None


@dataclass(frozen=True)
class Unclear:
    """The answer was lost: the message may have been taken."""

    reason: str


SendResult = Accepted | Refused | Unclear


@dataclass(frozen=True)
class FetchedFile:
    """The bytes of a received file, as the provider gave them: whatever they are said to be, they may be anything."""

    content: bytes


@dataclass(frozen=True)
class NoFile:
    """There is nothing to be had: the provider has it no longer (`is_gone`), or it is not one that may be fetched."""

    reason: str
    is_gone: bool = False


@dataclass(frozen=True)
class NotNow:
    """The provider is away or busy: the file can be asked for again."""

    reason: str


Fetched = FetchedFile | NoFile | NotNow


@dataclass(frozen=True)
class Found:
    """A look-up's yes: the provider took messages like this one under these ids, the first taken first."""

    provider_ids: tuple[str, ...]


@dataclass(frozen=True)
class NotTaken:
    """A look-up's certain no: the provider never saw the message."""


@dataclass(frozen=True)
class Unknown:
    """A look-up that could not tell."""


LookedUp = Found | NotTaken | Unknown


@dataclass(frozen=True)
class Limits:
    """What a channel can show, in characters and pieces; how long its window is open, in seconds (None: always)."""

    text: int
    body: int
    caption: int
    buttons: int
    button_title: int
    rows: int
    row_title: int
    row_detail: int
    opener: int
    offer_id: int
    photo_with_offers: bool
    window: float | None = 86400.0


@dataclass(frozen=True)
class Heard:
    """One reading of a message: intent and slots of `bot/understanding`, confidence from 0 to 1."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
