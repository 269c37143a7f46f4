"""The messages for a shut window, where one rule holds at all providers: states, values, what is to be made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from base.templates import PLACE, TemplateText, count_of
from bot.messages import Template, TemplateState
from handlers.words import line_in, one_line, text_in

# an empty value would go out as the template's sample, or be refused
NOTHING: Final = "–"
MOST_REASON: Final = 500
# The words of Twilio's approvals (channels.md §1.5) and of Meta's lists and news, of which a few are (unconfirmed).
STATES: Final[Mapping[str, TemplateState]] = {
    **dict.fromkeys(("approved", "reinstated", "unpaused"), "approved"),
    **dict.fromkeys(("pending", "received", "in_appeal", "pending_review"), "pending"),
    "rejected": "rejected",
    **dict.fromkeys(("paused", "locked"), "paused"),
    **dict.fromkeys(("disabled", "archived", "limit_exceeded", "pending_deletion"), "disabled"),
    **dict.fromkeys(("deleted", "unsubmitted"), "missing"),
}
CATEGORIES: Final = frozenset({"utility", "marketing"})
FLAGGED: Final = "flagged"  # in use still, and soon no longer, where nothing changes: a warning


@dataclass(frozen=True)
class Standing:
    """How a message for shut windows stands at its provider: its id there, state and why, text, category ('' not told).

    missing: it is there, and nobody has asked for its approval.
    """

    provider_id: str
    state: TemplateState
    reason: str = ""
    text: str = ""
    category: str = ""


def state_of(told: object) -> TemplateState:
    """A provider's word for a state; one that nobody knows waits."""
    word = line_in(told).lower()
    return "approved" if word == FLAGGED else STATES.get(word, "pending")


def decided(told: object) -> TemplateState | None:
    """The state that a piece of news puts a template into; None for what changes nothing, and for unknown words."""
    return STATES.get(line_in(told).lower())


def reason_of(told: object) -> str:
    """Why, in the provider's words; '' without a reason."""
    reason = line_in(told, MOST_REASON)
    return "" if reason.upper() == "NONE" else reason


def category_of(told: object) -> str:
    """The category that a provider counts a template in: utility, marketing; '' for others, and where none is told."""
    word = line_in(told).lower()
    return word if word in CATEGORIES else ""


def body_of(told: object) -> str:
    """A text as a provider tells it."""
    return text_in(told)


def unmade(wanted: Iterable[TemplateText], there: Mapping[str, Standing]) -> Iterator[TemplateText]:
    """What an account lacks; where other words have its name already, under its other name."""
    for text in wanted:
        own = own_name(text, there)
        if own.name not in there or there[own.name].state == "missing":
            yield own


def own_name(text: TemplateText, there: Mapping[str, Standing]) -> TemplateText:
    """A message under the name that these very words have at an account, or would get there."""
    first = there.get(text.name)
    return text if first is None or first.text in ("", text.text) else text.renamed


def values_of(template: Template) -> tuple[str, ...]:
    """As many values as the template has variables, none of them empty.

    WhatsApp refuses line breaks and runs of spaces in them.
    """
    lines = tuple(one_line(value) or NOTHING for value in template.values)
    if not template.text:
        return lines
    count = count_of(template.text)
    return (*lines, *(NOTHING for _ in range(count)))[:count]


def words_of(template: Template) -> str:
    """What a person reads: the text with its values."""
    values = {str(number): value for number, value in enumerate(values_of(template), 1)}
    return PLACE.sub(lambda found: values.get(found[1], found[0]), template.text)
