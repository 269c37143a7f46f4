"""The wired market: webhooks behind the spool, accounts that were switched off, who shares a phone."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from psycopg import OperationalError
from sqlalchemy import make_url

from base.clock import now
from base.config import load
from base.embedded_place import find_place
from bot import files, warming
from bot.inbox import Stored
from bot.messages import Kept, Parsed
from bot.taking import Taking
from catalog import search, vocabulary
from catalog.products import products
from catalog.vocabulary import LATE_IDS
from orders.terms import Terms
from tests import databases
from tests.bot.stall import AWA, message_of
from tests.catalog.market import make_category, make_good, make_vendor
from tests.conftest import VARIABLES
from tests.fakes.twilio import FakeTwilio
from tests.faults.proxy import FaultProxy
from tests.orders.buying import order
from tests.waiting import wait_for
from wiring import build


@pytest.fixture
def behind_proxy(clean_database, database_url, redis_url, redis, tmp_path):
    """A market, and the proxy that stands before its PostgreSQL."""
    with FaultProxy(str(find_place(databases.VAR).sockets / ".s.PGSQL.5432")) as proxy:
        url = make_url(database_url).set(host="127.0.0.1", port=proxy.port, query={})
        variables = {"DATABASE_URL": url.render_as_string(hide_password=False), "REDIS_URL": redis_url}
        market = build(load(environ=VARIABLES | variables | {"ASSIGAME_VAR": str(tmp_path / "var")}))
        yield market, proxy
        market.database.close()


def webhook(number, text="riz"):
    return Parsed((Kept(message_of(f"m{number}", AWA, text), b"raw"),))


def account(market):
    return next(a for a in market.config.active_accounts() if a.kind == "simulator")


def keep(market, number):
    market.storing.keep(account(market).key, webhook(number))


def kept(market):
    with market.database.unit_of_work() as db:
        return [row.provider_id for row in db.rows("select provider_id from inbox order by id")]


def test_while_the_spool_holds_a_file_every_webhook_goes_behind_it(market):
    market.spool.put("simulator", webhook(1))
    keep(market, 2)
    assert kept(market) == []
    assert market.storing.drain() == 2
    assert kept(market) == ["m1", "m2"]
    keep(market, 3)
    assert kept(market) == ["m1", "m2", "m3"]


def test_who_finds_the_spool_empty_once_he_may_write_there_is_stored_at_once(market, monkeypatch):
    market.spool.put("simulator", webhook(1))
    assert market.storing.drain() == 1
    monkeypatch.setattr(type(market.spool), "is_empty", once(False, type(market.spool).is_empty))
    keep(market, 2)
    assert kept(market) == ["m1", "m2"]


def test_what_is_stored_is_told_to_the_taker_of_the_process(market):
    class Taking:
        def heed(self, due):
            heard.extend(due)

    heard, market.taking = [], Taking()
    keep(market, 1)  # nobody known
    keep(market, 2)
    with market.database.unit_of_work() as db:
        chats = [row.conversation_id for row in db.rows("select conversation_id from inbox order by id")]
    assert [chat for chat, _ in heard] == chats
    assert len(chats) == 2


def once(first, later):
    """A method that gives this at its first call, and then what it gives."""
    answers = [first]
    return lambda self: answers.pop() if answers else later(self)


def test_a_webhook_is_spooled_while_the_database_is_away_and_stored_once_when_it_is_back(market, monkeypatch):
    keep(market, 1)

    def away(*_):
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(market.database, "unit_of_work", away)
        patch.setattr(market.database, "autocommit", away)
        keep(market, 2)
        assert market.storing.drain() == 0
    assert kept(market) == ["m1"]
    market.spool.put("simulator", webhook(1))  # the answer to a commit was lost: it is there already
    assert market.storing.drain() == 2
    assert kept(market) == ["m1", "m2"]


def test_a_spooled_webhook_of_an_account_that_is_off_now_holds_up_nobody(market):
    market.spool.put("gone", webhook(1))
    market.spool.put("simulator", webhook(2))
    market.storing.drain()
    assert kept(market) == ["m2"]
    assert market.spool.is_empty()
    assert [path.suffix for path in market.spool.folder.iterdir() if not path.name.endswith("lock")] == [".unstorable"]


def test_a_market_is_ready_only_with_a_worker_that_lives(market):
    assert market.is_ready() == {"worker": "no heartbeat"}
    beat = "insert into heartbeat values ('host:1', 'worker', market_now() - make_interval(secs => %(ago)s))"
    with market.database.unit_of_work() as db:
        db.run(beat + " on conflict (process) do update set at = excluded.at", ago=31)
    assert market.is_ready() == {"worker": "no heartbeat"}
    with market.database.unit_of_work() as db:
        db.run("update heartbeat set at = market_now()")
    assert market.is_ready() == {}


def test_who_writes_sees_at_his_own_provider_that_he_is_answered_though_the_database_is_away(redis_url, tmp_path):
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": redis_url}
    with FakeTwilio(auth_token=VARIABLES["TWILIO_AUTH_TOKEN"], public_base_url="https://market.example") as fake:
        own = {"TYPING": "true", "MESSAGING_BASE": fake.url}
        twilio = {f"ASSIGAME__CHANNEL_ACCOUNTS__0__{name}": value for name, value in own.items()}
        market = build(load(environ=VARIABLES | away | twilio | {"ASSIGAME_VAR": str(tmp_path / "var")}))
        sender = next(one for one in market.config.active_accounts() if one.kind == "twilio_whatsapp")
        sid = f"SM{1:032x}"
        market.courtesy.answer_soon(
            sender, Parsed((Kept(message_of(sid, AWA, "je cherche du riz"), b"raw"),)), Stored(1)
        )
        wait_for(lambda: fake.typing, "he sees nothing")
        assert fake.typing == [sid]


def test_every_provider_that_shows_typing_is_asked_for_it(redis_url, tmp_path):
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": redis_url}
    market = build(load(environ=VARIABLES | away | {"ASSIGAME_VAR": str(tmp_path / "var")}))
    assert market.courtesy.shown_by.keys() == {"twilio_whatsapp", "whatsapp_cloud", "messenger"}


def test_a_webhook_that_says_nothing_to_us_waits_in_no_spool_while_the_database_is_away(market):
    def away(*_):
        raise OperationalError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(market.database, "unit_of_work", away)
        patch.setattr(market.database, "autocommit", away)
        assert market.storing.keep(account(market).key, Parsed()) == Stored()
    assert market.spool.is_empty()


def test_in_production_the_simulator_proves_no_phone(market):
    ids = market.ids
    assert market.keepers["simulator"].sharing == tuple(ids.values())
    market = replace(market, config=market.config.model_copy(update={"environment": "production"}))
    assert market.keepers["simulator"].sharing == (ids["simulator"],)


def test_a_page_proves_no_phone_and_who_organizes_by_phone_has_no_chat_there(
    clean_database, database_url, redis_url, redis, tmp_path
):
    urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path / "var")}
    graph = {"META_APP_SECRET": "a", "META_VERIFY_TOKEN": "b", "MESSENGER_PAGE_TOKEN": "c", "MESSENGER_PAGE_ID": "1"}
    market = build(load(environ=VARIABLES | urls | graph | {"ASSIGAME__MARKET__ORGANIZERS": '["+22890000090"]'}))
    market.appoint_organizers()
    with market.database.unit_of_work() as db:
        chats = db.rows("select account_id from conversation")
    market.database.close()
    assert market.keepers["messenger"].sharing == (market.ids["messenger"],)
    assert {row.account_id for row in chats} == {*market.ids.values()} - {market.ids["messenger"]}


def test_a_database_that_answers_nothing_holds_no_thread_that_asks_for_figures_or_readiness(behind_proxy):
    market, proxy = behind_proxy
    assert (market.is_ready(), b"assigame_database_up 1.0" in market.figures()) == ({"worker": "no heartbeat"}, True)
    market.watching._known_until = float("-inf")
    told = {}
    asking = [
        threading.Thread(target=lambda: told.update(ready=market.is_ready())),
        threading.Thread(target=lambda: told.update(up=b"assigame_database_up 1.0" in market.figures())),
    ]
    proxy.fault(swallows=True)
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(8)
    proxy.fault()
    assert told == {"ready": {"database": "OperationalError"}, "up": False}


def test_what_takes_long_to_draw_is_drawn_when_no_connection_is_held(market, monkeypatch):
    lent = []

    def draw(receipt):
        lent.append(market.database.engine.pool.checkedout() - len(market.database._at_hand))
        return b"drawn"

    monkeypatch.setattr("bot.receipt_drawing.draw", draw)
    with market.database.unit_of_work() as db:
        terms = Terms.of(market.config.lasting_key, market.config.timing, market.config.market.delivery_bands)
        placed = order(db, terms, (make_good(db, make_vendor(db)), 2))
        address = files.path_to("receipt", market.config.secret_key, placed.order_id, now(db) + timedelta(minutes=1))
    found = market.document("receipt", address.rpartition("/")[2])
    assert (found.content, found.content, lent) == (b"drawn", b"drawn", [0])


def test_a_receipt_is_made_of_the_orders_rows_until_its_address_is_too_old(market):
    with market.database.unit_of_work() as db:
        market_terms = Terms.of(market.config.lasting_key, market.config.timing, market.config.market.delivery_bands)
        rice = make_good(db, make_vendor(db))
        placed = order(db, market_terms, (rice, 2))
        key, good, over = market.config.secret_key, now(db) + timedelta(minutes=1), now(db) - timedelta(seconds=1)
        path = files.path_to("receipt", key, placed.order_id, good)
        other = files.path_to("receipt", key, placed.order_id + 1, good)
        old = files.path_to("receipt", key, placed.order_id, over)
        foreign = files.path_to("data", key, placed.order_id, good)
    opened, missing, expired, wrong = (
        market.document("receipt", one.rpartition("/")[2]) for one in (path, other, old, foreign)
    )
    assert (opened.name, opened.mime, opened.content[:5]) == (f"recu-{placed.code}.pdf", "application/pdf", b"%PDF-")
    assert (missing, expired, wrong, market.document("receipt", "anything")) == (None, None, None, None)


def test_the_first_search_of_a_process_that_takes_turns_reads_no_goods_but_new_ones(market, monkeypatch):
    monkeypatch.setattr(vocabulary, "_KNOWN", {})
    monkeypatch.setattr(warming, "warm_after", lambda seconds: None)
    monkeypatch.setattr(Taking, "start", lambda taking: None)
    with market.database.unit_of_work() as db:
        vendor, category = make_vendor(db), make_category(db)
        names = ("Gari fin", "Savon noir", "Huile rouge", "Maïs blanc", "Pagne wax")
        goods = [make_good(db, vendor, name, category=category).id for name in names]

    with monkeypatch.context() as patch:
        patch.setattr(vocabulary, "SLICE", 2)
        taker = market.start_taking(lambda: None).make()
    assert (taker.bot, taker.prepare) == (market.bot, warming.warm)
    assert searched(market, "garri") == (["Gari fin"], [])

    with market.database.unit_of_work() as db:
        make_good(db, vendor, "Gari gros", category=category)
    assert searched(market, "garri") == (["Gari fin", "Gari gros"], [goods[-1] - LATE_IDS])


def searched(market, words):
    """What is found, and from which goods on those were read whose words were read for it."""
    with market.database.transaction() as db:
        asked, executed = [], db._executed
        db._executed = lambda sql, values: asked.append((sql, values)) or executed(sql, values)
        found = products(db, search.find(db, words).ids)
    read = [values for sql, values in asked if "string_agg(folded" in sql]
    return sorted(product.name for product in found), [values["last"] for values in read]
