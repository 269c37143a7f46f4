"""Values of Meta's JSON as clean text, ids, moments and figures; whatever a value is, none of these raises."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

_ID: Final = re.compile(r"[!-~]{1,512}")
_URL: Final = re.compile(r"https?://[!-~]{1,4088}")
_WORD: Final = re.compile(r"[a-z0-9_-]{1,40}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = 4_102_444_800_000  # the year 2100, in milliseconds


def id_in(value: Any) -> str:
    """An id of printable ASCII, whole or not at all: a cut one would be another's."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def number_in(value: Any) -> str:
    """The id of a Page, a person or an app: its digits, also where it comes as a number; '' for anything else."""
    told = str(value) if _is_whole(value) else value
    return told if isinstance(told, str) and re.fullmatch(r"[0-9]{1,32}", told) else ""


def url_in(value: Any) -> str:
    """A web address, whole or not at all."""
    return value if isinstance(value, str) and _URL.fullmatch(value) else ""


def word_in(value: Any) -> str:
    """The provider's name of a kind; '' for what is none."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


def milliseconds_in(value: Any) -> int:
    """Milliseconds since 1970, 0 for what is no moment before 2100."""
    return value if _is_whole(value) and 0 < value < _LATEST else 0


def seconds_in(value: Any) -> int:
    """A moment told in whole seconds since 1970, as milliseconds; 0 for what is no moment before 2100."""
    return milliseconds_in(value * 1000) if _is_whole(value) and value < _LATEST else 0


def moment_of(milliseconds: int) -> datetime | None:
    """The moment in UTC; None for 0."""
    return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
