"""Messages whose webhooks were lost are found at the provider once, and no others."""

from datetime import UTC, datetime, timedelta

import pytest

from base import clock
from base.clock import move_test_clock
from base.config import load
from bot import accounts, forgetting, reconciling
from bot.engine import FRESH, Taker
from jobs import looks_of, show_life
from tests.conftest import VARIABLES
from tests.fakes.twilio import FakeTwilio
from tests.journeys.replay import check_every_turn
from wiring import build

AWA, KOSSI = "+22890000001", "+22890000002"
FILE = f"ME{7:032x}"


@pytest.fixture
def fake():
    with FakeTwilio(auth_token=VARIABLES["TWILIO_AUTH_TOKEN"], public_base_url="https://market.example") as running:
        yield running


@pytest.fixture
def market(clean_database, database_url, redis_url, redis, tmp_path, fake):
    """A market whose Twilio account speaks to the fake."""
    stores = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path / "var")}
    more = {"ASSIGAME__DATABASE__STORE_WITHIN_SECONDS": "60", "TWILIO_API_BASE": fake.url}
    market = build(load(environ=VARIABLES | stores | more))
    yield market
    market.database.close()


class House:
    """A market and its provider, whose clocks go together; the first look is made."""

    def __init__(self, market, fake):
        self.market, self.fake = market, fake
        self.account_id = market.ids["twilio"]
        self.account = market.accounts[self.account_id]
        with market.database.unit_of_work() as db:
            fake.ahead = clock.now(db) - datetime.now(UTC)
        assert self.look() == 0

    def look(self):
        (every,) = looks_of(self.market, self.account_id)
        return every.job(self.market)

    def passes(self, seconds):
        move_test_clock(self.market.database, seconds)
        self.fake.ahead += timedelta(seconds=seconds)

    def brings(self, inbound):
        """The webhook comes."""
        channel = self.market.channels[self.account.kind]
        self.market.storing.keep(self.account.key, channel.parse(self.account, inbound.as_request()))

    def hears(self, inbound=None):
        """One turn, of a webhook that comes or of what a look has found; how it was read."""
        if inbound:
            self.brings(inbound)
        with self.market.database.unit_of_work() as db:
            db.run("update inbox set due_at = received_at where state = 'open'")
        assert Taker(self.market.bot, succeeded=FRESH).take_waiting() == 1
        return self.rows("select read_as from turn order by id desc limit 1")[0][0]

    def rows(self, sql):
        with self.market.database.unit_of_work() as db:
            return [tuple(row) for row in db.rows(sql)]

    def texts(self):
        return [text for (text,) in self.rows("select message->>'text' from inbox order by id")]

    def missed(self):
        return self.rows("select name, value from figure where name = 'webhooks_missed'")


@pytest.fixture
def house(market, fake):
    return House(market, fake)


def test_the_first_look_asks_nothing(house, fake):
    assert fake.requests == []
    assert house.rows("select count(*) from reconcile") == [(1,)]


def test_a_lost_message_is_found_once_by_the_id_of_its_webhook(house, fake, capsys):
    house.passes(200)
    lost = fake.say(AWA, "je veux du riz")
    house.passes(99)
    assert (house.look(), fake.requests) == (0, [])  # not due
    house.passes(2)
    assert house.look() == 1
    sid = fake.heard[fake.sender][0].fields["MessageSid"]
    assert house.rows("select provider_id, message->>'text', state from inbox") == [(sid, "je veux du riz", "open")]
    assert house.missed() == [("webhooks_missed", 1)]
    house.passes(301)
    assert house.look() == 0
    house.brings(lost)  # Twilio's own last try
    assert house.texts() == ["je veux du riz"]
    assert house.missed() == [("webhooks_missed", 1)]


def test_a_number_that_is_found_late_chooses_nothing_of_what_was_asked_since(house, fake):
    assert house.hears(fake.say(AWA, "menu")) == "go"
    house.passes(100)
    fake.say(AWA, "1")
    house.passes(20)
    assert house.hears(fake.say(AWA, "suivi")) != "stale"
    house.passes(200)
    assert house.look() == 1
    assert house.hears() == "stale"
    assert house.rows("select reader->'is_late' from turn order by id") == [(False,), (False,), (True,)]
    check_every_turn(house.market)


