"""Messages as JSON holds them: what is at its default is left out, and comes back."""

from dataclasses import asdict, replace
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import PydanticSerializationError

from bot.masking import masked, masked_bytes, secrets_in
from bot.messages import Incoming, Kept, Outgoing, Parsed, Refused, Template

_INCOMING = TypeAdapter(Incoming)
_OUTGOING = TypeAdapter(Outgoing)
_TEMPLATE = TypeAdapter(Template)
_REFUSED = TypeAdapter(Refused)
# in a tuple, because only so pydantic lets a dataclass's raw bytes be base64: they need not be UTF-8
_SPOOLED = TypeAdapter(tuple[Parsed], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
_NUL = r"\u0000"


def keepable(message: Incoming) -> Incoming:
    """The message without what PostgreSQL cannot keep: NUL goes, lone surrogates become U+FFFD.

    Channels see to that themselves; this is the second net, as one such message would stop its whole webhook.
    """
    try:
        is_clean = _NUL not in incoming_to_json(message)
    except PydanticSerializationError:
        is_clean = False
    return message if is_clean else incoming_from(_cleaned(asdict(message)))


def storable(kept: Kept) -> Kept:
    """What comes in as it may be stored, in the inbox and in the spool: keepable, and without anybody's secret code."""
    message = keepable(kept.message)
    secrets = secrets_in(message.text)
    if not secrets:
        return Kept(message, kept.raw)
    return Kept(replace(message, text=masked(message.text)), masked_bytes(kept.raw, secrets))


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {key: _cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return tuple(_cleaned(item) for item in value)
    return value


def incoming_to_json(message: Incoming) -> str:
    """A message for the column inbox.message."""
    return _INCOMING.dump_json(message, exclude_defaults=True).decode()


def incoming_from(document: Any) -> Incoming:
    """The message of an inbox row."""
    return _INCOMING.validate_python(document, strict=False)


def outgoing_to_json(bubble: Outgoing) -> str:
    """A bubble for the column outbox.bubble."""
    return _OUTGOING.dump_json(bubble, exclude_defaults=True).decode()


def outgoing_to_document(bubble: Outgoing) -> Any:
    """A bubble as part of a larger document."""
    return _OUTGOING.dump_python(bubble, mode="json", exclude_defaults=True)


def outgoing_from(document: Any) -> Outgoing:
    """The bubble of an outbox row."""
    return _OUTGOING.validate_python(document, strict=False)


def template_to_json(template: Template | None) -> str | None:
    """A template for the column outbox.template."""
    return None if template is None else _TEMPLATE.dump_json(template, exclude_defaults=True).decode()


def template_from(document: Any) -> Template | None:
    """The template of an outbox row, if it has one."""
    return None if document is None else _TEMPLATE.validate_python(document, strict=False)


def refusal_to_json(refusal: Refused | None) -> str | None:
    """A failure for the column status_report.refusal."""
    return None if refusal is None else _REFUSED.dump_json(refusal).decode()


def refusal_from(document: Any) -> Refused | None:
    """The failure of a status report."""
    return None if document is None else _REFUSED.validate_python(document, strict=False)


def parsed_to_json(parsed: Parsed) -> bytes:
    """A whole webhook for the spool; raw bytes travel as base64."""
    messages = tuple(map(storable, parsed.messages))
    return _SPOOLED.dump_json((replace(parsed, messages=messages),), exclude_defaults=True)


def parsed_from_json(text: bytes) -> Parsed:
    """A webhook read back from the spool. Raises pydantic.ValidationError when the file is torn."""
    return _SPOOLED.validate_json(text)[0]
