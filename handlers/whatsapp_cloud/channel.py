"""WhatsApp through Meta's Cloud API, as the contract of handlers.channel asks for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from base import log
from base.accounts import ChannelAccount, WhatsappCloudAccount
from base.outbound import Timeouts
from base.secret import Secret
from bot.messages import Kept, Letter, Limits, Media, Parsed, SendResult, StatusReport
from bot.provider_answers import Fetched, LookedUp, Unknown
from handlers import graph
from handlers.channel import WebhookReply, WebhookRequest
from handlers.errors import BadRequest
from handlers.graph import Document
from handlers.signatures import sign_our_id
from handlers.whatsapp_cloud import media as files
from handlers.whatsapp_cloud import sending
from handlers.whatsapp_cloud.envelope import listed, messages_of, numbers_in, tells_other_things, values_of
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS
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
        """The accounts of the app that signed whose numbers are spoken of: a batch may speak of several.

        Signed, but for numbers of nobody's: BadRequest. News of templates or of the account are for all that signed,
        and nothing is read in them: a refusal would only bring them again for days.
        """
        signers = graph.signers(_own(accounts), request)
        document = graph.document_of(request.body)
        if tells_other_things(document):
            return signers
        numbers = numbers_in(document)
        found = [account for account in signers if account.phone_number_id in numbers]
        if not found:
            raise BadRequest("no such number")
        return found

    def parse(self, account: ChannelAccount, request: WebhookRequest) -> Parsed:
        """What a batch says of this account's number; an element that cannot be read is left out, and logged."""
        account, document = _cloud(account), graph.document_of(request.body)
        values = [*values_of(document, account.phone_number_id)]
        for value in values:
            _log_errors(account, value)
        messages = (kept for value in values for kept in _messages(account, value))
        reports = (report for value in values for report in self._reports(account, value))
        return Parsed(tuple(messages), tuple(reports))

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

    def _reports(self, account: WhatsappCloudAccount, value: Document) -> Iterator[StatusReport]:
        for place, element in enumerate(listed(value, "statuses")):
            try:
                report = None if is_of_a_group(element) else read_report(element, self._secret_key)
            except BadRequest:
                _log_poison(account, "status", place)
                continue
            if report:
                yield report


def _messages(account: WhatsappCloudAccount, value: Document) -> Iterator[Kept]:
    for place, element in enumerate(messages_of(value, account.phone_number_id)):
        if is_of_a_group(element.document):
            continue
        try:
            kept = Kept(read_message(element.document, element.contact), element.alone())
        except (BadRequest, RecursionError):
            _log_poison(account, "message", place)
            continue
        yield kept


def _log_poison(account: WhatsappCloudAccount, kind: str, place: int) -> None:
    _logger.warning("whatsapp_element_unread", account=account.key, kind=kind, place=place)


def _log_errors(account: WhatsappCloudAccount, value: Document) -> None:
    """What Meta says of the number itself, as that it is throttled."""
    for error in graph.objects(value.get("errors")):
        _logger.warning("whatsapp_number_error", account=account.key, code=str(graph.read_error(error).code))


def _own(accounts: Sequence[ChannelAccount]) -> list[WhatsappCloudAccount]:
    return [account for account in accounts if isinstance(account, WhatsappCloudAccount)]


def _cloud(account: ChannelAccount) -> WhatsappCloudAccount:
    if not isinstance(account, WhatsappCloudAccount):
        raise TypeError(f"{account.key} is no number of the Cloud API")
    return account
