"""The contract of a channel: verify, parse, send, look up, and its limits."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from base.accounts import ChannelAccount
from bot.messages import Identity, Letter, Limits, Media, Parsed, SendResult
from bot.provider_answers import Fetched, LookedUp, Remembered

Unknown = Callable[[Sequence[str]], Collection[str]]


@dataclass(frozen=True)
class WebhookRequest:
    """One HTTP request as it came: `query` raw (never re-encoded), header names lower-case, body bytes.

    `path` is the one of the channel's `paths` that led here: plain ASCII, so that decoded and raw are the same.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class WebhookReply:
    """What the provider wants to hear once its webhook is safe."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Greeted(Protocol):
    """A channel whose provider makes sure of a webhook's address by a GET."""

    def greet(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> WebhookReply:
        """The answer that the provider waits for. Raises handlers.errors.BadSignature (403), BadRequest (400)."""


@runtime_checkable
class Courteous(Protocol):
    """A channel that can show somebody that he is being answered."""

    def show_typing(self, account: ChannelAccount, to: Identity, provider_id: str) -> None:
        """His message of this id is marked as read, and he sees that somebody writes; best effort, never raises."""


@runtime_checkable
class Remembering(Protocol):
    """A channel whose provider can be asked for messages whose webhooks were lost."""

    def received_since(
        self, account: ChannelAccount, since: datetime, limit: int, unknown: Unknown
    ) -> Iterator[Remembered]:
        """The messages that came to this account from `since` on, once at least, `limit` at a time; never raises.

        `unknown` tells which of these ids nobody has kept: of the others nothing more is asked. The provider lists
        them once; of each `limit` the rest is asked for when they are wanted.
        """


class Channel(Protocol):
    """One folder of handlers/. It knows no database, no chat session and no business rule."""

    @property
    def kind(self) -> str:
        """The word that config.yaml's `channel_accounts` uses."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The webhook paths that belong to it."""

    @property
    def limits(self) -> Limits:
        """What one bubble can show."""

    def verify(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> Sequence[ChannelAccount]:
        """The accounts that a request is signed for and may speak of: one, or several of the same provider's app.

        None where it is signed and speaks of nobody of ours: it is answered well, as a refusal would bring it again.

        Raises handlers.errors.BadSignature (403), BadRequest (400).
        """

    def parse(self, account: ChannelAccount, request: WebhookRequest) -> Parsed:
        """The messages and reports of a verified request for this account. Raises handlers.errors.BadRequest (400)."""

    def reply(self, request: WebhookRequest) -> WebhookReply:
        """The answer to a webhook that was kept."""

    def send(self, account: ChannelAccount, letter: Letter) -> SendResult:
        """Hand one bubble to the provider; never raises for what the provider or the network does."""

    def fetch(self, account: ChannelAccount, media: Media, most_bytes: int) -> Fetched:
        """Get a file that a message names, from the provider's own hosts alone; never raises for what these do."""

    def look_up(self, account: ChannelAccount, letter: Letter, since: datetime) -> LookedUp:
        """Ask whether an uncertain letter, sent at `since`, arrived: as its bubble or, if it has one, its template."""
