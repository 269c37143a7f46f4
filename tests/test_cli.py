"""What operators type, against real stores and a provider that behaves like Twilio."""

import json
import socket

import pytest
from click.testing import CliRunner

from base.config import Market, load
from base.db import Database
from base.secret import Secret
from base.timing import Timing
from bot import accounts, attention, contacts, second_factor
from bot.inbox import Keeper, keep
from bot.messages import Identity, Incoming, Kept, Parsed, Sender
from cli import cli
from events import programme
from orders import complaints
from orders.terms import Terms
from serving import console, set_up
from tests.catalog.market import make_good, make_vendor
from tests.conftest import VARIABLES
from tests.fakes.messenger import APP, APP_SECRET, PAGE, TOKEN, VERIFY_TOKEN, FakePage, error
from tests.fakes.twilio import FakeTwilio
from tests.orders.buying import AWA, cause, order
from tests.ports import free_port


@pytest.fixture
def typed(new_database_url, redis_url, tmp_path):
    """Type a command in a market of its own; returns what it printed."""
    environ = {**VARIABLES, "DATABASE_URL": new_database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path)}

    def run(*words, stdin=None, fails=False, **more):
        result = CliRunner(env={**environ, **more}).invoke(cli, list(words), input=stdin)
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return run


@pytest.fixture
def database(new_database_url):
    database = Database(new_database_url)
    yield database
    database.close()


def test_a_message_a_line_is_understood_as_json(typed):
    typed_lines = "je veux 2 sacs de riz\nbjr\nle pasteur a prêché hier soir\nvous livrez à agoe demain avant 17h ?\n"
    lines = typed("understand", "--role", "buyer", "--now", "2026-11-27", stdin=typed_lines).splitlines()
    riz, greeting, unknown, delivery = map(json.loads, lines)
    assert (riz["intent"], riz["slots"]["product"], riz["slots"]["quantity"]) == ("order", "riz", 2)
    assert greeting == {"intent": "greet", "slots": {}, "confidence": 1.0}
    assert unknown == {"intent": "unknown", "slots": {}, "confidence": 0.0}
    assert delivery["slots"] == {"place": "agoe", "deadline": "2026-11-28T17:00"}


def test_the_tree_has_no_fault_that_the_checker_knows(typed):
    assert "no fault" in typed("check")


def test_a_recorded_webhook_is_read_again(typed):
    document = json.loads(typed("replay", "handlers/twilio_whatsapp/recordings/button_tap.txt"))
    assert document["sender"]["identities"][0]["value"] == "+22890123456"


NUMBER = {
    "META_APP_SECRET": "secret",
    "META_VERIFY_TOKEN": "word",
    "WHATSAPP_ACCESS_TOKEN": "EAA",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_WABA_ID": "102290129340398",
}


@pytest.mark.parametrize(
    ("recording", "said"),
    [
        ("template_paused", {"name": "new_order_fr", "language": "fr", "state": "paused"}),
        ("account_restricted", {"what": "account_update"}),
    ],
)
def test_what_a_recorded_webhook_says_of_templates_and_of_the_account_is_shown(typed, recording, said):
    file = f"handlers/whatsapp_cloud/recordings/{recording}.json"
    shown = json.loads(typed("replay", file, "--channel", "whatsapp_cloud", **NUMBER))
    assert {name: shown[name] for name in said} == said


def test_a_file_that_is_no_webhook_is_named(typed, tmp_path):
    (tmp_path / "letter.txt").write_text("Bonjour")
    assert "letter.txt is no body of twilio_whatsapp" in typed("replay", str(tmp_path / "letter.txt"), fails=True)


def test_a_market_is_planted_at_scale_and_planting_again_adds_nothing(typed, database):
    for _ in range(2):
        typed("seed", "--products", "300", "--vendors", "20", "--contacts", "250")
        with database.unit_of_work() as db:
            assert db.value("select count(*) from product") == 178 + 300
            assert db.value("select count(*) from contact") == 250 + 3 + 1 + 14
            assert db.value("select count(*) from role where role = 'vendor'") == 14
            assert db.value("select count(*) from conversation") == 2 * (250 + 3 + 1 + 14)


