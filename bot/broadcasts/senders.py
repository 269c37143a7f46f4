"""The accounts by which people can be announced something, and what a message costs there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base.accounts import Rates
from base.config import Config
from base.db import Db
from base.templates import texts_of
from bot import accounts, templates
from bot.broadcasts import audience
from bot.templates import ANNOUNCEMENT, for_reader

WINDOW: Final = 86400.0 - 300  # seconds, of every channel, closed early (channels.md §2.9): one test holds them to it
Cost = Literal["free", "utility", "marketing"]


@dataclass(frozen=True)
class Sender:
    """An account that is on: `most_a_day` people outside their windows (0: any number).

    `has_template`: an announcement's template is approved there, or may be soon. `free`, `by_template`: F CFA each.
    """

    account_id: int
    kind: str
    rates: Rates
    most_a_day: int
    has_template: bool
    free: float
    by_template: float
    used: int = 0  # of the people of its day, in the last 24 hours
    is_paused: bool = False


# whom announcements have reached outside of their windows since yesterday at this hour
USED = """
select a.id, a.key, a.paused_at is not null as is_paused, case when a.key = any(%(tiered)s) then (
  select count(*) from broadcast_recipient r where r.account_id = a.id and r.way = 'template'
    and r.queued_at > market_now() - interval '1 day') else 0 end as used
from channel_account a where a.key = any(%(keys)s) order by a.id
"""


def senders(db: Db, config: Config, channel: str = "") -> tuple[Sender, ...]:
    """Those of the settings that have all they need, of one channel where that is told."""
    kinds = audience.kinds_of(channel)
    on = {one.key: one for one in config.active_accounts() if not kinds or one.kind in kinds}
    known, declared = accounts.contents(db), texts_of(config.templates)
    wanted = for_reader(ANNOUNCEMENT, "", lambda language: ("",))
    found = []
    for row in db.rows(USED, keys=list(on), tiered=[key for key, one in on.items() if one.most_a_day]):
        account, contents = on[row.key], known.get(row.id, {})
        readiness, form = templates.choose(wanted, contents, declared, takes_marketing=True)
        category = (contents[form.name].category if form else "") or _declared(config)
        prices = config.announcements.prices.get(account.kind, {})
        costs = prices.get("free", 0), prices.get("utility" if category == "utility" else "marketing", 0)
        tier, has_template = account.most_a_day, readiness != "none"
        found.append(
            Sender(row.id, account.kind, account.rates, tier, has_template, *costs, row.used, is_paused=row.is_paused)
        )
    return tuple(found)


def _declared(config: Config) -> str:
    declared = config.templates.get(ANNOUNCEMENT)
    return declared.category if declared else templates.MARKETING


def columns(known: Sequence[Sender]) -> dict[str, list[Any]]:
    """The accounts as lists for `unnest`, what is left of their day with them."""
    return {
        "accounts": [one.account_id for one in known],
        "templated": [one.has_template for one in known],
        "tiers": [one.most_a_day for one in known],
    }


def by_id(known: Sequence[Sender]) -> Mapping[int, Sender]:
    """The same by their rows' ids."""
    return {one.account_id: one for one in known}
