"""The doctor: silent about a sound market, and each fault named with what to do about it."""

import json
import os
import re
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
import yaml
from click.testing import CliRunner
from redis import Redis

from base.clock import move_test_clock
from base.config import ROOT, load
from base.db import Database
from base.migrating import revisions
from base.timing import Timing
from bot import accounts, contacts, doctor, figures, invariants
from bot.doctor.machine import ADDRESS_UNSEEN, CERTIFICATE_ENDS_SOON, DAY
from bot.doctor.market import BACKUP_OLD, MOST, UNCHECKED
from bot.messages import Kept, Parsed
from cli import cli
from jobs import show_life
from orders.codes import Codes
from tests import databases
from tests.bot.stall import message_of
from tests.catalog.market import make_good, make_vendor
from tests.conftest import VARIABLES
from tests.shipped import TEXTS
from wiring import build

SEEN = f"{figures.CERTIFICATE}market.example"
PRODUCTION = {"ASSIGAME__ENVIRONMENT": "production", "ASSIGAME__SIMULATOR__ENABLED": "false"}


class Ward:
    """A sound market, and its settings as variables."""

    def __init__(self, environ):
        self.environ = environ
        self.market = build(load(environ=environ))
        self.database, self.var = self.market.database, self.market.config.var
        with self.database.unit_of_work() as db:
            ids = self.market.ids
            accounts.remember_contents(db, ids["twilio"], dict.fromkeys(("fr_qr_1", *TEXTS), "HX"), TEXTS)
            chief = contacts.contact_with_phone(db, ids["twilio"], "+22890000999", "Chef", (ids["twilio"],))
            contacts.grant(db, chief, "organizer", None)
            show_life(db, self.market)
            ends = (
                db.value("select extract(epoch from market_now())::float8")
                + timedelta(days=60, hours=1).total_seconds()
            )
            figures.put(db, {figures.BACKUP: 1, SEEN: int(ends)})
        invariants.check(self.database, Timing())

    def look(self, **more):
        config = load(environ={**self.environ, **more})
        return [(f.level, f.check, f.says, f.do) for f in doctor.examine(config)]

    def faults(self, **more):
        return [found[:3] for found in self.look(**more) if found[0] != "ok"]

    def run(self, sql):
        with self.database.unit_of_work() as db:
            db.run(sql)


@pytest.fixture
def ward(clean_database, database_url, redis_url, redis, tmp_path):
    (tmp_path / "var").mkdir()
    ward = Ward(
        {**VARIABLES, **PRODUCTION, "DATABASE_URL": database_url, "REDIS_URL": redis_url,
         "ASSIGAME_VAR": str(tmp_path / "var")}
    )  # fmt: skip
    yield ward
    ward.database.close()


def test_of_a_sound_market_every_check_says_so(ward):
    found = ward.look()
    assert [line for line in found if line[0] != "ok"] == []
    assert {check for _, check, _, _ in found} == {check.name for check in doctor.CHECKS}
    assert ("ok", "address", "https://market.example is what others are told", "") in found
    assert ("ok", "workers", "1 at work", "") in found
    assert ("ok", "certificate", "the public address's is good for 60.0 days", "") in found
    assert ("ok", "queues", "0 messages and 0 bubbles wait, none too long", "") in found


def worker_is_silent(ward):
    move_test_clock(ward.database, 31)


def account_is_paused(ward):
    with ward.database.unit_of_work() as db:
        accounts.pause(db, ward.market.ids["twilio"], "20003")


def contents_are_missing(ward):
    ward.run("delete from channel_content where name = 'fr_qr_1'")


def template_is_not_approved(ward):
    ward.run("update channel_content set state = 'paused' where name = 'order_news_fr'")


def nobody_is_organizer(ward):
    ward.run("delete from role")


def message_is_dead(ward):
    ward.market.storing.store("twilio", Parsed((Kept(message_of("m1", "+22890000001", "bonjour"), b""),)))
    ward.run("update inbox set state = 'dead'")


def stock_is_wrong(ward):
    with ward.database.unit_of_work() as db:
        make_good(db, make_vendor(db), on_hand=3)


def nobody_has_looked(ward):
    ward.run(f"delete from figure where name like '{figures.BROKEN}%%'")


def nobody_looks(ward):
    ward.run(f"update figure set at = at - interval '11 minutes 20 seconds' where name like '{figures.BROKEN}%%'")


def no_backup(ward):
    ward.run(f"delete from figure where name = '{figures.BACKUP}'")


def certificate_is_not_renewed(ward):
    ward.run(f"update figure set value = value - 52 * 86400 where name = '{SEEN}'")


