"""An organizer's second factor: which codes count, once, how guessing ends, and what a right one is good for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from base.clock import now
from base.secret import Secret
from bot import second_factor
from tests.bot.chat import Chat

KEY = Secret("test-secret-key-0123456789")
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def app(db, chief):
    """The chief's authenticator, as his phone made it from the address in the QR code."""
    assert second_factor.enrol(db, chief.contact_id)
    shown = second_factor.enrolment(db, KEY, chief.contact_id, "Chef")
    app = pyotp.parse_uri(shown.uri)
    assert (app.issuer, app.name, app.digits, app.interval) == ("Assigamé", "Chef", 6, 30)
    assert (app.secret, len(shown.secret)) == (shown.secret, 32)
    return app


def checked(db, chief, code, at=None, chat=None):
    return second_factor.check(db, KEY, chief.contact_id, chat or chief.conversation_id, code, at or now(db))


def other_than(*codes):
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in codes)


def test_the_first_right_code_enrols_and_works_once(db, chief, app):
    at = now(db)
    assert not second_factor.is_enrolled(db, chief.contact_id)
    assert checked(db, chief, app.at(at), at) == "right"
    assert second_factor.is_enrolled(db, chief.contact_id)
    assert checked(db, chief, app.at(at), at) == "used"


def test_who_is_enrolled_begins_no_second_time_and_his_secret_is_shown_no_more(db, chief, app):
    checked(db, chief, app.at(now(db)))
    assert not second_factor.enrol(db, chief.contact_id)
    assert second_factor.enrolment(db, KEY, chief.contact_id, "Chef") is None


def test_a_code_of_the_half_minute_before_and_behind_is_right_and_no_other(db, chief, app):
    at = now(db)
    assert checked(db, chief, app.at(at - 2 * HALF_A_MINUTE), at) == "wrong"
    assert checked(db, chief, app.at(at - HALF_A_MINUTE), at) == "right"
    assert checked(db, chief, app.at(at + HALF_A_MINUTE), at) == "right"
    assert checked(db, chief, app.at(at), at) == "used"  # an older one than the newest that was used
    assert checked(db, chief, app.at(at + 2 * HALF_A_MINUTE), at) == "wrong"


def test_blanks_within_a_code_are_nothing(db, chief, app):
    code = app.at(now(db))
    assert checked(db, chief, f"{code[:3]} {code[3:]}") == "right"


def test_five_wrong_codes_lock_it_for_a_quarter_of_an_hour_for_right_ones_too(db, chief, app):
    at = now(db)
    wrong = other_than(app.at(at), app.at(at - HALF_A_MINUTE), app.at(at + HALF_A_MINUTE))
    assert [checked(db, chief, wrong, at) for _ in range(5)] == ["wrong"] * 4 + ["locked"]
    later = at + timedelta(minutes=15) - timedelta(seconds=1)
    assert checked(db, chief, app.at(later), later) == "locked"
    over = at + timedelta(minutes=15)
    assert checked(db, chief, app.at(over), over) == "right"


def test_a_right_code_lets_wrong_ones_begin_anew(db, chief, app):
    at = now(db)
    wrong = other_than(*(app.at(at + step * HALF_A_MINUTE) for step in range(-1, 3)))
    assert [checked(db, chief, wrong, at) for _ in range(4)] == ["wrong"] * 4
    assert checked(db, chief, app.at(at), at) == "right"
    assert [checked(db, chief, wrong, at) for _ in range(4)] == ["wrong"] * 4


def test_a_right_code_is_good_for_ten_minutes_in_its_own_chat(db, chief, app):
    at = now(db)
    checked(db, chief, app.at(at), at)
    trusted = second_factor.trusted_until
    assert trusted(db, chief.contact_id, chief.conversation_id, at) == at + timedelta(minutes=10)
    last = at + timedelta(minutes=10) - timedelta(seconds=1)
    assert trusted(db, chief.contact_id, chief.conversation_id, last) == at + timedelta(minutes=10)
    assert trusted(db, chief.contact_id, chief.conversation_id, at + timedelta(minutes=10)) is None
    assert trusted(db, chief.contact_id, chief.conversation_id + 1, at) is None


def test_without_a_second_factor_every_code_is_wrong(db, chief):
    assert checked(db, chief, "123456") == "wrong"
    assert not second_factor.is_enrolled(db, chief.contact_id)
    assert second_factor.trusted_until(db, chief.contact_id, chief.conversation_id, now(db)) is None


def test_the_database_alone_makes_no_code(db, chief, app):
    at = now(db)
    kept = db.one("select * from second_factor where contact_id = %(id)s", id=chief.contact_id)
    assert app.secret not in str(kept)
    assert second_factor.enrolment(db, Secret("another-key"), chief.contact_id, "").secret != app.secret
    stolen = second_factor.check(db, Secret("another-key"), chief.contact_id, chief.conversation_id, app.at(at), at)
    assert stolen == "wrong"


def test_twenty_at_once_with_one_code_are_one(crowd, config):
    with crowd.unit_of_work() as db:
        chief = Chat(db, config, "+22890000999", "Chef", roles=[("organizer", None)])
        second_factor.enrol(db, chief.contact_id)
        secret = second_factor.enrolment(db, KEY, chief.contact_id, "Chef").secret
        at = now(db)
    code = pyotp.TOTP(secret).at(at)

    def once(_):
        with crowd.unit_of_work() as db:
            return checked(db, chief, code, at)

    with ThreadPoolExecutor(20) as threads:
        outcomes = sorted(threads.map(once, range(20)))
    assert outcomes == ["right"] + ["used"] * 19