def test_a_number_that_is_found_late_answers_what_is_still_open(house, fake):
    assert house.hears(fake.say(AWA, "menu")) == "go"
    house.passes(100)
    fake.say(AWA, "1")
    house.passes(201)
    assert house.look() == 1
    assert house.hears() == "answer"


def test_what_its_webhook_brought_is_not_kept_again(house, fake):
    house.brings(fake.say(AWA, "un"))
    fake.say(AWA, "deux")
    house.brings(fake.say(AWA, "trois"))
    fake.photo(KOSSI, fake.keeps(b"x", FILE), "quatre")
    house.passes(301)
    assert house.look() == 2
    assert sorted(house.texts()) == ["deux", "quatre", "trois", "un"]
    assert house.rows("select kind from received_media") == [("image",)]
    assert [path for _, path, _, _ in fake.requests if "Media" in path] == [
        f"/2010-04-01/Accounts/{fake.account_sid}/Messages/SM{4:032x}/Media.json"
    ]


def test_a_young_message_is_left_to_its_webhook_until_the_next_look(house, fake):
    house.passes(290)
    fake.say(AWA, "vieux")
    house.passes(30)
    fake.say(AWA, "jeune")
    house.passes(31)
    assert (house.look(), house.texts()) == (1, ["vieux"])
    house.passes(301)
    assert (house.look(), house.texts()) == (1, ["vieux", "jeune"])


def test_what_was_missed_is_kept_in_the_order_of_its_time(house, fake):
    for number, ago in enumerate((10, 200, 100)):
        fake.ahead -= timedelta(seconds=ago)
        fake.say((AWA, KOSSI)[number % 2], str(number))
        fake.ahead += timedelta(seconds=ago)
    house.passes(301)
    assert house.look() == 3
    assert house.texts() == ["1", "2", "0"]


def test_a_list_of_many_pages_is_kept_whole_in_several_questions(house, fake, monkeypatch):
    monkeypatch.setattr(reconciling, "AT_ONCE", 100)
    for number in range(230):
        fake.say(f"+2289000{number % 7:04}", str(number))
    house.passes(301)
    assert house.look() == 230
    assert house.texts() == [str(number) for number in range(230)]
    assert house.missed() == [("webhooks_missed", 230)]
    assert len(fake.requests) == 3  # one list of three pages


def test_a_provider_that_is_away_is_asked_again_from_the_same_moment_and_nothing_is_paused(house, fake):
    fake.say(AWA, "perdu")
    fake.auth_token, token = "changed", fake.auth_token
    for _ in range(20):  # longer than the overlap
        house.passes(301)
        assert house.look() == 0
    assert house.rows("select count(*) from channel_account where paused_at is not null") == [(0,)]
    fake.auth_token = token
    house.passes(301)
    assert (house.look(), house.texts()) == (1, ["perdu"])


def test_of_two_workers_one_asks(house, fake):
    house.passes(301)
    assert [house.look(), house.look()] == [0, 0]
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("seconds", "texts"), [(24 * 3600 - 60, ["perdu"]), (24 * 3600 + 60, [])])
def test_after_a_long_stop_what_nobody_can_answer_any_more_stays_missed(house, fake, seconds, texts):
    fake.say(AWA, "perdu")
    house.passes(seconds)
    house.look()
    assert house.texts() == texts


def test_nothing_is_asked_for_from_before_the_keys_are_forgotten(house, fake, monkeypatch):
    timing = house.market.config.timing.model_copy(update={"chat_kept": 100.0, "seen_kept_beyond": 200.0})
    fake.say(AWA, "oublié")
    house.passes(301)
    with house.market.database.unit_of_work() as db:
        since, until = reconciling._begin(db, house.account_id, timing)
        now = clock.now(db)
    assert (now - since, now - until) == (timedelta(seconds=300), timedelta(seconds=60))


