"""What a claim and a step of retention read, in pages: as much with many old rows as with few, no table whole."""

import re
from contextlib import contextmanager
from random import Random

import pytest
from psycopg import ClientCursor

from base.db import Db
from bot import forgetting, locks, outbox
from bot.broadcasts import following
from bot.outbox import Lease, Settlement
from bot.retention import BATCH
from tests.bot.outgoing import ME, chat_of, claim, put
from tests.bot.stall import AWA, KOSSI

FEW, SOME, WIDE, MANY, SOAKED = 1_000, 20_000, 40_000, 200_000, 1_000_000
BIG = {"inbox", "outbox", "turn", "seen"}
OLD_ROWS = (
    "insert into inbox (account_id, conversation_id, provider_id, message, raw, state)"
    " select %(account)s, %(chat)s, 'old' || n, '{}', %(fat)s::bytea, 'done'"
    " from generate_series(%(first)s::int, %(last)s) as n",
    "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, state, too_old_at, provider_id)"
    " select %(chat)s, %(account)s, 'reply', 9000000 + n, 1, to_jsonb(%(fat)s::text), 'read', market_now(), 'OLD' || n"
    " from generate_series(%(first)s::int, %(last)s) as n",
    "insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes,"
    " answers, reader, before, after, said, version, now)"
    " select n, %(chat)s, array[m.id], '', '', '', '', '[]', '[]', jsonb_build_object('said', 9000000 + n), '{}', '{}',"
    " '[]', '', market_now() from generate_series(%(first)s::int, %(last)s) as n"
    " join inbox m on m.provider_id = 'old' || n and m.account_id = %(account)s",
    "insert into seen (account_id, provider_id)"
    " select %(account)s, 'old' || n from generate_series(%(first)s::int, %(last)s) as n",
)
MESSAGES = OLD_ROWS[:2]
READ_BY_A_CLAIM = """
select c.oid from pg_class c left join pg_index i on i.indexrelid = c.oid
where coalesce(i.indrelid, c.oid)::regclass::text = any(array['outbox', 'conversation', 'contact', 'identity',
  'consent', 'broadcast', 'channel_account']) order by c.relname
"""
MOST_CLAIMED = 1500  # pages, of 24 rows; one look through the 2,000 that wait would be some 6,000
NEARLY = 4  # pages: where the last rows came to lie
LEVEL = 12  # pages: two rows are written to six indexes, each a level higher than in a small table
NAMED = re.compile(r"%\((\w+)\)[sb]")
COMES = (
    "insert into inbox (account_id, conversation_id, provider_id, message, raw) select 1, %(chat)s, n, '{}', ''"
    " from generate_series(1, %(count)s::int) as n",
    "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at)"
    " select %(chat)s, 1, 'reply', nextval('said_no'), 1, '{}', market_now() from generate_series(1, %(count)s::int)",
)


class Counted:
    """The pages that its statements read, and the nodes of their plans; each is planned when it comes first."""

    def __init__(self):
        self.pages, self.nodes, self.planned = 0, [], {}

    def explained(self, connection, sql, values):
        """By the plan that the program's own statements have: made without a look at their values."""
        names = list(dict.fromkeys(NAMED.findall(sql)))
        numbered = NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", sql).replace("%%", "%")
        if numbered not in self.planned:
            self.planned[numbered] = f"counted{len(self.planned)}"
            connection.execute(f"prepare {self.planned[numbered]} as {numbered}".encode())
        told = ClientCursor(connection).mogrify(", ".join(["%s"] * len(names)), [values[name] for name in names])
        run = f"execute {self.planned[numbered]}" + (f"({told})" if names else "")
        found = connection.execute(f"explain (analyze, buffers, timing off, format json) {run}".encode()).fetchone()[0]
        plan = found[0]["Plan"]
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
        driver = connection.connection.driver_connection
        try:
            yield Explaining(driver), counted
        finally:
            driver.rollback()  # or what it had locked stays so until the server sees that it is gone
            connection.invalidate()  # its plans with it


def claims(stall):
    """What taking and sending read, once their plans and pages are warm."""
    for _ in range(2):
        with counting(stall) as (db, taking):
            assert len(locks.due_conversations(db, 16, 4.0)) == 2
        with counting(stall) as (db, sending):
            assert len(outbox.claim(db, Lease("me", 30, 75), stall.account_id, 50, 50)) == 2
    return taking, sending


def fill(stall, first, last, *, rows=OLD_ROWS, width=0, then="vacuum (analyze)"):
    """Old rows of a chat, each so many characters longer than the least, and the tables as a vacuum leaves them."""
    with stall.database.unit_of_work() as db:
        for sql in rows:
            db.run(sql, account=stall.account_id, chat=chat_of(stall, AWA), first=first, last=last, fat="x" * width)
    over_tables(stall, then)


