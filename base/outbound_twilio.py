"""Twilio's client library on our own way out."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from base.outbound import Timeouts, call
from base.secret import Secret

JSON_TYPES: Final = ("application/json", "application/scim+json")
# bytes of an answer: a page of a hundred messages, each of 4096 characters that JSON spells with six
MOST_BYTES: Final = 4_000_000


class TwilioHttp(HttpClient):  # type: ignore[misc]  # the library has no types
    """`twilio.rest.Client(sid, token, http_client=TwilioHttp(bases))`.

    `bases` replace Twilio's hosts (`{"api.twilio.com": "http://…"}`), so that a stand-in can be used. Raises NotSent
    and AnswerLost of base.outbound where the library's own client raises those of requests; logs nothing.
    """

    def __init__(self, bases: Mapping[str, str], timeouts: Timeouts = Timeouts()) -> None:
        self._bases = dict(bases)
        self._timeouts = timeouts

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request as the library makes it; redirects are never followed."""
        body = _encoded(data, (headers or {}).get("Content-Type"))
        answer = call(
            method.upper(),
            _with_parameters(self._address(uri), params),
            headers=headers,
            body=body,
            auth=(auth[0], Secret(auth[1])) if auth else None,
            timeouts=self._timeouts,
            most_bytes=MOST_BYTES,
        )
        return Response(answer.status, answer.text, answer.headers)

    def _address(self, uri: str) -> str:
        parts = urlsplit(uri)
        base = self._bases.get(parts.hostname or "")
        return uri if base is None else base + urlunsplit(("", "", parts.path, parts.query, ""))


def _encoded(data: dict[str, object] | None, content_type: str | None) -> bytes | None:
    # the library itself sets the type of what it posts
    if not data:
        return None
    if content_type in JSON_TYPES:
        return json.dumps(data).encode()
    return urlencode(_given(data), doseq=True).encode()


def _with_parameters(uri: str, params: dict[str, object] | None) -> str:
    given = urlencode(_given(params or {}), doseq=True)
    return f"{uri}{'&' if '?' in uri else '?'}{given}" if given else uri


def _given(values: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