def test_whoever_was_erased_does_not_come_back(house, fake):
    house.brings(fake.say(AWA, "oubliez-moi"))
    house.hears()
    house.passes(100)
    fake.say(KOSSI, "perdu avant")
    with house.market.database.unit_of_work() as db:
        chat = db.one("select id, contact_id from conversation")
        assert forgetting.forget_chats(db, [chat.id]) > 0
        db.run(
            "insert into erasure (contact_id, why, due_at, erased_at)"
            " values (%(contact)s, 'asked', market_now(), market_now())",
            contact=chat.contact_id,
        )
    house.passes(100)
    fake.say(KOSSI, "perdu")
    house.passes(101)
    assert (house.look(), house.texts()) == (2, ["perdu avant", "perdu"])


def test_the_key_of_what_no_look_can_find_any_more_goes_with_its_message(house, fake):
    house.brings(fake.say(AWA, "vieux"))
    house.hears()
    house.passes(25 * 3600)
    house.look()
    house.brings(fake.say(AWA, "jeune"))
    house.hears()
    with house.market.database.unit_of_work() as db:
        forgetting.forget_chats(db, [db.value("select id from conversation")])
    young = fake.heard[fake.sender][-1].fields["MessageSid"]
    assert house.rows("select provider_id from seen") == [(young,)]


def test_what_waits_in_the_spool_was_not_missed(house, fake):
    inbound = fake.say(AWA, "riz")
    channel = house.market.channels[house.account.kind]
    house.market.spool.put(house.account.key, channel.parse(house.account, inbound.as_request()))
    house.passes(301)
    assert (house.look(), fake.requests) == (0, [])
    assert house.market.storing.drain() == 1
    assert (house.look(), house.texts(), house.missed()) == (0, ["riz"], [])


BEAT = (
    "insert into heartbeat (process, role, at, has_spool)"
    " values (%(process)s, 'worker', market_now() - make_interval(secs => %(ago)s), %(has_spool)s)"
)


@pytest.mark.parametrize(
    ("beats", "found"),
    [
        ([("a:1:worker:x", 3, False), ("b:1:worker:y", 3, False)], 1),
        ([("a:1:worker:x", 3, False), ("b:1:worker:y", 3, True)], 0),
        ([("a:1:worker:x", 3, False), ("b:1:worker:y", 31, False)], 0),
        ([("b:1:worker:x", 3, False), ("b:2:worker:y", 200, True)], 1),  # its worker was started again
        ([("a:1:worker:x", 3, False), ("b:1:worker:y", 3700, True)], 1),
    ],
)
def test_while_another_machine_s_spool_waits_or_it_says_nothing_none_is_missed(house, fake, beats, found):
    fake.say(AWA, "riz")
    house.passes(301)
    with house.market.database.unit_of_work() as db:
        for process, ago, has_spool in beats:
            db.run(BEAT, process=process, ago=ago, has_spool=has_spool)
    assert (house.look(), bool(fake.requests)) == (found, found == 1)


def test_a_worker_tells_whether_webhooks_wait_on_its_machine(house, fake):
    inbound = fake.say(AWA, "riz")
    channel = house.market.channels[house.account.kind]
    tell = "select has_spool from heartbeat"
    for is_spooled in (False, True):
        if is_spooled:
            house.market.spool.put(house.account.key, channel.parse(house.account, inbound.as_request()))
        with house.market.database.unit_of_work() as db:
            show_life(db, house.market)
        assert house.rows(tell) == [(is_spooled,)]


def test_an_account_whose_provider_remembers_nothing_has_no_such_job(market):
    assert looks_of(market, market.ids["simulator"]) == ()
    assert [every.polls for every in looks_of(market, market.ids["twilio"])] == [30.0]


def test_a_paused_account_hears_too(house, fake):
    with house.market.database.unit_of_work() as db:
        accounts.pause(db, house.account_id, "refused")
    fake.say(AWA, "riz")
    house.passes(301)
    assert house.look() == 1
