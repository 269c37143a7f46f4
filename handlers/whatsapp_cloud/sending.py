"""Hand a letter to Meta, and read what it answers."""

from dataclasses import astuple
from typing import Any, Final

from base import log
from base.accounts import WhatsappCloudAccount
from base.outbound import Answer, AnswerLost, NotSent, Timeouts
from bot.messages import Accepted, Letter, Refused, SendResult, Unclear
from handlers.graph import Document, call, object_in, objects, read_document, read_error, retry_after
from handlers.refusals import may_be_of_a_quote
from handlers.whatsapp_cloud.errors import is_known, refusal
from handlers.whatsapp_cloud.fields import id_in
from handlers.whatsapp_cloud.forms import asked_anew, envelope, tries
from handlers.whatsapp_cloud.interactive import Payload

QUICK: Final = Timeouts(connect=1.0, read=2.0, total=3.0)
WAMID: Final = "wamid."
FILE_NOT_HAD: Final = frozenset({"131053", "131014"})

_logger = log.logger(__name__)


def send(account: WhatsappCloudAccount, letter: Letter, ours: str, timeouts: Timeouts) -> SendResult:
    """Send the best form that Meta takes; `ours` is what its statuses bring back.

    First with the message that it quotes: what cannot be quoted, as too old or unknown, is answered without.
    """
    try:
        beginning = envelope(letter, ours)
    except ValueError:
        return Refused("unreachable", "identity_kind")
    result: SendResult = Refused("window", "template_missing") if letter.template else Refused("content", "empty")
    forms, quoting = tries(letter, account.catalog_id), _quoting(letter)
    for form in (*({**quoting, **form} for form in forms[: bool(quoting)]), *forms):
        result = _post_twice(account, beginning, form, timeouts)
        is_of_the_quote = "context" in form and may_be_of_a_quote(result)
        if not isinstance(result, Refused) or not (is_of_the_quote or result.kind == "content"):
            break
        _logger.warning("whatsapp refused a content", outbox_id=letter.outbox_id, account=account.key, code=result.code)
    return result


def _quoting(letter: Letter) -> Payload:
    """The field by which a message quotes the one that it answers (channels.md §2.6); {} without one of WhatsApp's."""
    quoted = "" if letter.template else id_in(letter.bubble.quotes)
    return {"context": {"message_id": quoted}} if quoted.startswith(WAMID) else {}


def show_typing(account: WhatsappCloudAccount, provider_id: str, timeouts: Timeouts) -> None:
    """Mark a message as read and show that somebody writes (channels.md §2.6); what fails is left, and logged."""
    if not provider_id.startswith(WAMID):
        return
    document: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": provider_id}
    quick = Timeouts(*map(min, astuple(timeouts), astuple(QUICK)))
    document |= {"typing_indicator": {"type": "text"}}
    try:
        status = call(account, "POST", _path(account), document=document, timeouts=quick).status
    except (NotSent, AnswerLost) as error:
        _logger.info("typing not shown", account=account.key, error=type(error).__name__)
        return
    if status >= 300:
        _logger.info("typing not shown", account=account.key, status=status)


def _post_twice(account: WhatsappCloudAccount, beginning: Payload, form: Payload, timeouts: Timeouts) -> SendResult:
    """Once more when Meta could not have a file of it, which may pass (channels.md §2.10)."""
    result = _post(account, {**beginning, **form}, timeouts)
    anew = asked_anew(form)
    if isinstance(result, Refused) and result.code in FILE_NOT_HAD and anew != form:
        return _post(account, {**beginning, **anew}, timeouts)
    return result


def _post(account: WhatsappCloudAccount, payload: Payload, timeouts: Timeouts) -> SendResult:
    try:
        return read_send(call(account, "POST", _path(account), document=payload, timeouts=timeouts))
    except NotSent:
        return Refused("busy", "not_sent")
    except AnswerLost:
        return Unclear("answer_lost")


def _path(account: WhatsappCloudAccount) -> str:
    return f"{account.phone_number_id}/messages"


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
