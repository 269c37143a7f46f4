"""A number's templates at Meta: made once in its WABA, and approved there (channels.md §2.7)."""

from collections.abc import Iterator
from typing import Final

from base import log
from base.accounts import WhatsappCloudAccount
from base.outbound import Answer
from base.templates import TemplateText
from handlers import graph_templates
from handlers.graph import Document, call, object_in, objects, read_document
from handlers.templates import Standing
from handlers.whatsapp_cloud.sending import code_in

PAGE_SIZE: Final = "100"
MOST_PAGES: Final = 20  # a WABA has 250 templates at most
UNREADABLE: Final = "unreadable_answer"

_logger = log.logger(__name__)


class TemplatesRefused(Exception):
    """Meta refused to list templates, or answered what nobody can read; says its code, or which of them."""


def templates(account: WhatsappCloudAccount) -> dict[str, Standing]:
    """How the templates of an account's WABA stand, by their names; one whose language its name does not say is left.

    Raises TemplatesRefused, base.outbound.NotSent and AnswerLost.
    """
    return graph_templates.standings(_listed(account))


def make_template(account: WhatsappCloudAccount, text: TemplateText) -> Standing | None:
    """Make a template, which asks for its approval too. None, and a line in the log, when Meta refuses it.

    Raises NotSent, AnswerLost.
    """
    try:
        made = _read(call(account, "POST", _path(account), document=definition(text)))
    except TemplatesRefused as refused:
        _logger.warning("template refused", template=text.name, account=account.key, code=str(refused))
        return None
    return graph_templates.made(made, text)


def definition(text: TemplateText) -> Document:
    """A template as Meta is asked for it."""
    return {**graph_templates.definition(text), "parameter_format": "POSITIONAL"}


def _listed(account: WhatsappCloudAccount) -> Iterator[Document]:
    """Each template, over all pages."""
    query = {"fields": graph_templates.FIELDS, "limit": PAGE_SIZE}
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
