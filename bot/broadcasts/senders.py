"""The accounts by which people can be announced something, and what a message costs there."""

from collections.abc import Mapping
from dataclasses import dataclass

from base.config import Config
from base.db import Db


@dataclass(frozen=True)
class Sender:
    """An account that is on: `most_a_day` people outside their windows (0: any number), `prices` in F CFA by way.

    `has_template`: an announcement's template is approved there, or may be soon.
    """

    account_id: int
    key: str
    kind: str
    most_a_day: int
    has_template: bool
    prices: Mapping[str, float]


def senders(db: Db, config: Config) -> tuple[Sender, ...]:
    """Those of the settings that have all they need."""
    raise NotImplementedError
