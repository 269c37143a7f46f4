"""Messages as JSON holds them: what is at its default is left out, and comes back."""

from typing import Any

from pydantic import TypeAdapter

from bot.messages import Incoming, Outgoing, Parsed, Refused, Template

_INCOMING = TypeAdapter(Incoming)
_OUTGOING = TypeAdapter(Outgoing)
_TEMPLATE = TypeAdapter(Template)
_REFUSED = TypeAdapter(Refused)
_PARSED = TypeAdapter(Parsed)


def incoming_to_json(message: Incoming) -> str:
    """A message for the column inbox.message."""
    return _INCOMING.dump_json(message, exclude_defaults=True).decode()


def incoming_from(document: Any) -> Incoming:
    """The message of an inbox row."""
    return _INCOMING.validate_python(document, strict=False)


def outgoing_to_json(bubble: Outgoing) -> str:
    """A bubble for the column outbox.bubble."""
    return _OUTGOING.dump_json(bubble, exclude_defaults=True).decode()


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
    return _PARSED.dump_json(parsed, exclude_defaults=True)


def parsed_from_json(text: bytes) -> Parsed:
    """A webhook read back from the spool. Raises pydantic.ValidationError when the file is torn."""
    return _PARSED.validate_json(text)
