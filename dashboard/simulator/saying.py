"""What a phone of the page says: as the phone shows it, and as the webhook's element has it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from dashboard.simulator.photos import NAME

MOST_TEXT: Final = 4096
MOST_ID, MOST_NAME, MOST_EMOJI = 200, 60, 16
Part = Mapping[str, Any]


def said_of(asked: Part) -> dict[str, Any] | None:
    """What the phone shows of a message: its words and at most one other thing; None when it is empty."""
    text = asked.get("text") or ""
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        return None
    for name, read in PARTS.items():
        found = read(asked.get(name))
        if found is not None:
            return {"text": text, name: found}
    return {"text": text} if text.strip() else None


def _identifier(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MOST_ID else None


def _file(value: object) -> str | None:
    return value if isinstance(value, str) and NAME.fullmatch(value) else None


def _location(value: object) -> dict[str, Any] | None:
    return {name: value.get(name) for name in ("latitude", "longitude", "label")} if isinstance(value, dict) else None


def _card(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    name, phone = str(value.get("name") or "")[:MOST_NAME], str(value.get("phone") or "")[:MOST_NAME]
    return {"name": name, "phone": phone} if name or phone else None


def _reaction(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict) or not isinstance(value.get("emoji"), str):
        return None
    to = _identifier(value.get("to"))
    return {"to": to, "emoji": value["emoji"][:MOST_EMOJI]} if to else None


def _once(value: object) -> bool | None:
    return True if value is True else None


# in this order: a tap's id counts before all else
PARTS: Final[Mapping[str, Callable[[object], Any]]] = {
    "tap": _identifier,
    "photo": _file,
    "sticker": _file,
    "file": _file,
    "location": _location,
    "card": _card,
    "reaction": _reaction,
    "edits": _identifier,
    "deletes": _identifier,
    "once": _once,
}


def content_of(said: Part, address: Callable[[str], str], mime: Callable[[str], str]) -> dict[str, Any]:
    """What of the webhook's element says the same; `address` and `mime` tell where a file is fetched, and its type."""
    text = said["text"]
    if "tap" in said:
        return {"tap": said["tap"]}
    for name in ("photo", "sticker", "file"):
        if name in said:
            found = mime(said[name])
            kind = "sticker" if name == "sticker" else kind_of(found)
            return {"text": text, "media": {"kind": kind, "reference": address(said[name]), "mime": found}}
    if "card" in said:
        return {"cards": [{"name": said["card"]["name"], "phones": [said["card"]["phone"]]}]}
    if "once" in said:
        return {"kind": "view_once"}
    return {"text": text, **{name: value for name, value in said.items() if name != "text"}}


def kind_of(mime: str) -> str:
    """Whether a file is a picture, a sound, a film or a document."""
    kind = mime.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"
