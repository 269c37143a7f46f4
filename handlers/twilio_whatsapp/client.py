"""The twilio library's client of an account, over our one way out."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from twilio.http.response import Response
from twilio.rest import Client

from base.accounts import TwilioWhatsappAccount
from base.outbound import Timeouts
from base.outbound_twilio import TwilioHttp

# TwilioHttp puts the account's own bases in the place of these hosts
API: Final = "https://api.twilio.com/2010-04-01"
CONTENT: Final = "https://content.twilio.com/v1"
MESSAGING: Final = "https://messaging.twilio.com/v3"
JSON_HEADERS: Final = {"Content-Type": "application/json"}


@lru_cache(maxsize=64)
def client_of(account: TwilioWhatsappAccount, timeouts: Timeouts) -> Client:
    """One client per account and process; its connections are those of base.outbound."""
    bases = {
        "api.twilio.com": account.api_base,
        "content.twilio.com": account.content_base,
        "messaging.twilio.com": account.messaging_base,
    }
    http = TwilioHttp(bases, timeouts)
    return Client(account.account_sid, account.auth_token.reveal(), http_client=http)


def messages_url(account: TwilioWhatsappAccount) -> str:
    """Where an account's messages are sent and listed."""
    return f"{API}/Accounts/{account.account_sid}/Messages.json"


def call(
    account: TwilioWhatsappAccount,
    method: str,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    document: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
    timeouts: Timeouts = Timeouts(),
) -> Response:
    """One request as the account; raises base.outbound's NotSent and AnswerLost.

    The library's resource classes would hide Retry-After: their exceptions carry no headers.
    """
    data = form if document is None else document
    return client_of(account, timeouts).request(
        method,
        url,
        params=dict(query) if query else None,
        data=dict(data) if data is not None else None,
        headers=dict(JSON_HEADERS) if document is not None else None,
    )
