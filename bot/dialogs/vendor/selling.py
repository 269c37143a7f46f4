"""What a vendor asks of his shop's figures: its sales, its shelves, who came, what is owed, and what he can set."""

import re
from datetime import timedelta
from typing import Literal, TypedDict

from bot import own_names, rights, sources
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.vendor.few_words import read_few_words
from bot.messages import Incoming
from bot.turn import Turn
from catalog import matching, shelves
from catalog.vendors import set_wishes, vendors
from orders import sales
from orders.sales import Period

PAGE = 9
YESTERDAY = re.compile(r"\b(?P<before>(?:avant|day before)[ -]?)?(?:hier|yesterday)\b")
LATELY = timedelta(days=30)
MOST_FEW = 999  # units that are few


class Report(TypedDict):
    """Sales of a time, whose text is `sales.PERIOD`; `goods` in F CFA.

    `lost` what was not served and `best` the best goods, in lines of words.
    """

    period: str
    goods: int
    orders: int
    units: int
    lost: str
    best: str


class Came(TypedDict):
    """How many people came by the shop's links in 30 days, how many ordered then, and who waits for its goods."""

    people: int
    orders: int
    waiting: int


class Owed(TypedDict):
    """F CFA: paid before and brought in 30 days, paid before and under way, to be paid on receipt."""

    brought: int
    under_way: int
    due: int


class Settings(TypedDict):
    """How a shop is set: yes or no in words, and how many units are few."""

    evening: str
    morning: str
    few: int


class Few(TypedDict):
    """A good, or all goods, and how many units are few."""

    name: str
    few: int


def own_shops(turn: Turn) -> tuple[int, ...]:
    """The shops whose figures this person sees."""
    return rights.shops(turn, "orders")


def hear_period(turn: Turn) -> Literal["kept"]:
    """Of which time the sales are asked for; of today where none is told."""
    told, found = str(turn.slot("period") or "day"), YESTERDAY.search(turn.words.casefold())
    if found:
        return _keep(turn, "before_yesterday" if found["before"] else "yesterday")
    return _keep(turn, "week" if told == "week" else "month" if told == "month" else "day")


def of_day(turn: Turn) -> Literal["kept"]:
    """Today's."""
    return _keep(turn, "day")


def of_week(turn: Turn) -> Literal["kept"]:
    """This week's."""
    return _keep(turn, "week")


def of_month(turn: Turn) -> Literal["kept"]:
    """This month's."""
    return _keep(turn, "month")


def _keep(turn: Turn, period: Period) -> Literal["kept"]:
    turn.memory["sales"] = period
    return "kept"


def report(turn: Turn) -> Report:
    """Values of the sales that were asked for."""
    kept = turn.memory.get("sales")
    period: Period = kept if kept in ("yesterday", "before_yesterday", "week", "month") else "day"
    since, until = sales.span_of(period, turn.now)
    found = sales.report(turn.db, own_shops(turn), since, until)
    lost = [
        words(turn, key, count=count)
        for key, count in (("sales.refused", found.refused), ("sales.cancelled", found.cancelled))
        if count
    ]
    best = [words(turn, "sales.best", quantity=one.quantity, name=one.name, amount=one.amount) for one in found.best]
    return {
        "period": period,
        "goods": found.goods,
        "orders": found.orders,
        "units": found.units,
        "lost": "".join(f"\n{line}" for line in lost),
        "best": "".join(f"\n{line}" for line in best),
    }


def shelf_rows(turn: Turn, after: str) -> Page:
    """The goods with what lies there, those of which few are left first."""
    found = shelves.page(turn.db, own_shops(turn), turn.config.market.low_stock, after, PAGE)
    return Page(tuple(_shelf_row(turn, one) for one in found.shelves), found.after)


def _shelf_row(turn: Turn, one: shelves.Shelf) -> Row:
    key = "shelf.low" if one.is_low else "shelf.fine"
    detail = words(turn, key, on_hand=one.on_hand, promised=one.promised, unit=one.unit)
    return Row(str(one.product_id), one.name, detail)


def hear_good(turn: Turn) -> Literal["one", "several", "all"]:
    """The good that a question names is put on show; several that it may be; all of them where none is named."""
    named = str(turn.slot("product") or "")
    match = matching.find(turn.db, own_shops(turn), [matching.Wanted(named)])[0] if named else matching.Match()
    if match.good:
        turn.memory["good"] = match.good.id
        return "one"
    turn.memory["goods_meant"] = [good.id for good in match.candidates[:PAGE]]
    return "several" if match.candidates else "all"


def meant_rows(turn: Turn, after: str) -> Page:
    """The goods that a name may mean, with what lies there."""
    ids = turn.memory.get("goods_meant", [])
    found = matching.goods(turn.db, own_shops(turn), ids)
    return Page(tuple(_good_row(turn, found[one]) for one in ids if one in found))


