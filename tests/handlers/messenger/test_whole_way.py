"""From Meta's knock to what the Page says, through the real door, a real turn and the real outbox."""

import itertools

import pytest

from bot import demo_people
from catalog import demo
from tests.conftest import VARIABLES
from tests.fakes.messenger import APP, APP_SECRET, PAGE, TOKEN, VERIFY_TOKEN, FakePage
from tests.fakes.messenger_phone import BEGAN
from tests.handlers.messenger.conftest import signed
from tests.journeys.conftest import FREE_RATES
from tests.journeys.stage import Stage
from webhooks import create_app

AWA = "7000000000000001"
OURS = {
    "META_APP_SECRET": APP_SECRET,
    "META_VERIFY_TOKEN": VERIFY_TOKEN,
    "MESSENGER_PAGE_TOKEN": TOKEN,
    "MESSENGER_PAGE_ID": PAGE,
    "META_APP_ID": APP,
    "ASSIGAME__CHANNEL_ACCOUNTS__2__RATES": FREE_RATES,
}


class House:
    """A market with a Page, and Awa who writes to it."""

    def __init__(self, stage, fake):
        self.stage, self.fake = stage, fake
        self.client = create_app(stage.market).test_client()
        self.count = 0

    def knock(self, *events):
        request = signed({"object": "page", "entry": [{"id": PAGE, "time": BEGAN, "messaging": events}]})
        answer = self.client.post("/webhooks/messenger", data=request.body, headers=dict(request.headers))
        self.stage.settle()
        return answer.status_code

    def say(self, **said):
        """What the Page answers to a message of Awa's."""
        self.count += 1
        before = len(self.fake.messages)
        event = {"sender": {"id": AWA}, "recipient": {"id": PAGE}, "timestamp": BEGAN + self.count}
        assert self.knock(event | {"message": {"mid": f"m_{self.count}", **said}}) == 200
        return [one["message"] for one in self.fake.messages[before:]]

    def now(self):
        """The market's time as Meta tells it: milliseconds."""
        with self.stage.market.database.unit_of_work() as db:
            return db.value("select ceil(extract(epoch from market_now()) * 1000)::bigint")

    def state_of(self, provider_id):
        with self.stage.market.database.unit_of_work() as db:
            return db.value("select state from outbox where provider_id = %(id)s", id=provider_id)

    def states(self):
        with self.stage.market.database.unit_of_work() as db:
            return [row.state for row in db.rows("select state from outbox order by id")]


@pytest.fixture
def house(clean_database, database_url, redis_url, redis, tmp_path):
    urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path / "var")}
    with FakePage() as fake:
        stage = Stage(VARIABLES | urls | OURS | {"GRAPH_API_BASE": fake.url})
        with stage.market.database.unit_of_work() as db:
            demo.plant(db, stage.market.config.var, lambda done, total: None)
            demo_people.settle_in(db, list(stage.market.accounts), demo_people.shops(demo.owners(db)))
        yield House(stage, fake)
        stage.close()


def test_a_person_looks_for_goods_by_words_and_by_the_button_of_a_card(house):
    greeted = house.say(text="bonjour")
    assert greeted
    offered = [reply for message in greeted for reply in message.get("quick_replies", [])]
    assert offered
    assert all(message.get("text") or message.get("attachment") for message in greeted)
    found = house.say(text="riz")
    (button,) = found[-1]["attachment"]["payload"]["elements"][0]["buttons"]
    before = len(house.fake.messages)
    tapped = {"sender": {"id": AWA}, "recipient": {"id": PAGE}, "timestamp": BEGAN + 900}
    assert house.knock(tapped | {"postback": {"title": button["title"], "payload": button["payload"]}}) == 200
    assert len(house.fake.messages) > before
    assert set(house.states()) == {"sent"}
    assert house.fake.strangers == 0


def test_an_echo_and_a_delivery_raise_what_was_sent(house):
    assert house.say(text="bonjour")
    house.knock({"sender": {"id": AWA}, "recipient": {"id": PAGE}, "delivery": {"mids": ["m_sent_1"], "watermark": 1}})
    assert house.states()[0] == "delivered"


def test_in_whatever_order_its_news_come_a_message_has_been_read(house):
    chat = {"sender": {"id": AWA}, "recipient": {"id": PAGE}}
    for order in itertools.permutations(range(4)):
        sent_id = f"m_sent_{len(house.fake.messages) + 1}"
        said = house.say(text="menu")
        echo = {"mid": sent_id, "is_echo": True, "app_id": int(APP), **said[0]}
        news = [
            {"sender": {"id": PAGE}, "recipient": {"id": AWA}, "timestamp": 1, "message": echo},
            {**chat, "delivery": {"mids": [sent_id], "watermark": 1}},
            {**chat, "read": {"watermark": house.now()}},
            {**chat, "delivery": {"watermark": house.now()}},
        ]
        for place in order:
            house.knock(news[place])
        assert house.state_of(sent_id) == "read"


def test_what_was_said_after_the_moment_of_a_watermark_has_not_been_read(house):
    chat = {"sender": {"id": AWA}, "recipient": {"id": PAGE}}
    assert house.say(text="bonjour")
    first, moment = len(house.states()), house.now()
    house.stage.pass_time(60)
    assert house.say(text="menu")
    rest = len(house.states()) - first
    house.knock({**chat, "read": {"watermark": moment}})
    assert house.states() == ["read"] * first + ["sent"] * rest
    house.knock({**chat, "delivery": {"watermark": house.now()}})
    assert house.states() == ["read"] * first + ["delivered"] * rest
    house.knock({"sender": {"id": "7000000000000009"}, "recipient": {"id": PAGE}, "read": {"watermark": house.now()}})
    assert house.states() == ["read"] * first + ["delivered"] * rest
    house.knock({**chat, "read": {"watermark": house.now()}})
    assert house.states() == ["read"] * (first + rest)


def test_the_echo_settles_a_send_whose_answer_was_lost(house):
    house.fake.moods = ["take_and_reset"]
    said = house.say(text="bonjour")
    assert house.states()[0] == "uncertain"
    echo = {"mid": "m_sent_1", "is_echo": True, "app_id": int(APP), **said[0]}
    house.knock({"sender": {"id": PAGE}, "recipient": {"id": AWA}, "timestamp": 1, "message": echo})
    assert house.states()[0] == "sent"
    assert sum(one["message"].get("text") == said[0].get("text") for one in house.fake.messages) == 1


def test_meta_is_greeted_at_the_door_and_strangers_are_not(house):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    assert house.client.get("/webhooks/messenger", query_string=asked).data == b"1158201444"
    wrong = house.client.get("/webhooks/messenger", query_string=asked | {"hub.verify_token": "x"})
    assert (wrong.status_code, wrong.data) == (403, b"")
    assert house.client.post("/webhooks/messenger", data=b"{}").status_code == 403
