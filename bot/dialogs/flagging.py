"""`signaler`: a buyer tells the organizers of a shop, a shop of a buyer; read by people, told to nobody else."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypedDict

from base.shortening import shorten
from bot import flags, rights
from bot.dialog import RETURN, Page, Row, State, ask, choose, do, pick, tell
from bot.dialogs.means import number_of, take_alone, words
from bot.messages import LONGEST_HEARD, Incoming
from bot.turn import Turn
from catalog.products import product
from catalog.vendors import vendors

ROWS: Final = 9
FLAG: Final = "flag"  # in the chat's memory: whom, by name, with the rows, and the words
RECENT: Final = 60  # days of orders


class Report(TypedDict):
    """Whom, and in which words."""

    name: str
    words: str


class Told(TypedDict):
    """What came of it, in words."""

    told: str


_SHOPS: Final = """
select v.vendor_id from vendor_order v join "order" o on o.id = v.order_id
where o.contact_id = %(contact)s group by v.vendor_id order by max(o.id) desc limit %(most)s
"""
_BUYERS: Final = """
select v.id, o.code, o.contact_id, o.recipient, o.placed_at from vendor_order v join "order" o on o.id = v.order_id
where v.vendor_id = any(%(vendors)s) and v.changed_at > market_now() - make_interval(days => %(days)s)
  and (%(after)s = 0 or v.id < %(after)s) order by v.id desc limit %(most)s
"""


def shop_rows(turn: Turn, after: str) -> Page:
    """The shop that is spoken of, and those of his last orders."""
    shown = product(turn.db, number_of(turn.memory.get("product", "")))
    ordered = [row.vendor_id for row in turn.db.rows(_SHOPS, contact=turn.person.contact_id, most=ROWS)]
    ids = list(dict.fromkeys(([shown.vendor_id] if shown else []) + ordered))[:ROWS]
    known = vendors(turn.db, ids)
    return Page(tuple(Row(str(one), known[one].name) for one in ids if one in known))


def buyer_rows(turn: Turn, after: str) -> Page:
    """The orders of his shops, the newest first: who is behind them."""
    mine = list(rights.shops(turn, "orders"))
    found = turn.db.rows(_BUYERS, vendors=mine, days=RECENT, after=number_of(after), most=ROWS + 1)
    rows = tuple(_row(turn, row) for row in found[:ROWS])
    return Page(rows, rows[-1].id if len(found) > ROWS else "")


def _row(turn: Turn, row: Any) -> Row:
    return Row(str(row.id), row.code, words(turn, "flag.buyer", name=shorten(row.recipient, 30)))


def choose_shop(turn: Turn, given: str) -> Literal["kept"]:
    """One of the shops."""
    turn.memory.pop(FLAG, None)
    shop = vendors(turn.db, [number_of(given)]).get(number_of(given))
    if shop:
        turn.memory[FLAG] = {"name": shop.name, "vendor": shop.id, "about": None, "part": None, "words": ""}
    return "kept"


def choose_buyer(turn: Turn, given: str) -> Literal["kept"]:
    """The buyer of one of the orders of his own shops."""
    sql = (
        'select v.id, o.code, o.contact_id from vendor_order v join "order" o on o.id = v.order_id'
        " where v.id = %(id)s and v.vendor_id = any(%(vendors)s)"
    )
    row = turn.db.one(sql, id=number_of(given), vendors=list(rights.shops(turn, "orders")))
    turn.memory.pop(FLAG, None)
    if row:
        turn.memory[FLAG] = {"name": row.code, "vendor": None, "about": row.contact_id, "part": row.id, "words": ""}
    return "kept"


def is_chosen(turn: Turn) -> bool:
    """Whether somebody is to be reported."""
    return FLAG in turn.memory


def read_why(said: Incoming) -> str | None:
    """Any words."""
    text = said.text.strip()
    return None if not text or said.tap or said.media or len(text) > LONGEST_HEARD else text


def keep_why(turn: Turn, said: str) -> Literal["kept"]:
    """Shown before they are sent."""
    if is_chosen(turn):
        turn.memory[FLAG]["words"] = said[: flags.LONGEST]
    return "kept"


def report(turn: Turn) -> Report:
    """Values of both questions."""
    kept = turn.memory.get(FLAG, {})
    return {"name": str(kept.get("name", "")), "words": str(kept.get("words", ""))}


def send(turn: Turn) -> Literal["told"]:
    """To the organizers. Raises Alone in a batch when the person is busy."""
    take_alone(turn)
    kept = turn.memory.pop(FLAG, None)
    outcome = "gone"
    if kept:
        outcome = flags.make(
            turn.db,
            turn.person.contact_id,
            turn.conversation_id,
            kept["words"],
            vendor_id=kept["vendor"],
            about_id=kept["about"],
            vendor_order_id=kept["part"],
        )
    turn.memory["flag_told"] = outcome
    return "told"


def told(turn: Turn) -> Told:
    """Values of what came of it."""
    return {"told": words(turn, f"flag.{turn.memory.get('flag_told', 'gone')}")}


def flagging(rows: Callable[[Turn, str], Page], chosen: Callable[[Turn, str], Literal["kept"]]) -> dict[str, State]:
    """The states of a report: whom, why, is it right, and what came of it."""
    return {
        "flag": pick("flag_whom", rows, chosen, none="flag_nobody", kept="flag_why"),
        "flag_nobody": choose("flag_nobody", menu="menu", asides=["person"], person="person"),
        "flag_why": ask("flag_why", read_why, keep_why, is_free=True, shows=report, stands=is_chosen, kept="flag_sure"),
        "flag_sure": choose("flag_sure", shows=report, stands=is_chosen, yes="flag_sending", no="flag_left"),
        "flag_left": tell("flag_left", RETURN),
        "flag_sending": do(send, writes="after_yes", told="flag_told"),
        "flag_told": tell("flag_told", RETURN, shows=told),
    }


FLAG_WORDS: Final = dict.fromkeys(("signaler", "signaler une boutique", "signaler un client", "report"), "flag")
