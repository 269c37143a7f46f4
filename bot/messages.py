"""The only words that the bot and its channels share: what comes in, what goes out, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

LONGEST_HEARD: Final = 1200  # characters: a longer text was not typed, and nothing is looked for in it
IdentityKind = Literal["phone", "bsuid", "psid", "comment"]
MediaKind = Literal["image", "audio", "video", "document", "sticker"]
Layout = Literal["text", "buttons", "list"]


@dataclass(frozen=True)
class Identity:
    """One name a channel gives a person: an E.164 phone, a business-scoped id or a page-scoped id.

    A `comment` is a public comment's id: whoever wrote it can be answered by it, once, and is not known by more.
    """

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
class Source:
    """What brought a person here: a link of ours, or an advertisement or a post of the provider's.

    `code` is ours, as it travelled in the link (untrusted); `ad` the provider's id of the advertisement or post,
    `click` its id of this very click.
    """

    kind: Literal["link", "ad", "post"]
    code: str = ""
    ad: str = ""
    click: str = ""


@dataclass(frozen=True)
class Happened:
    """What befell a chat at its provider without a word of the person's; it is heeded and not answered.

    renamed: the person has the names `names` too from now on. stopped, resumed: he wants no announcements, or again.
    taken_over: somebody of ours answers him by hand, outside of this program. given_back: he does so no longer.
    answered: an organizer has answered him through this program, which goes on. typed: his voice note's words (`rows`).
    """

    what: Literal["renamed", "stopped", "resumed", "taken_over", "given_back", "answered", "typed"]
    names: tuple[Identity, ...] = ()
    words: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """One message of a person, the same from every channel.

    `tap` is the id of an offer (a button or a list row), `signal` a word of our own (a wait that ended), `unread` the
    provider's name of a kind of message that we cannot read; `sent_at` the provider's time where it tells one.
    `edits` is the provider's id of an earlier message whose words these replace, `deletes` that of one taken back.
    `product` is the good that the words are about, by the seller's id in the provider's catalogue, which is our slug;
    `comment` the id of the public comment that the words stand in: they open no window, and are answered in private.
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
    source: Source | None = None
    product: str = ""
    comment: str = ""
    happened: Happened | None = None

    @property
    def is_spoken(self) -> bool:
        """Whether the person said it to us, so that the provider's window is open."""
        return bool(self.sender.identities) and not self.comment and self.happened is None


@dataclass(frozen=True)
class Kept:
    """A message with the bytes it came in; only its channel reads those again."""

    message: Incoming
    raw: bytes


DeliveryStatus = Literal["accepted", "sent", "delivered", "read", "failed"]
RANKS: Mapping[str, int] = {"accepted": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5}


@dataclass(frozen=True)
class StatusReport:
    """What a provider says became of a send: its id, where it travels ours (`outbox_id`), its price's category."""

    provider_id: str
    status: DeliveryStatus
    outbox_id: int | None = None
    failure: "Refused | None" = None
    pricing: tuple[str, bool] | None = None  # the category, and whether it is billed


@dataclass(frozen=True)
class Watermark:
    """A provider's word that all we sent to somebody until a moment arrived, or was read; it names no message."""

    to: Identity
    status: Literal["delivered", "read"]
    until: datetime


TemplateState = Literal["approved", "pending", "rejected", "paused", "disabled", "missing"]


@dataclass(frozen=True)
class TemplateNews:
    """What the provider decided of a message for shut windows, by its name and language there; None, '': as before."""

    name: str
    language: str
    state: TemplateState | None
    reason: str = ""
    category: str = ""


@dataclass(frozen=True)
class Warned:
    """What the provider says of our account: a restriction, a lower quality, a smaller limit; in its words."""

    what: str
    detail: str = ""


@dataclass(frozen=True)
class Parsed:
    """What one webhook held, in the provider's order."""

    messages: tuple[Kept, ...] = ()
    reports: tuple[StatusReport, ...] = ()
    templates: tuple[TemplateNews, ...] = ()
    warnings: tuple[Warned, ...] = ()
    watermarks: tuple[Watermark, ...] = ()


@dataclass(frozen=True)
class Offer:
    """One thing a person may choose: its number in the question, its title, its id for taps.

    `photo` (a public https URL) and `product` (its slug) are those of a good, for channels that show goods as cards or
    out of a catalogue of their own. `section`: the heading that it stands below, in one line; '' below none.
    """

    number: int
    title: str
    id: str
    detail: str = ""
    photo: str = ""
    product: str = ""
    section: str = ""


