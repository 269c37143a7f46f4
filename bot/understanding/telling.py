"""What was understood, as programs read it."""

from collections.abc import Sequence
from typing import Any

from bot.messages import Heard


def told(heard: Sequence[Heard]) -> dict[str, Any]:
    """One object per message: its intent, or `several` with parts, or `unknown`."""
    parts = [{"intent": h.intent, "slots": _slots(h)} for h in heard]
    if not parts:
        return {"intent": "unknown", "slots": {}, "confidence": 0.0}
    confidence = min(h.confidence for h in heard)
    if len(parts) == 1:
        return {**parts[0], "confidence": confidence}
    return {"intent": "several", "parts": parts, "confidence": confidence}


def _slots(heard: Heard) -> dict[str, Any]:
    """The slots of the contract: a movement's unit is for the dialog alone."""
    hidden = "unit" if heard.intent in ("add_stock", "remove_stock") else ""
    return {name: value for name, value in heard.slots.items() if name != hidden}