def certificate_ends(ward):
    ward.run(f"update figure set value = value - 59.5 * 86400 where name = '{SEEN}'")


def certificate_is_refused(ward):
    ward.run(f"update figure set value = value - 61 * 86400 where name = '{SEEN}'")


def nobody_reaches_the_address(ward):
    ward.run(f"update figure set at = at - interval '31 minutes' where name = '{SEEN}'")


def old_backup(ward):
    ward.run(f"update figure set at = at - interval '3 days' where name = '{figures.BACKUP}'")


def old_tables(ward):
    ward.run("update alembic_version set version_num = '0001'")


def newer_tables(ward):
    ward.run("update alembic_version set version_num = '9999'")


def spool_holds_webhooks(ward):
    ward.market.spool.put("twilio", Parsed())


def webhook_was_put_aside(ward):
    ward.market.spool.folder.mkdir(mode=0o700)
    (ward.market.spool.folder / "1.unstorable").touch()


def spool_is_no_folder(ward):
    ward.market.spool.folder.write_text("")
    ward.market.spool.folder.chmod(0o600)


def spool_is_open_to_all(ward):
    ward.market.spool.folder.mkdir()
    ward.market.spool.folder.chmod(0o755)


NEWEST = revisions()[0]
CLOCKS = ("wrong", "clocks", "database and machine are 31 s apart")
SILENCE = ("wrong", "workers", "none has shown itself for 30 s: no announcement is sent, no order expires")
FAULTS = {
    worker_is_silent: [CLOCKS, SILENCE],
    account_is_paused: [("wrong", "accounts", "twilio is paused (20003): nothing is sent from it")],
    contents_are_missing: [("warn", "setups", "twilio: no contents: choices are numbers, without buttons and lists")],
    template_is_not_approved: [("warn", "contents", "twilio: order_news_fr not approved")],
    nobody_is_organizer: [("warn", "organizers", "nobody is told what needs a person")],
    message_is_dead: [("warn", "dead letters", "1 messages have failed for good")],
    stock_is_wrong: [
        (
            "wrong",
            "invariants",
            "stock_as_its_ledger_ends: stock 1: on hand 3, held 0, allocated 0; its ledger ends at 0, 0, 0",
        )
    ],
    nobody_has_looked: [("warn", "invariants", "no worker has ever looked")],
    nobody_looks: [("warn", "invariants", "no worker has looked for 11 min")],
    certificate_is_not_renewed: [("warn", "certificate", "the public address's is good for 8.0 days")],
    certificate_ends: [("wrong", "certificate", "the public address's is good for 0.5 days")],
    certificate_is_refused: [("wrong", "certificate", "the public address's is refused")],
    nobody_reaches_the_address: [("wrong", "certificate", "no worker has reached the public address for 31 min")],
    no_backup: [("warn", "backups", "there is none")],
    old_backup: [("warn", "backups", "the last one is 3 days old")],
    old_tables: [("wrong", "tables", f"at revision 0001, and {NEWEST} is the newest")],
    newer_tables: [("warn", "tables", "at revision 9999, which this program does not know")],
    spool_holds_webhooks: [("warn", "spool", "1 webhooks wait in VAR/spool")],
    webhook_was_put_aside: [("warn", "spool", "1.unstorable was put aside: nobody can store it")],
    spool_is_no_folder: [("wrong", "spool", "VAR/spool cannot be written: Not a directory")],
    spool_is_open_to_all: [("wrong", "secrets", "VAR/spool can be read by others")],
}


@pytest.fixture
def kept_revision(ward):
    """The revision is no row that emptying a database removes."""
    yield
    ward.run(f"update alembic_version set version_num = '{NEWEST}'")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_is_named_with_what_to_do(fault, ward, kept_revision):
    fault(ward)
    found = [line for line in ward.look() if line[0] != "ok"]
    assert [(level, check, says.replace(str(ward.var), "VAR")) for level, check, says, _ in found] == FAULTS[fault]
    assert all(do for *_, do in found)


@pytest.mark.parametrize(
    ("fault", "check", "do"),
    [
        (old_tables, "tables", "cli.py set-up brings them up to date"),
        (nobody_is_organizer, "organizers", "name phones in market.organizers, then cli.py set-up"),
        (worker_is_silent, "workers", "OPERATIONS.md, No worker"),
    ],
)
def test_what_to_do_is_what_serves_beside_a_market_at_work_too(fault, check, do, ward, kept_revision):
    fault(ward)
    assert [found[3] for found in ward.look() if found[1] == check and found[0] != "ok"] == [do]


