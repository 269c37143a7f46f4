"""What a provider answers who is asked for a file, whether a message arrived, or what came in meanwhile."""

from dataclasses import dataclass

from bot.messages import Kept


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
class Remembered:
    """Messages that a provider remembers to have brought, oldest first, each with its time.

    `is_whole`: with those told before, these are all that were asked for; else more follow, or not everything could be
    asked.
    """

    messages: tuple[Kept, ...]
    is_whole: bool