def test_the_organizers_that_the_settings_name_are_settled_at_every_start_of_production(
    typed, database, new_database_url, redis_url, tmp_path
):
    urls = {"DATABASE_URL": new_database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path)}
    named = {"ASSIGAME__ENVIRONMENT": "production", "ASSIGAME__MARKET__ORGANIZERS": '["+22890000077"]'}
    organizer = (
        "select count(*) as named, count(r.suspended_at) as suspended from role r join identity i using (contact_id)"
        " join channel_account a on a.id = i.account_id"
        " where r.role = 'organizer' and i.value = '+22890000077' and a.key = 'twilio'"
    )
    for suspended in (0, 1):
        set_up(load(environ=VARIABLES | urls | named))
        with database.unit_of_work() as db:
            assert db.one(organizer) == (1, suspended)
            assert db.value("select count(*) from contact") == 1  # no demo, and nobody twice
            db.run("update role set suspended_at = market_now()")
    set_up(load(environ=VARIABLES | urls | {"ASSIGAME__ENVIRONMENT": "production"}))
    with database.unit_of_work() as db:
        assert db.one(organizer) == (1, 1)  # who is no longer named is nobody's decision here


def test_twilio_contents_are_made_once_and_remembered_with_their_approvals(typed, database):
    with FakeTwilio(account_sid=VARIABLES["TWILIO_ACCOUNT_SID"], auth_token=VARIABLES["TWILIO_AUTH_TOKEN"]) as fake:
        typed("twilio-content", TWILIO_API_BASE=fake.url)
        fake.approve("new_order_fr")
        fake.approve("fr_carousel_2")
        typed("twilio-content", TWILIO_API_BASE=fake.url)
        assert len(fake.contents) == 17 + 9 + 16
    with database.unit_of_work() as db:
        rows = db.rows(
            "select c.name, c.state from channel_content c join channel_account a on a.id = c.account_id"
            " where a.key = 'twilio' order by name"
        )
    assert [row.name for row in rows if row.state == "approved"] == ["fr_carousel_2", "new_order_fr"]
    assert [row.state for row in rows].count("pending") == 8 + 15
    assert len(rows) == 42


TWILIO_OFF = {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "TWILIO_WHATSAPP_FROM": ""}
OUR_PAGE = {
    "META_APP_SECRET": APP_SECRET,
    "META_VERIFY_TOKEN": VERIFY_TOKEN,
    "MESSENGER_PAGE_TOKEN": TOKEN,
    "MESSENGER_PAGE_ID": PAGE,
    "META_APP_ID": APP,
}


def test_a_page_of_messenger_is_set_up_and_its_templates_are_remembered(typed, database):
    with FakePage() as fake:
        fake.templates = [{"name": "new_order_fr", "language": "fr", "id": "7", "status": "PENDING"}]
        typed("messenger-profile", GRAPH_API_BASE=fake.url, **OUR_PAGE)
        assert fake.profile["get_started"] == {"payload": "GET_STARTED"}
        assert "messages" in fake.apps[0]["subscribed_fields"]
        accounts = TWILIO_OFF | OUR_PAGE
        assert "new_order_fr" in typed("templates", "status", GRAPH_API_BASE=fake.url, **accounts)
        assert "order_news_fr" in typed("templates", "push", GRAPH_API_BASE=fake.url, **accounts)
    with database.unit_of_work() as db:
        rows = db.rows(
            "select c.name, c.provider_id, c.state from channel_content c"
            " join channel_account a on a.id = c.account_id where a.key = 'messenger' order by name"
        )
    assert [tuple(row) for row in rows] == [
        ("attention_en", "911", "approved"),
        ("attention_fr", "910", "approved"),
        ("errand_en", "905", "approved"),
        ("errand_fr", "904", "approved"),
        ("new_order_en", "901", "approved"),
        ("new_order_fr", "7", "pending"),
        ("order_news_en", "903", "approved"),
        ("order_news_fr", "902", "approved"),
        ("shop_news_en", "907", "approved"),
        ("shop_news_fr", "906", "approved"),
        ("workshop_news_en", "909", "approved"),
        ("workshop_news_fr", "908", "approved"),
    ]


def test_what_meta_refuses_or_a_missing_page_is_told_in_a_sentence(typed):
    with FakePage(moods=[(400, error(200))]) as fake:
        refused = typed("messenger-profile", fails=True, GRAPH_API_BASE=fake.url, **OUR_PAGE)
    assert refused == "Error: Meta refuses what the Page is set up with: 200\n"
    missing = ", ".join(name for name in OUR_PAGE if name != "META_APP_ID")
    assert typed("messenger-profile", fails=True) == f"Error: no Page is on: set {missing}\n"


