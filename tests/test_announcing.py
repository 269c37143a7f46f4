"""What operators type about announcements, against real stores."""

import pytest
from click.testing import CliRunner

from base.clock import use_test_clock
from base.config import load
from base.db import Database
from cli import cli
from tests.bot.announcers import Announcers
from tests.conftest import VARIABLES
from wiring import build

AKOUVI = "+22890000090"


@pytest.fixture
def environ(new_database_url, redis_url, tmp_path):
    return {
        **VARIABLES,
        "DATABASE_URL": new_database_url,
        "REDIS_URL": redis_url,
        "ASSIGAME_VAR": str(tmp_path),
        "ASSIGAME__MARKET__ORGANIZERS": f'["{AKOUVI}"]',
    }


@pytest.fixture
def typed(environ):
    """Type a command; returns what it printed."""

    def run(*words, fails=False, **more):
        result = CliRunner(env={**environ, **more}).invoke(cli, list(words))
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.replace("\u00a0", " ").split())

    return run


@pytest.fixture
def database(environ):
    """A market with five buyers who may be told, at ten on a Tuesday in Lomé."""
    database = Database(environ["DATABASE_URL"])
    use_test_clock(database)
    market = build(load(environ=environ), role="cli")
    with database.unit_of_work() as db:
        scene = Announcers(db, market.config)
        scene.organizer(AKOUVI)
        scene.people(5)
    yield database
    database.close()


def test_it_is_counted_and_shown_and_nothing_is_sent_without_a_yes(typed, database):
    told = typed("announce", "--to", "buyers", "--text", "Promos ce weekend")
    assert "Promos ce weekend Pour ne plus recevoir d'annonces, écrivez STOP." in told
    assert "buyers: 5 people" in told
    assert told.endswith("Nothing was sent: say --yes to send it.")
    with database.autocommit() as db:
        assert db.value("select count(*) from broadcast") == 0


def test_with_a_yes_it_is_sent_in_the_organizers_name_listed_stopped_resumed_and_exported(typed, database, tmp_path):
    told = typed("announce", "--to", "buyers", "--text", "Promos", "--at", "18h", "--by-night", "--often", "--yes")
    assert told.endswith("Announcement 101 waits for its time.")
    assert "101 scheduled" in " ".join(typed("announcements", "list", COLUMNS="200").replace("│", " ").split())
    assert "quiet_overridden" in typed("announcements", "show", "101")
    assert typed("announcements", "stop", "101") == "Announcement 101 is stopped."
    assert "nothing to resume" in typed("announcements", "resume", "101", "--yes", fails=True)
    assert "say --yes" in typed("announcements", "resume", "101", fails=True)
    assert typed("announcements", "export", "101", str(tmp_path / "told.csv")).endswith(" bytes.")
    assert ".csv or .xlsx" in typed("announcements", "export", "101", str(tmp_path / "told.txt"), fails=True)
    assert "no announcement 7" in typed("announcements", "show", "7", fails=True)


def test_what_cannot_be_announced_says_why(typed, database):
    text = ("--text", "Promos")
    assert "names a quarter" in typed("announce", "--to", "buyers", *text, "--zone", "Atlantide", fails=True)
    assert "a moment that is ahead" in typed("announce", "--to", "buyers", *text, "--at", "hier", fails=True)
    assert "what is announced" in typed("announce", "--to", "buyers", "--text", " ", fails=True)
    assert "reaches nobody" in typed("announce", "--to", "vendors", *text, "--yes", fails=True)
    assert "market.organizers" in typed("announce", "--to", "buyers", *text, "--by", "90 00 00 01", fails=True)
    with database.autocommit() as db:
        assert db.value("select count(*) from broadcast") == 0


def test_to_many_people_a_code_is_needed_and_another_organizer(typed, database, environ):
    with database.unit_of_work() as db:
        db.run(
            "insert into second_factor (contact_id, salt, enrolled_at) select contact_id, repeat('ab', 16),"
            " market_now() from role where role = 'organizer'"
        )
    few = {"ASSIGAME__ANNOUNCEMENTS__SECOND_ABOVE": "3"}
    told = ("announce", "--to", "buyers", "--text", "Promos", "--yes")
    assert "--code is needed" in typed(*told, fails=True, **few)
    assert "the code is wrong" in typed(*told, "--code", "000000", fails=True, **few)
    with database.autocommit() as db:
        assert db.value("select wrong from second_factor") == 1
    with database.unit_of_work() as db:
        db.run(
            "update second_factor set trusted_until = market_now() + interval '5 minutes', trusted_chat ="
            " (select c.id from conversation c join role using (contact_id) where role = 'organizer' limit 1)"
        )
    assert typed(*told, **few).endswith("waits for another organizer's yes, in the chat.")
    with database.autocommit() as db:
        assert db.value("select count(*) from attention where kind = 'broadcast_second'") == 1


def test_of_one_that_has_grown_it_is_said_who_has_to_agree(typed, database):
    few = {"ASSIGAME__ANNOUNCEMENTS__SECOND_ABOVE": "3"}
    assert typed("announce", "--to", "buyers", "--text", "Promos", "--yes").endswith("5 people.")
    with database.unit_of_work() as db:
        db.run("update broadcast set state = 'paused', pause_reason = 'moved'")
    told = typed("announcements", "resume", "101", "--yes", fails=True, **few)
    assert "it reaches 5 people, 5 were agreed to: another organizer has to agree in the chat by `valider 101`" in told
    assert told.endswith("there is none but the one who made it")
    with database.unit_of_work() as db:
        db.run("insert into contact (name) values ('Yao Attiogbe')")
        db.run("insert into role (contact_id, role) select max(id), 'organizer' from contact")
    assert typed("announcements", "resume", "101", "--yes", fails=True, **few).endswith("`valider 101`: Yao Attiogbe")
    with database.autocommit() as db:
        assert tuple(db.one("select state, second_by from broadcast")) == ("paused", None)
