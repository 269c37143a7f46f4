"""Which invariants there are, and the look at all of them that one worker takes for all."""

from typing import Final

from base import invariants
from base.db import Database
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
CHECK_MOST: Final = "30s"  # a look that takes longer is given up: it is for finding faults, not for making one


def check(database: Database, timing: Timing) -> int:
    """A job: count the rows that break each invariant, once every `invariants_check` seconds in the whole market.

    Returns 0: there is never more of it to do.
    """
    with database.unit_of_work() as db:
        if not figures.begin_if_due(db, figures.INVARIANTS_BEGUN, timing.invariants_check):
            return 0
    with database.unit_of_work() as db:
        db.rows("select set_config('statement_timeout', %(most)s, true)", most=CHECK_MOST)
        found = {invariant.name: invariants.count(db, invariant) for invariant in INVARIANTS}
        figures.put(db, {figures.BROKEN + name: rows for name, rows in found.items()})
    for name, rows in found.items():
        if rows:
            log.error("invariant_broken", name=name, row_count=rows)
    return 0
