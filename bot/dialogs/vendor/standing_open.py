"""Whether a shop is open, for a vendor who asks: told with its hours, and nothing is opened or shut by it."""

from typing import TypedDict

from bot.dialogs.means import words
from bot.dialogs.vendor.opening import is_pause_planned, known_shops, planned_pause, week_now
from bot.turn import Turn


class Standing(TypedDict):
    """A line for each shop, the hours, and a pause to come with a line break before it; '' without any."""

    shops: str
    hours: str
    pause: str


def standing(turn: Turn) -> Standing:
    """Values of `is my shop open?`."""
    lines = [
        words(turn, "vendor.standing.open" if shop.is_open else "vendor.standing.shut", shop=shop.name)
        for shop in known_shops(turn)
    ]
    pause = words(turn, "vendor.standing.pause", time=planned_pause(turn)["time"]) if is_pause_planned(turn) else ""
    return {"shops": "\n".join(lines), "hours": week_now(turn)["hours"], "pause": f"\n{pause}" if pause else ""}
