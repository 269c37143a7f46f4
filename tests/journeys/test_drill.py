"""The drill: a market takes orders, is backed up, goes on, loses its database, comes back, doubles nothing, goes on."""

import shutil
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from base import backups
from base.db import Database
from base.invariants import violations
from bot import uncertain
from bot.invariants import INVARIANTS
from cli import cli
from tests import databases
from tests.fakes.twilio import FakeTwilio
from tests.journeys.conftest import begin_on_a_morning, environment, planted_market, settle_people
from tests.journeys.play import Play
from tests.journeys.stage import Stage, web_of
from tests.journeys.transcript import STORIES, read
from tests.journeys.wires import TwilioWire
from tests.ports import free_port

LOST, LATE, NEVER, AFTER = (f"+2289088000{number}" for number in range(1, 5))
AWA, YAWA = "+22890000001", "+22890000101"
OF_A_MARKET = ("order", "vendor_order", "order_line", "stock", "stock_movement", "inbox", "outbox", "turn", "photo")


class Drill:
    """One market's settings, its provider, and what an operator types."""

    def __init__(self, environ, port, provider, folder):
        self.environ, self.port, self.provider, self.folder = environ, port, provider, folder

    @property
    def url(self):
        return self.environ["DATABASE_URL"]

    @contextmanager
    def at_work(self):
        """The market's processes, step by step."""
        stage = Stage(self.environ)
        with web_of(stage.market, self.port):
            yield stage
        stage.close()

    def types(self, *words, fails=False):
        result = CliRunner(env=self.environ).invoke(cli, list(words))
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.split())

    def says(self, phone, words):
        assert self.provider.deliver(self.provider.say(phone, words, name="Kossi")) == 200

    def rows(self, sql):
        database = Database(self.url, pool_size=1)
        with database.unit_of_work() as db:
            found = db.rows(sql)
        database.close()
        return found

    def counts(self):
        database = Database(self.url, pool_size=1)
        with database.unit_of_work() as db:
            found = backups.count_rows(db)
        database.close()
        return {table: found[table] for table in OF_A_MARKET}

    def broken(self):
        database = Database(self.url, pool_size=1)
        with database.unit_of_work() as db:
            found = violations(db, INVARIANTS)
        database.close()
        return found

    def heard(self, phone):
        return [sent.body for sent in self.provider.to(phone)]


@pytest.fixture
def drill(services, redis_url, redis, tmp_path):
    template, photos = planted_market(services, redis_url)
    shutil.copytree(photos / "media", tmp_path / "var" / "media")
    port = free_port()
    with (
        databases.copied_database(services, template) as url,
        FakeTwilio(web=f"http://127.0.0.1:{port}", public_base_url="https://market.example", callbacks=()) as provider,
    ):
        own = {
            "PORT": str(port),
            "TWILIO_ACCOUNT_SID": provider.account_sid,
            "TWILIO_AUTH_TOKEN": provider.auth_token,
            "TWILIO_WHATSAPP_FROM": provider.sender,
            "TWILIO_API_BASE": provider.url,
            "ASSIGAME__SIMULATOR__ENABLED": "false",
        }
        yield Drill(environment(url, redis_url, tmp_path / "var", **own), port, provider, tmp_path)


def test_a_market_that_lost_its_database_comes_back_with_its_orders_and_doubles_no_reply(drill, services, redis):
    file = drill.folder / "market.tar"
    with drill.at_work() as stage:
        take_an_order(drill, stage)
        leave_replies_open(drill, stage)
        assert " photos and " in drill.types("backup", str(file))
        kept = drill.counts()
        go_on_after_the_backup(drill, stage)
    sent = len(drill.provider.messages)
    lose_everything(services, drill)
    redis.set("somebody_elses", "1")

    said = drill.types("restore", str(file))

    assert "3 bubbles may have gone out" in said
    assert "cli.py attention --resume twilio" in said
    assert (drill.counts(), drill.broken()) == (kept, [])
    assert photos_there(drill) == [f"{row.hash}.jpg" for row in drill.rows("select hash from photo order by hash")]
    assert redis.keys("session:*") == []
    assert redis.get("somebody_elses") == b"1"
    with drill.at_work() as stage:
        look_up_what_is_in_doubt(stage)
        assert drill.rows("select count(*) from outbox where state = 'uncertain'") == [(0,)]
        assert len(drill.provider.messages) == sent  # nothing is sent until somebody says so

        drill.types("attention", "--resume", "twilio")
        stage.settle()
        assert [len(drill.heard(phone)) for phone in (LOST, LATE, NEVER)] == [1, 1, 1]
        assert len(drill.provider.messages) == sent + 1
        assert set(drill.rows("select state from outbox")) == {("sent",)}

        finish_the_order(drill, stage)
        assert sorted(message.to for message in drill.provider.messages[sent + 1 :]) == [
            f"whatsapp:{phone}" for phone in (AWA, YAWA, YAWA)
        ]
        assert drill.rows("select state from vendor_order order by id") == [("ready",), ("accepted",)]
        assert drill.broken() == []


def take_an_order(drill, stage):
    """A story with one order of two shops; then the clock is the provider's again."""
    settle_people(stage, drill.provider)
    begin_on_a_morning(stage.market.database)
    Play(stage, TwilioWire(drill.provider)).run(read(STORIES / "a_first_order.txt"))
    with stage.market.database.unit_of_work() as db:
        db.run("update test_clock set ahead = interval '0'")


def leave_replies_open(drill, stage):
    """One reply that waits for long, one whose answer was lost, one that is about to go."""
    stage.taker.sender = None  # so that answers lie in the outbox
    drill.says(NEVER, "2 gari fin")
    stage.taker.take_waiting()
    with stage.market.database.unit_of_work() as db:
        db.run("update outbox set due_at = market_now() + interval '1 hour' where state = 'waiting'")
    drill.provider.mode("accept_then_reset", times=1)
    drill.says(LOST, "2 gari fin")
    stage.settle()
    drill.says(LATE, "2 gari fin")
    stage.taker.take_waiting()
    open_ones = drill.rows("select state, count(*) from outbox where state <> 'sent' group by state order by state")
    assert open_ones == [("uncertain", 1), ("waiting", 2)]


def go_on_after_the_backup(drill, stage):
    """What was about to go goes; somebody new is answered."""
    drill.says(AFTER, "2 gari fin")
    stage.settle()
    assert [len(drill.heard(phone)) for phone in (LOST, LATE, NEVER, AFTER)] == [1, 1, 0, 1]


def look_up_what_is_in_doubt(stage):
    """As the worker does."""
    stage.pass_time(80)
    for account_id in stage.market.accounts:
        uncertain.resolve(stage.market.office, account_id, 100)
    stage.settle()


def finish_the_order(drill, stage):
    """A vendor types the code of the order that came back; its buyer hears of it."""
    code = drill.rows('select code from "order"')[0].code.removeprefix("TG-")
    drill.says(YAWA, f"P {code}")
    stage.settle()
    assert code in drill.heard(AWA)[-1]


def photos_there(drill):
    return sorted(path.name for path in (drill.folder / "var" / "media").iterdir())


def lose_everything(services, drill):
    """The database and the photos."""
    with databases.administrator(services, database=drill.url.split("?")[0].rsplit("/", 1)[1]) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    shutil.rmtree(drill.folder / "var" / "media")
