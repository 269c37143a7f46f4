"""A market filled for measuring: people, chats, messages and orders by the million, made by the database itself.

Everything lies where sixty days of trade would have left it: done, read, delivered. No row of it is due, and no unit
of stock is moved, so that the market's own laws hold in it.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import psycopg

from base.db import Database
from bench.systems import libpq
from catalog.demo import plant_scale

MESSAGES: Final = 10
LEAST_SHOPS: Final = 50
DAYS: Final = 60  # less than anything is kept
CHUNK: Final = 100_000  # rows a statement
ROOMY: Final = 500_000  # units of goods that buyers see first
PREFIX: Final = "+2287"  # of the planted people's numbers, before eight digits
FILLED: Final = (
    "product", "stock", "stock_movement", "vendor", "contact", "identity", "conversation", "consent", "seen", "inbox",
    "outbox", "turn", "basket", "basket_line", "basket_history", "order", "vendor_order", "order_line",
    "order_history",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """From so many of everything to so many."""

    before: int
    size: int
    goods_a_shop: int = 40
    messages: int = MESSAGES  # of each chat, in and out


# Numbers that are drawn here are drawn for good: %(x)s is the last one before, so that rows name each other without a
# join. `n` counts people; a chat's messages lie as far apart as in a market where everybody writes now and then.
DRAWN: Final = {
    "contacts": "pg_get_serial_sequence('contact', 'id')",
    "chats": "pg_get_serial_sequence('conversation', 'id')",
    "inbox": "pg_get_serial_sequence('inbox', 'id')",
    "outbox": "pg_get_serial_sequence('outbox', 'id')",
    "turns": "pg_get_serial_sequence('turn', 'id')",
    "said": "'said_no'",
    "commits": "'commit_no'",
    "baskets": "pg_get_serial_sequence('basket', 'id')",
    "orders": """pg_get_serial_sequence('"order"', 'id')""",
    "parts": "pg_get_serial_sequence('vendor_order', 'id')",
}
AGO: Final = f"now() - interval '{DAYS} days' * (1 - ({{}})::float8 / %(count)s)"
PEOPLE: Final = {
    "contact": """
insert into contact (id, name, made_at) overriding system value
select %(contacts)s + n, 'Awa', {ago} from generate_series(%(first)s, %(last)s) n""",
    "identity": f"""
insert into identity (account_id, kind, value, contact_id, made_at)
select %(account)s, 'phone', '{PREFIX}' || lpad((%(before)s + n)::text, 8, '0'), %(contacts)s + n, {{ago}}
from generate_series(%(first)s, %(last)s) n""",
    # who has ordered was asked before his next menu whether he wants announcements
    "conversation": """
insert into conversation (id, account_id, contact_id, revision, document, last_at, last_in_at, made_at)
overriding system value
select %(chats)s + n, %(account)s, %(contacts)s + n, n,
  '{{"hat": "buyer", "state": "placed", "memory": {{"asked_announcements": true}}}}',
  {ago}, {ago}, {ago} from generate_series(%(first)s, %(last)s) n""",
    "consent": """
insert into consent (contact_id, what, is_given, words, account_id, at)
select %(contacts)s + n, 'kept', true, 'dit', %(account)s, {ago} from generate_series(%(first)s, %(last)s) n""",
    # none is older than `timing.basket_kept`: the job that forgets them would be at work while turns are measured
    "basket": """
insert into basket (id, contact_id, quarter, landmark, recipient, phone, touched_at) overriding system value
select %(baskets)s + n, %(contacts)s + n, 'be-kpota', 'près du marché', 'Awa Mensah', '+22890000001',
  market_now() - random() * interval '6 days'
from generate_series(%(first)s, %(last)s) n""",
    "basket_line": """
insert into basket_line (basket_id, product_id, quantity, price_seen)
select %(baskets)s + n, p.id, 1, 500 from generate_series(%(first)s, %(last)s) n
join product p on p.id = %(good)s + n %% %(goods)s""",
    "basket_history": """
insert into basket_history (basket_id, product_id, quantity_before, quantity_after, at)
select %(baskets)s + n, %(good)s + n %% %(goods)s, 0, 1, {ago} from generate_series(%(first)s, %(last)s) n""",
}
ORDERS: Final = {
    "order": """
