"""What steps need to call the rooms below: who causes, on which terms, which row; and words for rows."""

import re
from typing import TypedDict

from base.config import Config
from base.db import Alone
from base.places import name_of
from base.spelling import normalise
from bot.texts import say
from bot.turn import Turn
from catalog.levels import LEVELS, Level
from catalog.stock import Cause
from orders.terms import Terms

TYPED_WORD = re.compile(r"[^\W_]+")
LONGEST_ID = 18  # digits of a row's id


class Quarter(TypedDict):
    """A place's name."""

    quarter: str


def cause(turn: Turn) -> Cause:
    """The person and the message that this turn's changes are caused by."""
    return Cause(turn.person.contact_id, turn.inbox_id)


def terms(turn: Turn) -> Terms:
    """The market's terms."""
    return terms_of(turn.config)


def terms_of(config: Config) -> Terms:
    """The terms of a market's settings."""
    market = config.market
    return Terms.of(config.lasting_key, config.timing, market.delivery_bands, market.parcel_fee, market.opening)


def take_alone(turn: Turn) -> None:
    """Called before anything is written, by a step that is followed by more locks. Raises Alone in a batch."""
    if turn.db.in_batch:
        raise Alone


def number_of(text: object) -> int:
    """The row's id in a choice or a door's argument; 0, which no row has, for anything else."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID else 0


def after_of(cursor: str) -> int | None:
    """The id after which a page begins; None at the beginning."""
    return number_of(cursor) or None


def words(turn: Turn, key: str, **values: object) -> str:
    """A text in the person's language, for the rows of a list."""
    return say(turn.person.language, key, values)


def code_said(turn: Turn) -> str:
    """The code of an order in a sentence, letter by letter as typed (readings squeeze `AAA`); '' without one."""
    heard = str(turn.slot("order") or "")
    typed = (part for part in TYPED_WORD.findall(turn.words) if normalise(part).upper() == heard)
    return next(typed, heard)


def shop_called(turn: Turn, name: str, level: Level) -> str:
    """A shop's name as buyers read it, with the mark of its level."""
    return name if level == LEVELS[0] else name + words(turn, f"level.{level}.mark")


def called(turn: Turn) -> str:
    """The person's first name with a blank before it, to be set behind a greeting; '' when none is known."""
    names = turn.person.name.split()
    return f" {names[0][:20]}" if names and names[0][0].isalpha() else ""


def quarter_name(slug: str | None) -> str:
    """A quarter's name by its slug; '' when there is none, the slug itself when the gazetteer lost it."""
    return name_of(slug)
