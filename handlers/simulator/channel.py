"""The simulator as the bot sees it: a signed webhook comes in, a signed request goes out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from base import outbound
from base.accounts import ChannelAccount, SimulatorAccount
from base.outbound import Answer, AnswerLost, NotSent, Timeouts
from base.secret import Secret
from bot.messages import Letter, Limits, Media, Parsed, Refused, SendResult, Unclear
from bot.provider_answers import Fetched, LookedUp, NoFile, NotTaken, Unknown
from handlers.channel import WebhookReply, WebhookRequest
from handlers.errors import BadSignature
from handlers.files import fetch
from handlers.signatures import check_body, sign_body
from handlers.simulator.reading import read_webhook
from handlers.simulator.sending import look_up_of, payload_of, read_look_up, read_send

# WhatsApp's own figures (channels.md §1.4), so that what fits here fits there; beside the words it shows whatever any
# channel does (§7), so that all of it can be tried here.
LIMITS: Final = Limits(
    text=4096,
    body=1024,
    caption=1024,
    buttons=3,
    button_title=20,
    rows=10,
    row_title=24,
    row_detail=72,
    opener=20,
    offer_id=200,
    photo_with_offers=True,
    window=86400.0,
    link_title=20,
    asks=frozenset({"location", "phone"}),
    cards=10,
    places=True,
    receipts=True,
)


OWN_FILE: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class SimulatorChannel:
    """Verify, parse, send and look up; `provider_base` is the address of the web process that holds the phones."""

    kind = "simulator"
    paths = ("/webhooks/simulator",)
    limits = LIMITS

    def __init__(self, provider_base: str, timeouts: Timeouts = Timeouts()) -> None:
        self.provider = f"{provider_base}/simulator/provider"
        self.files = f"{provider_base}/simulator/photos/"
        self.timeouts = timeouts

    def verify(self, accounts: Sequence[ChannelAccount], request: WebhookRequest) -> Sequence[ChannelAccount]:
        """The account whose secret signed the body; raises BadSignature."""
        for account in accounts:
            if _is_signed(account, request):
                return (account,)
        raise BadSignature

    def parse(self, account: ChannelAccount, request: WebhookRequest) -> Parsed:
        """The well-formed elements of the body, in its order; raises BadRequest when it is no such body."""
        return read_webhook(request.body)

    def reply(self, request: WebhookRequest) -> WebhookReply:
        """The provider wants nothing but the status."""
        return WebhookReply()

    def send(self, account: ChannelAccount, letter: Letter) -> SendResult:
        """Hand one bubble to the stand-in provider, which knows a repeated one by its bytes."""
        try:
            return read_send(self._post(account, "messages", payload_of(letter)))
        except NotSent:
            return Refused("busy", "not_sent")
        except AnswerLost:
            return Unclear("answer_lost")

    def look_up(self, account: ChannelAccount, letter: Letter, since: datetime) -> LookedUp:
        """Ask whether exactly this bubble arrived, or its template."""
        found: LookedUp = Unknown()
        for way in (letter, replace(letter, template=None)) if letter.template else (letter,):
            found = self._ask(account, way)
            if not isinstance(found, NotTaken):
                break
        return found

    def fetch(self, account: ChannelAccount, media: Media, most_bytes: int) -> Fetched:
        """What a phone of the page sent; nothing else of this machine is asked for."""
        if not OWN_FILE.fullmatch(media.reference.removeprefix(self.files)):
            return NoFile("not_of_the_simulator")
        return fetch(media.reference, most_bytes, self.timeouts)

    def _ask(self, account: ChannelAccount, letter: Letter) -> LookedUp:
        try:
            return read_look_up(self._post(account, "look-ups", look_up_of(letter)))
        except (NotSent, AnswerLost):
            return Unknown()

    def _post(self, account: ChannelAccount, what: str, body: bytes) -> Answer:
        headers = {"Content-Type": "application/json", "X-Assigame-Signature": sign_body(_secret(account), body)}
        return outbound.call("POST", f"{self.provider}/{what}", headers=headers, body=body, timeouts=self.timeouts)


def _is_signed(account: ChannelAccount, request: WebhookRequest) -> bool:
    try:
        check_body(_secret(account), request)
    except BadSignature:
        return False
    return True


def _secret(account: ChannelAccount) -> Secret:
    if not isinstance(account, SimulatorAccount):
        raise TypeError(f"{account.key} is no simulator account")
    return account.secret
