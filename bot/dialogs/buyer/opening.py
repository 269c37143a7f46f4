"""When a shop is open, as a buyer asks: until when today, or on the day that he names."""

from datetime import date, timedelta

from base import hours
from base.clock import LOME
from base.hours import DAYS, Hours, write_hours
from base.spelling import normalise
from bot.dialogs.means import words
from bot.turn import Turn
from catalog.vendors import Vendor

NAMED = {
    word: day
    for day, named in zip(
        DAYS,
        (
            "lundi monday",
            "mardi tuesday",
            "mercredi wednesday",
            "jeudi thursday",
            "vendredi friday",
            "samedi saturday",
            "dimanche sunday",
        ),
        strict=True,
    )
    for word in named.split()
}


def told(turn: Turn, shop: Vendor) -> str:
    """One sentence: `Ouvert jusqu'à 19h00.`, `Dimanche : fermé.` …"""
    own = shop.hours or turn.config.market.opening
    named = _day_named(turn)
    if named:
        return _on_day(turn, own, named)
    opens = hours.after(own, turn.now, 0)
    if not shop.is_open or opens is None:
        return words(turn, "hours.paused")
    if opens > turn.now:
        return words(turn, "hours.opens", at=opens)
    closes = hours.closing(own, turn.now)
    return words(turn, "hours.open_until", at=closes) if closes else words(turn, "hours.open_always")


def told_of_most(turn: Turn) -> str:
    """The hours of shops that have told none, today or on the day that is named."""
    own = turn.config.market.opening
    named = _day_named(turn)
    if named:
        return _on_day(turn, own, named)
    spans = _written_on(own, turn.now.astimezone(LOME).date())
    if not spans:
        return words(turn, "hours.paused")
    return words(turn, "hours.most", opens=_hour(spans[0][:5]), closes=_hour(spans[-1][-5:]))


def _day_named(turn: Turn) -> str:
    return next((NAMED[word] for word in normalise(turn.words).split() if word in NAMED), "")


def _on_day(turn: Turn, own: Hours, day: str) -> str:
    written = _written_on(own, _next(turn, day))
    if not written:
        return words(turn, "hours.shut_on", day=day)
    spans = [words(turn, "hours.span", opens=_hour(span[:5]), closes=_hour(span[-5:])) for span in written]
    return words(turn, "hours.on_day", day=day, spans=", ".join(spans))


def _next(turn: Turn, day: str) -> date:
    """The next such day, today too."""
    today = turn.now.astimezone(LOME).date()
    return today + timedelta(days=(DAYS.index(day) - today.weekday()) % len(DAYS))


def _written_on(own: Hours, day: date) -> list[str]:
    return write_hours(Hours((own.on(day),) * len(DAYS)))[DAYS[0]]


def _hour(written: str) -> str:
    """`07:30` as people write it."""
    return written.replace(":", "h")
