"""Hand a letter to Meta, and read what it answers."""

from typing import Any

from base import log
from base.accounts import WhatsappCloudAccount
from base.outbound import Answer, AnswerLost, NotSent, Timeouts
from bot.messages import Accepted, Letter, Refused, SendResult, Unclear
from handlers.graph import Document, call, object_in, objects, read_document, read_error, retry_after
from handlers.whatsapp_cloud.errors import is_known, refusal
from handlers.whatsapp_cloud.forms import Payload, envelope, tries
from handlers.whatsapp_cloud.parsing import id_in

_logger = log.logger(__name__)


def send(account: WhatsappCloudAccount, letter: Letter, ours: str, timeouts: Timeouts) -> SendResult:
    """Send the best form that Meta takes; `ours` is what its statuses bring back."""
    try:
        beginning = envelope(letter, ours)
    except ValueError:
        return Refused("unreachable", "identity_kind")
    result: SendResult = Refused("window", "template_missing") if letter.template else Refused("content", "empty")
    for form in tries(letter):
        result = _post(account, {**beginning, **form}, timeouts)
        if not isinstance(result, Refused) or result.kind != "content":
            break
        _logger.warning("whatsapp refused a content", outbox_id=letter.outbox_id, account=account.key, code=result.code)
    return result


def _post(account: WhatsappCloudAccount, payload: Payload, timeouts: Timeouts) -> SendResult:
    path = f"{account.phone_number_id}/messages"
    try:
        return read_send(call(account, "POST", path, document=payload, timeouts=timeouts))
    except NotSent:
        return Refused("busy", "not_sent")
    except AnswerLost:
        return Unclear("answer_lost")


def read_send(answer: Answer) -> SendResult:
    """Accepted with the wamid, refused with the code, or unclear (channels.md §2.10).

    A code of the table says that the message was not taken, whatever the status; after a 5xx without one nobody knows.
    """
    document = read_document(answer)
    if answer.status < 300:
        wamid = _wamid(document)
        return Accepted(wamid) if wamid else Unclear("unreadable_answer")
    code = code_in(document)
    if answer.status >= 500 and not is_known(code):
        return Unclear(f"http_{answer.status}")
    return refusal(code, answer.status, retry_after(answer))


def code_in(document: Document) -> int | None:
    """The code of an error document, 0 too; None without one."""
    told: Any = object_in(document, "error").get("code")
    return read_error(document).code or (0 if type(told) is int and told == 0 else None)


def _wamid(document: Document) -> str:
    return next((wamid for one in objects(document.get("messages")) if (wamid := id_in(one.get("id")))), "")