def test_a_link_is_printed_drawn_and_counted(typed, tmp_path):
    drawn = tmp_path / "market.svg"
    shown = typed("links", "--source", "affiche", "--qr", str(drawn))
    assert "twilio: https://wa.me/22870000000?text=Bonjour%20%28" in shown
    assert "-affiche%29" in shown
    assert "<svg" in drawn.read_text()
    assert "no product has the slug rien" in typed("links", "--product", "rien", fails=True)


def test_a_lost_second_factor_is_taken_away_once(typed, database):
    with database.unit_of_work() as db:
        account = db.run("insert into channel_account (key, kind) values ('one', 'simulator') returning id").rows[0].id
        chat = contacts.contact_with_phone(db, account, "+22890000090", "Akouvi", [account])
        second_factor.enrol(db, chat)
    assert typed("lost-factor", "90 00 00 90") == "1 second factors are taken away.\n"
    assert typed("lost-factor", "90 00 00 90") == "0 second factors are taken away.\n"


def test_whom_an_operator_trusts_has_his_suspended_rights_again(typed, database):
    typed("seed")
    with database.unit_of_work() as db:
        db.run("update role set suspended_at = market_now(), suspended_why = 'renamed' where role = 'organizer'")
    assert typed("trust", "90 00 00 90") == "1 roles are given back.\n"
    assert typed("trust", "90 00 00 90") == "0 roles are given back.\n"
    with database.unit_of_work() as db:
        assert db.value("select count(*) from role where role = 'organizer' and suspended_at is null") == 1


def test_what_needs_a_person_is_listed_and_settled(typed, database):
    assert "Nothing." in typed("attention")
    with database.unit_of_work() as db:
        attention.ask(db, "vendor_unreachable", {"vendor": 3})
    assert "vendor_unreachable" in typed("attention")
    assert "Nothing." in typed("attention", "--settle", "1")


def test_a_line_with_files_tells_where_they_are_seen(typed, database):
    with database.unit_of_work() as db:
        attention.ask_to_look(db, "voice_note", 3, 7, [17, 18])
        db.run(
            "insert into received_media"
            " (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
            " values (17, 1, 3, 1, 'audio', 'audio/ogg', 'r', 'kept', '17-1.ogg'),"
            " (18, 1, 3, 1, 'audio', 'audio/ogg', 'r', 'refused', null)"
        )
    printed = typed("attention").splitlines()
    assert printed[-2].startswith("1: https://market.example/received/")
    assert printed[-1] == "1: audio: refused"


def test_what_is_heard_in_a_voice_note_is_typed_as_words_or_from_standard_input(typed, database):
    with database.unit_of_work() as db:
        account = db.value("insert into channel_account (key, kind) values ('one', 'simulator') returning id")
        contact = db.value("insert into contact (name) values ('Yawa') returning id")
        chat = db.value(
            "insert into conversation (account_id, contact_id) values (%(a)s, %(c)s) returning id", a=account, c=contact
        )
        for row in (17, 18):
            attention.ask(db, "voice_to_type", {"contact": contact, "inbox": [row]}, chat)
    assert typed("attention").splitlines()[-2:] == [f"{n}: the file is no longer there" for n in (1, 2)]
    assert "no voice note waits in the line 1" in typed("attention", "--typed", "1", " ", fails=True)
    assert "voice_to_type" in typed("attention", "--typed", "1", "riz 20")
    assert "no voice note waits in the line 1" in typed("attention", "--typed", "1", "riz 30", fails=True)
    assert "words belong behind" in typed("attention", "riz 30", fails=True)
    assert "Nothing." in typed("attention", "--typed", "2", stdin="riz 20\nsavon 4\n")
    with database.unit_of_work() as db:
        told = [row.told for row in db.rows("select message->'happened' as told from inbox order by id")]
    assert told == [
        {"what": "typed", "words": "riz 20", "rows": [17]},
        {"what": "typed", "words": "riz 20\nsavon 4", "rows": [18]},
    ]


def test_settling_the_line_of_a_complaint_closes_it_too(typed, database):
    with database.unit_of_work() as db:
        terms = Terms.of(Secret("a key for tests only"), Timing(), Market().delivery_bands)
        placed = order(db, terms, (make_good(db, make_vendor(db)), 1))
        about = complaints.subject(db, placed.vendor_order_ids[0], AWA)
        complaints.complain(db, about, "late", "trop tard", cause())
        (made,) = complaints.of_order(db, placed.order_id)
        attention.ask(db, "complaint", {"contact": AWA, "vendor_order": made.vendor_order_id, "complaint": made.id})
    assert "complaint" in typed("attention")
    assert "Nothing." in typed("attention", "--settle", "1")
    with database.unit_of_work() as db:
        assert complaints.complaint(db, made.id).settled_at is not None


