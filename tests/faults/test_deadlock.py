"""A real deadlock: somebody from outside, who keeps to no order of rows, meets a turn of the market."""

import threading
from functools import partial
from types import SimpleNamespace

import psycopg
import pytest

from bot.engine import FRESH, Taker
from bot.messages import Kept, Parsed
from tests import databases
from tests.bot.stall import message_of
from tests.conftest import VARIABLES
from tests.journeys.conftest import environment
from tests.journeys.stage import Stage
from tests.processes.people import fill_baskets, people_of, stock_up
from tests.waiting import wait_for

# Until a turn that waits for a row looks for a deadlock, before it gives up: whoever is to make it has time until then.
PATIENCE = "1700ms"
TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM")
LOCK = "select id from stock where id = %s for no key update"
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
HELD = "select array_agg(held order by id) from stock where id = any(%(ids)s)"


@pytest.fixture
def market(services, planted, redis, redis_url):
    """A market of its own, whose database must have met one deadlock when all is over."""
    template, photos = planted
    with databases.copied_database(services, template, deadlocks=1) as url:
        with psycopg.connect(raw(url), autocommit=True) as connection:
            connection.execute(f"alter database {connection.info.dbname} set deadlock_timeout = '{PATIENCE}'")
        settings = {name: VARIABLES[name] for name in TWILIO}
        stage = Stage(environment(url, redis_url, photos, **settings))
        yield SimpleNamespace(url=raw(url), market=stage.market, database=stage.market.database, value=value_of(stage))
        stage.close()


def raw(url):
    return url.replace("+psycopg", "")


def value_of(stage):
    def value(sql, **values):
        with stage.market.database.unit_of_work() as db:
            return db.value(sql, **values)

    return value


@pytest.mark.parametrize("succeeded", [FRESH, 0], ids=["alone in a batch", "marked before it began"])
def test_a_turn_that_postgresql_ends_for_a_deadlock_counts_against_nobody_and_is_made_once(market, succeeded):
    (buyer,) = people_of(market, 1)
    with market.database.unit_of_work() as db:
        goods = db.rows("select id, stock_id from product order by stock_id limit 2")
    first, last = (row.stock_id for row in goods)
    stock_up(market, [first, last], 10)
    fill_baskets(market, [(buyer, [row.id for row in goods])])
    market.market.storing.store("twilio", Parsed((Kept(message_of("in1", buyer.phone, "commander"), b""),)))
    before = state_of(market)
    taker = Taker(market.market.bot, succeeded=succeeded)
    taking = threading.Thread(target=taker.take_waiting)

    with psycopg.connect(market.url) as outsider:
        outsider.execute("set deadlock_timeout = '1h'")  # the turn is the one that looks, and ends
        outsider.execute(LOCK, (last,))
        taking.start()
        wait_for(partial(market.value, WAITING), "the turn does not wait")  # it has the first one
        outsider.execute(LOCK, (first,))  # free when PostgreSQL has ended the turn
        taking.join(30)
        assert (taker.counts, taker.missed) == ({"40P01": 1}, int(succeeded > 0))  # he is looked for again soon
        assert state_of(market) == before
        assert market.value("select count(*) from turn") == 0
        outsider.rollback()

    assert taker.take_waiting() == 1
    assert taker.take_waiting() == 0
    assert market.value("select count(*) from turn") == market.value("select count(*) from outbox") == 1
    assert market.value(HELD, ids=[first, last]) == [1, 1]
    assert taker.counts == {"40P01": 1}


def state_of(market):
    """The one message as nobody has tried it: open, without a try or an error, due as ever."""
    return market.value("select jsonb_build_array(state, attempts, error, due_at) from inbox")
