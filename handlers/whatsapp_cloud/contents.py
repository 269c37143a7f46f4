"""A number's templates at Meta: made once in its WABA, and approved there (channels.md §2.7)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from base import log
from base.accounts import WhatsappCloudAccount
from base.outbound import Answer
from base.templates import TemplateText, language_of
from handlers.graph import Document, call, object_in, objects, read_document
from handlers.templates import Standing, body_in, body_part, category_of, reason_of, state_of
from handlers.whatsapp_cloud.sending import code_in
from handlers.words import line_in

PAGE_SIZE: Final = "100"
MOST_PAGES: Final = 20  # a WABA has 250 templates at most
UNREADABLE: Final = "unreadable_answer"
FIELDS: Final = "id,name,language,status,rejected_reason,category,components"

_logger = log.logger(__name__)


class TemplatesRefused(Exception):
    """Meta refused to list templates, or answered what nobody can read; says its code, or which of them."""


def templates(account: WhatsappCloudAccount) -> dict[str, Standing]:
    """How the templates of an account's WABA stand, by their names; one whose language its name does not say is left.

    Raises TemplatesRefused, base.outbound.NotSent and AnswerLost.
    """
    return {
        line_in(one.get("name")): _standing(one)
        for one in _listed(account)
        if one.get("language") == language_of(line_in(one.get("name")))
    }


def make_template(account: WhatsappCloudAccount, text: TemplateText) -> Standing | None:
    """Make a template, which asks for its approval too. None, and a line in the log, when Meta refuses it.

    Raises NotSent, AnswerLost.
    """
    try:
        made = _read(call(account, "POST", _path(account), document=definition(text)))
    except TemplatesRefused as refused:
        _logger.warning("template refused", template=text.name, account=account.key, code=str(refused))
        return None
    state, category = state_of(made.get("status")), category_of(made.get("category"))
    return Standing(line_in(made.get("id")), state, text=text.text, category=category)


def definition(text: TemplateText) -> Mapping[str, Any]:
    """A template as Meta is asked for it."""
    return {
        "name": text.name,
        "language": text.language,
        "category": text.category.upper(),
        "parameter_format": "POSITIONAL",
        "components": [body_part(text)],
    }


def _standing(one: Document) -> Standing:
    reason, category = reason_of(one.get("rejected_reason")), category_of(one.get("category"))
    return Standing(line_in(one.get("id")), state_of(one.get("status")), reason, body_in(one), category)


def _listed(account: WhatsappCloudAccount) -> Iterator[Document]:
    """Each template, over all pages."""
    query = {"fields": FIELDS, "limit": PAGE_SIZE}
    for _ in range(MOST_PAGES):
        document = _read(call(account, "GET", _path(account), query=query))
        if not isinstance(document.get("data"), list):
            raise TemplatesRefused(UNREADABLE)  # taken for an empty list, everything would be made once more
        yield from objects(document["data"])
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


def _read(answer: Answer) -> Document:
    document = read_document(answer)
    if answer.status >= 300:
        code = code_in(document)
        raise TemplatesRefused(f"http_{answer.status}" if code is None else str(code))
    return document