def _good_row(turn: Turn, good: matching.Good) -> Row:
    return Row(str(good.id), good.name, words(turn, "shelf.counted", on_hand=good.on_hand, unit=good.unit))


def traffic(turn: Turn) -> Came:
    """Values of what is counted of those who came: by the links of shop and goods."""
    came = sources.of_shops(turn.db, own_shops(turn), turn.now - LATELY)
    return {"people": came.people, "orders": came.orders, "waiting": came.waiting}


def owed(turn: Turn) -> Owed:
    """Values of what was paid before, and what is still to be paid."""
    found = sales.money_of(turn.db, own_shops(turn), turn.now - LATELY)
    return {"brought": found.brought, "under_way": found.under_way, "due": found.due}


def settings(turn: Turn) -> Settings:
    """Values of the menu of what can be set."""
    known = list(vendors(turn.db, own_shops(turn)).values())
    first = known[0] if known else None
    is_on = {True: words(turn, "settings.is_on"), False: words(turn, "settings.is_off")}
    few = first.low_at if first and first.low_at is not None else turn.config.market.low_stock
    return {
        "evening": is_on[first.wants_digest if first else True],
        "morning": is_on[first.wants_check if first else True],
        "few": few,
    }


def tell_evenings(turn: Turn) -> Literal["done"]:
    """The day is told in the evening."""
    return _wish(turn, digest=True)


def leave_evenings(turn: Turn) -> Literal["done"]:
    """It is not."""
    return _wish(turn, digest=False)


def ask_mornings(turn: Turn) -> Literal["done"]:
    """Old figures are asked about in the morning."""
    return _wish(turn, check=True)


def leave_mornings(turn: Turn) -> Literal["done"]:
    """They are not."""
    return _wish(turn, check=False)


def _wish(turn: Turn, digest: bool | None = None, check: bool | None = None) -> Literal["done"]:
    set_wishes(turn.db, rights.shops(turn, "settings"), digest=digest, check=check)
    return "done"


def hear_few(turn: Turn) -> Literal["found", "which", "untold", "unknown"]:
    """`alerte riz 5`: the good and the figure; without a good of all of them, which only the owner sets."""
    few, said = read_few_words(own_names.plain_words(turn))
    named = own_names.named(turn, said)
    match = matching.find(turn.db, own_shops(turn), [matching.Wanted(named)])[0] if named else matching.Match()
    turn.memory["few"] = {"few": few, "product": match.good.id if match.good else None}
    if few is None:
        return "untold"
    if not named:
        return "found" if rights.may(turn, "settings") else "untold"
    if match.good:
        return "found"
    turn.memory["goods_meant"] = [good.id for good in match.candidates[:PAGE]]
    return "which" if match.candidates else "unknown"


def choose_few(turn: Turn, row: str) -> Literal["found", "unknown"]:
    """It is this good."""
    product_id = number_of(row)
    if product_id not in matching.goods(turn.db, own_shops(turn), [product_id]) or "few" not in turn.memory:
        return "unknown"
    turn.memory["few"]["product"] = product_id
    return "found"


def read_few(said: Incoming) -> int | None:
    """A number of units from 0."""
    digits = "".join(said.text.split())
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits[:6]) <= MOST_FEW else None


def keep_few(turn: Turn, units: int) -> Literal["kept"]:
    """So many are few of every good, or of the one that was named without a figure."""
    told = turn.memory.get("few") or {"few": None, "product": None}
    turn.memory["few"] = {"few": units, "product": told["product"] if told["few"] is None else None}
    return "kept"


def is_few_kept(turn: Turn) -> bool:
    """Whether a figure waits for its yes."""
    return bool(turn.memory.get("few")) and turn.memory["few"]["few"] is not None


def few(turn: Turn) -> Few:
    """Values of the texts about what is few."""
    kept = turn.memory.get("few") or {"few": 0, "product": None}
    good = matching.goods(turn.db, own_shops(turn), [kept["product"]] if kept["product"] else [])
    name = good[kept["product"]].name if kept["product"] in good else words(turn, "promo.all_goods")
    return {"name": name, "few": kept["few"] or 0}


def set_few(turn: Turn) -> Literal["done", "gone"]:
    """So many units are few from now on."""
    if not is_few_kept(turn):
        return "gone"
    kept = turn.memory["few"]
    if kept["product"] is None:
        set_wishes(turn.db, rights.shops(turn, "settings"), low_at=kept["few"])
        return "done"
    return "done" if shelves.set_few(turn.db, rights.shops(turn, "stock"), kept["product"], kept["few"]) else "gone"
