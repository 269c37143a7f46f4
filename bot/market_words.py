"""How the market is doing, as a short text for a phone: its figures in a time that was asked for in a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from base.clock import now
from base.db import Db
from base.money import format_amount
from base.places import name_of
from bot import market_figures
from bot.market_figures import Figures
from bot.texts import say
from orders import market_sales
from orders.market_sales import MarketSales

PERIODS: Final = ("yesterday", "week", "month")


@dataclass(frozen=True)
class Counted:
    """The figures of a time: day, yesterday, week, month, or phase with the `number` of a week of the event."""

    period: str
    number: int
    sold: MarketSales
    seen: Figures


@dataclass(frozen=True)
class FiguresCounted:
    """A fact: figures that were asked for in these chats are counted."""

    conversation_ids: tuple[int, ...]
    counted: Counted


def count(db: Db, period: str) -> Counted:
    """The figures of day, yesterday, week, month or `phase.2`; a week that the event does not have is this one."""
    word, _, digits = period.partition(".")
    number = int(digits or 0)
    week = market_figures.week_of_event(db, number) if number else None
    known = "phase" if week else "week" if digits else word if word in PERIODS else "day"
    since, until = week or market_figures.span_of(known, now(db))
    return Counted(known, number, market_sales.sales(db, since, until), market_figures.figures(db, since, until))


def told(language: str, counted: Counted) -> str:
    """They as a short text for a phone."""
    sold, seen = counted.sold, counted.seen
    values: dict[str, Any] = {
        "period": say(
            language, f"figures.{counted.period}", {"number": counted.number} if counted.period == "phase" else {}
        ),
        "messages": seen.messages,
        "people": seen.people,
        "orders": sold.orders,
        "amount": format_amount(sold.amount),
        "basket": format_amount(sold.basket),
        "paid": sold.percent(sold.paid),
        "cancelled": sold.percent(sold.cancelled),
        "vendors": seen.vendors,
        "shops": seen.shops,
        "bookings": seen.bookings,
        "booked": seen.booked,
        "waiting": seen.waiting,
    }
    return "\n".join([say(language, "figures.all", values), *_more(language, sold)])


def _more(language: str, sold: MarketSales) -> Iterator[str]:
    if sold.answer_minutes is not None:
        yield say(language, "figures.answer", {"time": time_words(sold.answer_minutes)})
    if sold.delivery_minutes is not None:
        yield say(language, "figures.delivery", {"time": time_words(sold.delivery_minutes)})
    if sold.goods:
        goods = ", ".join(f"{one.count} × {one.name}" for one in sold.goods)
        yield say(language, "figures.goods", {"names": goods})
    if sold.quarters:
        quarters = ", ".join(f"{name_of(one.name)} ({one.count})" for one in sold.quarters)
        yield say(language, "figures.quarters", {"names": quarters})


def time_words(minutes: int) -> str:
    """`45 min`, `3 h 20`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"