@dataclass(frozen=True)
class Link:
    """A button that opens an address (public https); without one the address stands in the words."""

    title: str
    url: str


@dataclass(frozen=True)
class ReceiptLine:
    """One good of a receipt: units, and whole units of the currency for one of them."""

    title: str
    quantity: int
    price: int


@dataclass(frozen=True)
class Receipt:
    """An order as a channel that has receipts shows it; the words of its bubble say the same. Money in XOF."""

    code: str
    recipient: str
    payment: str
    lines: tuple[ReceiptLine, ...]
    delivery: int
    total: int


@dataclass(frozen=True)
class Template:
    """A message for a shut window: its name at the provider, its language, its values in order, its text with {{1}}….

    The text is known when it is sent ('' else). `others` are the same in other languages, by preference.
    """

    name: str
    language: str
    values: tuple[str, ...] = ()
    text: str = ""
    others: tuple["Template", ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """One bubble that already fits its channel: words final, numbers fixed, text mode decided.

    `layout` text: `offers` are in the words; buttons and list: the channel shows them. `photo`, `document` and `audio`
    are public https URLs, one of them at most: a photo or a document (PDF, XLSX) stands above the words, a sound alone.
    `opener` is the label that opens a list, `document_name` what a document is called. `product`: the row that it is
    about, which an answer to this very bubble means; 0 none.

    `link` is a button of bubbles without offers. `asks` is what the question would be answered by best, where there is
    a button for that: the person's place or phone, a cart of the provider's catalogue. `place` is a pin that is shown
    with the words. `receipt` is an order where the channel has receipts. `comment` is the public comment that this
    answers in private. `is_by_a_person`: somebody of ours wrote these words himself. `quotes`: the provider's id of the
    person's message that this answers, where he could not know which one is meant; a channel without quotes says the
    words alone.
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
    link: Link | None = None
    asks: Literal["", "location", "phone", "catalogue"] = ""
    place: Location | None = None
    receipt: Receipt | None = None
    comment: str = ""
    is_by_a_person: bool = False
    quotes: str = ""

    @property
    def file(self) -> str:
        """The URL of what comes with the words; '' when nothing does."""
        return self.photo or self.document or self.audio


@dataclass(frozen=True)
class Letter:
    """One send: the bubble or, in a shut window, the template; to whom; our id; what the channel remembers for itself.

    `contents` maps the names of the account's content resources to their ids at the provider. `is_late`: the window is
    shut, and a person's own words may still go.
    """

    outbox_id: int
    to: Identity
    bubble: Outgoing
    template: Template | None = None
    contents: Mapping[str, str] = field(default_factory=dict)
    is_late: bool = False


RefusalKind = Literal["busy", "window", "opted_out", "no_marketing", "unreachable", "content", "final", "account"]


@dataclass(frozen=True)
class Accepted:
    """The provider took the message and gave it this id; `names` are those of the person that it tells with it."""

    provider_id: str
    names: tuple[Identity, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The provider certainly did not take it.

    busy: retry (after `wait` seconds when told, `most_tries` times when limited). window: needs a template. opted_out
    and unreachable: stop for this person. no_marketing: tell this person nothing but answers and news of orders.
    content: our words or files are at fault. final: no other words would help. account: pause the account.
    `template`: with content, the state of the template that it was sent by.
    """

    kind: RefusalKind
    code: str
    wait: float | None = None
    most_tries: int | None = None
    template: TemplateState | Literal[""] = ""


@dataclass(frozen=True)
class Unclear:
    """The answer was lost: the message may have been taken."""

    reason: str


SendResult = Accepted | Refused | Unclear


@dataclass(frozen=True)
class Limits:
    """What a channel can show, in characters and pieces; how long its window is open, in seconds (None: always).

    `link_title` is the length of a link button's label, 0 where there is none; `asks` what it has buttons to ask for;
    `cards` how many offers with photos it shows side by side. Whatever it cannot show stands in the words.
    `human_window`: how long what a person wrote himself may still go, in seconds; None: no longer than all else.
    """

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
    link_title: int = 0
    asks: frozenset[str] = frozenset()
    cards: int = 0
    places: bool = False
    receipts: bool = False
    human_window: float | None = None


@dataclass(frozen=True)
class Heard:
    """One reading of a message: intent and slots of `bot/understanding`, confidence from 0 to 1."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
