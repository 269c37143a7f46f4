"""What is done beside a letter, as well as it goes: a sign that somebody writes, a word below a public comment."""

from typing import Final

from base import log
from base.accounts import MessengerAccount
from base.outbound import AnswerLost, NotSent, Timeouts
from bot.messages import Identity
from handlers import graph

ACTIONS: Final = ("mark_seen", "typing_on")
QUICK: Final = Timeouts(connect=1.0, read=2.0, total=2.0)

_logger = log.logger(__name__)


def show_typing(account: MessengerAccount, to: Identity, timeouts: Timeouts = QUICK) -> None:
    """Mark what he wrote as seen and show three dots (channels.md §3.4); what fails is left."""
    if to.kind != "psid":
        return
    for action in ACTIONS:
        document = {"recipient": {"id": to.value}, "sender_action": action}
        if not _is_done(account, f"{account.page_id}/messages", document, timeouts):
            return


def answer_publicly(account: MessengerAccount, comment_id: str, timeouts: Timeouts) -> None:
    """Say below a comment that it was answered in private, where the settings have words for it (unconfirmed, §3.3)."""
    if account.public_reply:
        _is_done(account, f"{comment_id}/comments", {"message": account.public_reply}, timeouts)


def _is_done(account: MessengerAccount, path: str, document: graph.Document, timeouts: Timeouts) -> bool:
    try:
        answer = graph.call(account, "POST", path, document=document, timeouts=timeouts)
    except (NotSent, AnswerLost) as error:
        why = type(error).__name__
    else:
        if answer.status == 200:
            return True
        why = str(graph.read_error(graph.read_document(answer)).code or f"http_{answer.status}")
    _logger.info("courtesy_left", account=account.key, route=path.rpartition("/")[2], code=why)
    return False
