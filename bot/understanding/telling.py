"""What was understood, as programs read it."""

from collections.abc import Sequence
from typing import Any

from bot.messages import Heard


def told(heard: Sequence[Heard]) -> dict[str, Any]:
    """One object per message: its intent, or `several` with parts, or `unknown`."""
    parts = [{"intent": h.intent, "slots": dict(h.slots)} for h in heard]
    if not parts:
        return {"intent": "unknown", "slots": {}, "confidence": 0.0}
    confidence = min(h.confidence for h in heard)
    if len(parts) == 1:
        return {**parts[0], "confidence": confidence}
    return {"intent": "several", "parts": parts, "confidence": confidence}
