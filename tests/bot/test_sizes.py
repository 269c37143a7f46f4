"""What a claim reads is as much with 200,000 old rows as with 1,000: pages counted, no table read through."""

import json
from contextlib import contextmanager

import pytest

from base.db import Db
from bot import forgetting, locks, outbox
from bot.outbox import Lease
from bot.retention import BATCH
from tests.bot.outgoing import chat_of, put
from tests.bot.stall import AWA, KOSSI

FEW, SOME, WIDE, MANY = 1_000, 20_000, 60_000, 200_000
BIG = {"inbox", "outbox", "turn", "seen"}
OLD_ROWS = (
    "insert into inbox (account_id, conversation_id, provider_id, message, raw, state)"
    " select %(account)s, %(chat)s, 'old' || n, '{}', %(fat)s::bytea, 'done' from generate_series(%(first)s::int, %(last)s) as n",
    "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, state, too_old_at, provider_id)"
    " select %(chat)s, %(account)s, 'reply', 9000000 + n, 1, to_jsonb(%(fat)s::text), 'read', market_now(), 'OLD' || n"
    " from generate_series(%(first)s::int, %(last)s) as n",
    "insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes,"
    " answers, reader, before, after, said, version, now)"
    " select n, %(chat)s, array[m.id], '', '', '', '', '[]', '[]', jsonb_build_object('said', 9000000 + n), '{}', '{}',"
    " '[]', '', market_now() from generate_series(%(first)s::int, %(last)s) as n"
    " join inbox m on m.provider_id = 'old' || n and m.account_id = %(account)s",
)
MESSAGES = OLD_ROWS[:2]
COMES = (
    "insert into inbox (account_id, conversation_id, provider_id, message, raw) select 1, %(chat)s, n, '{}', ''"
    " from generate_series(1, %(count)s::int) as n",
    "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at)"
    " select %(chat)s, 1, 'reply', nextval('said_no'), 1, '{}', market_now() from generate_series(1, %(count)s::int)",
)


class Counted:
    """The pages that its statements read, and the nodes of their plans."""

    def __init__(self):
        self.pages, self.nodes = 0, []

    def explained(self, connection, sql, values):
        row = connection.execute(f"explain (analyze, buffers, timing off, format json) {sql}".encode(), values).fetchone()
        plan = (row[0] if isinstance(row[0], list) else json.loads(row[0]))[0]["Plan"]
        self.pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        self.nodes += list(nodes_of(plan))

    def read_through(self):
        """The large tables that were read from one end to the other."""
        return {node["Relation Name"] for node in self.nodes if node["Node Type"] == "Seq Scan"} & BIG

    def indexes(self):
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}


def nodes_of(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes_of(child)


@contextmanager
def counting(stall):
    """A transaction whose every statement is explained as it runs, and taken back in the end."""
    counted = Counted()

    class Explaining(Db):
        def _executed(self, sql, values):
            with self.connection.transaction(force_rollback=True):
                counted.explained(self.connection, sql, values)
            return super()._executed(sql, values)

    with stall.database.engine.connect() as connection:
        yield Explaining(connection.connection.driver_connection), counted
        connection.rollback()


def claims(stall):
    """What taking and sending read, once their plans and pages are warm."""
    for _ in range(2):
        with counting(stall) as (db, taking):
            assert len(locks.due_conversations(db, 16, 4.0)) == 2
        with counting(stall) as (db, sending):
            assert len(outbox.claim(db, Lease("me", 30, 75), stall.account_id, 50, 50)) == 2
    return taking, sending


def fill(stall, first, last, *, width=0, rows=OLD_ROWS):
    """Old rows of a chat, each so many characters longer than the least, and the tables as a vacuum leaves them."""
    with stall.database.unit_of_work() as db:
        for sql in rows:
            db.run(
                sql, account=stall.account_id, chat=chat_of(stall, AWA), first=first, last=last, fat="x" * width
            )
    vacuum(stall)


def vacuum(stall):
    with stall.database.autocommit() as db:
        for table in ("inbox", "outbox", "turn", "seen"):
            db.run(f"vacuum analyze {table}")


def writes(stall):
    """Two people write, and two bubbles wait."""
    for phone in (AWA, KOSSI):
        stall.says(phone, "riz")
        put(stall, phone, "reply")


def test_a_claim_reads_as_many_pages_beside_200_000_old_rows_as_beside_1_000(stall):
    fill(stall, 1, FEW, rows=MESSAGES)
    writes(stall)
    few = claims(stall)
    fill(stall, FEW + 1, MANY, rows=MESSAGES)
    many = claims(stall)
    assert [found.read_through() for found in (*few, *many)] == [set()] * 4
    assert many[0].indexes() >= {"ix_inbox_due", "ix_inbox_open"}
    print(few[1].indexes(), many[1].indexes(), [n for n in few[1].nodes if n.get("Relation Name")=="outbox"])
    print([found.pages for found in (*few, *many)])
    assert [found.pages for found in few] == [found.pages for found in many]


def test_what_was_done_since_is_out_of_a_claims_way_after_a_vacuum_of_a_fiftieth_of_the_table(stall):
    fill(stall, 1, WIDE, width=1000, rows=MESSAGES)
    writes(stall)
    before = [found.pages for found in claims(stall)]
    for _ in range(10):
        done(stall, 1000)
    dirty = [found.pages for found in claims(stall)]
    vacuum(stall)
    clean = [found.pages for found in claims(stall)]
    print(before, dirty, clean)
    assert clean[0] <= before[0] + 2
    assert clean[1] <= before[1] + 4


def done(stall, count):
    """So many messages come and are done, so many bubbles are sent."""
    chat = chat_of(stall, KOSSI)
    with stall.database.unit_of_work() as db:
        for sql in COMES:
            db.run(sql, chat=chat, count=count)
    with stall.database.unit_of_work() as db:
        db.run("update inbox set state = 'done' where state = 'open' and message = '{}'")
        db.run("update outbox set state = 'sent' where state = 'waiting' and bubble = '{}'")


def test_a_step_of_retention_reads_as_much_beside_200_000_rows(stall):
    fill(stall, 1, 2 * BATCH)
    stall.passes(91 * 86400)
    few = forgets(stall)
    fill(stall, 2 * BATCH + 1, SOME)
    many = forgets(stall)
    print(few.pages, many.pages, [(n["Relation Name"], n) for n in many.nodes if n["Node Type"] == "Seq Scan"])
    assert many.read_through() == set()
    assert many.pages <= 1.3 * few.pages


def forgets(stall):
    """What a step over the oldest thousand turns reads, and the others behind it."""
    with counting(stall) as (db, counted):
        assert forgetting.forget_old_chats(db, stall.config.timing, 0, BATCH).count == BATCH
        forgetting.forget_old_notices(db, stall.config.timing, 0, BATCH)
        forgetting.forget_old_keys(db, stall.config.timing, BATCH)
        forgetting.forget_old_pins(db, stall.config.timing, BATCH)
        forgetting.forget_dead_messages(db, stall.config.timing, BATCH)
    return counted
