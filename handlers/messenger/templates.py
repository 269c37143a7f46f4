"""A Page's utility templates, which alone reach people outside the 24 hours (channels.md §3.5)."""

from typing import Final

from base import log
from base.accounts import MessengerAccount
from base.outbound import Timeouts
from base.templates import TemplateText, language_of
from handlers import graph
from handlers.messenger.fields import number_in
from handlers.messenger.profile import PageRefused, checked
from handlers.templates import Standing, body_in, body_part, reason_of, state_of
from handlers.words import line_in

MOST_LISTED: Final = "250"
FIELDS: Final = "id,name,status,language,rejected_reason,components"

_logger = log.logger(__name__)


def definition(text: TemplateText) -> graph.Document:
    """A template as it is submitted: its text with {{1}}…, and one sample per variable."""
    return {"name": text.name, "language": text.language, "category": "UTILITY", "components": [body_part(text)]}


def templates(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> dict[str, Standing]:
    """How a Page's templates stand, by their names; one whose language its name does not say is left.

    Raises PageRefused and base.outbound's errors.
    """
    query = {"fields": FIELDS, "limit": MOST_LISTED}
    page = checked(graph.call(account, "GET", _path(account), query=query, timeouts=timeouts))
    if not isinstance(page.get("data"), list):
        raise PageRefused("unreadable answer")  # taken for an empty list, everything would be made once more
    found = {line_in(one.get("name")): one for one in graph.objects(page.get("data")) if _is_in_its_language(one)}
    return {name: _standing(one) for name, one in found.items()}


def make_template(account: MessengerAccount, text: TemplateText, timeouts: Timeouts = Timeouts()) -> Standing | None:
    """Submit a template. None, and a line in the log, when Meta refuses it. Raises base.outbound's errors."""
    try:
        made = checked(graph.call(account, "POST", _path(account), document=definition(text), timeouts=timeouts))
    except PageRefused as refused:
        _logger.warning("template refused", template=text.name, account=account.key, code=refused.why)
        return None
    return Standing(number_in(made.get("id")), state_of(made.get("status")), text=text.text)


def _is_in_its_language(one: graph.Document) -> bool:
    return one.get("language") in (language_of(line_in(one.get("name"))), None)


def _standing(one: graph.Document) -> Standing:
    reason = reason_of(one.get("rejected_reason"))
    return Standing(number_in(one.get("id")), state_of(one.get("status")), reason, body_in(one))


def _path(account: MessengerAccount) -> str:
    return f"{account.page_id}/message_templates"
