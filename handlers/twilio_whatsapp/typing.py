"""The sign that somebody is being answered: it marks his message as read, too (channels.md §1.4)."""

import re
from typing import Final

from base import log
from base.accounts import TwilioWhatsappAccount
from base.outbound import AnswerLost, NotSent, Timeouts
from handlers.twilio_whatsapp.client import MESSAGING, call

URL: Final = f"{MESSAGING}/Indicators/Typing.json"
MESSAGE: Final = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
SHORT: Final = Timeouts(connect=1, read=2, total=3)  # an answer does not wait for a courtesy

_logger = log.logger(__name__)


def show_typing(account: TwilioWhatsappAccount, provider_id: str) -> None:
    """Until the answer comes, 25 s at most; nothing for what is no message of Twilio's. Never raises."""
    if not MESSAGE.fullmatch(provider_id):
        return
    document = {"channel": "WHATSAPP", "messageId": provider_id}
    try:
        status = call(account, "POST", URL, document=document, timeouts=SHORT).status_code
    except (NotSent, AnswerLost) as error:
        _logger.info("typing not shown", account=account.key, error=type(error).__name__)
        return
    if status >= 300:
        _logger.info("typing not shown", account=account.key, status=status)
