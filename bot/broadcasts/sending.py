"""Broadcasts under way: begun at their time, fed to the outbox in small slices, stopped, paused, resumed."""

from typing import Literal

from base.config import Config
from base.db import Db


def stop(db: Db, broadcast_id: int, contact_id: int | None) -> bool:
    """End a sending for now: what waits in the outbox is taken back, and nothing more is claimed; False: none is on.

    `resume` goes on where it ended, `stop` of what is paused makes it stay so.
    """
    raise NotImplementedError


Resumed = Literal["resumed", "quiet", "before"]


def resume(db: Db, config: Config, broadcast_id: int, contact_id: int | None) -> Resumed:
    """Go on with what was stopped, or paused itself: nobody gets it twice.

    quiet: it goes on at the end of the quiet hours. before: it is under way, done or given up.
    """
    raise NotImplementedError


def begin_due(db: Db, config: Config) -> int:
    """A job: plan and begin one broadcast whose time has come; how many. One that is late pauses, and is asked about."""
    raise NotImplementedError


def feed(db: Db, config: Config) -> int:
    """A job: give the outbox the next few recipients of what is being sent; how many rows were written."""
    raise NotImplementedError