def test_dead_letters_are_listed_without_words_and_taken_again(typed, database):
    assert "Nothing." in typed("dead-letters")
    message = Incoming("SM1", Sender((Identity("phone", "+22890000001"),), "Awa"), "mon secret")
    with database.unit_of_work() as db:
        account = accounts.ensure(db, load(environ=VARIABLES).channel_accounts)["twilio"]
        keep(db, Keeper(account, (account,), Timing(), ()), Parsed((Kept(message, b""),)))
        db.run("update inbox set state = 'dead', attempts = 5, error = 'ValueError at steps.py:7'")
    listed = typed("dead-letters")
    assert "steps.py:7" in listed
    assert "secret" not in listed
    assert "1 messages will be taken again." in typed("dead-letters", "--again", "1")
    with database.unit_of_work() as db:
        assert tuple(db.one("select state, attempts from inbox")) == ("open", 0)


@pytest.mark.parametrize("words", [["attention"], ["twilio-content"], ["seed"], ["dead-letters"], ["run"]])
def test_a_database_that_is_away_is_told_in_a_sentence(typed, words):
    away = "postgresql://awa:password@127.0.0.1:1/market"
    printed = typed(*words, fails=True, DATABASE_URL=away, PORT=str(free_port()))
    assert printed.lstrip().startswith("Error: the database (DATABASE_URL) is away: ")
    assert "Connection refused" in printed
    assert "password" not in printed


def test_what_twilio_refuses_or_does_not_hear_is_told_in_a_sentence(typed):
    with FakeTwilio(account_sid=VARIABLES["TWILIO_ACCOUNT_SID"], auth_token="another") as fake:
        refused = typed("twilio-content", fails=True, TWILIO_API_BASE=fake.url)
    assert refused == "Error: Twilio refuses the request about contents: 20003\n"
    unheard = typed("twilio-content", fails=True, TWILIO_API_BASE="http://127.0.0.1:1")
    assert unheard.startswith("Error: 127.0.0.1: not connected")


def test_without_an_account_at_twilio_the_variables_that_make_one_are_named(typed):
    printed = typed("twilio-content", fails=True, TWILIO_AUTH_TOKEN="", TWILIO_WHATSAPP_FROM="")
    assert printed == "Error: no Twilio account is on: set TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_FROM\n"


def test_an_unknown_line_or_account_is_an_error_that_changes_nothing(typed, database):
    with database.unit_of_work() as db:
        attention.ask(db, "vendor_unreachable", {"vendor": 3})
    printed = typed("attention", "--settle", "1", "--settle", "99", fails=True)
    assert printed == "Error: no open line has the id 99: nothing was changed\n"
    printed = typed("attention", "--settle", "1", "--resume", "nobody", fails=True)
    assert printed == "Error: no paused account has the key nobody: nothing was changed\n"
    printed = typed("attention", "--settle", "1", "--pause", "nobody", fails=True)
    assert printed == "Error: no account that sends has the key nobody: nothing was changed\n"
    assert "vendor_unreachable" in typed("attention")


def test_an_account_is_paused_and_resumed_by_its_key(typed, database):
    paused = "select pause_reason from channel_account where key = 'simulator' and paused_at is not null"
    printed = typed("attention", "--pause", "simulator")
    assert printed.startswith("simulator: nothing is sent from it until --resume simulator.\n")
    with database.unit_of_work() as db:
        assert db.value(paused) == "by hand"
    printed = typed("attention", "--pause", "simulator", fails=True)
    assert printed == "Error: no account that sends has the key simulator: nothing was changed\n"
    assert typed("attention", "--resume", "simulator").startswith("simulator: what waited is sent.\n")
    with database.unit_of_work() as db:
        assert db.value(paused) is None


def test_the_demo_is_not_planted_beside_real_goods(typed, database):
    printed = typed("seed", fails=True, ASSIGAME__ENVIRONMENT="production", PUBLIC_BASE_URL="https://assigame.example")
    assert printed == "Error: The demo's goods and people are not planted in production, beside real ones.\n"
    with database.unit_of_work() as db:
        assert db.value("select count(*) from vendor") == 0


