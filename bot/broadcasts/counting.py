"""An announcement counted before anybody says OUI: whom it reaches, how, at which price and on which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from base.config import Config
from base.db import Db
from bot.broadcasts.audience import Audience


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
    raise NotImplementedError
