"""WhatsApp through Twilio, as the contract of handlers.channel asks for it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from base.accounts import ChannelAccount, TwilioWhatsappAccount
from base.outbound import Timeouts
from base.secret import Secret
from bot.messages import Identity, Kept, Letter, Limits, Media, Parsed, SendResult
from bot.provider_answers import Fetched, LookedUp, NoFile, Remembered
from handlers.channel import Unknown, WebhookReply, WebhookRequest
from handlers.errors import BadRequest, BadSignature
from handlers.files import fetch
from handlers.signatures import check_twilio, pairs, read_our_id, sign_our_id
from handlers.twilio_whatsapp import remembered, sending, typing
from handlers.twilio_whatsapp.fields import read_fields
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS
from handlers.twilio_whatsapp.parsing import read_message, read_report
from handlers.twilio_whatsapp.sending import Way

MESSAGES_PATH: Final = "/webhooks/twilio"
STATUS_PATH: Final = "/webhooks/twilio/status"
# How Twilio calls us: it would give up at the first 500; a fragment is not signed (channels.md §1.2, §1.8)
CONNECTING: Final = "ct=3000&rt=4000&rc=3&rp=all"
FILE: Final = r"[A-Za-z0-9]{1,40}/Media/[A-Za-z0-9]{1,40}"
# TwiML that says nothing: every message goes out through REST
NOTHING_TO_SAY: Final = WebhookReply(200, b"<Response/>", {"Content-Type": "text/xml"})


class TwilioWhatsapp:
    """One for all accounts of its kind; `public_base_url` is the address that Twilio calls and signs."""

    kind = "twilio_whatsapp"
    paths: tuple[str, ...] = (MESSAGES_PATH, STATUS_PATH)
    limits: Limits = TWILIO_LIMITS

    def __init__(self, public_base_url: str, secret_key: Secret, timeouts: Timeouts = Timeouts()) -> None:
        self._base_url = public_base_url.rstrip("/")
        self._secret_key = secret_key
        self._timeouts = timeouts

    def verify(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> Sequence[ChannelAccount]:
        """The account that signed and whose sender is spoken of. Signed, but for a sender of nobody's: BadRequest."""
        own = [account for account in accounts if isinstance(account, TwilioWhatsappAccount)]
        signers = [account for account in own if self._has_signed(account, request)]
        if not signers:
            raise BadSignature
        fields = read_fields(request)
        sender = fields.get("From" if request.path == STATUS_PATH else "To", "")
        for account in signers:
            if (account.account_sid, account.sender) == (fields.get("AccountSid", ""), sender):
                return (account,)
        raise BadRequest("no such account")

    def parse(self, account: ChannelAccount, request: WebhookRequest) -> Parsed:
        """One message or one report."""
        fields = read_fields(request)
        if request.path != STATUS_PATH:
            return Parsed(messages=(Kept(read_message(fields), request.body),))
        report = read_report(fields, self._our_id(request))
        return Parsed(reports=(report,) if report else ())

    def reply(self, request: WebhookRequest) -> WebhookReply:
        """Empty TwiML: anything else raises a warning at Twilio."""
        return NOTHING_TO_SAY

    def send(self, account: ChannelAccount, letter: Letter) -> SendResult:
        """Hand the letter to Twilio's REST API."""
        ours = quote(sign_our_id(self._secret_key, letter.outbox_id))
        callback = f"{self._base_url}{STATUS_PATH}?o={ours}#{CONNECTING}"
        return sending.send(Way(_twilio(account), self._base_url, self._timeouts), letter, callback)

    def look_up(self, account: ChannelAccount, letter: Letter, since: datetime) -> LookedUp:
        """Search Twilio's list of what this person was sent since then."""
        return sending.look_up(Way(_twilio(account), self._base_url, self._timeouts), letter, since)

    def show_typing(self, account: ChannelAccount, to: Identity, provider_id: str) -> None:
        """Twilio knows the person by his message."""
        typing.show_typing(_twilio(account), provider_id)

    def received_since(
        self, account: ChannelAccount, since: datetime, limit: int, unknown: Unknown
    ) -> Iterator[Remembered]:
        """Read Twilio's list of what was written to the account's sender."""
        return remembered.received_since(_twilio(account), since, limit, unknown, self._timeouts)

    def fetch(self, account: ChannelAccount, media: Media, most_bytes: int) -> Fetched:
        """A file of the account's own messages, with its credentials; Twilio sends on to its media hosts."""
        account = _twilio(account)
        whole = f"{re.escape(account.api_base)}/2010-04-01/Accounts/{account.account_sid}/Messages/{FILE}"
        if not re.fullmatch(whole, media.reference):
            return NoFile("not_of_the_account")
        credentials = (account.account_sid, account.auth_token)
        return fetch(media.reference, most_bytes, self._timeouts, auth=credentials, redirects_to=account.media_hosts)

    def _has_signed(self, account: TwilioWhatsappAccount, request: WebhookRequest) -> bool:
        try:
            check_twilio(request, self._base_url, account.auth_tokens, account.signing_keys)
        except BadSignature:
            return False
        return True

    def _our_id(self, request: WebhookRequest) -> int | None:
        query = pairs(request.query.encode("utf-8", "replace"))
        told = next((value for name, value in query if name == b"o"), b"")
        return read_our_id(self._secret_key, told.decode("utf-8", "replace"))


def _twilio(account: ChannelAccount) -> TwilioWhatsappAccount:
    if not isinstance(account, TwilioWhatsappAccount):
        raise TypeError(f"{account.key} is no account of Twilio's")
    return account
