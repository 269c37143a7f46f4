"""A restored market: nothing goes out by itself, replies and news are in doubt, announcements are given up."""

from datetime import UTC, datetime

import pytest

from base.backups import Manifest
from bot import figures, outbox, watching
from bot.messages import Outgoing
from bot.outbox import Lease, News
from bot.safekeeping import DOUBT, GIVE_UP, Stopped, stop_sending
from tests.bot.stall import AWA, KOSSI, Stall

TAKEN = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
MANIFEST = Manifest(format=1, taken_at=TAKEN, revision="1", server=18, dumped_by=18, rows={}, photos=0)


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    stall = Stall(clean_database, redis_url, config)
    stall.opens(AWA, KOSSI)
    return stall


def put(stall, kind, state):
    with stall.database.unit_of_work() as db:
        said = db.value("select nextval('said_no')")
        chat = db.value("select min(id) from conversation")
        row = outbox.put_notice(db, News(chat, said, Outgoing("bonjour")), 3600)
        db.run(
            "update outbox set kind = %(kind)s, state = %(state)s, look_ups = 1, lease_owner = 'gone',"
            " sent_at = case %(state)s when 'waiting' then null else timestamptz '2026-05-04 03:00Z' end"
            " where id = %(id)s",
            kind=kind,
            state=state,
            id=row,
        )


def test_what_was_open_is_in_doubt_since_it_may_have_gone_out_and_what_was_settled_stays(stall):
    for state in ("waiting", "sending", "uncertain", "sent", "failed"):
        put(stall, "reply", state)
    put(stall, "notice", "waiting")
    put(stall, "bulk", "waiting")
    put(stall, "bulk", "delivered")
    stall.run("insert into heartbeat values ('gone', 'worker', market_now())")

    with stall.database.unit_of_work() as db:
        assert stop_sending(db, MANIFEST) == Stopped(("simulator",), in_doubt=4, given_up=1)

    early = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
    rows = stall.rows("select kind, state, sent_at, look_ups, lease_owner from outbox order by id")
    assert [tuple(row) for row in rows] == [
        ("reply", "uncertain", TAKEN, 0, None),
        ("reply", "uncertain", early, 0, None),
        ("reply", "uncertain", early, 0, None),
        ("reply", "sent", early, 1, "gone"),
        ("reply", "failed", early, 1, "gone"),
        ("notice", "uncertain", TAKEN, 0, None),
        ("bulk", "failed", None, 1, None),
        ("bulk", "delivered", early, 1, "gone"),
    ]
    assert stall.rows("select pause_reason from channel_account") == [("restored",)]
    assert stall.rows("select count(*) from heartbeat") == [(0,)]
    with stall.database.unit_of_work() as db:
        assert outbox.claim(db, Lease("me", 30, 75), stall.account_id, 10, 10) == []


def test_what_counts_on_begins_at_nought_and_the_rest_stays(db):
    known = [one for name, one in vars(figures).items() if isinstance(one, str) and name.isupper() and name != "PUT"]
    figures.put(db, dict.fromkeys(known, 7))
    stop_sending(db, MANIFEST)
    left = {*known} - figures.kept(db).keys()
    columns = {figures.POSSIBLE_DOUBLES, figures.LEASES_LOST, figures.WEBHOOKS_MISSED, figures.LINK_CODES_GUESSED}
    assert left == columns | {figures.SUBSCRIPTIONS_LOST, figures.FORGOTTEN, figures.CERTIFICATE}
    row = watching.read(db)
    assert {name: getattr(row, name) for name in watching.COUNTERS} == dict.fromkeys(watching.COUNTERS, 0)


@pytest.mark.parametrize("sql", [DOUBT, GIVE_UP])
def test_what_was_open_is_found_without_a_look_at_what_is_over(db, sql):
    db.run("set local enable_seqscan = off")
    plan = db.rows(f"explain {sql}", taken_at=TAKEN, reason="restored")
    assert "ix_outbox_ahead" in str(plan)
