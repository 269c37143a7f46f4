"""Hand a letter to the Send API, part by part."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from base import log
from base.accounts import MessengerAccount
from base.outbound import AnswerLost, NotSent, Timeouts
from bot.messages import Accepted, Letter, Refused, SendResult, Unclear
from handlers import graph
from handlers.messenger.answers import read_send
from handlers.messenger.comments import comment_id_in
from handlers.messenger.courtesies import answer_publicly
from handlers.messenger.errors import Way
from handlers.messenger.fields import id_in
from handlers.messenger.forms import Part, comment_of, parts_of
from handlers.messenger.handover import sign_part
from handlers.refusals import may_be_of_a_quote

MOST_REMEMBERED: Final = 1000  # letters
MIDS: Final = ("m_", "mid.")  # how a message's id begins; other events get one of our own

_logger = log.logger(__name__)


class Progress:
    """How many parts of a letter have gone out, so that its next try begins behind them.

    Known to this process alone and for its latest letters: where that is forgotten, what had gone out goes out again,
    a photo, but also words before their goods, their receipt or their document.
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


@dataclass(frozen=True)
class Post:
    """To whom and how the messages of one letter go; `metadata` is our signed id, which echoes bring back."""

    account: MessengerAccount
    recipient: Mapping[str, str]
    envelope: Mapping[str, str]
    metadata: str
    timeouts: Timeouts
    quotes: str = ""  # the mid of the message that is answered

    @property
    def comment(self) -> str:
        """The public comment that is answered; '' for none."""
        return self.recipient.get("comment_id", "")

    @property
    def way(self) -> Way:
        """Which permission it needs."""
        if self.comment:
            return "comment"
        if self.envelope.get("tag") == "HUMAN_AGENT":
            return "human_agent"
        return "utility" if self.envelope.get("messaging_type") == "UTILITY" else "plain"


def send(
    account: MessengerAccount, letter: Letter, metadata: str, timeouts: Timeouts, progress: Progress
) -> SendResult:
    """Send a letter's parts in their order.

    A letter is taken when its last part is. What befalls a part before it befalls the letter, and nothing goes out
    behind it: a letter comes whole, and its next try begins at that part. Only an adornment (a photo with words) that
    is refused as content, or whose answer is lost, is passed over: the words are the answer.
    """
    recipient = _recipient_of(letter)
    if not recipient:
        return Refused("unreachable", "identity_kind")
    told = parts_of(letter)
    if not told.parts:
        return Refused("window", "template_missing") if letter.template else Refused("content", "empty")
    post = Post(account, recipient, told.envelope, metadata, timeouts, _quoted(letter))
    result = _send_parts(post, told.parts, letter.outbox_id, progress)
    if isinstance(result, Accepted):
        progress.forget(letter.outbox_id)
        if post.comment:
            answer_publicly(account, post.comment, timeouts)
    return result


def _quoted(letter: Letter) -> str:
    """The message that a letter quotes (channels.md §3.4); '' without one of this Page's chats."""
    quoted = "" if letter.template or comment_of(letter) else id_in(letter.bubble.quotes)
    return quoted if quoted.startswith(MIDS) else ""


def _recipient_of(letter: Letter) -> Mapping[str, str]:
    """A comment that is answered, or a person of this Page; empty for anybody else."""
    if comment := comment_of(letter):
        return {"comment_id": comment} if comment_id_in(comment) else {}
    return {"id": letter.to.value} if letter.to.kind == "psid" else {}


def _send_parts(post: Post, parts: Sequence[Part], outbox_id: int, progress: Progress) -> SendResult:
    gone = progress.of(outbox_id)
    *before, last = parts
    quoting = next((part for part in parts if part.is_needed), last)  # once, and not by an adornment
    for place, part in enumerate(before):
        if place < gone:
            continue
        result = _send_part(post, part, sign_part(post.metadata), is_quoting=part is quoting)
        if not _may_go_on(part, result):
            return result
        if not isinstance(result, Accepted):
            _logger.warning("photo_left_out", outbox_id=outbox_id, account=post.account.key, reason=_why(result))
        progress.note(outbox_id, place + 1)
    return _send_part(post, last, post.metadata, is_quoting=last is quoting)


def _may_go_on(part: Part, result: SendResult) -> bool:
    if part.is_needed:
        return isinstance(result, Accepted)
    return not isinstance(result, Refused) or result.kind == "content"


def _send_part(post: Post, part: Part, metadata: str, *, is_quoting: bool) -> SendResult:
    """The best form that Graph takes; without the quote where the message cannot be quoted."""
    result: SendResult = Refused("content", "empty")
    quotes = post.quotes if is_quoting else ""
    for form, quoted in (
        *((form, quotes) for form in part.forms[: bool(quotes)]),
        *((form, "") for form in part.forms),
    ):
        result = _post(post, {**form, "metadata": metadata}, quoted)
        is_of_the_quote = quoted and may_be_of_a_quote(result)
        if not isinstance(result, Refused) or not (is_of_the_quote or result.kind == "content"):
            break
        _logger.warning("messenger_refused_content", account=post.account.key, code=result.code)
    return result


def _post(post: Post, message: graph.Document, quoted: str) -> SendResult:
    reply = {"reply_to": {"mid": quoted}} if quoted else {}
    document = {"recipient": post.recipient, **post.envelope, "message": message, **reply}
    path = f"{post.account.page_id}/messages"
    try:
        answer = graph.call(post.account, "POST", path, document=document, timeouts=post.timeouts)
    except NotSent:
        return Refused("busy", "not_sent")
    except AnswerLost:
        return Unclear("answer_lost")
    return read_send(answer, post.way)


def _why(result: SendResult) -> str:
    match result:
        case Refused(code=code):
            return code
        case Unclear(reason=reason):
            return reason
    return ""
