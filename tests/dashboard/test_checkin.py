"""The page at a workshop's door: what it answers with and without scripts, to whom, and with which headers."""

import io

import psycopg
import pytest

import webhooks
from dashboard import checkin
from dashboard.checkin import Shown
from tests.catalog.crowd import run_together
from tests.events.scenes import jpeg, scene
from tests.fakes.market import FakeMarket
from tests.files import picture

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
    market.doors["token"] = lambda typed: (typed is not None and told.append(typed)) or IN
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


def test_a_photo_of_a_code_is_told_as_the_code_and_one_without_says_so(market, client):
    told = []
    market.doors["token"] = lambda typed: (typed and told.append(typed)) or IN

    def tell(path, photo):
        return client.post(path, data={"photo": (io.BytesIO(photo), "IMG_1.jpg")}, headers=JSON)

    assert tell("/checkin/token", jpeg(scene("A3-7K4Q"))).json["told"] == "Bienvenue, Awa."
    assert tell("/checkin/token/read", jpeg(scene("A3-7K4Q"))).json == {"code": "A3-7K4Q"}
    assert told == ["A3-7K4Q"]
    unread = tell("/checkin/token", picture()).json
    assert (unread["outcome"], unread["told"]) == ("unread", checkin.NO_CODE)
    assert tell("/checkin/token/read", picture()).json == {"code": ""}
    assert client.post("/checkin/token/read").json == {"code": ""}
    assert told == ["A3-7K4Q"]


def test_a_photo_is_as_large_as_phones_take_them_and_nothing_of_a_strangers_is_read(market, client):
    market.doors["token"] = lambda typed: IN
    heavy = jpeg(scene("A3-7K4Q")) + bytes(checkin.MOST_BYTES - 300_000)
    answer = client.post("/checkin/token/read", data={"photo": (io.BytesIO(heavy), "a.jpg")})
    assert answer.json == {"code": "A3-7K4Q"}
    heavy += bytes(400_000)
    assert client.post("/checkin/token", data={"photo": (io.BytesIO(heavy), "a.jpg")}).status_code == 413
    unread = io.BytesIO(b"--x\r\nzoblo")
    answer = client.post(
        "/checkin/other", input_stream=unread, content_length=1000, content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status_code, unread.tell()) == (404, 0)


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


def test_fifty_scans_of_one_code_at_once_greet_one_person(doorway):
    app, path, code = doorway

    def scan(_):
        return app.test_client().post(path, data={"code": code}, headers=JSON).json

    answers = run_together(scan, range(50))
    greeted = [answer for answer in answers if answer["outcome"] == "welcome"]
    refused = {answer["told"] for answer in answers if answer["outcome"] == "before"}
    assert (len(greeted), len(answers)) == (1, 50)
    assert greeted[0]["told"].startswith("Bienvenue, Awa Mensah. Atelier 3, entrée à ")
    assert len(refused) == 1
    assert "code déjà vu à" in refused.pop()
    assert {answer["attended"] for answer in answers} == {1}


def test_the_page_tells_where_a_code_is_unknown_and_changes_nothing(doorway):
    app, path, code = doorway
    client = app.test_client()
    shown = client.post(path, data={"code": "A3-2222"}, headers=JSON).json
    assert (shown["outcome"], shown["attended"], shown["taken"]) == ("unknown", 0, 1)
    assert client.get(path[:-1]).status_code == 404
    assert client.post(path, data={"code": code.lower().replace("-", " ")}, headers=JSON).json["outcome"] == "welcome"
