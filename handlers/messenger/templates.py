"""A Page's utility templates, which alone reach people outside the 24 hours (channels.md §3.5)."""

from collections.abc import Mapping, Sequence
from typing import Final

from base.accounts import MessengerAccount
from base.outbound import Timeouts
from handlers import graph
from handlers.messenger.fields import number_in
from handlers.messenger.profile import checked
from handlers.words import line_in

LANGUAGE: Final = "fr"
APPROVED: Final = "APPROVED"
MOST_LISTED: Final = "250"


def definition(name: str, text: str, samples: Sequence[str]) -> graph.Document:
    """A template as it is submitted: its text with {{1}}…, and one sample per variable."""
    body = {"type": "BODY", "text": text, "example": {"body_text": [list(samples)]}}
    return {"name": name, "language": LANGUAGE, "category": "UTILITY", "components": [body]}


def listed(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> Mapping[str, tuple[str, str]]:
    """Name → id and state (APPROVED, PENDING, REJECTED) of a Page's templates. Raises PageRefused and outbound's."""
    query = {"fields": "id,name,status,language", "limit": MOST_LISTED}
    page = checked(graph.call(account, "GET", _path(account), query=query, timeouts=timeouts))
    found = [one for one in graph.objects(page.get("data")) if one.get("language") in (LANGUAGE, None)]
    return {line_in(one.get("name")): (number_in(one.get("id")), line_in(one.get("status"))) for one in found}


def ensure(
    account: MessengerAccount, texts: Mapping[str, tuple[str, Sequence[str]]], timeouts: Timeouts = Timeouts()
) -> Mapping[str, tuple[str, str]]:
    """Submit the templates (name → text, samples) that are not there yet; id and state of all. Raises as `listed`."""
    there = listed(account, timeouts)
    made = {name: create(account, name, *told, timeouts) for name, told in texts.items() if name not in there}
    return {name: {**there, **made}[name] for name in texts}


def create(
    account: MessengerAccount, name: str, text: str, samples: Sequence[str], timeouts: Timeouts = Timeouts()
) -> tuple[str, str]:
    """Submit a template; its id and state. Raises as `listed`."""
    document = definition(name, text, samples)
    made = checked(graph.call(account, "POST", _path(account), document=document, timeouts=timeouts))
    return number_in(made.get("id")), line_in(made.get("status"))


def _path(account: MessengerAccount) -> str:
    return f"{account.page_id}/message_templates"
