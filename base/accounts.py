"""The channel accounts of config.yaml, one model per kind, and what each still needs."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveFloat,
    model_validator,
)

from base.secret import Secret

NOT_SET: Final = Secret("")


def without_end_slash(url: str) -> str:
    """An http(s) address as others append to it; raises ValueError on anything else."""
    if not url.startswith(("http://", "https://")):
        raise ValueError("should be an address that starts with http:// or https://")
    if not _has_host(url):
        raise ValueError("should have a host after its http:// or https://, and a port up to 65535 if any")
    return url.rstrip("/")


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _none_is_zero(value: Any) -> Any:
    return 0 if value is None else value


Address = Annotated[str, AfterValidator(without_end_slash)]
Bound = Annotated[int, BeforeValidator(_none_is_zero), Field(ge=0)]


class Rates(BaseModel):
    """How fast one sender may speak: messages a second, then one person's burst and seconds a message.

    What one conversation gets in a minute: `turns`, and so many times the same answer to words (`equal_answers`), so
    that no two machines talk for ever. 0 means no bound; for `recipient_burst`, no rate per recipient. WhatsApp's own:
    1 message per 6 s and person (channels.md §0.6).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender_per_second: PositiveFloat = 80
    recipient_burst: Bound = 10
    recipient_seconds: PositiveFloat = 6
    bulk_share: float = Field(default=0.7, gt=0, le=1)
    turns: Bound = 60
    equal_answers: Bound = 5


class Account(BaseModel):
    """What every kind of channel account has; `key` is its name in the database and never changes.

    `typing`: whoever is not answered at once sees that somebody writes, where the channel can show it. `most_a_day`:
    people outside their windows whom announcements may reach in 24 hours, 0 for any number (channels.md §2.11).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    needs: ClassVar[tuple[str, ...]]
    shares: ClassVar[tuple[str, ...]] = ()  # of these, what another kind of account has too

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    rates: Rates = Rates()
    typing: bool = True
    most_a_day: Bound = 0

    def missing(self) -> tuple[str, ...]:
        """The names of the fields without which this account is off."""
        return tuple(name for name in self.needs if not getattr(self, name))

    @property
    def has_catalogue(self) -> bool:
        """Whether the provider shows a catalogue of its own, with our goods in it."""
        return False

    @property
    def is_begun(self) -> bool:
        """Whether somebody has filled a part of what it alone needs."""
        return any(getattr(self, name) for name in self.needs if name not in self.shares)


_SIGNING_KEYS: Final = (
    ("signing_key_id", "signing_key_secret"),
    ("signing_key_id_previous", "signing_key_secret_previous"),
)


class TwilioWhatsappAccount(Account):
    """A WhatsApp sender at Twilio; `signing_key_*` is the optional webhook shared key (channels.md §1.2).

    What is `_previous` is still believed while token or key is changed: Twilio signs by it until told of the new one.
    `media_hosts` are where Twilio may send on who fetches a file (§1.1): a host, or `.x.y` for all below it. Which ones
    it uses is not documented for good: what is refused names the host in the worker's log.
    """

    needs = ("account_sid", "auth_token", "sender")

    kind: Literal["twilio_whatsapp"] = "twilio_whatsapp"
    account_sid: str = ""
    auth_token: Secret = NOT_SET
    auth_token_previous: Secret = NOT_SET
    sender: str = ""
    signing_key_id: str = ""
    signing_key_secret: Secret = NOT_SET
    signing_key_id_previous: str = ""
    signing_key_secret_previous: Secret = NOT_SET
    api_base: Address = "https://api.twilio.com"
    content_base: Address = "https://content.twilio.com"
    messaging_base: Address = "https://messaging.twilio.com"
    media_hosts: tuple[str, ...] = (".twiliocdn.com",)

    @model_validator(mode="before")
    @classmethod
    def _sender_with_its_prefix(cls, values: Any) -> Any:
        sender = values.get("sender") if isinstance(values, dict) else None
        if isinstance(sender, str) and sender.startswith("+"):
            return {**values, "sender": f"whatsapp:{sender}"}
        return values

    @property
    def auth_tokens(self) -> tuple[Secret, ...]:
        """What its webhooks may be signed with."""
        return tuple(token for token in (self.auth_token, self.auth_token_previous) if token)

    @property
    def signing_keys(self) -> Mapping[str, Secret]:
        """The shared keys that its webhooks may be signed with instead, by their ids."""
        keys = {
            self.signing_key_id_previous: self.signing_key_secret_previous,
            self.signing_key_id: self.signing_key_secret,
        }
        return {key: secret for key, secret in keys.items() if key}

    @model_validator(mode="after")
    def _signing_keys_are_whole(self) -> Self:
        for key, secret in _SIGNING_KEYS:
            if bool(getattr(self, key)) != bool(getattr(self, secret)):
                raise ValueError(f"{key} and {secret} go together: one of them is missing")
        if self.signing_key_id and self.signing_key_id == self.signing_key_id_previous:
            raise ValueError("signing_key_id_previous names the same key as signing_key_id, which has one secret only")
        if self.sender and not self.sender.startswith("whatsapp:+"):
            raise ValueError("sender should look like whatsapp:+22890000000")
        return self


class GraphAccount(Account):
    """An account at Meta's Graph API (channels.md §2.1, §3.1).

    `app_secret_previous` and `verify_token_previous` are still believed while those are changed. `media_hosts` are
    where files may be fetched from, and the token is shown to no other host.
    """

    shares = ("app_secret", "verify_token")

    app_secret: Secret = NOT_SET
    app_secret_previous: Secret = NOT_SET
    verify_token: Secret = NOT_SET
    verify_token_previous: Secret = NOT_SET
    access_token: Secret = NOT_SET
    api_base: Address = "https://graph.facebook.com"
    api_version: str = Field(default="v25.0", pattern=r"^v\d{1,3}\.\d$")

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What its webhooks may be signed with."""
        return tuple(secret for secret in (self.app_secret, self.app_secret_previous) if secret)

    @property
    def verify_tokens(self) -> tuple[Secret, ...]:
        """What its greetings may tell."""
        return tuple(token for token in (self.verify_token, self.verify_token_previous) if token)


