"""What a provider's error code means for a send, whoever the provider is."""

from dataclasses import dataclass
from typing import Final

from bot.messages import RefusalKind

MINUTE: Final = 60.0
DAY: Final = 86400.0


@dataclass(frozen=True)
class Meaning:
    """A refusal's kind, the seconds before the next try and the most retries, where the code tells them."""

    kind: RefusalKind
    wait: float | None = None
    most_tries: int | None = None
