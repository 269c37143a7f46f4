"""Figures, lists and tables that organizers ask for in a word."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, TypedDict

from base.spelling import fold
from bot import files, long_counts, market_tables, market_words
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, take_alone, words
from bot.dialogs.organizer import shops
from bot.long_counts import Awaited
from bot.turn import Turn
from catalog.vendors import vendors
from orders import reports

ROWS: Final = 9
LISTED: Final = "listed"  # in the chat's memory: which list is on show
PERIOD: Final = "figures_of"
TOLD: Final = "figures"  # they themselves
WEEK_OF_EVENT: Final = re.compile(r"\b(?:semaine|week) (\d)\b")
OF_AN_ANNOUNCEMENT: Final = re.compile(
    r"\b(?:lue?s?|recue?s?|ouverte?s?|read|received)\b.*\b(?:annonces?|messages?|announcements?)\b"
)
OF_NEWS: Final = re.compile(r"\b(?:annonces?|announcements?)\b")
LINK_FOR: Final = timedelta(hours=1)
Listed = Literal["shops", "orders", "attention", "link", "organizers", "unknown"]
OF_SHOPS: Final[Mapping[str, str]] = {
    "vendors": "true",
    "vendors_without_products": (
        "not exists (select from product p where p.vendor_id = v.id and p.is_listed and p.kind <> 'variant')"
    ),
    "suspended": "v.suspended_at is not null",
}


class Figures(TypedDict):
    """A short text of figures for a phone."""

    figures: str


class Table(TypedDict):
    """The address of a workbook."""

    title: str
    link: str


class Part(TypedDict):
    """An order that is late, with whom to call."""

    code: str
    shop: str
    shop_phone: str
    phone: str
    state: str
    late: str


def hear_figures(turn: Turn) -> Literal["heard", "announced"]:
    """`bilan du jour`, `ventes de la semaine`, `ventes semaine 2` of the event: of which time.

    announced: how many have read what was announced is asked, which its card tells.
    """
    if OF_AN_ANNOUNCEMENT.search(fold(turn.words)):
        return "announced"
    numbered = WEEK_OF_EVENT.search(fold(turn.words))
    turn.memory[PERIOD] = f"phase.{numbered[1]}" if numbered else str(turn.slot("period") or "day")
    return "heard"


def count(turn: Turn) -> Literal["counted", "long"]:
    """The figures of that time, as far as they are counted in the time of a turn; long: they are told later."""
    take_alone(turn)
    period = str(turn.memory.get(PERIOD, "day"))
    found = turn.db.in_time(turn.config.timing.count_in_turn, lambda: market_words.count(turn.db, period))
    turn.memory[TOLD] = market_words.told(turn.person.language, found) if found else ""
    if found is None:
        long_counts.ask(turn.db, Awaited("figures", {"period": period}), turn.conversation_id)
    return "counted" if found else "long"


def figures(turn: Turn) -> Figures:
    """Values of the figures of that time."""
    return {"figures": str(turn.memory.get(TOLD, ""))}


def hear_list(turn: Turn) -> Listed:
    """Which list a word asks for."""
    what = str(turn.slot("what") or "")
    turn.memory[LISTED] = what
    if what in OF_SHOPS:
        return "shops"
    if what in ("late_deliveries", "deliveries"):
        turn.memory[LISTED] = "late_deliveries"
        return "orders"
    if what == "registration_link":
        return "link"
    if what == "organizers":
        return "organizers"
    return "attention" if what == "pending_vendors" else "unknown"


def shop_rows(turn: Turn, after: str) -> Page:
    """The shops of the list on show, by id."""
    where = OF_SHOPS.get(str(turn.memory.get(LISTED, "")), "true")
    sql = f"select v.id from vendor v where v.id > %(after)s and {where} order by v.id limit %(most)s"
    ids = [row.id for row in turn.db.rows(sql, after=number_of(after), most=ROWS + 1)]
    known = vendors(turn.db, ids[:ROWS])
    rows = tuple(shops.row(turn, known[one]) for one in ids[:ROWS])
    return Page(rows, str(ids[ROWS - 1]) if len(ids) > ROWS else "")


def late_rows(turn: Turn, after: str) -> Page:
    """The parts that should have left their shops, the latest last."""
    found = turn.db.rows(_LATE, after=number_of(after), most=ROWS + 1)
    rows = tuple(
        Row(str(row.id), row.code, words(turn, "organizer.late_detail", shop=row.shop, late=_since(turn, row.late_at)))
        for row in found[:ROWS]
    )
    return Page(rows, rows[-1].id if len(found) > ROWS else "")


_LATE: Final = """
select v.id, o.code, w.name as shop, v.late_at from vendor_order v join "order" o on o.id = v.order_id
join vendor w on w.id = v.vendor_id
where v.state in ('accepted', 'ready') and v.late_at <= market_now() and v.id > %(after)s order by v.id limit %(most)s
"""


def _since(turn: Turn, moment: datetime | None) -> str:
    return market_words.time_words(max(0, int((turn.now - moment).total_seconds() // 60))) if moment else ""


def open_part(turn: Turn, given: str) -> Literal["opened"]:
    """Put one of them on show."""
    turn.memory["part"] = number_of(given)
    return "opened"


def part(turn: Turn) -> Part:
    """Values of the part on show."""
    found = reports.part(turn.db, number_of(turn.memory.get("part", 0)))
    if found is None:
        return {"code": "", "shop": "", "shop_phone": "", "phone": "", "state": "", "late": ""}
    return {
        "code": found.code,
        "shop": found.vendor_name,
        "shop_phone": found.vendor_phone or "",
        "phone": reports.phone_told(turn.db, found.id),
        "state": words(turn, f"order.state.{found.state}"),
        "late": _since(turn, found.late_at),
    }


def hear_table(turn: Turn) -> Literal["made", "announced", "unknown"]:
    """Which table is to be taken away. announced: that of an announcement, which its card has."""
    if OF_NEWS.search(fold(turn.words)):
        return "announced"
    turn.memory["table"] = market_tables.meant(str(turn.slot("what") or ""))
    return "made" if turn.memory["table"] else "unknown"


def table(turn: Turn) -> Table:
    """Values of its address, good for an hour."""
    name = str(turn.memory.get("table", ""))
    path = files.path_to(market_tables.KIND, turn.config.secret_key, name, turn.now + LINK_FOR)
    return {"title": market_tables.TABLES[name].title, "link": f"{turn.config.server.base_url}{path}"}
