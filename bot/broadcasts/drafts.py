"""What is decided of a broadcast, by whom: made, agreed to, agreed to by a second organizer, put on a date, given up.

Every function locks the broadcast first, writes its history and returns an outcome; a job (bot.broadcasts.sending)
does the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from base.config import Config
from base.db import Db
from bot.broadcasts.audience import Audience
from bot.broadcasts.counting import Preview

State = Literal["draft", "waiting_second", "scheduled", "sending", "paused", "stopped", "done", "cancelled"]
Repeat = Literal["", "daily", "weekly"]


@dataclass(frozen=True)
class Attached:
    """A photo or a voice note that somebody sent to us: its row of the inbox and place there (received_media)."""

    kind: Literal["image", "audio"]
    inbox_id: int
    place: int = 1


@dataclass(frozen=True)
class Draft:
    """What is to be announced: words by language (`fr` at least), to whom, when (None: at once), and how often."""

    texts: Mapping[str, str]
    audience: Audience
    attached: Attached | None = None
    due_at: datetime | None = None
    repeat: Repeat = ""
    override_quiet: bool = False
    override_weekly: bool = False


@dataclass(frozen=True)
class Broadcast:
    """A broadcast as it stands; `people` are whom it reaches, as last agreed to."""

    id: int
    draft: Draft
    state: State
    made_by: int | None
    made_at: datetime
    people: int | None
    second_by: int | None
    pause_reason: str
    started_at: datetime | None
    ended_at: datetime | None


def make(db: Db, contact_id: int | None, draft: Draft) -> int:
    """Keep a draft of an organizer's (None: an operator's); its number. Raises ValueError for words that are none."""
    raise NotImplementedError


def change(db: Db, broadcast_id: int, contact_id: int | None, draft: Draft) -> bool:
    """Put another draft in its place, which nobody has agreed to; False once it is no draft any more."""
    raise NotImplementedError


def read(db: Db, broadcast_id: int) -> Broadcast | None:
    """One broadcast; None when there is none of this number."""
    raise NotImplementedError


def recent(db: Db, size: int = 9, before: int | None = None) -> list[Broadcast]:
    """The newest, those before a number; drafts that nobody agreed to are left out."""
    raise NotImplementedError


def preview(db: Db, config: Config, broadcast_id: int) -> Preview:
    """Count a broadcast's audience now, and remember how many people that was shown of. Raises LookupError."""
    raise NotImplementedError


Confirmed = Literal["started", "scheduled", "second_asked", "moved", "nobody", "quiet", "before"]


def confirm(db: Db, config: Config, broadcast_id: int, contact_id: int | None) -> Confirmed:
    """Its maker's OUI to what `preview` showed.

    started: it is sent from now on · scheduled: at its time · second_asked: above 200 people another organizer is asked
    (a line `broadcast_second` of their list, `about` {"broadcast": id, "people": n}, which tells them) · moved: the
    count has moved by more than 2 % since it was shown: `preview` is to be shown again · nobody: it reaches nobody ·
    quiet: it would begin in the quiet hours, and nothing overrides those: a time is to be told · before: it is no draft.
    """
    raise NotImplementedError


Seconded = Literal["started", "scheduled", "moved", "same_person", "nobody", "quiet", "late", "before"]


def second(db: Db, config: Config, broadcast_id: int, contact_id: int) -> Seconded:
    """Another organizer's OUI: the line is settled. `moved`: the count is shown again, and asked for again.

    late: its time has passed meanwhile: its maker tells another one. Who made it cannot second it: same_person.
    """
    raise NotImplementedError


def schedule(db: Db, broadcast_id: int, contact_id: int | None, due_at: datetime, repeat: Repeat = "") -> bool:
    """Put a draft, or what waits for its time, on another time (aware); False in any other state."""
    raise NotImplementedError


def cancel(db: Db, broadcast_id: int, contact_id: int | None) -> bool:
    """Give up what was not begun yet, its repetitions with it; False once it was begun: `stop` ends that."""
    raise NotImplementedError


def history(db: Db, broadcast_id: int) -> list[tuple[datetime, str, int | None, Mapping[str, Any]]]:
    """What was decided: (when, fact, by whom, details), oldest first."""
    raise NotImplementedError
