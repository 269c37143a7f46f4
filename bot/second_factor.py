"""An organizer's second factor: a code of six digits that changes every 30 s in an app of his own phone (RFC 6238).

The database keeps a salt, from which only who holds LASTING_KEY makes the shared secret again: a copy of the database
makes no code. A code works once, also that of the 30 s before and behind; five wrong ones lock it for 15 minutes, right
ones too. A right code is good for ten minutes of acts in the chat in which it was typed. The secret is shown on a page
at a signed address that ends, never in a bubble: no row and no log holds it.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import pyotp

from base.db import Db
from base.secret import Secret
from base.tokens import keyed_hash

STEP: Final = 30  # seconds of one code, RFC 6238 §5.2
DRIFT: Final = 1  # steps that a phone's clock may be off
DIGITS: Final = 6
MOST_WRONG: Final = 5
LOCKED: Final = timedelta(minutes=15)
TRUSTED: Final = timedelta(minutes=10)
ISSUER: Final = "Assigamé"
Checked = Literal["right", "wrong", "used", "locked"]


@dataclass(frozen=True)
class Enrolment:
    """What an app needs: the address it reads from a QR code, and the secret (32 letters and digits) to type."""

    uri: str
    secret: str


def enrol(db: Db, contact_id: int) -> bool:
    """Begin with a new shared secret, which counts from its first right code on; False for who has one already."""
    began = db.run(
        "insert into second_factor (contact_id, salt) values (%(id)s, %(salt)s) on conflict (contact_id) do update"
        " set salt = excluded.salt, made_at = market_now() where second_factor.enrolled_at is null",
        id=contact_id,
        salt=secrets.token_hex(16),
    )
    return began.count > 0


def enrolment(db: Db, key: Secret, contact_id: int, name: str) -> Enrolment | None:
    """What is shown to who has begun and has not proven it; None before and after. `name` is how the app lists it."""
    salt = db.value("select salt from second_factor where contact_id = %(id)s and enrolled_at is null", id=contact_id)
    if not salt:
        return None
    app = _app(key, contact_id, salt)
    return Enrolment(app.provisioning_uri(name=name, issuer_name=ISSUER), app.secret)


def is_enrolled(db: Db, contact_id: int) -> bool:
    """Whether this person has proven a second factor."""
    return bool(db.value("select enrolled_at is not null from second_factor where contact_id = %(id)s", id=contact_id))


def check(db: Db, key: Secret, contact_id: int, conversation_id: int, code: str, now: datetime) -> Checked:
    """Use a code as it was typed at `now`. A right one makes the chat trusted, the first one of all enrols.

    `wrong` is said of somebody without a second factor too.
    """
    row = db.one("select salt, locked_until from second_factor where contact_id = %(id)s", id=contact_id)
    if row is None:
        return "wrong"
    if row.locked_until and row.locked_until > now:
        return "locked"
    step = _step_of(_app(key, contact_id, row.salt), code, now)
    if step is None:
        return _count_wrong(db, contact_id, now)
    return "right" if _use(db, contact_id, conversation_id, step, now) else _why_not(db, contact_id, now)


def trusted_until(db: Db, contact_id: int, conversation_id: int, now: datetime) -> datetime | None:
    """Until when a right code of this chat is good; None when none is."""
    until: datetime | None = db.value(
        "select trusted_until from second_factor where contact_id = %(id)s and trusted_chat = %(chat)s"
        " and enrolled_at is not null and trusted_until > %(now)s",
        id=contact_id,
        chat=conversation_id,
        now=now,
    )
    return until


def remove(db: Db, contact_id: int) -> bool:
    """Take somebody's second factor away, for a lost phone or with his rights; False when there is none."""
    return db.run("delete from second_factor where contact_id = %(id)s", id=contact_id).count > 0


def _app(key: Secret, contact_id: int, salt: str) -> pyotp.TOTP:
    shared = bytes.fromhex(keyed_hash(key, "second-factor", f"{contact_id}.{salt}"))[:20]  # 160 bits, RFC 4226 §4
    return pyotp.TOTP(base64.b32encode(shared).decode(), digits=DIGITS, interval=STEP)


def _step_of(app: pyotp.TOTP, code: str, now: datetime) -> int | None:
    """The 30 s, counted from 1970, whose code this is; every one is compared, so the time taken tells nothing."""
    middle = int(now.timestamp()) // STEP
    steps = range(middle - DRIFT, middle + DRIFT + 1)
    digits = "".join(code.split())
    fits = [step for step in steps if secrets.compare_digest(app.generate_otp(step).encode(), digits.encode())]
    return fits[0] if fits else None


def _use(db: Db, contact_id: int, conversation_id: int, step: int, now: datetime) -> bool:
    used = db.run(
        "update second_factor set last_step = %(step)s, wrong = 0, locked_until = null,"
        " enrolled_at = coalesce(enrolled_at, %(now)s), trusted_chat = %(chat)s, trusted_until = %(until)s"
        " where contact_id = %(id)s and last_step < %(step)s"
        " and (locked_until is null or locked_until <= %(now)s)",
        id=contact_id,
        chat=conversation_id,
        step=step,
        now=now,
        until=now + TRUSTED,
    )
    return used.count > 0


def _count_wrong(db: Db, contact_id: int, now: datetime) -> Checked:
    counted = db.run(
        "update second_factor set wrong = case when wrong + 1 >= %(most)s then 0 else wrong + 1 end,"
        " locked_until = case when wrong + 1 >= %(most)s then %(until)s::timestamptz end"
        " where contact_id = %(id)s and (locked_until is null or locked_until <= %(now)s)"
        " returning locked_until",
        id=contact_id,
        most=MOST_WRONG,
        now=now,
        until=now + LOCKED,
    )
    return "locked" if not counted.rows or counted.rows[0].locked_until else "wrong"


def _why_not(db: Db, contact_id: int, now: datetime) -> Checked:
    """What came between: another chat of his used the code, or locked it."""
    until = db.value("select locked_until from second_factor where contact_id = %(id)s", id=contact_id)
    return "locked" if until and until > now else "used"


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: nothing of it is left."""
    return int(remove(db, contact_id))
