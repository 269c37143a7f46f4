"""A number's templates at Meta: made once in its WABA, and approved there (channels.md §2.7)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from base import log
from base.accounts import WhatsappCloudAccount
from base.outbound import Answer
from handlers.graph import Document, call, object_in, objects, read_document
from handlers.templates import TEMPLATES, TemplateText
from handlers.whatsapp_cloud.fields import kind_in
from handlers.whatsapp_cloud.sending import code_in

LANGUAGE: Final = "fr"
PAGE_SIZE: Final = "100"
MOST_PAGES: Final = 20  # a WABA has 250 templates at most
UNREADABLE: Final = "unreadable_answer"
REFUSED: Final = "refused"

_logger = log.logger(__name__)


class TemplatesRefused(Exception):
    """Meta refused to list templates, or answered what nobody can read; says its code, or which of them."""


def ensure_templates(account: WhatsappCloudAccount) -> dict[str, str]:
    """Make what is missing, which asks for its approval too; name → approved, pending, rejected, paused, disabled …

    One that Meta refuses is logged and left out: the account's contents are those whose state is `approved`. Raises
    TemplatesRefused when they cannot be listed, base.outbound.NotSent and AnswerLost.
    """
    there = dict(_listed(account))
    for name, template in TEMPLATES.items():
        if name not in there:
            there[name] = _create(account, name, template)
    return {name: there[name] for name in TEMPLATES if there[name] != REFUSED}


def states(account: WhatsappCloudAccount) -> dict[str, str]:
    """How those of ours stand that are there; raises as above."""
    return {name: state for name, state in _listed(account) if name in TEMPLATES}


def definition(name: str, template: TemplateText) -> Mapping[str, Any]:
    """A template as Meta is asked for it."""
    example = {"body_text": [list(template.samples)]}
    return {
        "name": name,
        "language": LANGUAGE,
        "category": template.category,
        "parameter_format": "POSITIONAL",
        "components": [{"type": "BODY", "text": template.text, "example": example}],
    }


def _create(account: WhatsappCloudAccount, name: str, template: TemplateText) -> str:
    try:
        return _state(_read(call(account, "POST", _path(account), document=definition(name, template))))
    except TemplatesRefused as refused:
        _logger.warning("template refused", template=name, account=account.key, code=str(refused))
        return REFUSED


def _listed(account: WhatsappCloudAccount) -> Iterator[tuple[str, str]]:
    """(name, state) of each template in our language, over all pages."""
    query = {"fields": "name,language,status", "limit": PAGE_SIZE}
    for _ in range(MOST_PAGES):
        document = _read(call(account, "GET", _path(account), query=query))
        if not isinstance(document.get("data"), list):
            raise TemplatesRefused(UNREADABLE)  # taken for an empty list, everything would be made once more
        for one in objects(document["data"]):
            if one.get("language") == LANGUAGE and isinstance(one.get("name"), str):
                yield one["name"], _state(one)
        paging = object_in(document, "paging")
        after = object_in(paging, "cursors").get("after")
        if not paging.get("next") or not isinstance(after, str):
            return
        query = {**query, "after": after}
    raise TemplatesRefused("endless_list")


def _path(account: WhatsappCloudAccount) -> str:
    if not account.waba_id:
        raise TemplatesRefused("no_waba_id")
    return f"{account.waba_id}/message_templates"


def _state(document: Document) -> str:
    told = document.get("status")
    return kind_in(told.lower() if isinstance(told, str) else "") or "pending"


def _read(answer: Answer) -> Document:
    document = read_document(answer)
    if answer.status >= 300:
        code = code_in(document)
        raise TemplatesRefused(f"http_{answer.status}" if code is None else str(code))
    return document
