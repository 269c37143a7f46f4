"""Buyers whom a shop does without."""

from bot.dialog import RETURN, State, choose, do, pick, tell
from bot.dialogs.flagging import buyer_rows
from bot.dialogs.vendor import barring

BARRING: dict[str, State] = {
    "bar_named": do(barring.find, sure="bar_sure", which="bar_which", stop="stop_named"),
    "bar_which": pick("bar_which", buyer_rows, barring.choose, none="flag_nobody", sure="bar_sure"),
    "bar_sure": choose("bar_sure", shows=barring.whom, stands=barring.is_meant, yes="barring", no="bar_left"),
    "bar_left": tell("bar_left", RETURN),
    "barring": do(barring.bar, writes="after_yes", barred="barred"),
    "barred": tell("barred", RETURN, shows=barring.whom),
    "unbarring": do(barring.unbar, writes="after_yes", unbarred="unbarred", none="not_barred"),
    "unbarred": tell("unbarred", RETURN, shows=barring.whom),
    "not_barred": tell("not_barred", RETURN),
}
BAR_COMMANDS = {
    **dict.fromkeys(("bloquer", "block"), "bar_named"),
    **dict.fromkeys(("debloquer", "debloque", "unblock"), "unbarring"),
}
BAR_WORDS = dict.fromkeys(("bloquer client", "bloquer un client", "block a buyer"), "bar_which")
