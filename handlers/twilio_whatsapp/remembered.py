"""Messages whose webhooks never came, read from Twilio's own list of them (channels.md §1.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.http.response import Response

from base import log
from base.accounts import TwilioWhatsappAccount
from base.outbound import AnswerLost, NotSent, Timeouts
from bot.messages import Kept
from bot.provider_answers import Remembered
from handlers.channel import Unknown
from handlers.errors import BadRequest
from handlers.files import GONE
from handlers.twilio_whatsapp.answers import error_code, read_json, sid_in
from handlers.twilio_whatsapp.client import API, call, messages_url
from handlers.twilio_whatsapp.fields import Fields
from handlers.twilio_whatsapp.parsing import MOST_MEDIA, read_message
from handlers.words import clean

PAGE_SIZE: Final = "100"
MOST_PAGES: Final = 100
MOST_FAILURES: Final = 3  # files of messages that nobody can tell, until the next look
STICKER: Final = "image/webp"  # photos are no such pictures on WhatsApp

_logger = log.logger(__name__)

Document = Mapping[str, Any]


class _Unread(Exception):
    """Twilio cannot be asked now, or its answer not be read; says why."""


@dataclass(frozen=True)
class _Listed:
    """A message of the list that may be one of a person's."""

    sid: str
    at: datetime
    document: Document


def received_since(
    account: TwilioWhatsappAccount, since: datetime, limit: int, unknown: Unknown, timeouts: Timeouts
) -> Iterator[Remembered]:
    """The unknown messages to the account's sender, `limit` at a time, read as their webhooks would be.

    The list tells neither names nor pins nor what a tap stands for: its title is left, as words that were typed.
    """
    missed, is_whole = _missed(account, since, unknown, timeouts)
    failures = 0
    for begin in range(0, max(1, len(missed)), limit):
        messages = []
        for listed in missed[begin : begin + limit]:
            try:
                messages.append(_read(account, listed, timeouts))
            except BadRequest:  # from nobody whom we could answer: it is never read later either
                _logger.warning("twilio_inbound_strange", account=account.key, message_sid=listed.sid)
            except _Unread as error:
                _logger.warning("twilio_media_unread", account=account.key, message_sid=listed.sid, reason=str(error))
                failures += 1
                if failures == MOST_FAILURES:
                    break
        yield Remembered(tuple(messages), is_whole and not failures and begin + limit >= len(missed))
        if failures == MOST_FAILURES:
            return


def _missed(
    account: TwilioWhatsappAccount, since: datetime, unknown: Unknown, timeouts: Timeouts
) -> tuple[list[_Listed], bool]:
    """What is listed and not known, in its order; whether the list was told whole."""
    found: list[_Listed] = []
    is_whole = True
    try:
        for page in _pages(account, since, timeouts):
            found += _inbound(account, page, since)
    except _Unread as error:
        _logger.warning("twilio_inbound_unread", account=account.key, reason=str(error))
        is_whole = False
    by_sid = {listed.sid: listed for listed in reversed(found)}  # told newest first, in whole seconds
    ordered = sorted(by_sid.values(), key=lambda listed: listed.at)
    wanted = frozenset(unknown([listed.sid for listed in ordered])) if ordered else frozenset()
    return [listed for listed in ordered if listed.sid in wanted], is_whole


def _pages(account: TwilioWhatsappAccount, since: datetime, timeouts: Timeouts) -> Iterator[Document]:
    earliest = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = {"To": account.sender, "DateSent>": earliest, "PageSize": PAGE_SIZE}
    for _ in range(MOST_PAGES):
        page = _document(account, messages_url(account), query, timeouts)
        yield page
        query = _following(page)
        if not query:
            return
    raise _Unread("endless_list")


def _document(
    account: TwilioWhatsappAccount, url: str, query: Mapping[str, str] | None, timeouts: Timeouts
) -> Document:
    answer = _answer(account, url, query, timeouts)
    document = read_json(answer)
    if answer.status_code != 200:
        raise _Unread(str(error_code(document) or f"http_{answer.status_code}"))
    return document


def _answer(account: TwilioWhatsappAccount, url: str, query: Mapping[str, str] | None, timeouts: Timeouts) -> Response:
    try:
        return call(account, "GET", url, query=query, timeouts=timeouts)
    except (NotSent, AnswerLost) as error:
        raise _Unread(type(error).__name__) from error


def _following(page: Document) -> dict[str, str]:
    """The query of the next page, {} when there is none: host and path stay the account's."""
    following = page.get("next_page_uri") or ""
    try:
        return dict(parse_qsl(urlsplit(following).query)) if isinstance(following, str) else {}
    except ValueError as error:
        raise _Unread("unreadable_answer") from error


def _inbound(account: TwilioWhatsappAccount, page: Document, since: datetime) -> Iterator[_Listed]:
    messages = page.get("messages")
    if not isinstance(messages, list):
        raise _Unread("unreadable_answer")
    for message in messages:
        if not isinstance(message, dict) or message.get("direction") != "inbound":
            continue
        sid, at = sid_in(message), _sent_at(message)
        if sid and at and at >= since.replace(microsecond=0) and message.get("to") == account.sender:
            yield _Listed(sid, at, message)


def _sent_at(message: Document) -> datetime | None:
    for name in ("date_sent", "date_created"):
        try:
            moment = parsedate_to_datetime(str(message.get(name)))
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _read(account: TwilioWhatsappAccount, listed: _Listed, timeouts: Timeouts) -> Kept:
    """The message as a form of the webhook, and read like one."""
    fields = {**_form(account, listed), **_media(account, listed, timeouts)}
    return Kept(replace(read_message(fields), sent_at=listed.at), urlencode(fields).encode())


def _form(account: TwilioWhatsappAccount, listed: _Listed) -> Fields:
    told = {"From": listed.document.get("from"), "Body": listed.document.get("body")}
    texts = {name: clean(value.encode("utf-8", "replace")) for name, value in told.items() if isinstance(value, str)}
    return {"MessageSid": listed.sid, "AccountSid": account.account_sid, "To": account.sender, **texts}


def _media(account: TwilioWhatsappAccount, listed: _Listed, timeouts: Timeouts) -> Fields:
    """The parameters of its files; none where Twilio has them no longer."""
    if str(listed.document.get("num_media") or "0") == "0":
        return {}
    place = f"{API}/Accounts/{account.account_sid}/Messages/{listed.sid}/Media"
    answer = _answer(account, f"{place}.json", None, timeouts)
    if answer.status_code in GONE:
        return {}
    if answer.status_code != 200:
        raise _Unread(f"http_{answer.status_code}")
    media = read_json(answer).get("media_list")
    files = [one for one in media if isinstance(one, dict) and sid_in(one)] if isinstance(media, list) else []
    types = [mime if isinstance(mime := file.get("content_type"), str) else "" for file in files]
    fields: dict[str, str] = {"NumMedia": str(len(files))}
    for number, (file, mime) in enumerate(zip(files[:MOST_MEDIA], types, strict=False)):
        fields[f"MediaUrl{number}"] = f"{account.api_base}{urlsplit(place).path}/{sid_in(file)}"
        fields[f"MediaContentType{number}"] = mime
    return fields | ({"MessageType": "sticker"} if set(types) == {STICKER} else {})
