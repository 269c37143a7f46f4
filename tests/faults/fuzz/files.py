"""Targets: settings, pictures, backups, what Redis holds, and what a browser posts to the simulator."""

import io
import json
import tarfile
import tempfile
from pathlib import Path

from flask import Request
from PIL import Image
from werkzeug.test import EnvironBuilder

from base import backups, config
from base.backups import BackupError
from base.config import ROOT, ConfigError
from base.secret import Secret
from bot import booking_page, received_files
from bot.sessions import document_in
from catalog import photos
from catalog.errors import NotAPicture
from dashboard.simulator.documents import read_document
from dashboard.simulator.guard import COOKIE, HEADER, Guard
from dashboard.simulator.phone_numbers import is_phone
from dashboard.simulator.rules import LAYOUTS, fault_of
from dashboard.simulator.saying import MOST_TEXT, PARTS, content_of, said_of
from dashboard.simulator.stream import read_cursors
from handlers.signatures import webhook_urls
from tests.catalog.sheets.workshop import text, workbook
from tests.conftest import VARIABLES
from tests.events.scenes import jpeg, scene
from tests.faults.fuzz.target import Target, parts_of, text_of
from tests.files import OGG, PDF, VIDEO, picture

FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-files-")
SETTINGS, BACKUP = Path(FOLDER.name) / "config.yaml", Path(FOLDER.name) / "backup.tar"
SHORT = Path(FOLDER.name) / "short.yaml"
SHORT_TEXT = b"channel_accounts:\n- {kind: twilio_whatsapp, key: twilio}\n- {kind: simulator, key: simulator}\n"
GUARD = Guard(Secret("the-secret-key"))
VISITOR = "awa"
KINDS = tuple(received_files.MOST_BYTES)
BEGINNINGS = {received_files.PDF: b"%PDF-", received_files.XLSX: b"PK\x03\x04"}
NO_TEXT = (*BEGINNINGS.values(), b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"\x7fELF", b"<")


def check_settings(path, environ):
    """Whole settings that can be used, or a refusal that names what is wrong, a line for each."""
    try:
        loaded = config.load(path, environ)
    except ConfigError as error:
        check_problems(error.problems)
        return
    assert loaded.var.is_absolute()
    keys = [account.key for account in loaded.channel_accounts]
    assert len(set(keys)) == len(keys)
    for account in loaded.active_accounts():
        assert not account.missing()
    for url in webhook_urls(loaded.server.base_url, "/webhooks/twilio", ""):
        assert url.startswith(("http://", "https://"))
    assert "s3cr3t" not in repr(loaded)


def check_problems(problems):
    assert problems
    assert all(problems)


def play_settings(content):
    """The file alone, and under the variables of an operator."""
    SETTINGS.write_bytes(content)
    for environ in ({}, VARIABLES):
        check_settings(SETTINGS, environ)


def settings_seeds():
    shipped = (ROOT / "config.yaml").read_bytes()
    yield shipped
    yield from shipped.split(b"\n\n")
    yield from (
        b"channel_accounts:\n", b"channel_accounts: {a: 1}\n", b"market:\n  delivery_bands: [[4, 500], [null, 2000]]\n",
        b"server: {port: 8000, public_base_url: 'https://market.example'}\n", b"&a [*a]", b"{&a x: *a}", b"1: 2\n",
        b"var: ~awa/x\n", b'var: "\\0"\n', b"x: 2026-13-45\n", b"x: !!int ''\n", b"x: !!timestamp x\n",
        b"secret_key: s3cr3t\n",
        b"server: {public_base_url: 'http://x:99999999'}\n", b"x: !!bool y?\n", b"[" * 300, b"x: &a [*a]",
    )  # fmt: skip


def play_environment(data):
    """Lines `NAME=value` over a short file, which is read fast."""
    pairs = (line.partition("=") for line in text_of(data).replace("\x00", "").split("\n"))
    SHORT.write_bytes(SHORT_TEXT)
    check_settings(SHORT, {name: value for name, separator, value in pairs if separator})


def environment_seeds():
    lines = [f"{name}={value}" for name, value in VARIABLES.items()]
    more = (
        "ASSIGAME__SERVER__PORT=9000", "ASSIGAME__CHANNEL_ACCOUNTS__0__RATES__TURNS=3", "ASSIGAME_VAR=~zoblo/x",
        'ASSIGAME__MARKET__ORGANIZERS=["+22890000001"]', "ASSIGAME__CHANNEL_ACCOUNTS=7", "ASSIGAME__CHANNEL_ACCOUNTS=",
        "ASSIGAME__TIMING__JOINS_WORDS=1.5", "PORT=x", "DATABASE_URL=postgres://a:b@c/d", "ASSIGAME__X=" + "[" * 200,
        "PUBLIC_BASE_URL=http://x:99999999", "ASSIGAME__CHANNEL_ACCOUNTS__9__KEY=x", "ASSIGAME__ENVIRONMENT=production",
        "PUBLIC_BASE_URL=http://[", "ASSIGAME__VAR__X=1",
    )  # fmt: skip
    yield from ("\n".join(lines).encode(), *(line.encode() for line in more))
    yield from ("\n".join([*lines, line]).encode() for line in more)