def over_tables(stall, what):
    with stall.database.autocommit() as db:
        for table in sorted(BIG):
            db.run(f"{what} {table}")


def writes(stall):
    """Two people write, and two bubbles wait."""
    for phone in (AWA, KOSSI):
        stall.says(phone, "riz")
        put(stall, phone, "reply")


@pytest.mark.parametrize("many", [MANY, pytest.param(SOAKED, marks=pytest.mark.soak)])
def test_a_claim_reads_as_many_pages_beside_many_old_rows_as_beside_1_000(stall, many):
    fill(stall, 1, FEW, rows=MESSAGES)
    writes(stall)
    few = claims(stall)
    fill(stall, FEW + 1, many, rows=MESSAGES)
    many = claims(stall)
    assert [found.read_through() for found in (*few, *many)] == [set()] * 4
    assert many[0].indexes() >= {"ix_inbox_ready", "ix_inbox_open"}
    assert "ix_outbox_ahead" in many[1].indexes()
    taking, sending = ((one.pages, other.pages) for one, other in zip(few, many, strict=True))
    assert taking[1] <= taking[0] + NEARLY
    assert sending[1] <= sending[0] + LEVEL


@pytest.fixture
def unwatched(stall):
    """No table is vacuumed but by the test."""
    for table in BIG:
        stall.run(f"alter table {table} set (autovacuum_enabled = off)")
    yield
    for table in BIG:
        stall.run(f"alter table {table} reset (autovacuum_enabled)")


def test_what_was_done_since_is_out_of_a_claims_way_after_a_vacuum(stall, unwatched):
    fill(stall, 1, WIDE, rows=MESSAGES, width=1000, then="analyze")  # new rows lie side by side behind the old ones
    writes(stall)
    before = [found.pages for found in claims(stall)]
    for _ in range(4):
        done(stall, 1000)
    dirty = [found.pages for found in claims(stall)]
    over_tables(stall, "vacuum (analyze)")
    clean = [found.pages for found in claims(stall)]
    assert dirty[1] >= before[1] + 20
    assert clean[0] <= dirty[0] + NEARLY
    assert clean[1] <= (before[1] + dirty[1]) / 2


def test_a_plan_made_when_few_wrote_reads_no_more_of_a_backlog_than_its_oldest(stall):
    writes(stall)
    over_tables(stall, "vacuum (analyze)")
    assert len(stall.rows("select 1 from inbox where state = 'open'")) == 2
    stall.run(
        "with people as (insert into contact (name) select '' from generate_series(1, 300) returning id), chats as ("
        " insert into conversation (account_id, contact_id) select %(account)s, id from people returning id)"
        " insert into inbox (account_id, conversation_id, provider_id, message, raw)"
        " select %(account)s, id, 'waits' || id || n, '{}', '' from chats, generate_series(1, 10) as n",
        account=stall.account_id,
    )
    with counting(stall) as (db, counted):  # no vacuum has told the planner of them
        assert len(locks.due_conversations(db, 16, 4.0)) == 16
    assert counted.pages <= 20_000  # all once, and twice the rows of each of 200 chats; not all for each of them


def announced(stall):
    """An announcement to 2,000 people lies in the outbox, as no vacuum has told the planner yet."""
    fill(stall, 1, SOME, rows=MESSAGES)
    assert claim(stall) == []
    over_tables(stall, "vacuum (analyze)")
    announces(stall)


def announces(stall):
    stall.run(
        "with people as (insert into contact (name) select '' from generate_series(1, 2000) returning id), chats as ("
        " insert into conversation (account_id, contact_id) select %(account)s, id from people returning id)"
        " insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, due_at, too_old_at)"
        """ select id, %(account)s, 'bulk', id, 1, '{"body": "x"}', market_now() - interval '1 hour',"""
        " market_now() + interval '1 day' from chats",
        account=stall.account_id,
    )


@pytest.mark.parametrize("old", [0, SOME])
def test_a_claim_planned_while_nothing_waited_reads_no_more_of_an_announcement_than_it_takes(stall, old):
    if old:
        fill(stall, 1, old, rows=MESSAGES)
    with counting(stall) as (db, counted):
        assert outbox.claim(db, Lease("me", 30, 75), stall.account_id, 32, 24) == []
        counted.pages = 0
        announces(stall)
        assert len(outbox.claim(db, Lease("me", 30, 75), stall.account_id, 32, 24)) == 24
    assert len(counted.planned) == 1
    assert counted.pages <= MOST_CLAIMED


def test_a_claim_planned_once_it_waits_reads_no_more_of_it_than_it_takes(stall):
    announced(stall)
    with counting(stall) as (db, counted):
        assert len(outbox.claim(db, Lease("me", 30, 75), stall.account_id, 32, 24)) == 24
    assert "ix_outbox_next" in counted.indexes()
    assert counted.pages <= MOST_CLAIMED


