"""What Meta says of the Page itself: its templates, and its punishments (channels.md §3.2, §3.5)."""

from collections.abc import Iterator
from typing import Final

from bot.messages import TemplateNews, Warned
from handlers.graph import Document, object_in
from handlers.messenger.events import Event
from handlers.templates import decided, reason_of
from handlers.words import line_in

TEMPLATE_FIELDS: Final = ("messenger_template_status_update", "message_template_status_update")
POLICY: Final = "policy_enforcement"
MOST_DETAIL: Final = 500


def read_templates(event: Event) -> Iterator[TemplateNews]:
    """What was decided about a template, whichever list it stands in."""
    if event.place == "changes" and event.document.get("field") in TEMPLATE_FIELDS:
        yield from _template(event.value)
    if event.place == "messaging":
        for name in TEMPLATE_FIELDS:
            yield from _template(object_in(event.document, name))


def _template(value: Document) -> Iterator[TemplateNews]:
    """Its shape is unconfirmed: taken to be WhatsApp's, or with the plain names that a list of templates has."""
    name, language, told = (
        line_in(value.get(f"message_template_{field}")) or line_in(value.get(field))
        for field in ("name", "language", "status")
    )
    state = decided(line_in(value.get("event")) or told)
    if name and state:
        yield TemplateNews(name, language, state, reason_of(value.get("reason")))


def read_warnings(event: Event) -> Iterator[Warned]:
    """A warning, or a block and its end, with Meta's reason."""
    told = object_in(event.document, POLICY) if event.place == "messaging" else {}
    action, reason = line_in(told.get("action")), line_in(told.get("reason"), MOST_DETAIL)
    if action or reason:
        yield Warned(POLICY, ": ".join(filter(None, (action, reason))))
