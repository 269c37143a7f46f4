"""Templates at Meta, the same for WhatsApp and Messenger: asked for, and how they stand (channels.md §2.7, §3.5)."""

from collections.abc import Iterable
from typing import Final

from base.templates import TemplateText, language_of
from handlers.graph import Document, objects
from handlers.templates import Standing, body_of, category_of, reason_of, state_of
from handlers.words import line_in

FIELDS: Final = "id,name,status,language,category,rejected_reason,components"


def definition(text: TemplateText) -> Document:
    """A template as it is submitted: its text with {{1}}…, and one sample per variable."""
    example = {"example": {"body_text": [list(text.samples)]}} if text.samples else {}
    body = {"type": "BODY", "text": text.text, **example}
    return {"name": text.name, "language": text.language, "category": text.category.upper(), "components": [body]}


def standings(listed: Iterable[Document]) -> dict[str, Standing]:
    """How listed templates stand, by their names; one without a name, or not in its name's language, is left."""
    named = ((line_in(one.get("name")), one) for one in listed)
    return {name: _standing(one) for name, one in named if name and one.get("language") in (language_of(name), None)}


def made(answer: Document, text: TemplateText) -> Standing:
    """How a template stands that has just been made."""
    category = category_of(answer.get("category"))
    return Standing(line_in(answer.get("id")), state_of(answer.get("status")), text=text.text, category=category)


def _standing(one: Document) -> Standing:
    body = next((part for part in objects(one.get("components")) if part.get("type") == "BODY"), {})
    reason, category = reason_of(one.get("rejected_reason")), category_of(one.get("category"))
    return Standing(line_in(one.get("id")), state_of(one.get("status")), reason, body_of(body.get("text")), category)