insert into "order" (id, code, contact_id, conversation_id, quarter, landmark, recipient, phone, payment, total,
  placed_at) overriding system value
select %(orders)s + n, 'TG-' || lpad((%(orders)s + n)::text, 9, '0'), %(contacts)s + n, %(chats)s + n, 'be-kpota',
  'près du marché', 'Awa Mensah', '+22890000001', 'cash', 1500, {ago} from generate_series(%(first)s, %(last)s) n""",
    "vendor_order": """
insert into vendor_order (id, order_id, vendor_id, state, goods, delivery, delivery_code, changed_at)
overriding system value
select %(parts)s + n, %(orders)s + n, p.vendor_id, 'delivered', 1000, 500, '1234', {ago}
from generate_series(%(first)s, %(last)s) n join product p on p.id = %(good)s + n %% %(goods)s""",
    "order_line": """
insert into order_line (vendor_order_id, product_id, stock_id, name, unit, quantity, price)
select %(parts)s + n, p.id, p.stock_id, p.name, p.unit, 1, 1000
from generate_series(%(first)s, %(last)s) n join product p on p.id = %(good)s + n %% %(goods)s""",
    "order_history": """
insert into order_history (order_id, vendor_order_id, fact, contact_id, at)
select %(orders)s + n, %(parts)s + n, fact, %(contacts)s + n, {ago}
from generate_series(%(first)s, %(last)s) n, unnest('{{placed,accepted,delivered}}'::text[]) as fact""",
}
MESSAGE: Final = '{{"kind": "text", "text": "bonjour", "provider_id": ""}}'
OF_CHAT: Final = "%(chats)s + 1 + (m - 1) %% %(people)s"  # whose the m-th message is
TALK_IN: Final = {
    "seen": """
insert into seen (account_id, provider_id, seen_at)
select %(account)s, 'SM' || lpad(to_hex(%(inbox)s + m), 32, '0'), {ago}
from generate_series(%(first)s, %(last)s) m""",
    "inbox": f"""
insert into inbox (id, account_id, conversation_id, provider_id, message, raw, received_at, due_at, state, done_at)
overriding system value
select %(inbox)s + m, %(account)s, {OF_CHAT}, 'SM' || lpad(to_hex(%(inbox)s + m), 32, '0'), '{MESSAGE}',
  'Body=bonjour', at, at, 'done', at
from (select m, {{ago}} as at from generate_series(%(first)s, %(last)s) m) as told""",
}
TALK_OUT: Final = {
    "outbox": f"""
insert into outbox (id, conversation_id, account_id, kind, said_at, place, bubble, state, made_at, due_at, too_old_at,
  sent_at, provider_id, about) overriding system value
select %(outbox)s + m, {OF_CHAT}, %(account)s, case when m %% 10 = 0 then 'notice' else 'reply' end, %(said)s + m, 1,
  '{{{{"words": "Bonjour, que cherchez-vous ?", "offers": []}}}}',
  case when m %% 10 = 1 then 'delivered' else 'read' end, at, at, at + interval '1 hour', at,
  'SM' || lpad(to_hex(%(outbox)s + m), 32, 'f'),
  case when m %% 10 = 0 then jsonb_build_object('vendor_order', %(parts)s + 1 + (m - 1) %% %(people)s) end
from (select m, {{ago}} as at from generate_series(%(first)s, %(last)s) m) as told""",
}
TURNS: Final = {
    "turn": f"""
insert into turn (id, commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes, answers,
  reader, before, after, said, version, now) overriding system value
select %(turns)s + m, %(commits)s + m, {OF_CHAT}, array[%(inbox)s + m], 'buyer', 'buyer.menu', 'buyer.menu', 'answer',
  '[]', '[]', jsonb_build_object('said', %(said)s + m), '{{{{}}}}', '{{{{}}}}', '[]', 'filled', {{ago}}
