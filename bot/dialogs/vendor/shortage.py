"""After a refusal for want of goods: how many of each really lie there, so that nobody is sold them again."""

from collections.abc import Iterable
from typing import Literal

from bot.dialogs.means import take_alone
from bot.dialogs.vendor import changes, counting, shop
from bot.turn import Turn
from catalog import products

DOUBTED = "doubted"  # in memory: the stocks that are asked about, the first of them now
LATELY = 600  # seconds: what a vendor counted before is not asked again


def doubt(turn: Turn, stock_ids: Iterable[int]) -> None:
    """These stocks are asked about, but for what this person has just counted."""
    counted = turn.db.rows(
        "select distinct stock_id from stock_movement where reason in ('count', 'receive', 'remove')"
        " and contact_id = %(contact)s and at > market_now() - make_interval(secs => %(lately)s)",
        contact=turn.person.contact_id,
        lately=LATELY,
    )
    known = {row.stock_id for row in counted}
    turn.memory[DOUBTED] = [one for one in dict.fromkeys(stock_ids) if one not in known]


def ask_next(turn: Turn) -> Literal["more", "none"]:
    """The next of them that is one of his goods still, put on show."""
    while _doubted(turn):
        product = products.of_stock(turn.db, _doubted(turn)[0])
        if product and product.vendor_id in turn.person.vendor_ids:
            turn.memory["good"] = product.id
            return "more"
        turn.memory[DOUBTED] = _doubted(turn)[1:]
    return "none"


def _doubted(turn: Turn) -> list[int]:
    found: list[int] = turn.memory.get(DOUBTED, [])
    return found


def is_asked(turn: Turn) -> bool:
    """Whether a good still waits for its count."""
    return bool(_doubted(turn)) and shop.is_good_own(turn)


def keep_none(turn: Turn) -> Literal["kept", "gone"]:
    """Nothing of it is left; that is proposed and applied in one turn."""
    take_alone(turn)
    return counting.count_card(turn, 0)


def count(turn: Turn) -> Literal["done", "short", "changed", "gone"]:
    """Take the vendor's number; short: another order can't be served with it."""
    outcome = changes.apply(turn)
    if outcome != "changed":
        turn.memory[DOUBTED] = _doubted(turn)[1:]
    return "done" if outcome == "counted" else outcome
