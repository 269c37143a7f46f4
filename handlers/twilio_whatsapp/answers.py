"""What an answer of Twilio's REST API says about a send."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from twilio.http.response import Response

from bot.messages import Accepted, SendResult, Unclear
from handlers.twilio_whatsapp.errors import refusal
from handlers.twilio_whatsapp.fields import SID

MOST_WAIT: Final = 3600.0
MOST_CODE: Final = 999_999  # Twilio's own have five digits


def read_send(response: Response) -> SendResult:
    """Accepted with the sid, refused with the code, or unclear: after a 5xx nobody knows (channels.md §1.7)."""
    status = response.status_code
    if status >= 500:
        return Unclear(f"http_{status}")
    document = read_json(response)
    if status >= 300:
        return refusal(error_code(document), status, retry_after(response))
    sid = sid_in(document)
    return Accepted(sid) if sid else Unclear("unreadable_answer")


def read_json(response: Response) -> Mapping[str, Any]:
    """The object of an answer's body, or an empty one."""
    try:
        document = json.loads(response.text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def sid_in(document: Mapping[str, Any]) -> str:
    """The Twilio id of a document; '' without one, or with one that Twilio would not have made and nobody can keep."""
    sid = document.get("sid")
    return sid if isinstance(sid, str) and SID.fullmatch(sid) else ""


def error_code(document: Mapping[str, Any]) -> int | None:
    """Twilio's code in an error document."""
    code = document.get("code")
    is_code = isinstance(code, int) and not isinstance(code, bool) and 0 < code <= MOST_CODE
    return code if is_code else None


def retry_after(response: Response) -> float | None:
    """Seconds of the Retry-After header, at most an hour; None without one (Twilio sends no dates there)."""
    headers = {str(name).lower(): value for name, value in dict(response.headers or {}).items()}
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, MOST_WAIT) if math.isfinite(seconds) and seconds > 0 else None
