"""Signed words for addresses: what a link may show, and until when, without a row; and hashes that only we can make."""

import hmac
from datetime import datetime
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer
from pydantic import JsonValue

from base.secret import Secret

LONGEST = 2000  # characters of a token that is read at all


def sign(secret: Secret, kind: str, payload: JsonValue, expires_at: datetime) -> str:
    """A token that says `payload` until `expires_at`: letters, digits, `-`, `_` and `.` only.

    It is signed, not hidden: whoever has it can read the payload, so that holds ids and no word of a person. A token of
    one `kind` is worth nothing as another.
    """
    return str(_serializer(secret, kind).dumps([payload, int(expires_at.timestamp())]))


def read(secret: Secret, kind: str, token: str, now: datetime) -> JsonValue | None:
    """The payload of a token of this kind; None when it was made by nobody here, was changed or has expired.

    One that was signed by a secret beside this one is read too. Signatures are compared in constant time.
    """
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        payload, until = _serializer(secret, kind).loads(token)
    except BadData:
        return None
    kept: JsonValue = payload
    return kept if now.timestamp() < until else None


def keyed_hash(secret: Secret, kind: str, text: str) -> str:
    """64 hex digits by which a text is known again, and that tell nobody without the secret which text it was."""
    return hmac.digest(secret.reveal().encode(), f"assigame.hash.{kind}\0{text}".encode(), sha256).hex()


def _serializer(secret: Secret, kind: str) -> URLSafeSerializer:
    settings = {"key_derivation": "hmac", "digest_method": sha256}
    keys = [one.reveal() for one in reversed(secret.believed)]  # itsdangerous signs with the last one
    return URLSafeSerializer(keys, salt=f"assigame.token.{kind}", signer_kwargs=settings)
