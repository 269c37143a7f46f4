"""Files that people send: one row each, fetched outside of turns, believed in nothing, kept, forgotten."""

import json
import stat
import struct
import zlib
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from threading import Thread

import pytest
from PIL import Image

from base.clock import now
from base.secret import Secret
from bot import fetching, inbox, received, received_files
from bot.documents import incoming_from, incoming_to_json
from bot.messages import Card, CartItem, Incoming, Kept, Media, Reaction
from bot.provider_answers import NoFile, NotNow
from bot.received_files import NotOfItsKind
from tests.bot.stall import AWA, KOSSI, message_of
from tests.files import OGG, PDF, SHEET, VIDEO, picture
from tests.waiting import wait_for

KEY = Secret("test-secret-key-0123456789")
ROWS = (
    "select place, kind, mime, reference, state, reason, attempts, bytes, sha256, file from received_media"
    " order by inbox_id, place"
)

WAITING = (
    "select count(*) from pg_locks l join pg_database d on d.oid = l.database"
    " where d.datname = current_database() and l.locktype = 'advisory' and not l.granted"
)


def sends(stall, *files, phone=AWA, text=""):
    """One message with these (kind, reference) files; the id of its inbox row."""
    stall.says(phone, text, media=tuple(Media(kind, name, "image/jpeg") for kind, name in files))
    return stall.value("select max(id) from inbox")


def fetch(stall):
    return fetching.fetch_waiting(stall.office, stall.account_id)


def one(stall):
    (row,) = stall.rows(ROWS)
    return row


def folder(stall):
    return stall.config.var / "received"


def names(stall):
    return sorted(path.name for path in folder(stall).glob("*")) if folder(stall).exists() else []


