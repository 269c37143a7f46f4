"""A broadcast in words, for organizers: to whom, when, how many and how, where it stands, what became of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from base.config import Config
from bot.broadcasts.audience import WHATSAPP, Audience
from bot.broadcasts.counting import Preview
from bot.broadcasts.drafts import Broadcast, Draft
from bot.broadcasts.results import Progress, Result
from bot.broadcasts.zones import zone_words
from bot.texts import FIRST, has, say

FIRST_NUMBER: Final = 100  # what people call broadcasts by begins behind it: a code that is typed has three digits
NAMED: Final = 3  # shops of a result that are told by name
MOST_SLICES: Final = 5
STATES: Final = ("read", "delivered", "sent", "queued", "planned", "failed", "skipped", "uncertain")


def _words(language: str, key: str, **values: object) -> str:
    return say(language, f"announce.{key}", values)


def number_of(broadcast_id: int) -> int:
    """What people call a broadcast by: `annonce 101`."""
    return broadcast_id + FIRST_NUMBER


def id_of(number: int) -> int:
    """The broadcast that is called so; 0 or less for none."""
    return number - FIRST_NUMBER


def audience_words(language: str, asked: Audience) -> str:
    """`vendeurs, Bè, Kara`, `inscrits à l'atelier 3`, `tout le monde`, `acheteurs, qui ont commandé, sauf plaintes`."""
    who = _words(language, f"to.{asked.role}")
    if asked.workshop:
        who = _words(language, "to_workshop", number=asked.workshop)
    return ", ".join(part for part in (who, zone_words(asked.zone), *_narrowed(language, asked)) if part)


def _narrowed(language: str, asked: Audience) -> Iterator[str]:
    """What else an audience is narrowed by, each in words."""
    if asked.language:
        yield _words(language, "only.language", spoken=asked.language)
    if asked.channel:
        yield _words(language, f"channel.{WHATSAPP[0] if asked.channel == 'whatsapp' else asked.channel}")
    if asked.ordered is not None and not asked.ordered_days:
        yield _words(language, "only.ordered" if asked.ordered else "only.never_ordered")
    if asked.category:
        yield _words(language, "only.category", name=asked.category.replace("-", " "))
    for field in ("ordered_days", "not_seen_days", "skip_told_days"):
        if days := getattr(asked, field):
            is_without = field == "ordered_days" and not asked.ordered
            yield _words(language, "only.not_ordered_days" if is_without else f"only.{field}", count=days)
    for field in ("skip_talking", "skip_complaint"):
        if getattr(asked, field):
            yield _words(language, f"only.{field}")


def summary_lines(language: str, config: Config, draft: Draft, seen: Preview, *, is_second: bool = False) -> str:
    """Channels, ways, price, days, texts and bounds, one a line; what there is nothing of is left out."""
    found = [
        *_reach_lines(language, seen),
        *_file_lines(language, draft, seen),
        _words(language, "cost", cost=seen.cost),
        when_words(language, draft),
        *_slice_lines(language, seen),
        *_text_lines(language, draft),
        _words(language, "without_limits" if draft.override_quiet or draft.override_weekly else "limits"),
    ]
    if seen.people > config.announcements.second_above and not is_second:
        found.append(_words(language, "second_needed", count=config.announcements.second_above))
    return "\n".join(found)


def _reach_lines(language: str, seen: Preview) -> list[str]:
    by_channel = ", ".join(f"{_words(language, f'channel.{one.kind}')} {one.people}" for one in seen.channels)
    found = [by_channel] if by_channel else []
    if seen.people:
        found.append(_words(language, "ways", free=seen.free, template=seen.template))
    if unreached := sum(seen.unreached.values()):
        found.append(_words(language, "unreached", count=unreached, reasons=reason_words(language, seen.unreached)))
    return found


def _file_lines(language: str, draft: Draft, seen: Preview) -> list[str]:
    """A template carries words alone: who gets one sees no photo and hears no sound."""
    return [_words(language, "file_free", count=seen.free)] if draft.attached and seen.template else []


def reason_words(language: str, reasons: Mapping[str, int]) -> str:
    """`12 ne veulent pas d'annonces, 1 est injoignable sur son canal`, the most first."""
    ranked = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(
        say(language, f"broadcast.so_many.{reason}", {"count": count}) for reason, count in ranked if count
    )


def when_words(language: str, draft: Draft) -> str:
    """`Envoi : tout de suite.`, `Envoi : le 30/11 à 07h00, puis chaque semaine.`"""
    if draft.due_at is None:
        return _words(language, "at_once")
    key = f"due_{draft.repeat}" if draft.repeat else "due"
    until = _words(language, "until", day=draft.repeat_until.strftime("%d/%m")) if draft.repeat_until else ""
    return f"{_words(language, key, at=draft.due_at)}{until}."


def moment_words(language: str, at: datetime | None) -> str:
    """`le 30/11 à 07h00`; '' for no moment."""
    return _words(language, "moment", at=at) if at else ""


def _slice_lines(language: str, seen: Preview) -> list[str]:
    if len(seen.slices) < 2:
        return []
    days = ", ".join(f"{day:%d/%m} ({people})" for day, people in seen.slices[:MOST_SLICES])
    more = "…" if len(seen.slices) > MOST_SLICES else ""
    return [_words(language, "slices", count=len(seen.slices), days=days + more)]


def _text_lines(language: str, draft: Draft) -> list[str]:
    if set(draft.texts) == {FIRST}:
        return []
    told = ", ".join(_words(language, f"language.{one}") for one in draft.texts)
    return [_words(language, "texts", languages=told)]


def state_words(language: str, one: Broadcast, going: Progress) -> str:
    """Where it stands, and when it is done."""
    found = _words(language, f"state.{one.state}")
    if one.state == "paused":
        key = f"announce.paused.{going.pause_reason or one.pause_reason}"
        return f"{found} {say(language, key if has(FIRST, key) else 'announce.paused.asked', {})}"
    if one.state == "sending" and going.done_at:
        return f"{found} {_words(language, 'done_at', at=going.done_at)}"
    if one.state == "sending" and going.next_on:
        return f"{found} {_words(language, 'next_on', day=f'{going.next_on:%d/%m}')}"
    return found


def count_words(language: str, counts: Mapping[str, int]) -> str:
    """`Lus 12, remis 30, échecs 2.`; '' before anybody was planned."""
    told = [f"{_words(language, f'count.{state}')} {counts[state]}" for state in STATES if counts.get(state)]
    return f"{', '.join(told).capitalize()}." if told else ""


def result_lines(language: str, found: Result) -> list[str]:
    """Why some were not told, and what people did then."""
    lines = []
    if found.reasons:
        lines.append(_words(language, "not_told", reasons=reason_words(language, found.reasons)))
    if found.replies or found.opt_outs:
        lines.append(_words(language, "then", replies=found.replies, opt_outs=found.opt_outs))
    if found.orders:
        lines.append(_words(language, "orders", count=found.orders, amount=found.amount))
    for shop in found.vendors[:NAMED]:
        lines.append(_words(language, "of_shop", name=shop.name, count=shop.orders, amount=shop.amount))
    return lines


def told(language: str, one: Broadcast) -> str:
    """A broadcast in a line: its number, to whom, how many people."""
    audience = audience_words(language, one.draft.audience)
    return _words(language, "told", number=number_of(one.id), audience=audience, count=one.people or 0)
