"""Announcements: to whom, when, what they say, and how they go."""

from bot.dialog import State

ANNOUNCING: dict[str, State] = {}
ANNOUNCING_HEARS: dict[str, str] = {}
ANNOUNCING_WORDS: dict[str, str] = {}
ANNOUNCING_COMMANDS: dict[str, str] = {}
ANNOUNCING_DOORS: dict[str, str] = {}