META = {"META_APP_SECRET": "secret", "META_VERIFY_TOKEN": "word"}
CLOUD = {**META, "WHATSAPP_ACCESS_TOKEN": "EAA", "WHATSAPP_PHONE_NUMBER_ID": "1"}
PAGE = {**META, "MESSENGER_PAGE_TOKEN": "EAA", "MESSENGER_PAGE_ID": "1"}


@pytest.mark.parametrize(
    ("variables", "whole", "found"),
    [
        (
            CLOUD,
            "WHATSAPP_WABA_ID",
            "whatsapp: no waba_id: it can have no templates, and news of its account is not told",
        ),
        (PAGE, "META_APP_ID", "messenger: no app_id: an answer from another app is taken for ours"),
    ],
)
def test_what_an_account_works_without_but_not_as_well_is_told(ward, variables, whole, found):
    assert [says for _, check, says in ward.faults(**variables) if check == "setups"] == [found]
    told = ward.look(**variables, **{whole: "2"})
    key = found.partition(":")[0]
    assert {says for level, check, says, _ in told if (level, check) == ("ok", "setups")} >= {f"{key} is set up"}


def test_who_can_have_no_templates_is_not_told_to_push_them(ward):
    told = [says for _, check, says, _ in ward.look(**CLOUD) if check == "contents"]
    assert told == ["twilio: all templates are approved"]


def test_what_waits_too_long_is_told_by_the_limits_at_which_alarms_ring(ward):
    ward.market.storing.store("twilio", Parsed((Kept(message_of("m1", "+22890000001", "bonjour"), b""),)))
    move_test_clock(ward.database, timedelta(seconds=33).total_seconds())
    told = [says for _, check, says in ward.faults() if check == "queues"]
    assert [re.sub(r"3[2-9] s$", "33 s", says) for says in told] == [  # whole seconds go by on a busy machine
        "the oldest message waits for 33 s",
        "messages are due, and nobody has been answered for 33 s",
    ]


def test_the_limits_are_those_of_the_alarms():
    rules = [rule for group in yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"]
             for rule in group["rules"]]  # fmt: skip
    told = (re.match(r"max\(assigame_([^)]+)\) > (\d+)", rule["expr"]) for rule in rules)
    by_metric = {one[1]: int(one[2]) for one in told if one}
    for (column, label), (most, _) in MOST.items():
        assert by_metric[f'{column}{{kind="{label}"}}' if label else column] == most
    assert by_metric["backup_seconds"] == BACKUP_OLD
    soon, today = (rule["expr"] for rule in rules if rule["alert"].startswith("Certificate"))
    assert soon == f"min(assigame_certificate_left_seconds) < {CERTIFICATE_ENDS_SOON}"
    assert today == f"min(assigame_certificate_left_seconds) < {DAY}"
    assert by_metric["certificate_seen_seconds"] == ADDRESS_UNSEEN
    assert by_metric["invariants_checked_seconds"] == UNCHECKED


@pytest.mark.parametrize(
    "variables, expected",
    [
        ({"PUBLIC_BASE_URL": "http://market.example"}, ("wrong", "address", "http://market.example is not https")),
        ({"ASSIGAME__SIMULATOR__ENABLED": "true"}, ("warn", "accounts", "the simulator is open")),
    ],
)
def test_settings_that_are_whole_and_unwise_are_named(ward, variables, expected):
    ((level, check, says),) = ward.faults(**variables)
    assert (level, check) == expected[:2]
    assert says.startswith(expected[2])


def test_organizers_whom_only_the_settings_name_are_told_nothing_yet(ward):
    named = {"ASSIGAME__MARKET__ORGANIZERS": '["+22890000998", "+22890000999"]'}
    unappointed = ("warn", "organizers", "1 of market.organizers are none yet")
    assert ward.faults(**named) == [unappointed]
    assert ("ok", "organizers", "1 are told what needs a person", "") in ward.look(**named)
    nobody_is_organizer(ward)
    assert ward.faults(**named) == [("warn", "organizers", "2 of market.organizers are none yet")]
    run = build(load(environ={**ward.environ, **named}))
    run.appoint_organizers()
    run.database.close()
    assert ward.faults(**named) == []