class WhatsappCloudAccount(GraphAccount):
    """A WhatsApp number at Meta's Cloud API; `catalog_id` is the native catalogue, where there is one.

    `number` (E.164) is the number itself, which nothing but links to it needs.
    """

    needs = ("app_secret", "verify_token", "access_token", "phone_number_id")

    kind: Literal["whatsapp_cloud"] = "whatsapp_cloud"
    phone_number_id: str = Field(default="", pattern=r"^\d{0,32}$")
    number: str = Field(default="", pattern=r"^(\+[1-9]\d{6,14})?$")
    waba_id: str = Field(default="", pattern=r"^\d{0,32}$")
    catalog_id: str = Field(default="", pattern=r"^\d{0,32}$")
    media_hosts: tuple[str, ...] = ("lookaside.fbsbx.com",)

    @property
    def has_catalogue(self) -> bool:
        """Where its id is set."""
        return bool(self.catalog_id)


class MessengerAccount(GraphAccount):
    """A Facebook Page; `app_id` tells our own echoes from a person's answers in the Page's inbox.

    `comment_author_is_psid`: the id of who writes a public comment is also that of his chat (unconfirmed, channels.md
    §3.2). `public_reply` is said below a comment that was answered in private; '' for nothing.
    """

    needs = ("app_secret", "verify_token", "access_token", "page_id")

    kind: Literal["messenger"] = "messenger"
    page_id: str = Field(default="", pattern=r"^\d{0,32}$")
    app_id: str = Field(default="", pattern=r"^\d{0,32}$")
    media_hosts: tuple[str, ...] = (".fbcdn.net", ".fbsbx.com")
    comment_author_is_psid: bool = True
    public_reply: str = Field(default="", max_length=500)


class SimulatorAccount(Account):
    """The simulator: a channel like any other, whose provider is this program itself."""

    needs = ("secret",)

    kind: Literal["simulator"] = "simulator"
    secret: Secret = NOT_SET


ChannelAccount = Annotated[
    TwilioWhatsappAccount | WhatsappCloudAccount | MessengerAccount | SimulatorAccount, Field(discriminator="kind")
]
KINDS: Final = (TwilioWhatsappAccount, WhatsappCloudAccount, MessengerAccount, SimulatorAccount)
INBOXES: Final = frozenset({"whatsapp_cloud", "messenger", "simulator"})
"""Kinds of account whose chats somebody of ours can write in outside of this program: by an app, or a Page's inbox."""
