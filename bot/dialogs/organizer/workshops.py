"""The workshops that an announcement may be for those of: the rows of a list, and the one that words name."""

from bot.dialog import Row
from bot.dialogs.means import words
from bot.dialogs.organizer.naming import named
from bot.turn import Turn
from events import programme

PAGE = 8  # beside the row for all of them


def rows_behind(turn: Turn, workshop_id: int) -> tuple[tuple[Row, ...], str]:
    """Rows of workshops, by their numbers, behind one of them, and the cursor of the next page."""
    event = programme.open_event(turn.db)
    found = programme.programme(turn.db, event.id, after=workshop_id, size=PAGE + 1) if event else ()
    shown = tuple(
        Row(str(one.number), one.title, words(turn, "announce.workshop_at", number=one.number, at=one.starts_at))
        for one in found[:PAGE]
    )
    return shown, str(found[PAGE - 1].id) if len(found) > PAGE else ""


def number_named(turn: Turn, title: str) -> int:
    """The number of the one workshop with these words in its title; 0 for none or several."""
    event = programme.open_event(turn.db)
    found = named(programme.programme(turn.db, event.id), title) if event else ()
    return found[0].number if len(found) == 1 else 0
