"""What Meta decides about our templates, and says of our number and its account (channels.md §2.1, §2.4, §2.7)."""

from collections.abc import Iterator
from typing import Any, Final

from bot.messages import TemplateNews, TemplateState, Warned
from handlers.graph import Document, object_in, objects, read_error
from handlers.templates import category_of, decided, reason_of
from handlers.whatsapp_cloud.envelope import MESSAGES, Change
from handlers.words import line_in

TEMPLATE_STATUS, TEMPLATE_QUALITY = "message_template_status_update", "message_template_quality_update"
TEMPLATE_CATEGORY: Final = "template_category_update"
TOLD: Final = frozenset(
    {
        *(TEMPLATE_STATUS, TEMPLATE_QUALITY, TEMPLATE_CATEGORY),
        *("phone_number_quality_update", "account_update", "account_alerts", "business_capability_update"),
    }
)
IS_WELL: Final = frozenset({"GREEN", "UNKNOWN"})
MOST_NAME, MOST_LANGUAGE, MOST_WORD, MOST_DETAIL = 512, 20, 120, 300
MOST_LEAVES, MOST_DEPTH = 20, 3


def templates_in(change: Change) -> tuple[TemplateNews, ...]:
    """The state that a template came into, or the category; () for everything else."""
    state, category = _state(change), _category(change)
    name, language = _template(change.value)
    is_told = name and (state or category)
    return (TemplateNews(name, language, state, _reason(change.value) if state else "", category),) if is_told else ()


def warnings_in(change: Change) -> Iterator[Warned]:
    """What is said of the number, its account or its templates, without changing a template's state.

    `what` is the field, or the code of an error; `detail` the words that stand in it.
    """
    if change.field == MESSAGES:
        yield from map(_of_error, objects(change.value.get("errors")))
    elif change.field in TOLD and not any(one.state for one in templates_in(change)) and not _is_well(change):
        yield Warned(change.field, line_in(", ".join([*_leaves(change.value)][:MOST_LEAVES]), MOST_DETAIL))


def _state(change: Change) -> TemplateState | None:
    return decided(change.value.get("event")) if change.field == TEMPLATE_STATUS else None


def _category(change: Change) -> str:
    return category_of(change.value.get("new_category")) if change.field == TEMPLATE_CATEGORY else ""


def _template(value: Document) -> tuple[str, str]:
    name = line_in(value.get("message_template_name"), MOST_NAME)
    return name, line_in(value.get("message_template_language"), MOST_LANGUAGE)


def _reason(value: Document) -> str:
    more, other = object_in(value, "rejection_info"), object_in(value, "other_info")
    told = (value.get("reason"), more.get("reason"), other.get("title"), other.get("description"))
    return next(filter(None, map(reason_of, told)), "")


def _is_well(change: Change) -> bool:
    """A quality that is good, or a template that is not counted as marketing, nor soon (`correct_category`)."""
    if change.field == TEMPLATE_CATEGORY:
        soon = category_of(change.value.get("correct_category"))
        return _category(change) == "utility" and soon != "marketing"
    score = change.value.get("new_quality_score")
    return change.field == TEMPLATE_QUALITY and isinstance(score, str) and score in IS_WELL


def _of_error(error: Document) -> Warned:
    """As that the number is throttled."""
    told = (object_in(error, "error_data").get("details"), error.get("message"), error.get("title"))
    words = (line_in(one, MOST_DETAIL) for one in told)
    return Warned(str(read_error(error).code or "error"), next(filter(None, words), ""))


def _leaves(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    """Each word or number of a document with its name: `event FLAGGED`."""
    if isinstance(value, dict) and depth < MOST_DEPTH:
        for key in [*value][:MOST_LEAVES]:
            yield from _leaves(value[key], line_in(key, MOST_WORD), depth + 1)
    elif isinstance(value, list) and depth < MOST_DEPTH:
        for one in value[:MOST_LEAVES]:
            yield from _leaves(one, name, depth + 1)
    elif word := _word(value):
        yield f"{name} {word}"


def _word(value: Any) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return str(value) if is_number else line_in(value, MOST_WORD)
