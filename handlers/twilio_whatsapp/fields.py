"""The parameters of a Twilio form as clean text."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from handlers.channel import WebhookRequest
from handlers.errors import BadRequest
from handlers.signatures import MOST_PARAMETERS, form_pairs, is_form
from handlers.words import clean

Fields = Mapping[str, str]

SID: Final = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")


def read_fields(request: WebhookRequest) -> Fields:
    """Name → text, the first of repeated names. Bytes that are no UTF-8 (a lone surrogate's too) become U+FFFD.

    Raises BadRequest for a body that is no form, or has too many parameters.
    """
    if request.method != "POST" or not is_form(request) or request.body.count(b"&") >= MOST_PARAMETERS:
        raise BadRequest("no form of Twilio")
    return _fields_of(request.body)


@lru_cache(maxsize=8)  # asked for by verify and by parse
def _fields_of(body: bytes) -> Fields:
    return {clean(name): clean(value) for name, value in reversed(form_pairs(body))}


def sid_of(fields: Fields, *names: str) -> str:
    """The first of these parameters that is a Twilio id: 2 letters and 32 hex digits. Raises BadRequest."""
    for name in names:
        if SID.fullmatch(fields.get(name, "")):
            return fields[name]
    raise BadRequest(f"no {names[0]}")


def first(fields: Fields, *names: str) -> str:
    """The first of these parameters that is not blank, without blanks around it; else ''."""
    return next((value for name in names if (value := fields.get(name, "").strip())), "")
