"""What befell a chat without a word of the person's: another phone or id, no more marketing, an answer by hand."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from bot.messages import Happened, Identity, Incoming, Sender
from handlers.errors import BadRequest
from handlers.graph import Document, object_in
from handlers.whatsapp_cloud.envelope import ECHOES, PREFERENCES, UPDATES
from handlers.whatsapp_cloud.fields import id_of, kind_in, moment_in, names_in

RENAMES: Final = frozenset({"user_changed_user_id", "user_changed_number"})
SWITCHES: Final[Mapping[str, Happened]] = {"stop": Happened("stopped"), "resume": Happened("resumed")}
MARKETING: Final = "marketing_messages"


def read_happening(field: str, element: Any) -> Incoming | None:
    """One element of a field that tells of people and holds no words; None for what changes nothing here.

    Raises BadRequest for what names nobody.
    """
    if not isinstance(element, dict):
        raise BadRequest("no object")
    return _READERS[field](element)


def renaming_in(element: Document, old: tuple[Identity, ...]) -> Happened | None:
    """The new names of a `system` message's sender (channels.md §2.3); None when it tells none, or of something else.

    `wa_id` is the new phone, as in the older form `new_wa_id`.
    """
    system = object_in(element, "system")
    if kind_in(system.get("type")) not in RENAMES:
        return None
    told = names_in(system.get(name) for name in ("new_wa_id", "wa_id", "user_id"))
    return _renamed(told, old)


def _renamed(told: tuple[Identity, ...], old: tuple[Identity, ...]) -> Happened | None:
    names = tuple(name for name in told if name not in old)
    return Happened("renamed", names) if names else None


def _update(element: Document) -> Incoming | None:
    """A scoped id that became another. Its phone is that of now: he may have had another under the id before."""
    ids = object_in(element, "user_id")
    old = _someone(tuple(name for name in names_in([ids.get("previous")]) if name.kind == "bsuid"))
    happened = _renamed(names_in((element.get("wa_id"), ids.get("current"))), old)
    if happened is None or happened.names[-1].kind != "bsuid":
        return None
    own = _own_id("renamed", ids.get("previous"), ids.get("current"), element.get("timestamp"))
    return Incoming(own, Sender(old), sent_at=moment_in(element.get("timestamp")), happened=happened)


def _preference(element: Document) -> Incoming | None:
    """Whether a person wants marketing; `signup` is no answer to a question of ours, and counts as none."""
    who = _someone(names_in((element.get("wa_id"), element.get("user_id"))))
    happened = SWITCHES.get(kind_in(element.get("value")))
    if happened is None or element.get("category") != MARKETING:
        return None
    own = _own_id(happened.what, *(name.value for name in who), element.get("timestamp"))
    return Incoming(own, Sender(who), sent_at=moment_in(element.get("timestamp")), happened=happened)


def _echo(element: Document) -> Incoming | None:
    """What somebody of ours wrote in WhatsApp's phone app, by whom it is for (the whole shape is unconfirmed)."""
    to = _someone(names_in(element.get(name) for name in ("to", "to_user_id", "recipient_user_id")))
    moment = moment_in(element.get("timestamp"))
    return Incoming(id_of(element), Sender(to), sent_at=moment, happened=Happened("taken_over"))


def _someone(names: tuple[Identity, ...]) -> tuple[Identity, ...]:
    if not names:
        raise BadRequest("names nobody")
    return names


def _own_id(what: str, *told: Any) -> str:
    """An id for what Meta gives none, the same each time it is brought."""
    digest = sha256("\n".join(map(str, told)).encode("utf-8", "replace"))
    return f"{what}:{digest.hexdigest()[:40]}"


_READERS: Final[Mapping[str, Callable[[Document], Incoming | None]]] = {
    UPDATES: _update,
    PREFERENCES: _preference,
    ECHOES: _echo,
}
