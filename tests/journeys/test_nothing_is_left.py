"""Who was erased has left no trace: in the database as a dump shows it, in Redis, in the spool and among the files."""

import base64
import subprocess
from urllib.parse import quote, quote_plus

import pytest

from base import clock, postgres_programs
from bot.messages import Identity, Incoming, Kept, Parsed, Sender
from bot.sessions import Held, Sessions
from bot.spool import UNSTORABLE
from tests.journeys.conftest import stage_on
from tests.journeys.play import Play
from tests.journeys.transcript import STORIES, Passed, read

PHONE = "+22890991552"
WORDS = [
    "Zinsou",
    "Kpodzro",
    "zinsou du baobab",
    "baobab",
    "Dovi",
    "Amétépé",
    *("+22890991552", "22890991552", "90991552", "90 99 15 52"),
    *("+22891776655", "91776655", "91 77 66 55"),
]
STAYS = ["Gari fin", "maman_yawa", "+22890000101", "Akouvi Lawson"]


def spellings(word):
    """A word in the letters that files and rows may hold it in: plain, in an address, base64, and the hex of these."""
    plain = [word.encode(), quote(word).encode(), quote_plus(word).encode()]
    in_base64 = [base64.b64encode(b"_" * shift + word.encode())[4:-4] for shift in range(3)]
    kept = [*plain, *(part for part in in_base64 if len(part) >= 8)]
    return {*kept, *(one.hex().encode() for one in kept)}


def found(content):
    """Which of the words some bytes hold, whatever the case."""
    lowered = content.lower() + content.decode("utf-8", "ignore").lower().encode()
    return [word for word in WORDS if any(one.lower() in lowered for one in spellings(word.lower()) | spellings(word))]


def dump_of(stage):
    """The whole database as plain SQL."""
    url = stage.config.database.url
    with stage.market.database.unit_of_work() as db:
        server = int(db.value("show server_version_num")) // 10_000
    name, environ = postgres_programs.address(str(url))
    program = postgres_programs.find("pg_dump", server).path
    done = subprocess.run(
        [program, "--schema=public", f"--dbname={name}"], env=environ, capture_output=True, timeout=120, check=True
    )
    return done.stdout


def redis_of(redis):
    """Every key with whatever it holds."""
    held = []
    for key in redis.scan_iter():
        held += [key, redis.dump(key) or b""]
    return b"\n".join(held)


def files_of(stage):
    """All files of the market's folder but the shops' photos, which are named by what they show."""
    kept = [path for path in stage.config.var.rglob("*") if path.is_file() and path.suffix != ".jpg"]
    return b"\n".join(path.name.encode() + path.read_bytes() for path in kept)


def put_aside(stage, phone, words):
    """A webhook that the database would not take, as the spool keeps it for an operator."""
    message = Incoming("SM-aside", Sender((Identity("phone", phone),), words), words)
    path = stage.market.spool.put("twilio", Parsed((Kept(message, words.encode()),)))
    return path.rename(path.with_suffix(UNSTORABLE))


def test_a_person_who_was_erased_has_left_no_trace_and_everybody_else_has_lost_nothing(
    ground, planted, redis_url, redis
):
    steps = read(STORIES / "somebody_is_forgotten.txt")
    last = max(place for place, step in enumerate(steps) if isinstance(step, Passed))
    with stage_on("twilio", ground, planted, redis_url, redis) as (stage, wire):
        his = put_aside(stage, PHONE, "Zinsou Kpodzro")
        hers = put_aside(stage, "+22890000001", "Awa")
        play = Play(stage, wire)
        play.run(steps[:last])
        before = dump_of(stage) + redis_of(redis) + files_of(stage)
        assert found(before) == WORDS  # each is there, so that its absence means something
        figures = figures_of(stage)
        play.run(steps[last:])
        assert found(dump_of(stage)) == []
        assert found(redis_of(redis)) == []
        assert found(files_of(stage)) == []
        assert (his.exists(), hers.exists()) == (False, True)
        hers.unlink()
        dump = dump_of(stage).decode()
        assert [word for word in STAYS if word not in dump] == []
        assert figures_of(stage) == figures
        stage.pass_time(180)
        assert_it_is_logged_without_a_word(stage)


def figures_of(stage):
    """Orders, parts, lines, amounts and stock: what the books need."""
    with stage.market.database.unit_of_work() as db:
        return [
            db.rows('select id, code, contact_id, quarter, payment, total, placed_at from "order" order by id'),
            db.rows("select * from vendor_order order by id"),
            db.rows("select * from order_line order by id"),
            db.rows("select * from order_history order by id"),
            db.rows("select * from stock order by id"),
            db.rows("select * from stock_movement order by id"),
        ]


