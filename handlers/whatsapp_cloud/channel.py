"""WhatsApp through Meta's Cloud API, as the contract of handlers.channel asks for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from base import log
from base.accounts import ChannelAccount, WhatsappCloudAccount
from base.outbound import Timeouts
from base.secret import Secret
from bot.messages import Identity, Incoming, Kept, Letter, Limits, Media, Parsed, SendResult, StatusReport
from bot.provider_answers import Fetched, LookedUp, Unknown
from handlers import graph
from handlers.channel import WebhookReply, WebhookRequest
from handlers.errors import BadRequest
from handlers.signatures import sign_our_id
from handlers.whatsapp_cloud import media as files
from handlers.whatsapp_cloud import sending
from handlers.whatsapp_cloud.envelope import MESSAGES, Change, Element, changes_of, elements_of, listed
from handlers.whatsapp_cloud.happenings import read_happening
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS
from handlers.whatsapp_cloud.news import templates_in, warnings_in
from handlers.whatsapp_cloud.parsing import is_of_a_group, read_message
from handlers.whatsapp_cloud.reports import read_report

PATH: Final = "/webhooks/whatsapp"

_logger = log.logger(__name__)


class WhatsappCloud:
    """One for all accounts of its kind; `secret_key` signs our ids on their way through Meta."""

    kind = "whatsapp_cloud"
    paths: tuple[str, ...] = (PATH,)
    limits: Limits = WHATSAPP_LIMITS

    def __init__(self, secret_key: Secret, timeouts: Timeouts = Timeouts()) -> None:
        self._secret_key = secret_key
        self._timeouts = timeouts

    def greet(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> WebhookReply:
        """Meta's challenge back, where it tells the verify token of one of our accounts."""
        return graph.greet(_own(accounts), request)

    def verify(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> Sequence[ChannelAccount]:
        """The accounts of the app that signed whose numbers or WABAs are spoken of: a batch may speak of several.

        None, and a line in the log, for talk with numbers that are none of ours. News of templates, people or accounts
        that are none of ours are for all that signed, who read nothing in them. A refusal would only bring any of these
        again for days.
        """
        signers = graph.signers(_own(accounts), request)
        changes = changes_of(graph.document_of(request.body))
        found = [account for account in signers if any(change.is_of(account) for change in changes)]
        if found:
            return found
        if not changes or any(change.field == MESSAGES for change in changes):
            _logger.warning("webhook_of_no_number_of_ours", channel=self.kind, change_count=len(changes))
            return ()
        return signers

    def parse(self, account: ChannelAccount, request: WebhookRequest) -> Parsed:
        """What a batch says of this account; an element that cannot be read is left out, and logged."""
        account = _cloud(account)
        changes = [one for one in changes_of(graph.document_of(request.body)) if one.is_of(account)]
        return Parsed(
            tuple(kept for change in changes for kept in _messages(account, change)),
            tuple(report for change in changes for report in self._reports(account, change)),
            tuple(news for change in changes for news in templates_in(change)),
            tuple(warned for change in changes for warned in warnings_in(change)),
        )

    def reply(self, request: WebhookRequest) -> WebhookReply:
        """Meta wants nothing but the status."""
        return WebhookReply()

    def send(self, account: ChannelAccount, letter: Letter) -> SendResult:
        """Hand the letter to the account's number."""
        return sending.send(_cloud(account), letter, sign_our_id(self._secret_key, letter.outbox_id), self._timeouts)

    def look_up(self, account: ChannelAccount, letter: Letter, since: datetime) -> LookedUp:
        """Meta has no list of what was sent: a status that brings our id home is all that tells."""
        return Unknown()

    def fetch(self, account: ChannelAccount, media: Media, most_bytes: int) -> Fetched:
        """A file that a person sent, by its media id."""
        return files.fetch(_cloud(account), media, most_bytes, self._timeouts)

    def show_typing(self, account: ChannelAccount, to: Identity, provider_id: str) -> None:
        """The message of this id is marked as read, and its sender sees that somebody writes, for 25 seconds at most.

        Best effort and quick: nothing waits for it, and it raises nothing.
        """
        sending.show_typing(_cloud(account), provider_id, self._timeouts)

    def _reports(self, account: WhatsappCloudAccount, change: Change) -> Iterator[StatusReport]:
        statuses = listed(change.value, "statuses") if change.field == MESSAGES else []
        for place, element in enumerate(statuses):
            try:
                report = None if is_of_a_group(element) else read_report(element, self._secret_key)
            except BadRequest:
                _log_poison(account, "status", place)
                continue
            if report:
                yield report


def _messages(account: WhatsappCloudAccount, change: Change) -> Iterator[Kept]:
    for place, element in enumerate(elements_of(change, account.phone_number_id)):
        if is_of_a_group(element.document):
            continue
        try:
            message = _read(element)
            kept = Kept(message, element.alone()) if message else None
        except (BadRequest, RecursionError):
            _log_poison(account, "message" if change.field == MESSAGES else change.field, place)
            continue
        if kept:
            yield kept


def _read(element: Element) -> Incoming | None:
    if element.field == MESSAGES:
        return read_message(element.document, element.contact)
    return read_happening(element.field, element.document)


def _log_poison(account: WhatsappCloudAccount, kind: str, place: int) -> None:
    _logger.warning("whatsapp_element_unread", account=account.key, kind=kind, place=place)


def _own(accounts: Sequence[ChannelAccount]) -> list[WhatsappCloudAccount]:
    return [account for account in accounts if isinstance(account, WhatsappCloudAccount)]


def _cloud(account: ChannelAccount) -> WhatsappCloudAccount:
    if not isinstance(account, WhatsappCloudAccount):
        raise TypeError(f"{account.key} is no number of the Cloud API")
    return account
