"""What a provider's error code means for a send, whoever the provider is."""

from dataclasses import dataclass
from typing import Final, Literal

from bot.messages import RefusalKind, Refused, SendResult, TemplateState

MINUTE: Final = 60.0
DAY: Final = 86400.0
# WhatsApp's day for free words, closed early: a send may take a while (channels.md §2.9)
WINDOW: Final = DAY - 5 * MINUTE


@dataclass(frozen=True)
class Meaning:
    """A refusal's kind, the seconds before the next try, the most retries, a template's state: what the code tells."""

    kind: RefusalKind
    wait: float | None = None
    most_tries: int | None = None
    template: TemplateState | Literal[""] = ""


_STATUSES: Final = {
    401: Meaning("account"),
    403: Meaning("account"),
    408: Meaning("busy"),
    429: Meaning("busy"),
}


def of_status(status: int) -> Meaning:
    """What an answer's HTTP status alone says of a send that was not taken."""
    # a redirect means that the address we were given is not the provider's
    return _STATUSES.get(status) or (Meaning("account") if status < 400 else Meaning("content"))


def may_be_of_a_quote(result: SendResult) -> bool:
    """Whether a send may have been refused because of the message that it quotes: the same words go without it then.

    No provider says which code that has: what it tells of our content, or of something that went wrong without a time.
    """
    if not isinstance(result, Refused):
        return False
    return result.kind == "content" or (result.kind == "busy" and result.wait is None and result.most_tries is not None)


def refused(meaning: Meaning, told: str, wait: float | None = None) -> Refused:
    """The refusal that a code (`told`) stands for; the longer wait counts, the table's or the provider's own."""
    longest = max(filter(None, (wait, meaning.wait)), default=None)
    return Refused(meaning.kind, told, longest, meaning.most_tries, meaning.template)
