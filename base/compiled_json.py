"""JSON in compiled code, for what every turn and every send writes and reads; what it cannot, the slower one does."""

import json
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """A value as JSON text, in as few characters as there are."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, orjson.JSONEncodeError):  # whole numbers above 64 bits, keys that are no text, half a letter
        return json.dumps(value, separators=(",", ":"))


def loads(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError, or RecursionError of what is nested too deep."""
    return orjson.loads(text)
