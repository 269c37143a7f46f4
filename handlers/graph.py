"""Meta's Graph API, the same for WhatsApp and Messenger: greetings, signed webhooks, calls, and what answers say."""

import hashlib
import hmac
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlencode

from base import outbound
from base.accounts import GraphAccount
from base.outbound import Answer, Timeouts
from base.secret import Secret, constant_time_equal
from handlers.channel import WebhookReply, WebhookRequest
from handlers.errors import BadRequest, BadSignature

SIGNATURE: Final = "x-hub-signature-256"
MOST_WAIT: Final = 3600.0
Own = TypeVar("Own", bound=GraphAccount)
Document = Mapping[str, Any]


def greet(accounts: Sequence[GraphAccount], request: WebhookRequest) -> WebhookReply:
    """The challenge back, where the token is one of ours (channels.md §2.2). Raises BadSignature."""
    told = {name: values[0] for name, values in parse_qs(request.query, errors="replace").items()}
    token = told.get("hub.verify_token", "")
    tokens = [known for account in accounts for known in account.verify_tokens]
    equal = [constant_time_equal(one.reveal(), token) for one in tokens]  # all of them: no early end
    if told.get("hub.mode") != "subscribe" or True not in equal:
        raise BadSignature
    return WebhookReply(200, told.get("hub.challenge", "").encode("utf-8", "replace"), {"Content-Type": "text/plain"})


def signers(accounts: Sequence[Own], request: WebhookRequest) -> list[Own]:
    """The accounts whose app has signed the raw bytes of a webhook, by its secret or the one before.

    Raises BadSignature when none has.
    """
    told = request.headers.get(SIGNATURE, "")
    found = [account for account in accounts if _has_signed(account.secrets, request.body, told)]
    if not found:
        raise BadSignature
    return found


def _has_signed(secrets: Sequence[Secret], body: bytes, told: str) -> bool:
    return True in [constant_time_equal(signature(secret, body), told) for secret in secrets]


def signature(secret: Secret, body: bytes) -> str:
    """`sha256=<hex>`, as Meta signs a webhook's bytes."""
    return f"sha256={hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()}"


@lru_cache(maxsize=8)  # each account of an app asks for the same body
def document_of(body: bytes) -> Document:
    """The object that a webhook holds, an empty one for other JSON. Raises BadRequest for what is no JSON."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("no JSON") from None
    return document if isinstance(document, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of what is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def object_in(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object of this name, or an empty one."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def call(
    account: GraphAccount,
    method: str,
    path: str,
    *,
    document: Document | None = None,
    query: Mapping[str, str] | None = None,
    timeouts: Timeouts = Timeouts(),
) -> Answer:
    """One call as the account, with the proof that its app makes it (§3.10); raises NotSent and AnswerLost."""
    asked = urlencode({**(query or {}), "appsecret_proof": proof(account)})
    headers = {"Authorization": f"Bearer {account.access_token.reveal()}"}
    body = None
    if document is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    url = f"{account.api_base}/{account.api_version}/{path}?{asked}"
    return outbound.call(method, url, headers=headers, body=body, timeouts=timeouts)


def proof(account: GraphAccount) -> str:
    """`appsecret_proof`: hex HMAC-SHA256 of the token by the app's secret."""
    key, token = account.app_secret.reveal().encode(), account.access_token.reveal().encode()
    return hmac.new(key, token, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class GraphError:
    """What an answer of Graph says is wrong: its code and subcode, 0 where it tells none."""

    code: int
    subcode: int

    def __str__(self) -> str:
        """`10/2018278`, without a subcode `10`."""
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


def read_document(answer: Answer) -> Document:
    """The object of an answer's body, or an empty one."""
    try:
        document = json.loads(answer.text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def read_error(document: Document) -> GraphError:
    """The error of an answer, or of an element of a webhook's `errors`."""
    error = object_in(document, "error") or document
    return GraphError(_code(error.get("code")), _code(error.get("error_subcode")))


def retry_after(answer: Answer) -> float | None:
    """Seconds of the Retry-After header, at most an hour; None without one (a date counts as none)."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, MOST_WAIT) if math.isfinite(seconds) and seconds > 0 else None


def _code(value: Any) -> int:
    is_code = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000_000
    return value if is_code else 0
