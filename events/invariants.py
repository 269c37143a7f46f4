"""What is true of bookings at every moment: places are enough, and nobody waits beside a free one."""

from typing import Final

from base.invariants import Invariant

# An organizer may say fewer places than are taken: then nobody gets a new one. A booking may have begun just before
# that was written, and waited for its lock.
ENOUGH: Final = Invariant(
    "places_enough_for_who_is_booked",
    """
select 'workshop ' || w.id as row, format('%%s places for %%s people', w.capacity, count(*)) as says
from workshop w join booking b on b.workshop_id = w.id and b.state in ('booked', 'attended')
where w.capacity is not null and w.starts_at > market_now()
group by w.id having count(*) > w.capacity
  and bool_or(greatest(b.booked_at, b.moved_up_at) > w.changed_at + interval '1 minute')
""",
)
WAITS_IN_VAIN: Final = Invariant(
    "nobody_waits_beside_a_free_place",
    """
select 'workshop ' || w.id as row, format('%%s wait, %%s of %%s places are taken',
  count(*) filter (where b.state = 'waiting'), count(*) filter (where b.state <> 'waiting'), w.capacity) as says
from workshop w join event e on e.id = w.event_id
join booking b on b.workshop_id = w.id and b.state in ('booked', 'attended', 'waiting')
where e.state = 'open' and w.state <> 'cancelled' and w.starts_at > market_now()
group by w.id having bool_or(b.state = 'waiting')
  and (w.capacity is null or count(*) filter (where b.state <> 'waiting') < w.capacity)
""",
)
ONE_BEHIND_ANOTHER: Final = Invariant(
    "two_never_wait_at_one_place",
    """
select 'workshop ' || workshop_id as row, format('%%s wait at place %%s', count(*), place) as says
from booking where state = 'waiting' group by workshop_id, place having count(*) > 1
""",
)
ONCE: Final = Invariant(
    "nobody_is_booked_twice",
    """
select 'workshop ' || workshop_id as row, format('contact %%s has %%s bookings', contact_id, count(*)) as says
from booking group by workshop_id, contact_id having count(*) > 1
""",
)
INVARIANTS: Final = (ENOUGH, WAITS_IN_VAIN, ONE_BEHIND_ANOTHER, ONCE)
