"""What a phrase took of a message beside what is marked in it: one list of goods that loses nothing."""

from collections.abc import Mapping
from typing import Any

from bot.understanding.goods import is_unit


def without_counts(slots: Mapping[str, Any]) -> Mapping[str, Any]:
    """The items of a phrase without what it counted: a half is asked for."""
    items = [{**item, "quantity": None} for item in slots.get("items", ())]
    return {**slots, "items": items, **(items[0] if len(items) == 1 else {})} if items else slots


def together(slots: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """A phrase's slots with a person's own words as they are marked; what only the phrase counted stays counted.

    Of two lists the longer one counts: nothing that was asked for may be lost.
    """
    phrases, marked = slots.get("items", ()), own.get("items", ())
    if not marked:
        return {**slots, **_joined(slots, own)}
    is_longer = len(phrases) > len(marked) and not any(is_unit(item["product"]) for item in phrases)
    items = phrases if is_longer else marked
    if len(phrases) == len(marked):
        items = [_joined(one, other) for one, other in zip(phrases, marked, strict=True)]
    others = {slot: value for slot, value in slots.items() if slot not in ("product", "quantity", "unit")}
    return {**others, "items": items, **(items[0] if len(items) == 1 else {})}


def _joined(phrases: Mapping[str, Any], marked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is marked, before what a phrase says; its goods where it took a part of the marked ones for its words."""
    told = {**phrases, **{slot: value for slot, value in marked.items() if value is not None}}
    by_phrase, by_mark = phrases.get("product"), marked.get("product")
    is_part = by_phrase and by_mark and by_mark.startswith(f"{by_phrase} ")
    return {**told, "product": by_phrase} if is_part else told
