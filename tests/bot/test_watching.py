"""What operators watch: figures that are true, cheap, and there with the database away; invariants seen by one."""

import errno
import json
import os
import shutil
import threading
from functools import partial

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from base.db import Database
from base.invariants import stretch
from base.timing import Timing
from bot import attention, figures, invariants, outbox, uncertain
from bot.messages import Outgoing, Parsed
from bot.outbox import Lease, News, Settlement
from bot.spool import Spool
from bot.watching import READ, Watching
from tests.bot.stall import AWA, KOSSI, Stall
from tests.catalog.market import make_good, make_vendor

MANY = 60_000  # old rows of each table: enough that reading them all would be the dearer plan
BIG = ("inbox", "outbox", "turn", "attention")


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    stall = Stall(clean_database, redis_url, config)
    stall.opens(AWA, KOSSI)
    stall.run("delete from inbox")
    return stall


@pytest.fixture
def watched(stall, tmp_path):
    """Watching without a memory."""
    return Watching(stall.database, Spool(tmp_path / "spool"), lambda: True, known_for=0)


def figures_of(watched):
    """(name without prefix, label) → value."""
    return {
        (sample.name.removeprefix("assigame_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(watched.text().decode())
        for sample in family.samples
    }


def figure(watched, *name):
    return figures_of(watched).get(name)


def chat_of(stall, phone):
    return stall.value(
        "select c.id from conversation c join identity i using (contact_id) where i.value = %(phone)s", phone=phone
    )


def put(stall, phone, kind="reply"):
    """One bubble in a person's outbox."""
    with stall.database.unit_of_work() as db:
        number = db.value("select nextval('said_no')")
        row = outbox.put_notice(db, News(chat_of(stall, phone), number, Outgoing("bonjour")), 3600)
        db.run("update outbox set kind = %(kind)s where id = %(id)s", kind=kind, id=row)
    return row


def claim(stall):
    with stall.database.unit_of_work() as db:
        outbox.claim(db, Lease("me", 30, 75), stall.account_id, 50, 50)


def settle(stall, *settlements):
    with stall.database.unit_of_work() as db:
        outbox.settle(db, "me", settlements)


def test_an_idle_market_shows_zeros_and_leaves_out_what_nobody_knows(watched):
    found = figures_of(watched)
    assert (found.pop(("database_up",)), found.pop(("redis_up",))) == (1, 1)
    assert found.pop(("disk_free_bytes",)) > 0
    assert found.pop(("account_paused", "simulator")) == 0
    assert set(found.values()) == {0}
    assert {name for name, *_ in found if name.endswith("_seconds")} == {
        "inbox_oldest_due_seconds", "inbox_stalled_seconds", "outbox_oldest_due_seconds",
        "outbox_oldest_uncertain_seconds",
    }  # fmt: skip


def test_the_oldest_message_ages_until_it_is_taken(stall, watched):
    stall.says(AWA, "bonjour")
    stall.passes(20)
    stall.says(KOSSI, "bonjour")
    stall.passes(11)
    assert figure(watched, "inbox_oldest_due_seconds") == pytest.approx(31, abs=5)
    assert figure(watched, "inbox_open") == 2
    stall.takes()
    assert figure(watched, "inbox_oldest_due_seconds") == 0
    assert figure(watched, "inbox_open") == 0


def test_the_market_stands_still_only_when_something_is_due_and_nobody_is_answered(stall, watched):
    stall.says(AWA, "bonjour")
    stall.passes(300)
    stall.takes()
    stall.passes(300)
    assert figure(watched, "inbox_stalled_seconds") == 0  # nothing is due
    stall.says(AWA, "encore")
    stall.says(KOSSI, "bonjour")
    stall.passes(40)
    assert figure(watched, "inbox_stalled_seconds") == pytest.approx(40, abs=5)
    stall.taker._alone(chat_of(stall, KOSSI), mark=False)
    assert figure(watched, "inbox_stalled_seconds") < 5  # slow, and not standing still
    assert figure(watched, "inbox_oldest_due_seconds") == pytest.approx(40, abs=5)


def test_a_message_behind_one_that_waits_for_its_retry_is_not_overdue(stall, watched):
    stall.says(AWA, "boom")
    stall.takes()
    stall.says(AWA, "et après ?")
    stall.run("update inbox set due_at = market_now() + interval '120 s' where attempts > 0")
    stall.passes(60)
    assert figure(watched, "inbox_oldest_due_seconds") == 0
    stall.passes(61)
    assert figure(watched, "inbox_oldest_due_seconds") == pytest.approx(1, abs=1)  # of the first


def test_bubbles_that_wait_are_told_by_kind_and_age_from_when_they_are_due(stall, watched):
    put(stall, AWA, "reply")
    stall.passes(30)
    put(stall, KOSSI, "notice")
    later = put(stall, KOSSI, "bulk")
    stall.run("update outbox set due_at = market_now() + interval '1 hour' where id = %(id)s", id=later)
    stall.passes(10)
    found = figures_of(watched)
    assert found["outbox_oldest_due_seconds", "reply"] == pytest.approx(40, abs=5)
    assert found["outbox_oldest_due_seconds", "notice"] == pytest.approx(10, abs=5)
    assert found["outbox_oldest_due_seconds", "bulk"] == 0
    assert [found["outbox_waiting", kind] for kind in ("reply", "notice", "bulk")] == [1, 1, 1]


def test_refused_and_uncertain_bubbles_doubles_and_lost_leases_are_counted(stall, watched):
    first, second = put(stall, AWA), put(stall, KOSSI)
    claim(stall)
    settle(stall, Settlement(first, "waiting", wait=30.0, error="busy 429"), Settlement(second, "uncertain"))
    stall.passes(25)
    found = figures_of(watched)
    assert (found["outbox_refused",], found["outbox_uncertain",]) == (1, 1)
    assert found["outbox_oldest_uncertain_seconds",] == pytest.approx(25, abs=5)
    stall.run("update outbox set lease_owner = 'me' where id = %(id)s", id=second)
    settle(stall, Settlement(second, "waiting", is_resend=True))
    with stall.database.unit_of_work() as db:
        figures.add(db, figures.POSSIBLE_DOUBLES, 1)  # as whoever decides so does
    claim(stall)
    stall.passes(31)
    for lost in (1, 0):
        with stall.database.unit_of_work() as db:
            assert uncertain.expire_leases(db, 100) == lost
    found = figures_of(watched)
    assert (found["possible_doubles_total",], found["leases_lost_total",]) == (1, 1)


def test_paused_accounts_open_lines_and_living_workers_are_told(stall, watched):
    with stall.database.unit_of_work() as db:
        attention.ask(db, "vendor_unreachable", {"vendor": 3})
        db.run("update channel_account set paused_at = market_now()")
        for process, ago in (("a", 5), ("b", 29), ("c", 31)):
            db.run(
                "insert into heartbeat values (%(process)s, 'worker', market_now() - make_interval(secs => %(ago)s))",
                process=process,
                ago=ago,
            )
    found = figures_of(watched)
    assert found["account_paused", "simulator"] == 1
    assert found["attention_open",] == 1
    assert found["workers",] == 2
    assert found["worker_heartbeat_seconds",] == pytest.approx(5, abs=3)


def test_the_spools_files_are_told_with_those_that_were_put_aside(stall, watched):
    watched.spool.put("simulator", Parsed())
    watched.spool.put("simulator", Parsed())
    (watched.spool.folder / "x.unreadable").touch()
    (watched.spool.folder / "y.part").touch()
    found = figures_of(watched)
    assert (found["spool_files", "waiting"], found["spool_files", "put_aside"]) == (2, 1)


def test_a_disk_that_gives_errors_has_no_room_and_hides_nothing_else(stall, watched, monkeypatch):
    watched.spool.put("simulator", Parsed())
    monkeypatch.setattr("os.scandir", fails)
    found = figures_of(watched)
    assert (found["disk_free_bytes",], found["redis_up",], found["database_up",]) == (0, 1, 1)
    assert [name for name, *_ in found if name == "spool_files"] == []


def fails(_):
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_with_the_stores_away_the_process_still_says_what_it_knows_itself(tmp_path):
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")
    watched = Watching(away, Spool(tmp_path / "spool"), lambda: False, known_for=5)
    watched.spool.put("simulator", Parsed())
    found = figures_of(watched)
    assert found.pop(("disk_free_bytes",)) == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.05)
    assert found == {
        ("redis_up",): 0,
        ("database_up",): 0,
        ("spool_files", "waiting"): 1,
        ("spool_files", "put_aside"): 0,
    }


def test_a_storm_of_scrapes_costs_one_look(stall, tmp_path):
    looks, probes = [], []
    watched = Watching(stall.database, Spool(tmp_path / "spool"), lambda: probes.append(1) is None, known_for=5)
    ask = watched._ask
    watched._ask = lambda: looks.append(1) or ask()
    threads = [threading.Thread(target=watched.text) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(looks), len(probes)) == (1, 1)


def nodes_of(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes_of(child)


def test_no_figure_reads_through_what_is_done(stall, watched):
    chat = chat_of(stall, AWA)
    series = f"from generate_series(1, {MANY}) as n"
    stall.run(
        "insert into inbox (account_id, conversation_id, provider_id, message, raw, state)"
        f" select 1, {chat}, n, '{{}}', '', 'done' {series}"
    )
    stall.run(
        "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, state, too_old_at)"
        f" select {chat}, 1, 'reply', n + 1000000, 1, '{{}}', 'read', market_now() {series}"
    )
    stall.run(
        "insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes,"
        " answers, reader, before, after, said, version, now) select n, %(chat)s, '{}', '', '', '', '', '[]', '[]',"
        f" '{{}}', '{{}}', '{{}}', '[]', '', market_now() {series}",
        chat=chat,
    )
    stall.run(f"insert into attention (kind, about, settled_at) select 'x', '{{}}', market_now() {series}")
    stall.says(AWA, "bonjour")
    put(stall, AWA)
    with stall.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze inbox, outbox, turn, attention"))
        values = {
            "doubled": figures.POSSIBLE_DOUBLES,
            "stale": 30,
            "invariants": [],
            "broken": "",
            "lost": "",
            "missed": "",
            "guessed": "",
            "unsubscribed": "",
            "backup": "",
            "certificate": "",
            "forgotten": "",
            "retention": "",
        }
        plan = connection.exec_driver_sql(f"explain (format json) {READ}", values).scalar_one()
    plan = plan if isinstance(plan, list) else json.loads(plan)
    nodes = [node for node in nodes_of(plan[0]["Plan"]) if node.get("Relation Name") in BIG]
    assert {node["Relation Name"] for node in nodes} == set(BIG)
    assert [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"] == []


def check(stall):
    return invariants.check(stall.database, Timing())


def test_one_worker_a_minute_looks_at_the_invariants_and_every_process_shows_what_he_found(stall, watched):
    with stall.database.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=0)
    check(stall)
    found = figures_of(watched)
    names = {invariant.name for invariant in invariants.INVARIANTS}
    assert {label[0] for name, *label in found if name == "invariant_violations"} == names
    assert found["invariant_violations", "held_by_baskets"] == 0
    assert found["invariants_checked_seconds",] < 5

    stall.run("update stock set held = 2 where id = %(id)s", id=good.stock_id)
    check(stall)  # too early: somebody has just looked
    assert figure(watched, "invariant_violations", "held_by_baskets") == 0
    stall.passes(61)
    check(stall)
    found = figures_of(watched)
    broken = {label[0] for (name, *label), value in found.items() if name == "invariant_violations" and value}
    assert broken == {"held_by_baskets", "stock_as_its_ledger_ends"}
    assert found["invariant_violations", "held_by_baskets"] == 1


def test_a_large_table_is_gone_through_in_rounds_and_what_was_found_stays_until_it_is_looked_at_again(
    stall, watched, monkeypatch
):
    monkeypatch.setattr(invariants.invariants, "stretch", partial(stretch, most=2))
    with stall.database.unit_of_work() as db:
        vendor = make_vendor(db)
        goods = [make_good(db, vendor, slug=f"good-{n}", on_hand=0) for n in range(5)]

    def broken_after_a_look():
        stall.passes(61)
        check(stall)
        return figure(watched, "invariant_violations", "held_by_baskets")

    first, *_, last = sorted(good.stock_id for good in goods)
    stall.run("update stock set held = 2 where id in (%(first)s, %(last)s)", first=first, last=last)
    assert [broken_after_a_look() for _ in range(3)] == [1, 1, 2]
    stall.run("update stock set held = 0 where id = %(first)s", first=first)
    assert [broken_after_a_look() for _ in range(3)] == [2, 2, 1]
    stall.run("update stock set held = 0 where id = %(last)s", last=last)
    assert [broken_after_a_look() for _ in range(3)] == [1, 1, 0]


def test_of_workers_that_come_together_one_is_told_to_look(stall):
    told = []

    def ask():
        with stall.database.unit_of_work() as db:
            told.append(figures.begin_if_due(db, "x", 60))

    for expected in (1, 1, 2):
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(told) == expected
        stall.passes(61 if len(told) == 8 else 30)
