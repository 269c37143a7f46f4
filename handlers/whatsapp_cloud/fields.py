"""What the elements of Meta's webhooks have in common: ids, kinds, names of people, times (channels.md §2.3)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from bot.messages import Identity
from handlers.errors import BadRequest
from handlers.graph import Document
from handlers.whatsapp import BSUID, PHONE

ID: Final = re.compile(r"[\x21-\x7e]{1,256}")
KIND: Final = re.compile(r"[a-z0-9_-]{1,40}")
SECONDS: Final = re.compile(r"[0-9]{1,11}")


def id_of(element: Document) -> str:
    """The wamid. Raises BadRequest without one."""
    found = id_in(element.get("id"))
    if not found:
        raise BadRequest("no id")
    return found


def id_in(value: Any) -> str:
    """A provider's id, whole or not at all."""
    return value if isinstance(value, str) and ID.fullmatch(value) else ""


def kind_in(value: Any) -> str:
    """The provider's name of a kind; '' for what can be none."""
    return value if isinstance(value, str) and KIND.fullmatch(value) else ""


def names_in(values: Iterable[Any]) -> tuple[Identity, ...]:
    """The first phone (with or without its +) and the first scoped id among these, in that order; each may lack."""
    told = [name for name in values if isinstance(name, str)]
    phones = [phone for name in told if PHONE.fullmatch(phone := f"+{name.removeprefix('+')}")]
    scoped = [name for name in told if BSUID.fullmatch(name)]
    return (
        *(Identity("phone", phone) for phone in phones[:1]),
        *(Identity("bsuid", name) for name in scoped[:1]),
    )


def moment_in(value: Any) -> datetime | None:
    """Seconds since 1970, as text or as a number; None for what is no time."""
    text = str(value) if isinstance(value, int) and 0 < value < 10**11 else value
    if not isinstance(text, str) or not SECONDS.fullmatch(text) or not int(text):
        return None
    return datetime.fromtimestamp(int(text), UTC)
