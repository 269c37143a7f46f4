"""Hand a letter to Twilio, and ask later whether it arrived."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from base import log
from base.accounts import TwilioWhatsappAccount
from base.outbound import AnswerLost, NotSent, Timeouts
from bot.messages import Letter, Refused, SendResult, Unclear
from bot.provider_answers import Found, LookedUp, NotTaken, Unknown
from handlers.twilio_whatsapp.answers import read_json, read_send, sid_in
from handlers.twilio_whatsapp.client import call, messages_url
from handlers.twilio_whatsapp.forms import address, tries

PAGE_SIZE: Final = "100"
# Twilio keeps whole seconds, and its clock is not ours
CLOCK_SLACK: Final = timedelta(seconds=2)

_logger = log.logger(__name__)


@dataclass(frozen=True)
class Way:
    """How letters go: as which account, with addresses of which site of ours, within which time."""

    account: TwilioWhatsappAccount
    site: str
    timeouts: Timeouts


def send(way: Way, letter: Letter, callback: str) -> SendResult:
    """Send the best form that Twilio takes; `callback` is the absolute URL for its status reports."""
    account = way.account
    try:
        envelope = {"To": address(letter.to), "From": account.sender, "StatusCallback": callback}
    except ValueError:
        return Refused("unreachable", "identity_kind")
    result: SendResult = Refused("window", "template_missing") if letter.template else Refused("content", "empty")
    for form in tries(letter, way.site):
        result = _post(account, envelope | dict(form.fields), way.timeouts)
        if not isinstance(result, Refused) or result.kind != "content":
            break
        _logger.warning("twilio refused a content", outbox_id=letter.outbox_id, account=account.key, code=result.code)
    return result


def look_up(way: Way, letter: Letter, since: datetime) -> LookedUp:
    """Look among what Twilio sent this person since then for the words of this letter: its sids, no, or cannot tell.

    Twilio lists neither content nor callback, so equal words count; a listed message without words might be ours.
    """
    earliest = since.astimezone(UTC).replace(microsecond=0) - CLOCK_SLACK
    page = _page(way.account, letter, earliest, way.timeouts)
    if page is None:
        _logger.warning("twilio_list_unread", outbox_id=letter.outbox_id, account=way.account.key)
        return Unknown()
    spellings = (letter, replace(letter, template=None))
    mine = {_folded(form.words) for spelled in spellings for form in tries(spelled, way.site)}
    ours = [message for message in _outbound(page) if _is_since(message, earliest)]
    same = [message for message in ours if _words(message) in mine]
    found = tuple(sid for message in reversed(same) if (sid := sid_in(message)))  # listed newest first
    if found:
        return Found(found)
    could_be_ours = bool(same) or any(not _words(message) for message in ours)
    return Unknown() if could_be_ours or page.get("next_page_uri") else NotTaken()


def _post(account: TwilioWhatsappAccount, fields: Mapping[str, str], timeouts: Timeouts) -> SendResult:
    try:
        return read_send(call(account, "POST", messages_url(account), form=fields, timeouts=timeouts))
    except NotSent:
        return Refused("busy", "not_sent")
    except AnswerLost:
        return Unclear("answer_lost")


def _page(
    account: TwilioWhatsappAccount, letter: Letter, earliest: datetime, timeouts: Timeouts
) -> Mapping[str, Any] | None:
    query = {
        "To": address(letter.to),
        "From": account.sender,
        "DateSent>": earliest.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "PageSize": PAGE_SIZE,
    }
    try:
        response = call(account, "GET", messages_url(account), query=query, timeouts=timeouts)
    except (NotSent, AnswerLost):
        return None
    page = read_json(response)
    messages = page.get("messages")
    # a list that holds anything else might have held ours
    is_list = isinstance(messages, list) and all(isinstance(message, dict) for message in messages)
    return page if response.status_code == 200 and is_list else None


def _outbound(page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for message in page["messages"]:
        if str(message.get("direction", "")).startswith("outbound"):
            yield message


def _is_since(message: Mapping[str, Any], earliest: datetime) -> bool:
    try:
        return parsedate_to_datetime(str(message.get("date_created"))) >= earliest
    except (ValueError, TypeError, OverflowError):
        return True  # a date we cannot read excludes nothing


def _words(message: Mapping[str, Any]) -> str:
    return _folded(str(message.get("body") or ""))


def _folded(words: str) -> str:
    return " ".join(words.split())