from generate_series(%(first)s, %(last)s) m""",
}
LANES: Final = ({**TALK_IN, **PEOPLE}, {**TALK_OUT, **ORDERS, **TURNS})  # side by side, as there are two cores
OF_MESSAGES: Final = frozenset((*TALK_IN, *TALK_OUT, *TURNS, "turns", "said", "commits"))  # tables and numbers
# The first pages of every category, which is where buyers go: what they take does not run out.
SEEN_FIRST: Final = f"""
with shown as (
  select stock_id from (
    select stock_id, row_number() over (partition by category_id order by id) as from_start,
      row_number() over (partition by category_id order by id desc) as from_end from product
  ) as placed where from_start <= 400 or from_end <= 400
), before as (
  select id, on_hand from stock where id in (select stock_id from shown) and on_hand < {ROOMY} for update
), changed as (
  update stock s set on_hand = {ROOMY} from before b where b.id = s.id
  returning s.id, b.on_hand, s.held, s.allocated)
insert into stock_movement (stock_id, reason, quantity, on_hand_before, on_hand_after, held_before, held_after,
  allocated_before, allocated_after)
select id, 'count', {ROOMY} - on_hand, on_hand, {ROOMY}, held, held, allocated, allocated from changed
"""


def phone_of(number: int) -> str:
    """The number of a planted person's phone; they are counted from 1."""
    return f"{PREFIX}{number:08d}"


def fill(database_url: str, step: Step) -> None:
    """Bring products, people, chats and orders from `step.before` to `step.size`, and messages to ten times as many.

    Demo and accounts must be there. The database knows its new sizes afterwards, and no vacuum is due.
    """
    _fill_goods(database_url, step.size, max(LEAST_SHOPS, step.size // step.goods_a_shop))
    with closing(_connected(database_url)) as db:
        values = _numbers(db, step)
    with ThreadPoolExecutor(len(LANES)) as threads:
        for lane in [threads.submit(_lane, database_url, lane, values) for lane in LANES]:
            lane.result()
    with closing(_connected(database_url)) as db:
        db.execute("set maintenance_work_mem = '512MB'")
        db.execute("vacuum analyze")
        db.execute("checkpoint")


def first_good(database_url: str) -> int:
    """The id of the first planted good; those of the others follow it."""
    with closing(_connected(database_url)) as db:
        row = db.execute("select id from product where slug = 'serie-1'").fetchone()
    return int(str(row[0])) if row else 0


def _fill_goods(database_url: str, size: int, shops: int) -> None:
    with closing(Database(database_url)) as database, database.transaction() as db:
        _hurry(db.connection)
        plant_scale(db, products=size, vendors=shops)
        db.connection.execute("analyze product, stock")
        db.connection.execute(SEEN_FIRST)


def _lane(database_url: str, statements: Mapping[str, str], values: Mapping[str, int]) -> None:
    with closing(_connected(database_url)) as db:
        _hurry(db)
        for table, statement in statements.items():
            counted, count = ("m", values["messages"]) if table in OF_MESSAGES else ("n", values["people"])
            told = statement.format(ago=AGO.format(counted))
            for first in range(1, count + 1, CHUNK):
                db.execute(told, {**values, "count": count, "first": first, "last": min(first + CHUNK - 1, count)})


def _connected(database_url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Client-side binding: a plan with the values, as each of these statements comes once."""
    db = psycopg.connect(libpq(database_url), autocommit=True, cursor_factory=psycopg.ClientCursor)
    db.execute("set synchronous_commit = off")
    return db


def _hurry(db: "psycopg.Connection[object]") -> None:
    """No foreign keys are looked up for what is made to fit, on any core of the machine."""
    db.execute("set session_replication_role = replica")
    os.sched_setaffinity(db.info.backend_pid, range(os.cpu_count() or 1))


def _numbers(db: "psycopg.Connection[tuple[object, ...]]", step: Step) -> dict[str, int]:
    """What the statements name: how many come, and the last number of each sequence before them."""
    people = step.size - step.before
    values: dict[str, int] = {"people": people, "messages": people * step.messages, "before": step.before}
    for name, sequence in DRAWN.items():
        count = people * (step.messages if name in OF_MESSAGES else 1)
        drawn = db.execute(f"select setval({sequence}, nextval({sequence}) + {count}) - {count}").fetchone()
        values[name] = int(str((drawn or (0,))[0]))
    numbered = db.execute(
        "select min(id), count(*), (select min(id) from channel_account) from product where slug like 'serie-%'"
    ).fetchone()
    found = [int(str(value)) for value in numbered or ()]
    return values | dict(zip(("good", "goods", "account"), found, strict=True))
