"""What an answer of the Send API says about a send (channels.md §3.4, §3.9)."""

from typing import Final

from base.outbound import Answer
from bot.messages import Accepted, Identity, Refused, SendResult, Unclear
from handlers.graph import read_document, read_error, retry_after
from handlers.messenger.errors import Way, is_known, refusal
from handlers.messenger.fields import id_in, number_in

BUSY: Final = (408, 429)


def read_send(answer: Answer, way: Way = "plain") -> SendResult:
    """Accepted with the message's id, refused with Graph's code, or unclear.

    A code of the table says that the message was not taken, whatever the status; after a 5xx without one nobody knows.
    Of whom nothing but a comment was known, the answer tells the page-scoped id.
    """
    document = read_document(answer)
    if answer.status < 300:
        message_id = id_in(document.get("message_id"))
        psid = number_in(document.get("recipient_id")) if way == "comment" else ""
        names = (Identity("psid", psid),) if psid else ()
        return Accepted(message_id, names) if message_id else Unclear("unreadable_answer")
    error, wait = read_error(document), retry_after(answer)
    if answer.status >= 500 and not is_known(error):
        return Unclear(f"http_{answer.status}")
    if answer.status < 400:  # the address that we were given is not Graph's
        return Refused("account", f"http_{answer.status}")
    if error.code:
        return refusal(error, wait, way)
    return Refused("busy", f"http_{answer.status}", wait) if answer.status in BUSY else Unclear("unreadable_answer")
