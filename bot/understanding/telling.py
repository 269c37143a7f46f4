"""What was understood, as programs read it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.messages import Heard
from bot.understanding.terms_slots import DENIED, FROM


def told(heard: Sequence[Heard]) -> dict[str, Any]:
    """One object per message: its intent, or `several` with parts, or `unknown`."""
    parts = [{"intent": _TOLD_AS.get(h.intent, h.intent), "slots": _slots(h)} for h in _without_beside(heard)]
    if not parts:
        return {"intent": "unknown", "slots": {}, "confidence": 0.0}
    confidence = min(h.confidence for h in heard)
    if len(parts) == 1:
        return {**parts[0], "confidence": confidence}
    return {"intent": "several", "parts": parts, "confidence": confidence}


def _without_beside(heard: Sequence[Heard]) -> list[Heard]:
    """A price for many beside the price of one is told by that one."""
    of_one = {h.slots.get("product") for h in heard if h.intent == "set_price" and FROM not in h.slots}
    return [h for h in heard if FROM not in h.slots or h.slots.get("product") not in of_one]


def _slots(heard: Heard) -> dict[str, Any]:
    """The slots of the contract; what a dialog alone uses stays out: a movement's unit, when a workshop ends."""
    alone = _OF_DIALOGS.get(heard.intent)
    if alone:
        return {name: value for name, value in heard.slots.items() if name not in alone}
    kept = _TOLD.get(heard.intent)
    if kept is None:
        return dict(heard.slots)
    slots = {"place": heard.slots["room"], **heard.slots} if "room" in heard.slots else heard.slots
    return {name: value for name, value in slots.items() if name in kept}


_OF_DIALOGS: Final[Mapping[str, frozenset[str]]] = {
    "add_stock": frozenset({"unit"}),
    "remove_stock": frozenset({"unit"}),
    "set_stock": frozenset({"pack"}),
    "undo": frozenset({DENIED}),
    "event_info": frozenset({"workshop", "question", "price"}),
    "ask_payment": frozenset({"number"}),
    "ask_seller_info": frozenset({"number"}),
    "track": frozenset({"late", "alone"}),
}
_TOLD: Final[Mapping[str, frozenset[str]]] = {
    "set_price": frozenset({"product", "price", "by", "percent", "quantity", "is_all"}),
    "announce": frozenset({"audience", "workshop", "when", "text"}),
    "workshop_create": frozenset({"title", "starts_at", "place", "capacity"}),
    "workshop_update": frozenset({"workshop", "starts_at", "place", "capacity", "more", "closed"}),
    "stats": frozenset({"period"}),
    "moderate_vendor": frozenset({"vendor", "action"}),
    "reply_to": frozenset({"order"}),
}
_TOLD_AS: Final = {"preview": "announce_status", "stop_announce": "cancel_announce"}
"""Finer intents of an organizer's dialog, and the contract's word that is nearest."""
