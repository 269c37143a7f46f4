"""The week: its programme, workshops and who comes."""

from bot.dialog import State

WEEK: dict[str, State] = {}
WEEK_HEARS: dict[str, str] = {}
WEEK_WORDS: dict[str, str] = {}
WEEK_COMMANDS: dict[str, str] = {}
WEEK_DOORS: dict[str, str] = {}
