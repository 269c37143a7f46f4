"""Facebook Messenger, as the contract of handlers.channel asks for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from base import log
from base.accounts import ChannelAccount, MessengerAccount
from base.outbound import Timeouts, is_named
from base.secret import Secret
from bot.messages import Identity, Kept, Letter, Limits, Media, Parsed, SendResult
from bot.provider_answers import Fetched, LookedUp, NoFile, Unknown
from handlers import graph
from handlers.channel import WebhookReply, WebhookRequest
from handlers.files import fetch
from handlers.messenger import courtesies, sending
from handlers.messenger.events import Event, Unusable, events_of, pages_in
from handlers.messenger.fields import url_in
from handlers.messenger.handover import Us, sign_letter
from handlers.messenger.limits import MESSENGER_LIMITS
from handlers.messenger.news import read_templates, read_warnings
from handlers.messenger.parsing import read_message
from handlers.messenger.reports import read_reports, read_watermarks
from handlers.messenger.sending import Progress

PATH: Final = "/webhooks/messenger"

_logger = log.logger(__name__)


class Messenger:
    """One for all Pages; what is sent comes back in echoes, with our ids signed by `secret_key`."""

    kind = "messenger"
    paths: tuple[str, ...] = (PATH,)
    limits: Limits = MESSENGER_LIMITS

    def __init__(self, secret_key: Secret, timeouts: Timeouts = Timeouts()) -> None:
        self._secret_key = secret_key
        self._timeouts = timeouts
        self._progress = Progress()

    def greet(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> WebhookReply:
        """Meta's challenge back, where its token is one of the Pages'. Raises BadSignature."""
        return graph.greet(_own(accounts), request)

    def verify(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> Sequence[ChannelAccount]:
        """The Pages of the signing app that are spoken of; none, and a line in the log, for others' or no Page."""
        signers = graph.signers(_own(accounts), request)
        pages = pages_in(_page_of(request))
        found = tuple(account for account in signers if account.page_id in pages)
        if not found:
            _logger.warning("webhook_of_no_page_of_ours", channel=self.kind, page_count=len(pages))
        return found

    def parse(self, account: ChannelAccount, request: WebhookRequest) -> Parsed:
        """What befell this Page, by its time; a damaged event is left out and hurts no other."""
        page = _messenger(account)
        us = Us(page.app_id, self._secret_key)
        events = events_of(_page_of(request), page.page_id)
        return Parsed(
            messages=tuple(_messages(page, events, us)),
            reports=tuple(report for event in events for report in read_reports(event, us)),
            templates=tuple(news for event in events for news in read_templates(event)),
            warnings=tuple(warned for event in events for warned in read_warnings(event)),
            watermarks=tuple(mark for event in events for mark in read_watermarks(event)),
        )

    def reply(self, request: WebhookRequest) -> WebhookReply:
        """Meta wants nothing but the status."""
        return WebhookReply()

    def send(self, account: ChannelAccount, letter: Letter) -> SendResult:
        """Hand the letter to the Send API."""
        metadata = sign_letter(self._secret_key, letter.outbox_id)
        return sending.send(_messenger(account), letter, metadata, self._timeouts, self._progress)

    def show_typing(self, account: ChannelAccount, to: Identity, provider_id: str) -> None:
        """All that he has written counts as seen, as Messenger marks no single message."""
        courtesies.show_typing(_messenger(account), to)

    def look_up(self, account: ChannelAccount, letter: Letter, since: datetime) -> LookedUp:
        """Nobody can tell: Meta lists no sends by our ids; the echo that brings one back is a report."""
        return Unknown()

    def fetch(self, account: ChannelAccount, media: Media, most_bytes: int) -> Fetched:
        """A file from Meta's own hosts, by its signed address; the token is shown to none of them."""
        account = _messenger(account)
        if not is_meta_address(account, media.reference):
            return NoFile("not_of_meta")
        return fetch(media.reference, most_bytes, self._timeouts, redirects_to=account.media_hosts)


def _messages(page: MessengerAccount, events: Sequence[Event], us: Us) -> Iterator[Kept]:
    unusable: list[str] = []
    for event in events:
        try:
            message = read_message(event, page, us)
            kept = Kept(message, event.raw) if message else None
        except Unusable as error:
            unusable.append(str(error))
            continue
        if kept:
            yield kept
    if unusable:
        reason = ",".join(sorted(set(unusable)))
        _logger.warning("events_left_out", account=page.key, count=len(unusable), reason=reason)


def is_meta_address(account: MessengerAccount, url: str) -> bool:
    """Whether a file's address is at one of the account's media hosts, and as safe as Graph's own: https."""
    try:
        there = urlsplit(url_in(url))
        host, is_bare = there.hostname or "", there.username is None and there.password is None
    except ValueError:
        return False
    return is_named(host, account.media_hosts) and is_bare and there.scheme == urlsplit(account.api_base).scheme


def _page_of(request: WebhookRequest) -> graph.Document:
    document = graph.document_of(request.body)
    return document if document.get("object") == "page" else {}


def _own(accounts: Sequence[ChannelAccount]) -> list[MessengerAccount]:
    return [account for account in accounts if isinstance(account, MessengerAccount)]


def _messenger(account: ChannelAccount) -> MessengerAccount:
    if not isinstance(account, MessengerAccount):
        raise TypeError(f"{account.key} is no Page of Messenger's")
    return account
