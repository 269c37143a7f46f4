"""Which invariants there are, and the look at all of them that one worker takes for all."""

from collections.abc import Mapping
from typing import Final

from base import invariants
from base.db import Database
from base.invariants import WHOLE, Invariant, Stretch
from base.log import logger
from base.timing import Timing
from bot import figures
from bot.broadcasts.invariants import INVARIANTS as OF_BROADCASTS
from bot.linking import INVARIANTS as OF_LINKS
from catalog.invariants import INVARIANTS as OF_STOCK
from events.invariants import INVARIANTS as OF_BOOKINGS
from orders.invariants import INVARIANTS as OF_ORDERS

log = logger(__name__)
INVARIANTS: Final = (*OF_STOCK, *OF_ORDERS, *OF_LINKS, *OF_BOOKINGS, *OF_BROADCASTS)
CHECK_MOST: Final = "30s"  # a look of which a statement takes longer is given up: it is to find faults, not to make one


def check(database: Database, timing: Timing) -> int:
    """A job: count the rows that break each invariant, once every `invariants_check` seconds in the whole market.

    Of a table that grows a look goes through the next rows only, and begins anew behind the last of them: until that
    round comes to them again, rows that were found stay counted. Returns 0: there is never more of it to do.
    """
    with database.unit_of_work() as db:
        if not figures.begin_if_due(db, figures.INVARIANTS_BEGUN, timing.invariants_check):
            return 0
    with database.unit_of_work() as db:
        db.rows("select set_config('statement_timeout', %(most)s, true)", most=CHECK_MOST)
        before = figures.kept(db)
        tables = {invariant.table for invariant in INVARIANTS} - {""}
        within = {table: invariants.stretch(db, table, before.get(figures.LOOKED + table, 0)) for table in tables}
        found = {one.name: invariants.count(db, one, within=within.get(one.table, WHOLE)) for one in INVARIANTS}
        told = {name: rows for one in INVARIANTS for name, rows in _told(one, found, within, before).items()}
        looked = {figures.LOOKED + table: 0 if one.is_last else one.last for table, one in within.items()}
        figures.put(db, told | looked)
    for name, rows in found.items():
        if rows:
            log.error("invariant_broken", name=name, row_count=rows)
    return 0


def _told(
    one: Invariant, found: Mapping[str, int], within: Mapping[str, Stretch], before: Mapping[str, int]
) -> dict[str, int]:
    """The figures of an invariant: what is broken, and what this round has found of it so far."""
    if not one.table:
        return {figures.BROKEN + one.name: found[one.name]}
    look = within[one.table]
    so_far = found[one.name] + (0 if look.is_first else before.get(figures.FOUND + one.name, 0))
    broken = so_far if look.is_last else max(so_far, before.get(figures.BROKEN + one.name, 0))
    return {figures.BROKEN + one.name: broken, figures.FOUND + one.name: so_far}