def play_picture(content):
    """A small upright JPEG, or a refusal."""
    try:
        jpeg = photos.shrink(content)
    except NotAPicture:
        return
    assert len(jpeg.content) <= photos.MOST_BYTES
    assert max(jpeg.width, jpeg.height) <= 1024
    with Image.open(io.BytesIO(jpeg.content)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (jpeg.width, jpeg.height), "RGB")
        assert not picture.getexif()


def play_code(content):
    """The code on a photo, or none."""
    code = booking_page.read(content)
    assert len(code) <= booking_page.LONGEST
    assert code == code.strip()


def code_seeds():
    yield booking_page.draw("A3-7K4Q", scale=2)
    for more in ({"turn": 20}, {"part": 0.9}, {"blur": 0.6}, {"lean": 0.5}):
        yield jpeg(scene("A3-7K4Q", width=120, height=90, **more), quality=30)


def picture_seeds():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Awa"
    for kind, mode, more in (("JPEG", "RGB", {"exif": exif}), ("JPEG", "L", {}), ("PNG", "RGBA", {}), ("PNG", "P", {}),
                             ("PNG", "I;16", {}), ("WEBP", "RGB", {"exif": exif}), ("PNG", "RGB", {"exif": exif}),
                             ("JPEG", "CMYK", {}), ("WEBP", "RGBA", {"lossless": True})):  # fmt: skip
        buffer = io.BytesIO()
        Image.new(mode, (24, 16)).save(buffer, kind, **more)
        yield buffer.getvalue()


def play_backup(content):
    """Its manifest and every member to the end, or the refusal that an operator can read."""
    BACKUP.write_bytes(content)
    try:
        with backups.opened(BACKUP) as (manifest, tar):
            assert manifest.format == backups.FORMAT
            assert manifest.photos >= 0
            assert all(member.size >= 0 for member in tar)
    except BackupError as error:
        check_problems([str(error)])


def backup_seeds():
    manifest = {"format": 1, "taken_at": "2026-11-24T09:00:00Z", "revision": "0004", "server": 15, "dumped_by": 15,
                "rows": {"stock": 7}, "photos": 0}  # fmt: skip
    for document in (manifest, manifest | {"format": 2}, [], manifest | {"rows": {"stock": -1}}):
        for kind in (tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode="w", format=kind) as tar:
                for name, text in ((backups.MANIFEST, json.dumps(document).encode()), (backups.DUMP, b"dump"),
                                   (f"media/{'é' * 40}.jpg", b"")):  # fmt: skip
                    member = tarfile.TarInfo(name)
                    member.size = len(text)
                    tar.addfile(member, io.BytesIO(text))
            yield buffer.getvalue()[:4096]


def play_session(data):
    """What the cache holds is a document of just this revision, or nothing."""
    document = document_in(data.decode("utf-8", "replace"), 7)
    assert document is None or isinstance(document, dict)
    assert document is None or json.loads(data.decode("utf-8", "replace"))["revision"] == 7


def play_page(body):
    """What a browser posts, and what our own channel sends to the stand-in provider."""
    asked = read_document(body)
    if asked is None:
        return
    said = said_of(asked)
    assert said is None or len(said["text"]) <= MOST_TEXT
    assert said is None or said["text"].strip() or said.keys() & PARTS.keys()
    if said is not None:
        json.dumps(content_of(said, lambda name: f"http://127.0.0.1/{name}", lambda _: "image/jpeg"))
    fault = fault_of(asked)
    assert fault or (is_phone(asked["to"]) and asked["layout"] in LAYOUTS and is_shown(asked))
    numbers = ("+22890000001", "+22890000002")
    cursors = read_cursors(numbers, str(asked.get("after")))
    assert not cursors or tuple(cursors) == numbers


def is_shown(asked):
    """A bubble has words, or a file that needs none."""
    return asked["body"].strip() or asked.get("photo") or asked.get("document") or asked.get("audio")


def play_received(data):
    """A kind and bytes of any shape: a picture, PDF, list, sound or film that is surely one, or a refusal."""
    kind, content = KINDS[data[0] % len(KINDS)] if data else "image", data[1:]
    try:
        checked = received_files.check(kind, content)
    except received_files.NotOfItsKind:
        return
    if checked.mime == "image/jpeg":
        with Image.open(io.BytesIO(checked.content)) as picture:
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            assert max(picture.size) <= received_files.MOST_SIDE
            assert not picture.getexif()
    else:
        assert checked.content == content
        assert is_of_its_kind(kind, checked)


