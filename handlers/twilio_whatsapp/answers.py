"""What an answer of Twilio's REST API says about a send."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from twilio.http.response import Response

from bot.messages import Accepted, SendResult, Unclear
from handlers.twilio_whatsapp.errors import refusal

MOST_WAIT: Final = 3600.0


def read_send(response: Response) -> SendResult:
    """Accepted with the sid, refused with the code, or unclear: after a 5xx nobody knows (channels.md §1.7)."""
    status = response.status_code
    if status >= 500:
        return Unclear(f"http_{status}")
    document = read_json(response)
    if status >= 300:
        return refusal(error_code(document), status, retry_after(response))
    sid = document.get("sid")
    return Accepted(sid) if isinstance(sid, str) and sid else Unclear("unreadable_answer")


def read_json(response: Response) -> Mapping[str, Any]:
    """The object of an answer's body, or an empty one."""
    try:
        document = json.loads(response.text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def error_code(document: Mapping[str, Any]) -> int | None:
    """Twilio's code in an error document."""
    code = document.get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) and code > 0 else None


def retry_after(response: Response) -> float | None:
    """Seconds of the Retry-After header, at most an hour; None without one (Twilio sends no dates there)."""
    headers = {str(name).lower(): value for name, value in dict(response.headers or {}).items()}
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, MOST_WAIT) if math.isfinite(seconds) and seconds > 0 else None
