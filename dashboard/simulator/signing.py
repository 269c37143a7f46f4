"""The provider's side of the signature: HMAC-SHA256 over the bytes, in X-Assigame-Signature.

Written apart from the channel's side on purpose, as a real provider's would be: a test holds the two together.
"""

import hashlib
import hmac
from typing import Final

from base.secret import Secret, constant_time_equal

HEADER: Final = "X-Assigame-Signature"


def signature_of(secret: Secret, body: bytes) -> str:
    """`sha256=<hex>` for these bytes."""
    return "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def is_signed(secret: Secret, body: bytes, signature: str) -> bool:
    """Whether the channel signed these bytes."""
    return constant_time_equal(signature_of(secret, body), signature)
