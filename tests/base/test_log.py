"""Nothing personal reaches a log, whatever way it takes."""

import io
import json
import logging

import pytest

from base import log
from base.scrubbing import clean_message, scrub

PHONES = [
    "+22890123456",
    "whatsapp:+22890123456",
    "22890123456",
    "90123456",
    "90 12 34 56",
    "90.12.34.56",
    "+228 90-12-34-56",
]
TOKEN = "0f3a9b7c2d4e6f8091a2b3c4d5e6f708"
SID = "SM0f3a9b7c2d4e6f8091a2b3c4d5e6f708"


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers, root.level
    log.configure("production", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = before
    root.setLevel(level)


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_is_scrubbed_in_every_form(phone):
    assert "[number]" in scrub(f"sent to {phone} at once")
    assert not any(part in scrub(f"sent to {phone} at once") for part in ("9012", "12 34", "12.34", "12-34"))


@pytest.mark.parametrize(
    "text, expected",
    [
        (f"token {TOKEN}", "token [token]"),
        ("Authorization: Bearer abc.def", "Authorization: [token]"),
        ("postgresql://awa:secret@db/market", "postgresql://[login]@db/market"),
        ("to TG.13491208655302741918", "to [person]"),
        ("from awa@example.tg", "from [email]"),
        (f"message {SID} sent", f"message {SID} sent"),
        ("a_very_long_function_name_without_numbers failed", "a_very_long_function_name_without_numbers failed"),
        ("order 1234567 in 3.25 s", "order 1234567 in 3.25 s"),
    ],
)
def test_tokens_and_persons_go_and_the_rest_stays(text, expected):
    assert scrub(text) == expected


def test_a_text_under_an_unknown_key_is_withheld(lines):
    log.logger("bot.engine").info("turn taken", words="je veux 2 sacs", conversation_id=7, rows=2)
    (line,) = lines()
    assert line["words"] == "[withheld]"
    assert (line["event"], line["conversation_id"], line["rows"]) == ("turn taken", 7, 2)
    assert (line["level"], line["logger"]) == ("info", "assigame.bot.engine")


def test_a_phone_as_a_number_is_not_printed(lines):
    log.logger("bot.engine").info("seen", phone=22890123456, outbox_id=22890123456)
    (line,) = lines()
    assert line["phone"] == "[number]"
    assert line["outbox_id"] == 22890123456


def test_an_allowed_key_is_scrubbed_to_its_depth(lines):
    log.logger("x").info("refused", reason=["bad", {"reason": "whatsapp:+22890123456", "body": "bonjour"}])
    (line,) = lines()
    assert line["reason"] == ["bad", {"reason": "[number]", "body": "[withheld]"}]


def test_an_exception_keeps_type_file_and_line_and_loses_its_words(lines):
    try:
        try:
            int("je m'appelle Awa, +22890123456")
        except ValueError as error:
            raise KeyError(f"whatsapp:+22890123456 {TOKEN}") from error
    except KeyError:
        log.logger("x").exception("turn failed", inbox_id=3)
    (line,) = lines()
    assert line["exception"].startswith("KeyError: '…' [tests/base/test_log.py:")
    assert "<- ValueError: invalid literal for int() with base 10: '…' [" in line["exception"]
    assert not {"Awa", "2289012", TOKEN} & {part for part in ("Awa", "2289012", TOKEN) if part in json.dumps(line)}


def test_the_rows_of_a_database_error_are_left_out():
    message = 'duplicate key value violates unique constraint "identity_value"\nDETAIL: Key (value)=(Awa) exists.'
    assert clean_message(message) == "duplicate key value violates unique constraint '…'"


def test_a_library_speaks_only_from_warning_on_and_scrubbed(lines):
    logging.getLogger("twilio.http_client").info("Params: To whatsapp:+22890123456")
    logging.getLogger("urllib3").warning("Retrying %s for '%s'", "+22890123456", "bonjour Awa")
    (line,) = lines()
    assert line["event"] == "Retrying [number] for '…'"


def test_the_demo_prints_key_and_value():
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers, root.level
    log.configure("demo", stream)
    log.logger("worker").warning("lease lost", outbox_id=5, kind="reply")
    root.handlers = before
    root.setLevel(level)
    _, rest = stream.getvalue().split(" ", 1)
    assert rest == 'level=warning logger=assigame.worker event="lease lost" outbox_id=5 kind=reply\n'


@pytest.mark.parametrize("environment", ["demo", "production"])
def test_what_ends_lines_or_steers_terminals_is_written_as_signs(environment):
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers, root.level
    log.configure(environment, stream)
    log.logger("worker").warning("a\nlevel=info", reason="b\r\nc\x1b[31md")
    logging.getLogger("urllib3").warning("e\nf\x1b[0m")
    root.handlers = before
    root.setLevel(level)
    assert stream.getvalue().count("\n") == 2
    assert not {"\r", "\x1b"} & set(stream.getvalue())


def test_an_exception_that_cannot_speak_is_still_logged():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no")

    assert "<exception str() failed>" in log.explain(Mute())