def test_vendors_without_products_are_refused(typed, database):
    printed = typed("seed", "--vendors", "5", fails=True)
    assert "Error: --vendors says among how many the invented products are shared: say --products too." in printed
    with database.unit_of_work() as db:
        assert db.value("select count(*) from vendor") == 0


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_port_that_somebody_else_listens_on_is_named_even_if_he_would_share_it(typed, command):
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as foreign:
        port = foreign.getsockname()[1]
        printed = typed(command, fails=True, PORT=str(port))
    assert f"Error: server.port (PORT) is {port} and server.host" in printed
    assert "(Address already in use)" in printed


def test_missing_settings_are_all_named_at_once(typed):
    printed = typed("attention", fails=True, ASSIGAME__ENVIRONMENT="production", SECRET_KEY="", PUBLIC_BASE_URL="")
    assert "SECRET_KEY" in printed
    assert "PUBLIC_BASE_URL" in printed


def test_events_are_listed_made_anew_and_opened(typed, monkeypatch):
    monkeypatch.setattr(console, "width", 200)
    typed("seed")
    assert "semaine-du-e-commerce-2021" in typed("event")
    made = typed("event", "clone", "semaine-du-e-commerce-2021", "--on", "2033-08-14", "--name", "Foire")
    assert made.splitlines()[0] == "foire-2033"
    assert "draft" in made
    assert "2033-08-15" in made  # a Monday, as in 2021
    opened = typed("event", "open", "foire-2033")
    assert [line.split("│")[5].strip() for line in opened.splitlines() if "foire-2033" in line] == ["open"]
    assert "there is no event 'nulle'" in typed("event", "close", "nulle", fails=True)
    assert "--on" in typed("event", "clone", "foire-2033", fails=True)


def test_an_event_is_made_of_a_file_in_a_market_without_one_and_its_programme_taken(typed, database, tmp_path):
    described, sheet = tmp_path / "foire.yaml", tmp_path / "programme.csv"
    sheet.write_text("Titre;Date;Horaire\nSoirée;17/08/2033;18h-20h\n")
    with database.unit_of_work() as db:
        assert programme.events(db) == ()
    assert "event take FILE" in typed("programme", str(sheet), fails=True)
    described.write_text("slug: foire\nname: Foire\nstarts_on: 2033-08-16\nends_on: soon\npin: [200, 1]\n")
    refused = typed("event", "take", str(described), fails=True)
    assert "  ends_on: it should be a day like 2027-08-16\n" in refused
    assert "  pin: it lies outside Togo" in refused
    assert "Nothing." in typed("event")
    described.write_text("slug: foire\nname: Foire\nstarts_on: 2033-08-16\nends_on: 2033-08-18\n")
    assert typed("event", "take", str(described)).startswith("foire is made, as a draft: `event open foire` opens it.")
    assert typed("event", "take", str(described)).startswith("foire is mended.")
    typed("event", "open", "foire")
    assert "Written." in typed("programme", str(sheet), "--yes")
    with database.unit_of_work() as db:
        week = programme.open_event(db)
        assert (week.name, programme.of_number(db, week.id, 1).title) == ("Foire", "Soirée")
    assert "cannot be read" in typed("event", "take", str(tmp_path / "none.yaml"), fails=True)
    assert "take needs the file" in typed("event", "take", fails=True)


def test_a_programme_is_shown_and_written_when_it_is_sure(typed, database, tmp_path):
    typed("seed")
    typed("event", "clone", "semaine-du-e-commerce-2021", "--on", "2033-08-15", "--name", "Foire")
    typed("event", "open", "foire-2033")
    file, result = tmp_path / "programme.csv", tmp_path / "result.xlsx"
    file.write_text("N°;Titre;Date;Horaire\n3;;mardi 16/08;15h-17h\n;Soirée;17/08;18h-20h\n;Nuit;bientôt;20h-22h\n")
    shown = typed("programme", str(file))
    assert "Nothing is written." in shown
    assert "day_unread" in shown
    assert "Written." in typed("programme", str(file), "--yes", "--result", str(result))
    assert result.read_bytes().startswith(b"PK")
    with database.unit_of_work() as db:
        week = programme.open_event(db)
        third, added = programme.of_number(db, week.id, 3), programme.of_number(db, week.id, 18)
        assert (f"{third.starts_at:%d %H}", third.state, added.title) == ("16 15", "moved", "Soirée")
    file.write_text("bonjour")
    assert "no_header" in typed("programme", str(file), fails=True)