def with_place(content):
    """The same picture with the place where it was taken."""
    image, out = Image.open(BytesIO(content)), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of Awa"
    exif.get_ifd(0x8825)[2] = (6.0, 8.0, 0.0)
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb(side=50_000):
    """A PNG of a few bytes that says it has 50,000 × 50,000 pixels."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")
    )


def test_each_file_of_a_message_is_a_row_and_words_are_none(stall):
    sends(stall, ("image", "a"), ("audio", "b"))
    stall.says(AWA, "bonjour")

    assert [(row.place, row.kind, row.reference, row.state) for row in stall.rows(ROWS)] == [
        (1, "image", "a", "waiting"),
        (2, "audio", "b", "waiting"),
    ]


def test_a_message_of_somebody_known_and_its_copy_are_one_row_by_the_short_way_too(stall):
    message = message_of("again", AWA, media=(Media("image", "a"),))
    for _ in range(2):
        with stall.database.autocommit() as db:
            assert received_once(stall, db, message)

    assert [row.reference for row in stall.rows(ROWS)] == ["a"]


def received_once(stall, db, message):
    one = inbox.Lone(Kept(message, b""))
    inbox.keep_known(db, stall.keeper, [one])
    return one.stored


def test_a_row_of_before_there_were_signs_is_read_as_it_was():
    old = {
        "provider_id": "SM1",
        "sender": {"identities": [{"kind": "phone", "value": AWA}], "name": "Awa"},
        "media": [{"kind": "image", "reference": "r"}],
    }
    message = incoming_from(old)
    assert message == Incoming("SM1", message.sender, media=(Media("image", "r"),))
    assert (message.reaction, message.cards, message.cart, message.edits, message.deletes) == (None, (), (), "", "")


def test_what_a_later_version_adds_is_passed_over():
    assert incoming_from({"provider_id": "SM1", "sender": {"identities": []}, "dance": 1}).provider_id == "SM1"


@pytest.mark.parametrize(
    "said",
    [
        {"reaction": Reaction("SM1", "❤️")},
        {"cards": (Card("Afi", ("97",)),)},
        {"cart": (CartItem("riz", 2, None), CartItem("gari", 1, 500))},
        {"text": "riz", "edits": "SM1"},
        {"deletes": "SM1"},
    ],
)
def test_a_sign_comes_back_from_its_row_as_it_was(said):
    message = message_of("SM2", AWA, **said)
    assert incoming_from(json.loads(incoming_to_json(message))) == message


def test_a_picture_is_made_anew_without_its_place_and_belongs_to_its_owner_alone(stall):
    original = with_place(picture("JPEG", (3000, 2000)))
    assert b"Phone of Awa" in original
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = original

    assert fetch(stall) == 1

    row = one(stall)
    (path,) = folder(stall).glob("*")
    content = path.read_bytes()
    assert path.name == f"{sha256(content).hexdigest()}.jpg"
    assert (row.state, row.mime, row.file, row.reason) == ("kept", "image/jpeg", path.name, None)
    assert (row.bytes, row.sha256) == (len(content), sha256(content).hexdigest())
    kept = Image.open(path)
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1600, 1067), {})
    assert b"Phone of Awa" not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder(stall).stat().st_mode) == 0o700
    assert fetch(stall) == 0


@pytest.mark.parametrize(
    ("kind", "content", "mime"),
    [
        ("audio", OGG, "audio/ogg"),
        ("audio", b"ID3" + bytes(20), "audio/mpeg"),
        ("audio", b"\xff\xfb" + bytes(20), "audio/mpeg"),
        ("audio", b"#!AMR\n" + bytes(20), "audio/amr"),
        ("audio", b"\x00\x00\x00\x18ftypM4A " + bytes(20), "audio/mp4"),
        ("audio", b"RIFF\x00\x00\x00\x00WAVE" + bytes(20), "audio/wav"),
        ("audio", b"\xff\xf1" + bytes(20), "audio/aac"),
        ("video", VIDEO, "video/mp4"),
        ("video", b"\x00\x00\x00\x18ftyp3gp4" + bytes(20), "video/3gpp"),
        ("video", b"\x1a\x45\xdf\xa3" + bytes(20), "video/webm"),
        ("document", PDF, "application/pdf"),
        ("document", b"PK\x03\x04" + bytes(100), SHEET),
        ("document", "produit;prix\nma\u00efs;500\n".encode("cp1252"), "text/csv"),
        ("document", picture("PNG"), "image/jpeg"),
        ("sticker", picture("WEBP"), "image/jpeg"),
    ],
)
def test_a_file_is_what_its_bytes_say(kind, content, mime):
    assert received_files.check(kind, content).mime == mime


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("image", b"<html>not here</html>", "no_picture"),
        ("image", PDF, "other_kind"),
        ("image", b"<svg onload=alert(1)>", "no_picture"),
        ("image", bomb(), "too_large"),
        ("image", picture()[:300], "no_picture"),
        ("image", bytes(10_000_001), "too_large"),
        ("sticker", bytes(1_000_001), "too_large"),
        ("audio", b"MZ" + bytes(100), "no_audio"),
        ("audio", b"", "no_audio"),
        ("audio", b"\xff", "no_audio"),
        ("audio", picture(), "no_audio"),
        ("video", OGG, "no_video"),
        ("document", b"MZ\x90" + bytes(100), "no_picture"),
        ("document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "locked"),
        ("document", b"<script>", "no_picture"),
    ],
)
def test_a_file_that_lies_is_refused_and_nothing_of_it_is_kept(stall, kind, content, reason):
    with pytest.raises(NotOfItsKind):
        received_files.check(kind, content)
    sends(stall, (kind, "a"))
    stall.provider.files["a"] = content

    fetch(stall)

    assert (one(stall).state, one(stall).reason, one(stall).file) == ("refused", reason, None)
    assert names(stall) == []


def test_the_channel_is_asked_for_no_more_bytes_than_its_kind_may_have(stall):
    sends(stall, ("sticker", "a"))
    fetch(stall)
    assert [(media.kind, most) for media, most in stall.provider.fetched] == [("sticker", 1_000_000)]


def test_a_file_that_is_not_there_yet_is_asked_for_three_times_more_before_it_counts_as_gone(stall):
    sends(stall, ("image", "a"), ("image", "b"))
    for tries, pause in enumerate((1, 3, 10), start=1):
        assert fetch(stall) == 2
        assert {(row.state, row.attempts, row.reason) for row in stall.rows(ROWS)} == {("waiting", tries, "status_404")}
        stall.passes(pause + 1)
    stall.provider.files["b"] = picture()
    assert fetch(stall) == 2

    assert [(row.state, row.reason) for row in stall.rows(ROWS)] == [("gone", "status_404"), ("kept", None)]
    stall.passes(86400)
    assert fetch(stall) == 0


def test_a_provider_that_is_away_is_asked_again_with_pauses_and_then_no_more(stall):
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = NotNow("status_503")
    for tries, pause in enumerate((1, 3, 10, 60, 600, 3600, 21600), start=1):
        assert fetch(stall) == 1
        assert (one(stall).state, one(stall).attempts, one(stall).reason) == ("waiting", tries, "status_503")
        left = stall.value("select extract(epoch from due_at - market_now())::float8 from received_media")
        assert left == pytest.approx(pause, abs=1)
        stall.passes(pause + 1)
    assert fetch(stall) == 1

    assert (one(stall).state, one(stall).reason) == ("refused", "status_503")
    stall.passes(86400)
    assert fetch(stall) == 0


def test_a_file_at_which_worker_after_worker_ends_is_refused_unread(stall, monkeypatch):
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = picture()

    def ends(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bot.received_files.check", ends)
        for tries in range(1, 9):
            with pytest.raises(KeyboardInterrupt):
                fetch(stall)
            assert (one(stall).state, one(stall).attempts) == ("waiting", tries)
            stall.passes(121)
    assert fetch(stall) == 1
    assert (one(stall).state, one(stall).attempts, one(stall).reason) == ("refused", 9, "no_picture")


def test_what_is_not_the_accounts_is_refused_for_good(stall):
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = NoFile("api.twilio.com: redirect to evil.example refused")
    fetch(stall)
    assert one(stall).state == "refused"


def test_two_workers_fetch_a_file_once_and_the_slower_one_takes_nothing_away(stall):
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = picture()
    with stall.database.unit_of_work() as db:
        (slow,) = received.claim(db, stall.account_id, stall.config.timing, 4)
    assert fetch(stall) == 0
    stall.passes(stall.config.timing.fetch_lease + 1)
    assert fetch(stall) == 1

    fetching._fetch(stall.office, stall.account_id, slow)

    assert (one(stall).state, one(stall).attempts) == ("kept", 2)
    assert names(stall) == [one(stall).file]


def test_a_file_that_is_forgotten_while_it_is_fetched_leaves_nothing(stall):
    sends(stall, ("image", "a"))

    def forgotten_meanwhile():
        with stall.database.unit_of_work() as db:
            assert received.forget_of(db, person(stall, AWA)) == 1
        return picture()

    stall.provider.files["a"] = forgotten_meanwhile
    fetch(stall)

    assert (one(stall).state, one(stall).reference, names(stall)) == ("gone", "", [])
    assert sweep(stall) == 1
    assert stall.rows(ROWS) == []


def test_a_file_that_is_forgotten_while_it_is_written_leaves_nothing(stall, monkeypatch):
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = picture()
    written = received.store

    def forgotten_meanwhile(*file):
        written(*file)
        with stall.database.unit_of_work() as db:
            received.forget_of(db, person(stall, AWA))

    monkeypatch.setattr(received, "store", forgotten_meanwhile)
    fetch(stall)

    assert (one(stall).state, names(stall)) == ("gone", [])


def test_what_was_written_before_its_row_said_so_is_removed_with_it(stall, monkeypatch):
    sends(stall, ("audio", "a"))
    stall.provider.files["a"] = OGG
    monkeypatch.setattr(received, "settle_kept", dies)
    with pytest.raises(KeyboardInterrupt):
        fetch(stall)
    assert (one(stall).state, names(stall)) == ("waiting", [one(stall).file])

    with stall.database.unit_of_work() as db:
        received.forget_of(db, person(stall, AWA))
    sweep(stall)
    assert (stall.rows(ROWS), names(stall)) == ([], [])


def test_other_bytes_at_the_next_try_take_the_place_of_the_first(stall, monkeypatch):
    sends(stall, ("audio", "a"))
    stall.provider.files["a"] = OGG
    with monkeypatch.context() as patched:
        patched.setattr(received, "settle_kept", dies)
        with pytest.raises(KeyboardInterrupt):
            fetch(stall)
    stall.provider.files["a"] = b"ID3" + bytes(20)
    stall.passes(stall.config.timing.fetch_lease + 1)
    fetch(stall)
    assert (one(stall).mime, names(stall)) == ("audio/mpeg", [one(stall).file])


def dies(*_):
    raise KeyboardInterrupt


def test_the_same_bytes_of_two_people_lie_there_once_until_nobody_wants_them(stall):
    sends(stall, ("image", "a"))
    sends(stall, ("image", "b"), phone=KOSSI)
    stall.provider.files = {"a": picture(), "b": picture()}
    fetch(stall)
    first, second = stall.rows(ROWS)
    assert first.file == second.file
    assert names(stall) == [first.file]

    for phone, left in ((AWA, [first.file]), (KOSSI, [])):
        with stall.database.unit_of_work() as db:
            received.forget_of(db, person(stall, phone))
        assert sweep(stall) == 1
        assert names(stall) == left


def test_who_is_about_to_keep_a_file_waits_for_who_removes_the_same_bytes(stall):
    sends(stall, ("audio", "a"))
    sends(stall, ("audio", "b"), phone=KOSSI)
    stall.provider.files = {"a": OGG, "b": NotNow("status_503")}
    fetch(stall)
    with stall.database.unit_of_work() as db:
        received.forget_of(db, person(stall, AWA))
    stall.passes(2)
    stall.provider.files["b"] = OGG

    with stall.database.unit_of_work() as db:
        received.sweep(db, stall.config.var, 100)
        fetching_too = Thread(target=fetch, args=[stall])
        fetching_too.start()
        wait_for(lambda: stall.value(WAITING) == 1, "nobody waits")
        assert names(stall) == []
    fetching_too.join(10)

    assert [(row.state, row.file) for row in stall.rows(ROWS)] == [("kept", names(stall)[0])]


def test_a_full_disk_loses_no_file(stall):
    sends(stall, ("image", "a"))
    stall.provider.files["a"] = picture()
    stall.config.var.mkdir(parents=True, exist_ok=True)
    folder(stall).write_bytes(b"")  # no folder can be made here

    fetch(stall)
    assert one(stall).state == "waiting"

    folder(stall).unlink()
    stall.passes(stall.config.timing.fetch_lease + 1)
    fetch(stall)
    assert (one(stall).state, names(stall)) == ("kept", [one(stall).file])


def person(stall, phone):
    return stall.value("select contact_id from identity where value = %(phone)s", phone=phone)


def sweep(stall):
    with stall.database.unit_of_work() as db:
        return received.sweep(db, stall.config.var, 100)


def test_a_person_is_forgotten_with_rows_and_bytes_and_nobody_else(stall):
    sends(stall, ("image", "a"), ("audio", "b"))
    sends(stall, ("image", "c"), phone=KOSSI)
    stall.provider.files = {"a": picture(), "b": OGG, "c": picture(colour="red")}
    fetch(stall)
    assert len(names(stall)) == 3

    with stall.database.unit_of_work() as db:
        assert received.forget_of(db, person(stall, AWA)) == 2
        assert received.forget_of(db, person(stall, AWA)) == 0
    assert sweep(stall) == 2

    assert names(stall) == [one(stall).file]
    assert [row.reference for row in stall.rows(ROWS)] == ["c"]
    assert sweep(stall) == 0


def test_old_files_of_a_kind_are_forgotten_the_oldest_first(stall):
    for reference in ("a", "b", "c"):
        sends(stall, ("image", reference))
        stall.passes(100)
    sends(stall, ("audio", "d"))

    with stall.database.unit_of_work() as db:
        assert received.forget_older(db, "image", 1000, 10) == 0
        assert received.forget_older(db, "image", 50, 2) == 2
    assert [row.reference for row in stall.rows(ROWS)] == ["", "", "c", "d"]


def test_an_address_names_one_file_until_its_time_is_over(stall):
    with stall.database.unit_of_work() as db:
        at = now(db)
    token = received.write_token(KEY, 17, 2, at + timedelta(seconds=60))

    assert received.read_token(KEY, token, at) == (17, 2)
    assert received.read_token(KEY, token, at + timedelta(seconds=61)) is None
    assert received.read_token(Secret("another"), token, at) is None


@pytest.mark.parametrize("change", [("17", "18"), (".2.", ".1."), ("f", "0"), ("", "\ud800"), ("", "x" * 200)])
def test_a_changed_address_names_nothing(stall, change):
    with stall.database.unit_of_work() as db:
        at = now(db)
    token = received.write_token(KEY, 17, 2, at + timedelta(seconds=60))
    told, _, signature = token.rpartition(".")
    forged = [f"{told.replace(*change)}.{signature}" if change[0] else token + change[1], f"{told}.{'0' * 40}", "", "."]

    assert [received.read_token(KEY, one, at) for one in forged if one != token] == [None] * len(
        [one for one in forged if one != token]
    )


def test_the_claim_and_the_look_at_a_person_use_their_indexes(stall):
    with stall.database.unit_of_work() as db:
        db.run("set local enable_seqscan = off")
        plan = db.rows(
            "explain select 1 from received_media where state = 'waiting' and account_id = 1"
            " and due_at <= market_now() order by due_at limit 4"
        )
        assert "ix_received_media_due" in str(plan)
        plan = db.rows("explain select 1 from received_media where reference = '' order by inbox_id, place limit 9")
        assert "ix_received_media_forgotten" in str(plan)
        plan = db.rows("explain select 1 from received_media where file = any(array['a', 'b'])")
        assert "ix_received_media_file" in str(plan)
