"""JSON bodies as they come from outside."""

import json
from collections.abc import Mapping
from typing import Any


def read_document(body: bytes) -> Mapping[str, Any] | None:
    """The object in this body; None for anything else, however deep or broken."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
