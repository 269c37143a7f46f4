"""What a provider's error code means for a send, whoever the provider is."""

from dataclasses import dataclass
from typing import Final, Literal

from bot.messages import RefusalKind, TemplateState

MINUTE: Final = 60.0
DAY: Final = 86400.0
WINDOW: Final = (
    DAY - 5 * MINUTE
)  # WhatsApp's day for free words, closed early: a send may take a while (channels.md §2.9)


@dataclass(frozen=True)
class Meaning:
    """A refusal's kind, the seconds before the next try, the most retries, a template's state: what the code tells."""

    kind: RefusalKind
    wait: float | None = None
    most_tries: int | None = None
    template: TemplateState | Literal[""] = ""
