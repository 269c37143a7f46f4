"""A Page's utility templates, which alone reach people outside the 24 hours (channels.md §3.5)."""

from typing import Final

from base import log
from base.accounts import MessengerAccount
from base.outbound import Timeouts
from base.templates import TemplateText
from handlers import graph, graph_templates
from handlers.messenger.profile import PageRefused, checked
from handlers.templates import Standing

MOST_LISTED: Final = "250"

_logger = log.logger(__name__)


def definition(text: TemplateText) -> graph.Document:
    """A template as a Page submits it: Messenger has no other category."""
    return {**graph_templates.definition(text), "category": "UTILITY"}


def templates(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> dict[str, Standing]:
    """How a Page's templates stand, by their names; one whose language its name does not say is left.

    Raises PageRefused and base.outbound's errors.
    """
    query = {"fields": graph_templates.FIELDS, "limit": MOST_LISTED}
    page = checked(graph.call(account, "GET", _path(account), query=query, timeouts=timeouts))
    if not isinstance(page.get("data"), list):
        raise PageRefused("unreadable answer")  # taken for an empty list, everything would be made once more
    return graph_templates.standings(graph.objects(page.get("data")))


def make_template(account: MessengerAccount, text: TemplateText, timeouts: Timeouts = Timeouts()) -> Standing | None:
    """Submit a template. None, and a line in the log, when Meta refuses it. Raises base.outbound's errors."""
    try:
        made = checked(graph.call(account, "POST", _path(account), document=definition(text), timeouts=timeouts))
    except PageRefused as refused:
        _logger.warning("template refused", template=text.name, account=account.key, code=refused.why)
        return None
    return graph_templates.made(made, text)


def _path(account: MessengerAccount) -> str:
    return f"{account.page_id}/message_templates"
