"""A file's SHA-256, as Meta tells it in its webhook or when the file is asked for (channels.md §2.8)."""

import re
from base64 import b64decode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
BASE64: Final = re.compile(r"[A-Za-z0-9+/]{43}=")
BETWEEN: Final = "."  # stands in no media id


def reference_of(media_id: str, told: Any) -> str:
    """A media id and what its webhook says of its bytes: `id.hex`, the id alone where it says nothing readable."""
    digest = digest_in(told)
    return f"{media_id}{BETWEEN}{digest}" if digest else media_id


def parts_of(reference: str) -> tuple[str, str]:
    """The media id and the digest of a reference; '' for none."""
    media_id, _, digest = reference.partition(BETWEEN)
    return media_id, digest


def digest_in(value: Any) -> str:
    """A SHA-256 in lower hex; webhooks have it in Base64, answers in hex, and either is read. '' for anything else."""
    if not isinstance(value, str):
        return ""
    if HEX.fullmatch(value):
        return value.lower()
    return b64decode(value).hex() if BASE64.fullmatch(value) else ""


def are_right(content: bytes, digests: Iterable[str]) -> bool:
    """Whether these bytes have one of the digests that are told, or none is told."""
    told = [digest for digest in digests if digest]
    return not told or sha256(content).hexdigest() in told
