"""Hand a letter to the Send API, part by part."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from base import log
from base.accounts import MessengerAccount
from base.outbound import AnswerLost, NotSent, Timeouts
from bot.messages import Accepted, Letter, Refused, SendResult, Unclear
from handlers import graph
from handlers.messenger.answers import read_send
from handlers.messenger.forms import Part, parts_of

MOST_REMEMBERED: Final = 1000  # letters

_logger = log.logger(__name__)


class Progress:
    """How many parts of a letter have gone out, so that its next try begins behind them.

    Known to this process alone and for its latest letters: what is forgotten is at worst a photo seen twice.
    """

    def __init__(self) -> None:
        self._gone: OrderedDict[int, int] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, outbox_id: int) -> int:
        """The parts of a letter that have gone out."""
        with self._lock:
            return self._gone.get(outbox_id, 0)

    def note(self, outbox_id: int, count: int) -> None:
        """So many of its parts have gone out now."""
        with self._lock:
            self._gone[outbox_id] = count
            self._gone.move_to_end(outbox_id)
            while len(self._gone) > MOST_REMEMBERED:
                self._gone.popitem(last=False)

    def forget(self, outbox_id: int) -> None:
        """It has arrived whole."""
        with self._lock:
            self._gone.pop(outbox_id, None)


def send(
    account: MessengerAccount, letter: Letter, metadata: str, timeouts: Timeouts, progress: Progress
) -> SendResult:
    """Send a letter's parts in their order; `metadata` is our signed id, which the echo of its last part brings back.

    A letter is taken when its last part is. What befalls a part before it befalls the letter, and nothing goes out
    behind it: a letter comes whole, and its next try begins at that part. Only an adornment (a photo with words) that
    is refused as content, or whose answer is lost, is passed over: the words are the answer.
    """
    if letter.to.kind != "psid":
        return Refused("unreachable", "identity_kind")
    told = parts_of(letter)
    if not told.parts:
        return Refused("window", "template_missing") if letter.template else Refused("content", "empty")
    envelope = {"recipient": {"id": letter.to.value}, "messaging_type": told.messaging_type}
    gone = progress.of(letter.outbox_id)
    *before, last = told.parts
    for place, part in enumerate(before):
        if place < gone:
            continue
        result = _send_part(account, part, envelope, "", timeouts)
        if not _may_go_on(part, result):
            return result
        if not isinstance(result, Accepted):
            _logger.warning("photo_left_out", outbox_id=letter.outbox_id, account=account.key, why=_why(result))
        progress.note(letter.outbox_id, place + 1)
    result = _send_part(account, last, envelope, metadata, timeouts)
    if isinstance(result, Accepted):
        progress.forget(letter.outbox_id)
    return result


def _may_go_on(part: Part, result: SendResult) -> bool:
    if part.is_needed:
        return isinstance(result, Accepted)
    return not isinstance(result, Refused) or result.kind == "content"


def _send_part(
    account: MessengerAccount, part: Part, envelope: Mapping[str, Any], metadata: str, timeouts: Timeouts
) -> SendResult:
    """The best form that Graph takes."""
    result: SendResult = Refused("content", "empty")
    for form in part.forms:
        message = {**form, "metadata": metadata} if metadata else form
        result = _post(account, {**envelope, "message": message}, timeouts)
        if not isinstance(result, Refused) or result.kind != "content":
            break
        _logger.warning("messenger_refused_content", account=account.key, code=result.code)
    return result


def _post(account: MessengerAccount, document: graph.Document, timeouts: Timeouts) -> SendResult:
    path = f"{account.page_id}/messages"
    try:
        return read_send(graph.call(account, "POST", path, document=document, timeouts=timeouts))
    except NotSent:
        return Refused("busy", "not_sent")
    except AnswerLost:
        return Unclear("answer_lost")


def _why(result: SendResult) -> str:
    match result:
        case Refused(code=code):
            return code
        case Unclear(reason=reason):
            return reason
    return ""