def is_of_its_kind(kind, checked):
    """Whether the type is one of this kind; of a document, whether it begins as its type does, or is a plain text."""
    if kind != "document":
        return checked.mime.startswith(f"{kind}/")
    if (checked.mime, checked.ending) == received_files.CSV:
        return bool(checked.content) and not checked.content.lstrip(b" \t\r\n").startswith(NO_TEXT)
    return checked.content.startswith(BEGINNINGS[checked.mime, checked.ending])


LISTS = (workbook(), text(sign=";"), text(encoding="utf-16"), text(encoding="cp1252"), b"<html>", b"\xd0\xcf\x11\xe0")


def received_seeds():
    for number, kind in enumerate(KINDS):
        for content in (OGG, PDF, VIDEO, picture("WEBP"), *LISTS):
            yield bytes([number]) + content
        yield bytes([number]) + kind.encode()


def page_seeds():
    offers = [{"id": "v1:a", "title": "Oui", "detail": ""}, {"id": "v1:b", "title": "Non"}]
    documents = (
        {"text": "riz"}, {"text": "", "tap": "v1:x"}, {"photo": "a" * 22},
        {"location": {"latitude": 6.1, "label": "Bè"}}, {"card": {"name": "Afi", "phone": "97"}}, {"once": True},
        {"reaction": {"to": "sim-1", "emoji": "x"}}, {"text": "riz", "edits": "x"}, {"deletes": "x"},
        {"file": "a" * 22}, {"sticker": "b" * 22},
        {"outbox_id": 7, "to": "+22890000001", "layout": "text", "body": "Bonjour"}, {"after": "1-2,3-4"},
        {"outbox_id": 7, "to": "+22890000001", "layout": "buttons", "body": "Bonjour", "offers": offers},
        {"outbox_id": 7, "to": "+22890000001", "layout": "list", "body": "Bonjour", "opener": "Voir", "offers": offers},
        {"outbox_id": 7, "to": "+22890000001", "layout": "buttons", "body": "x", "offers": "ab"},
    )  # fmt: skip
    return [json.dumps(document).encode() for document in documents]


def play_guard(data):
    """Lines with the cookie, the token, Sec-Fetch-Site and Origin: only the page's own post is let in."""
    cookie, token, site, origin = (part.decode("latin-1") for part in parts_of(data.replace(b"\r", b""), 4))
    headers = {HEADER: token} | ({"Sec-Fetch-Site": site} if site else {}) | ({"Origin": origin} if origin else {})
    if "\n" in origin:
        return
    environ = EnvironBuilder(method="POST", base_url="http://market.example", headers=headers).get_environ()
    request = Request(environ | {"HTTP_COOKIE": f"{COOKIE}={cookie}"})
    visitor = request.cookies.get(COOKIE, "")
    is_ours = site == "same-origin" or (not site and origin in ("http://market.example", "https://market.example"))
    if GUARD.allows(request):
        assert visitor
        assert token == GUARD.token(visitor)
        assert site == "same-origin" or (not site and "market.example" in origin)
    else:
        assert not (visitor and token == GUARD.token(visitor) and is_ours)


def guard_seeds():
    token = GUARD.token(VISITOR)
    told = (
        ("same-origin", ""), ("", "http://market.example"), ("cross-site", ""), ("", "http://["), ("", "null"),
        ("", "http://market.example@x"), ("", "https://market.example.org"),
    )  # fmt: skip
    for site, origin in told:
        yield "\n".join((VISITOR, token, site, origin)).encode()


FILES = {
    "settings": Target(
        play_settings,
        settings_seeds,
        ("base/accounts.py", "base/config.py", "base/overrides.py", "base/templates.py"),
        16384,
    ),
    "environment": Target(
        play_environment, environment_seeds, ("base/overrides.py",), 1024, ("base.accounts", "base.config")
    ),
    "picture": Target(play_picture, picture_seeds, ("catalog/photos.py",), 8192),
    "code": Target(play_code, code_seeds, ("bot/booking_page.py",), 8192, ("catalog.photos",)),
    "received": Target(play_received, received_seeds, ("bot/received_files.py",), 8192, ("base.sheets.sniffing",)),
    "backup": Target(play_backup, backup_seeds, ("base/backups.py",)),
    "session": Target(
        play_session,
        lambda: (
            b'{"revision": 7, "document": {"hat": "buyer"}}',
            b'{"revision": 8, "document": {}}',
            b"[" * 1500,
            b"",
        ),
        ("bot/sessions.py",),
        2048,
    ),
    "page": Target(
        play_page,
        page_seeds,
        (
            "dashboard/simulator/documents.py",
            "dashboard/simulator/page.py",
            "dashboard/simulator/phone_numbers.py",
            "dashboard/simulator/saying.py",
        ),
        watched=("dashboard.simulator.rules", "dashboard.simulator.stream"),
    ),
    "guard": Target(play_guard, guard_seeds, ("dashboard/simulator/guard.py",), 512),
}
