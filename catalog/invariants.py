"""What is always true of stock (no figure below zero, each as its ledger says) and of questions."""

from typing import Final

from base.invariants import Invariant

NEVER_NEGATIVE: Final = Invariant(
    "stock_never_negative",
    """
select 'stock ' || id as row, format('on hand %%s, held %%s, allocated %%s', on_hand, held, allocated) as says
from stock where id > %(after)s and id <= %(last)s and (on_hand < 0 or held < 0 or allocated < 0)
""",
    "stock",
)
# The sum of a stock's ledger is its last row's `after`, as long as each row begins where the one before it ended.
LEDGER_ENDS: Final = Invariant(
    "stock_as_its_ledger_ends",
    """
select 'stock ' || s.id as row, format('on hand %%s, held %%s, allocated %%s; its ledger ends at %%s, %%s, %%s',
  s.on_hand, s.held, s.allocated, coalesce(m.on_hand_after, 0), coalesce(m.held_after, 0),
  coalesce(m.allocated_after, 0)) as says
from stock s left join lateral (select on_hand_after, held_after, allocated_after from stock_movement
  where stock_id = s.id order by id desc limit 1) m on true
where s.id > %(after)s and s.id <= %(last)s and (s.on_hand, s.held, s.allocated) is distinct from
  (coalesce(m.on_hand_after, 0), coalesce(m.held_after, 0), coalesce(m.allocated_after, 0))
""",
    "stock",
)
LEDGER_UNBROKEN: Final = Invariant(
    "ledger_unbroken",
    """
select 'stock_movement ' || id as row, format(
  'stock %%s begins at %%s, %%s, %%s; the row before ended at %%s, %%s, %%s', stock_id, on_hand_before, held_before,
  allocated_before, was_on_hand, was_held, was_allocated) as says
from (
  select id, stock_id, on_hand_before, held_before, allocated_before, lag(on_hand_after) over step as was_on_hand,
    lag(held_after) over step as was_held, lag(allocated_after) over step as was_allocated
  from stock_movement where id > (select max(id) from stock_movement) - %(newest)s
    and id <= (select max(id) from stock_movement)
  window step as (partition by stock_id order by id)
) m
where (on_hand_before, held_before, allocated_before) <> (was_on_hand, was_held, was_allocated)
""",
)
QUESTION_ANSWERED: Final = Invariant(
    "question_answered_as_it_says",
    """
select 'question ' || id as row, format('is %%s, answered at %%s', state, answered_at) as says
from question where id > %(after)s and id <= %(last)s and ((state = 'answered') <> (answered_at is not null)
  or state not in ('open', 'with_people', 'answered', 'stopped', 'dropped'))
""",
    "question",
)
INVARIANTS: Final = (NEVER_NEGATIVE, LEDGER_ENDS, LEDGER_UNBROKEN, QUESTION_ANSWERED)
