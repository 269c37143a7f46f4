"""People and shops: approved, suspended, blocked; and the second factor."""

from bot.dialog import State

PEOPLE: dict[str, State] = {}
PEOPLE_HEARS: dict[str, str] = {}
PEOPLE_WORDS: dict[str, str] = {}
PEOPLE_COMMANDS: dict[str, str] = {}
PEOPLE_DOORS: dict[str, str] = {}
