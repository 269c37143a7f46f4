"""An announcement counted before anybody says OUI: whom it reaches, how, at which price and on which days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, Final

from base.clock import in_lome, now
from base.config import Config
from base.db import Db, jsonb
from bot.broadcasts import quiet
from bot.broadcasts.audience import Audience
from bot.broadcasts.reach import query
from bot.broadcasts.senders import Sender, senders

Reached = Mapping[tuple[int, str], int]  # (account, way) -> people


@dataclass(frozen=True)
class OnChannel:
    """People of one kind of account: `free` have an open window, `template` get its template."""

    kind: str
    free: int
    template: int

    @property
    def people(self) -> int:
        """Both."""
        return self.free + self.template


@dataclass(frozen=True)
class Preview:
    """What a summary tells: `unreached` are people by reason (the tail of a text key `broadcast.why.<reason>`).

    `cost` in whole F CFA; `slices` (day in Lomé, people), more than one where an account's tier forces days.
    """

    channels: tuple[OnChannel, ...]
    unreached: Mapping[str, int]
    cost: int
    slices: tuple[tuple[date, int], ...]

    @property
    def people(self) -> int:
        """Whom it reaches."""
        return sum(channel.people for channel in self.channels)

    @property
    def free(self) -> int:
        """Of them with an open window."""
        return sum(channel.free for channel in self.channels)

    @property
    def template(self) -> int:
        """Of them by template."""
        return sum(channel.template for channel in self.channels)


KEPT: Final = """
select preview from broadcast where id = %(id)s and counted_at > market_now() - make_interval(secs => %(good)s)
"""


def keep(db: Db, broadcast_id: int, seen: Preview) -> None:
    """Keep a count that was taken apart, to be shown of its broadcast."""
    db.run(
        "update broadcast set preview = %(preview)s, counted_at = market_now() where id = %(id)s",
        id=broadcast_id,
        preview=jsonb(to_json(seen)),
    )


def kept(db: Db, config: Config, broadcast_id: int) -> Preview | None:
    """The count of a broadcast that was taken apart lately; None without one."""
    found = db.value(KEPT, id=broadcast_id, good=config.timing.count_good)
    return from_json(found) if found else None


def to_json(seen: Preview) -> dict[str, Any]:
    """As a jsonb column holds it."""
    return {
        "channels": [[one.kind, one.free, one.template] for one in seen.channels],
        "unreached": dict(seen.unreached),
        "cost": seen.cost,
        "slices": [[day.isoformat(), people] for day, people in seen.slices],
    }


def from_json(document: Mapping[str, Any]) -> Preview:
    """What `to_json` wrote."""
    return Preview(
        tuple(OnChannel(*one) for one in document["channels"]),
        document["unreached"],
        document["cost"],
        tuple((date.fromisoformat(day), people) for day, people in document["slices"]),
    )


def count(
    db: Db,
    config: Config,
    audience: Audience,
    *,
    due_at: datetime | None = None,
    override_quiet: bool = False,
    override_weekly: bool = False,
) -> Preview:
    """Count an audience as it is now, for a sending at `due_at` (None: at once); nothing is written."""
    known = senders(db, config, audience.channel)
    parts, values = query(audience, known, config.announcements, override_weekly=override_weekly)
    rows = db.rows(
        f"with {parts} select account_id, way, reason, count(*) as people from found group by 1, 2, 3", **values
    )
    reached = {(row.account_id, row.way): row.people for row in rows if not row.reason}
    unreached: Counter[str] = Counter()
    for row in rows:
        unreached.update({row.reason: row.people} if row.reason else {})
    at = now(db)
    begins = begins_at(config, due_at or at, override_quiet=override_quiet)
    return Preview(
        _by_kind(known, reached),
        dict(sorted(unreached.items())),
        _cost(known, reached),
        _slices(known, reached, begins, at),
    )


def begins_at(config: Config, due_at: datetime, *, override_quiet: bool) -> datetime:
    """When a sending that is due at that moment begins: not in the quiet hours, but where those are overridden."""
    return due_at if override_quiet else quiet.ends_after(config.announcements, due_at)


def _by_kind(known: Sequence[Sender], reached: Reached) -> tuple[OnChannel, ...]:
    kinds = dict.fromkeys(one.kind for one in known)
    found = [
        OnChannel(
            kind,
            sum(reached.get((one.account_id, "free"), 0) for one in known if one.kind == kind),
            sum(reached.get((one.account_id, "template"), 0) for one in known if one.kind == kind),
        )
        for kind in kinds
    ]
    return tuple(one for one in found if one.people)


def _cost(known: Sequence[Sender], reached: Reached) -> int:
    """In whole F CFA, rounded up."""
    free = sum(reached.get((one.account_id, "free"), 0) * one.free for one in known)
    return ceil(free + sum(reached.get((one.account_id, "template"), 0) * one.by_template for one in known))


def _slices(known: Sequence[Sender], reached: Reached, begins: datetime, at: datetime) -> tuple[tuple[date, int], ...]:
    """Each account's people outside their windows go in days of its tier, all others on the first day."""
    days: Counter[date] = Counter()
    first = in_lome(begins).date()
    for one in known:
        left = reached.get((one.account_id, "template"), 0)
        days[first] += reached.get((one.account_id, "free"), 0)
        day, room = first, room_of(one, begins, at)
        while left:
            today = min(left, room) if one.most_a_day else left
            days[day] += today
            left, room, day = left - today, one.most_a_day, day + timedelta(days=1)
    return tuple((day, people) for day, people in sorted(days.items()) if people)


def room_of(sender: Sender, begins: datetime, at: datetime) -> int:
    """How many people outside their windows an account may write to on the first day of a sending."""
    used = sender.used if begins - at < timedelta(days=1) else 0
    return max(0, sender.most_a_day - used)