def test_a_market_at_rest_is_looked_at_as_far_as_it_goes(ward, tmp_path):
    nowhere = {
        "DATABASE_URL": "postgresql://postgres@/nothing?host=/nowhere",
        "REDIS_URL": "unix:///nowhere/redis.sock",
    }
    assert ward.faults(**nowhere) == [
        ("wrong", "database", "PostgreSQL does not answer: OperationalError"),
        ("wrong", "redis", "Redis does not answer: ConnectionError"),
    ]
    demo = {"ASSIGAME__ENVIRONMENT": "demo", "DATABASE_URL": "", "REDIS_URL": ""}
    assert ward.faults(**demo) == [
        ("wrong", "database", "no PostgreSQL runs here, and no address is set"),
        ("wrong", "redis", "no Redis runs here, and no address is set"),
    ]


def test_an_empty_database_is_no_error_of_the_doctors(ward, services):
    with databases.administrator(services) as connection:
        connection.execute(f"create database test_{os.getpid()}_empty")
        url = databases.url_of(services, f"test_{os.getpid()}_empty")
        assert ward.faults(DATABASE_URL=url) == [("wrong", "tables", "the database is empty")]
        databases.drop(connection, f"test_{os.getpid()}_empty")


def test_a_redis_that_forgets_is_named(ward, monkeypatch):
    """Only this test hears so: what is set at the server is set for all who test beside it."""
    info = Redis.info
    monkeypatch.setattr(Redis, "info", lambda *asked: {**info(*asked), "maxmemory_policy": "allkeys-lru"})
    assert ward.faults() == [("wrong", "redis", "Redis forgets keys when it is full (allkeys-lru)")]


def test_a_disk_that_is_nearly_full_is_named(ward, monkeypatch):
    for free, level in ((1_999_000_000, "warn"), (499_000_000, "wrong")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        (found,) = ward.faults()
        assert found[:2] == (level, "disk")


def test_a_table_that_is_gone_is_told_and_the_rest_is_looked_at(new_database_url, ward):
    database = Database(new_database_url)
    with database.unit_of_work() as db:
        db.run("drop table role")
    database.close()
    found = ward.faults(DATABASE_URL=new_database_url)
    assert ("wrong", "organizers", "could not be looked at: UndefinedTable") in found
    assert "backups" in [check for _, check, _ in found]


def test_a_key_that_makes_other_codes_is_named(ward):
    code = Codes(ward.market.config.lasting_key).code_of(417)
    ward.run(
        'insert into "order" (id, code, contact_id, conversation_id, quarter, landmark, recipient, phone, payment,'
        f" total) overriding system value values (417, '{code}', 1, 1, '', '', 'Awa', '+22890000001', 'cash', 0)"
    )
    assert ward.faults() == []
    key = VARIABLES["SECRET_KEY"]
    assert ward.faults(SECRET_KEY="new", LASTING_KEY=key) == []
    assert ward.faults(SECRET_KEY="new") == [("wrong", "keys", "the codes of orders were made with another key")]


def test_secrets_that_are_believed_beside_those_in_use_are_named(ward):
    beside = {"SECRET_KEY_PREVIOUS": "old", "LASTING_KEY": "old", "META_VERIFY_TOKEN_PREVIOUS": "v"}
    assert ward.faults(**beside) == [
        ("warn", "keys", "SECRET_KEY_PREVIOUS is believed beside the secret in use"),
        ("warn", "keys", "META_VERIFY_TOKEN_PREVIOUS is believed beside the secret in use"),
    ]


def types(ward, *words, **more):
    return CliRunner(env={**ward.environ, **more}).invoke(cli, ["doctor", *words])


def test_the_command_prints_a_line_each_and_ends_with_1_when_something_is_wrong(ward):
    said = types(ward)
    assert (said.exit_code, "ok     tables" in said.output) == (0, True)
    nobody_is_organizer(ward)
    assert types(ward).exit_code == 0  # a warning
    account_is_paused(ward)
    said = types(ward)
    assert said.exit_code == 1
    assert "attention --resume twilio" in said.output


def test_the_command_prints_json_for_programs(ward):
    account_is_paused(ward)
    said = types(ward, "--json")
    found = json.loads(said.output)
    assert said.exit_code == 1
    assert [(one["check"], one["do"]) for one in found if one["level"] == "wrong"] == [
        ("accounts", "once that is mended: cli.py attention --resume twilio")
    ]


def test_settings_that_are_not_complete_are_all_named_as_wrong(ward):
    said = types(ward, "--json", SECRET_KEY="", PUBLIC_BASE_URL="")
    assert said.exit_code == 1
    assert [(one["level"], one["says"]) for one in json.loads(said.output)] == [
        ("wrong", "secret_key (SECRET_KEY): missing"),
        ("wrong", "server.public_base_url (PUBLIC_BASE_URL): missing"),
    ]