def test_no_statistics_however_wrong_have_a_claim_look_through_an_announcement(stall):
    """As an automatic vacuum may leave them, that sees one table before and another after many rows have come or gone.

    Of these 100 every eighth had led a claim through all that waits, or through all people.
    """
    announced(stall)
    guessed = Random(1)
    for _ in range(100):
        with counting(stall) as (db, counted):
            misled(db, guessed)
            assert len(outbox.claim(db, Lease("me", 30, 75), stall.account_id, 32, 24)) == 24
        assert counted.pages <= MOST_CLAIMED


def misled(db, guessed):
    """Until the transaction is taken back, all that a claim reads has sizes that are guessed."""
    cursor = ClientCursor(db.connection)
    for (relation,) in cursor.execute(READ_BY_A_CLAIM).fetchall():
        rows, pages = guessed.choice((0, 1, 2, 20, 2000, 200_000)), guessed.choice((1, 2, 10, 30, 900))
        cursor.execute("update pg_class set reltuples = %s, relpages = %s where oid = %s", [rows, pages, relation])


def test_whether_anything_is_due_is_asked_of_the_first_of_each_kind_alone(stall):
    announces(stall)
    stall.run("update outbox set due_at = market_now() + interval '1 hour' where id > (select min(id) from outbox)")
    over_tables(stall, "vacuum (analyze)")
    found = []
    for _ in range(2):
        with counting(stall) as (db, counted):
            found.append((outbox.are_due(db), counted.pages <= 30, counted.nodes[-1]["Node Type"] != "Seq Scan"))
        stall.run("update outbox set state = 'sent' where due_at < market_now()")
    assert found == [(True, True, True), (False, True, True)]


def test_a_settlement_planned_while_nothing_waited_looks_through_nothing_that_waits(stall):
    announced(stall)
    ids = claim(stall, ME, 24, 24)
    with counting(stall) as (db, counted):
        settled = outbox.settle(db, ME.owner, [Settlement(one, "sent", provider_id=f"S{one}") for one in ids])
    assert settled == dict.fromkeys(ids, False)
    assert "ix_outbox_next" not in counted.indexes()


def test_what_is_told_of_an_announcement_that_waits_reads_each_row_once_whenever_it_was_planned(stall):
    asked = (following.put_off_for_all, following.fold, following.give_up)
    for ask in asked:
        with counting(stall) as (db, _):
            assert not ask(db, 1)
    stall.run(
        "with people as (insert into contact (name) select '' from generate_series(1, 1000) returning id), chats as ("
        " insert into conversation (account_id, contact_id) select %(account)s, id from people returning id, contact_id"
        "), told as (insert into broadcast_recipient (broadcast_id, contact_id, language, place, state, said_at)"
        " select 1, contact_id, 'fr', 1, 'queued', id from chats)"
        " insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at)"
        " select id, %(account)s, 'bulk', id, 1, '{}', market_now() + interval '1 day' from chats",
        account=stall.account_id,
    )
    for ask in asked:
        with counting(stall) as (db, counted):  # no vacuum has told the planner of them
            assert not ask(db, 1)
        assert counted.pages <= 8000  # one against the other they would be 50,000 and more


def done(stall, count):
    """So many messages come and are done, so many bubbles are sent."""
    chat = chat_of(stall, KOSSI)
    with stall.database.unit_of_work() as db:
        for sql in COMES:
            db.run(sql, chat=chat, count=count)
    with stall.database.unit_of_work() as db:
        db.run("update inbox set state = 'done' where state = 'open' and message = '{}'")
        db.run("update outbox set state = 'sent' where state = 'waiting' and bubble = '{}'")


def test_a_step_of_retention_reads_as_much_beside_20_000_rows_as_beside_2_000(stall):
    fill(stall, 1, 2 * BATCH)
    stall.passes(91 * 86400)
    few = forgets(stall)
    fill(stall, 2 * BATCH + 1, SOME)
    many = forgets(stall)
    assert many.read_through() == set()
    assert many.pages <= few.pages + 5 * BATCH  # five indexes, each a level higher


def forgets(stall):
    """What a step over the oldest thousand turns reads, and the others behind it."""
    for _ in range(2):
        with counting(stall) as (db, counted):
            assert forgetting.forget_old_chats(db, stall.config.timing, 0, BATCH).count == BATCH
            forgetting.forget_old_notices(db, stall.config.timing, 0, BATCH)
            forgetting.forget_old_keys(db, stall.config.timing, BATCH)
            forgetting.forget_old_pins(db, stall.config.timing, BATCH)
            forgetting.forget_dead_messages(db, stall.config.timing, BATCH)
    return counted