def assert_it_is_logged_without_a_word(stage):
    """The log counts what each eraser took away; the one opt-out that stays is a hash."""
    with stage.market.database.unit_of_work() as db:
        (row,) = db.rows("select why, erased_at, swept_at, kept_at, counts from erasure")
        assert (row.why, row.kept_at, row.swept_at >= row.erased_at) == ("asked", None, True)
        own = {"other_chats", "chats", "alerts", "orders", "files", "spool", "unclear", "person"}
        none = {"riders", "price_lists", "applications", "invitations", "questions", "bookings", "lessons", "programme"}
        none |= {"programme_files", "announcements", "flags", "blocks", "rights", "decisions", "second_factor"}
        assert set(row.counts) == own | none
        taken = {name: row.counts[name] for name in own - {"spool"}}  # a second try finds none there
        assert all(isinstance(count, int) and count > 0 for count in taken.values()), row.counts
        (kept,) = db.rows("select hash, order_news from kept_opt_out")
        assert (len(kept.hash), kept.order_news) == (64, True)
        assert db.rows('select recipient, phone, landmark, latitude from "order"') == [("", "", "", None)]


def test_stop_outlives_the_erasure_of_who_said_it(ground, planted, redis_url, redis):
    with stage_on("twilio", ground, planted, redis_url, redis) as (stage, wire):
        play = Play(stage, wire)
        play.run(read(STORIES / "somebody_is_forgotten.txt"))
        wire.say(PHONE, "bonjour")
        stage.settle()
        with stage.market.database.unit_of_work() as db:
            (person,) = db.rows(
                "select p.wants_announcements, p.wants_reminders, p.wants_order_news from contact p"
                " join identity i on i.contact_id = p.id where i.value = %(phone)s",
                phone=PHONE,
            )
            log = db.rows("select what, is_given, words from consent where what <> 'kept' order by id")
            assert clock.now(db)
        assert person == (False, False, True)
        assert log == [
            ("announcements", False, "as before the erasure"),
            ("reminders", False, "as before the erasure"),
        ]


def test_while_redis_is_away_nobody_counts_as_swept(ground, planted, redis_url, redis, monkeypatch):
    steps = read(STORIES / "somebody_is_forgotten.txt")
    last = max(place for place, step in enumerate(steps) if isinstance(step, Passed))
    with stage_on("twilio", ground, planted, redis_url, redis) as (stage, wire):
        Play(stage, wire).run(steps[:last])
        stage.market.sessions.breaker.trip()
        monkeypatch.setattr(type(stage.market.sessions.breaker), "is_open", lambda breaker: False)
        stage.pass_time(8 * 86400)
        erased = "select erased_at is not null as erased, swept_at is not null as swept from erasure"
        with stage.market.database.unit_of_work() as db:
            assert db.rows(erased) == [(True, False)]
        monkeypatch.undo()
        stage.market.sessions.breaker.closed_until = 0.0
        stage.pass_time(240)
        with stage.market.database.unit_of_work() as db:
            assert db.rows(erased) == [(True, True)]


def test_a_session_that_a_door_has_still_to_give_to_redis_is_swept_too(ground, planted, redis_url, redis):
    steps = read(STORIES / "somebody_is_forgotten.txt")
    last = max(place for place, step in enumerate(steps) if isinstance(step, Passed))
    swept = "select swept_at is not null from erasure"
    with stage_on("twilio", ground, planted, redis_url, redis) as (stage, wire):
        Play(stage, wire).run(steps[:last])
        with stage.market.database.unit_of_work() as db:
            chat = db.value("select conversation_id from inbox order by id desc limit 1")
        door = Sessions(stage.market.redis, 60)
        door.write([Held(chat, 7, {"memory": {"recipient": WORDS[0]}})], ring=False)  # its turn was before the erasure
        stage.pass_time(8 * 86400)
        door.store()
        assert found(redis_of(redis)) == [WORDS[0]]
        stage.pass_time(60)
        with stage.market.database.unit_of_work() as db:
            assert (found(redis_of(redis)), db.value(swept)) == ([], False)
        stage.pass_time(180)
        with stage.market.database.unit_of_work() as db:
            assert db.value(swept)


@pytest.mark.parametrize("word", WORDS)
def test_the_search_sees_a_word_however_it_is_written(word):
    assert word in found(b"x" + word.encode().hex().encode())
    assert word in found(f"a={quote_plus(word)}&b".encode())
    assert word in found(f"A {word.upper()} B".encode())
