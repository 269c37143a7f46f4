"""A number on which a shop is paid, as it is typed: `90 12 34 56`, `tmoney 90123456`, `97 12 34 56 flooz`."""

from typing import Final, Literal, TypedDict

from base.phones import guess_wallet, is_togo_mobile
from base.spelling import fold
from bot.dialogs.readers import read_phone_said
from bot.messages import Incoming

Wallet = Literal["tmoney", "flooz"]
NAMES: Final[tuple[tuple[Wallet, tuple[str, ...]], ...]] = (
    ("tmoney", ("tmoney", "t money", "mixx", "mixx by yas", "yas", "togocom", "togocel")),
    ("flooz", ("flooz", "floz", "flouz", "moov", "moov money")),
)


class Payout(TypedDict):
    """A mobile of Togo (E.164) and its wallet."""

    phone: str
    wallet: Wallet


def read_payout(said: Incoming) -> Payout | None:
    """The first number that can be paid, typed or on a contact card; the wallet is what was said, else a guess.

    Only a guess, as numbers are portable: the question after it lets it be changed.
    """
    phone = read_phone_said(said)
    guessed = guess_wallet(phone) if phone and is_togo_mobile(phone) else None
    if phone is None or guessed is None:
        return None
    return {"phone": phone, "wallet": named_wallet(said.text) or guessed}


def named_wallet(text: str) -> Wallet | None:
    """The wallet that a message names; None when it names none, or two."""
    said = f" {fold(text)} "
    named = [wallet for wallet, names in NAMES if any(f" {name} " in said for name in names)]
    return named[0] if len(named) == 1 else None
