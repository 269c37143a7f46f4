"""The page at a workshop's door: what it answers with and without scripts, to whom, and with which headers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

import webhooks
from base.config import load
from bot import contacts, door
from bot.messages import Identity, Sender
from dashboard.checkin import Shown
from events import bookings, programme
from tests.conftest import VARIABLES
from tests.events.week import LETTERS, make_event, make_workshop
from tests.fakes.market import FakeMarket
from tests.journeys.conftest import environment
from wiring import build

IN = Shown("Atelier 3 : <Sécurité>", "lun. 7 déc., de 9h à 10h", 1, 2, "welcome", "Bienvenue, Awa.")
JSON = {"Accept": "application/json"}


@pytest.fixture
def market(config, redis):
    return FakeMarket(config, redis, {})


@pytest.fixture
def client(market):
    return webhooks.create_app(market).test_client()


def test_the_page_shows_the_workshop_and_asks_for_a_code(market, client):
    market.doors["token"] = lambda typed: Shown(IN.title, IN.when, 0, 2)
    answer = client.get("/checkin/token")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "Atelier 3 : &lt;Sécurité&gt;" in page
    assert 'name="code"' in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Permissions-Policy"] == "geolocation=(), camera=(self), microphone=()"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_code_is_answered_as_json_to_scripts_and_as_a_page_without_them(market, client):
    told = []
    market.doors["token"] = lambda typed: told.append(typed) or IN
    answer = client.post("/checkin/token", data={"code": "A3-7K4Q"}, headers=JSON)
    assert answer.json == {
        "title": IN.title,
        "when": IN.when,
        "attended": 1,
        "taken": 2,
        "outcome": "welcome",
        "told": "Bienvenue, Awa.",
    }
    page = client.post("/checkin/token", data={"code": "x" * 5000}).get_data(as_text=True)
    assert 'class="told welcome"' in page
    assert "Bienvenue, Awa." in page
    assert told == ["A3-7K4Q", "x" * 60]
    assert client.post("/checkin/token").status_code == 200
    assert told[-1] == ""


def test_what_is_no_page_of_ours_is_not_there_and_a_database_that_is_away_is_said(market, client):
    assert client.get("/checkin/other").status_code == 404
    assert client.post("/checkin/other", data={"code": "A3-7K4Q"}).status_code == 404
    market.error = psycopg.OperationalError("away")
    assert client.get("/checkin/token").status_code == 503


@pytest.mark.parametrize("name", ["door.js", "door.css"])
def test_its_files_are_ours(client, name):
    answer = client.get(f"/checkin/static/{name}")
    assert answer.status_code == 200
    assert b"http" not in answer.data.replace(b"https://", b"http") or name == "door.css"


@pytest.fixture
def real(clean_database, database_url, redis_url, tmp_path):
    """A whole market with a workshop, a guest and an organizer: (application, path, code)."""
    secret = VARIABLES["SIMULATOR_SECRET"]
    market = build(load(environ=environment(database_url, redis_url, tmp_path, SIMULATOR_SECRET=secret)))
    key = market.config.secret_key
    account = next(iter(market.ids.values()))

    def meet(db, phone, name):
        return contacts.find_or_make_chat(db, account, Sender((Identity("phone", phone),), name), [account])

    with market.database.unit_of_work() as db:
        workshop = make_workshop(db, make_event(db), begins=timedelta(hours=1))
        awa, chief = meet(db, "+22890000001", "Awa Mensah"), meet(db, "+22890000999", "Chef")
        contacts.grant(db, chief.contact_id, "organizer")
        bookings.book(db, workshop, awa.contact_id, awa.conversation_id, LETTERS)
        code = bookings.own(db, workshop, awa.contact_id).code
        one = programme.workshop(db, workshop)
        path = door.path_of(one, chief.contact_id, key, one.starts_at)
    yield webhooks.create_app(market), path, code
    market.database.close()


def test_fifty_scans_of_one_code_at_once_greet_one_person(real):
    app, path, code = real

    def scan(_):
        return app.test_client().post(path, data={"code": code}, headers=JSON).json

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(scan, range(50)))
    greeted = [answer for answer in answers if answer["outcome"] == "welcome"]
    refused = {answer["told"] for answer in answers if answer["outcome"] == "before"}
    assert (len(greeted), len(answers)) == (1, 50)
    assert greeted[0]["told"].startswith("Bienvenue, Awa Mensah. Atelier 3, entrée à ")
    assert len(refused) == 1
    assert "code déjà vu à" in refused.pop()
    assert {answer["attended"] for answer in answers} == {1}


def test_the_page_tells_where_a_code_is_unknown_and_changes_nothing(real):
    app, path, code = real
    client = app.test_client()
    shown = client.post(path, data={"code": "A3-2222"}, headers=JSON).json
    assert (shown["outcome"], shown["attended"], shown["taken"]) == ("unknown", 0, 1)
    assert client.get(path[:-1]).status_code == 404
    assert client.post(path, data={"code": code.lower().replace("-", " ")}, headers=JSON).json["outcome"] == "welcome"
