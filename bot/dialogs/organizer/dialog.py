"""The organizer's dialog: its tables, and how one comes into them from anywhere."""

from bot.dialog import RETURN, Dialog, State, choose, tell
from bot.dialogs.organizer import attending
from bot.dialogs.organizer.tables.announcing import (
    ANNOUNCING,
    ANNOUNCING_COMMANDS,
    ANNOUNCING_DOORS,
    ANNOUNCING_HEARS,
    ANNOUNCING_SIGNS,
    ANNOUNCING_WORDS,
)
from bot.dialogs.organizer.tables.attention import ATTENTION, ATTENTION_COMMANDS, ATTENTION_DOORS
from bot.dialogs.organizer.tables.people import PEOPLE, PEOPLE_COMMANDS, PEOPLE_DOORS, PEOPLE_HEARS, PEOPLE_WORDS
from bot.dialogs.organizer.tables.presence import PRESENCE, PRESENCE_COMMANDS, PRESENCE_HEARS
from bot.dialogs.organizer.tables.week import WEEK, WEEK_COMMANDS, WEEK_DOORS, WEEK_HEARS, WEEK_SIGNS, WEEK_WORDS
from bot.dialogs.settings import SETTINGS_WORDS, settings

TALK: dict[str, State] = {
    "menu": choose(
        "menu",
        shows=attending.count,
        lasting=True,
        attention="attention",
        programme="programme",
        announcements="ann_list",
        figures="figures_heard",
        asides=["help"],
        help="help",
    ),
    "person": tell("person", RETURN),
    "hello": tell("hello", RETURN),
    "thanks": tell("thanks", RETURN),
    "no_question": tell("no_question", RETURN),
    "lost": tell("lost", RETURN),
}


ORGANIZER = Dialog(
    name="organizer",
    start="menu",
    helper="lost",
    states={**ATTENTION, **WEEK, **PRESENCE, **ANNOUNCING, **PEOPLE, **TALK, **settings()},
    anywhere={
        **SETTINGS_WORDS,
        "attention": "attention",
        **WEEK_WORDS,
        **ANNOUNCING_WORDS,
        **PEOPLE_WORDS,
    },
    commands={**ATTENTION_COMMANDS, **WEEK_COMMANDS, **PRESENCE_COMMANDS, **ANNOUNCING_COMMANDS, **PEOPLE_COMMANDS},
    doors={**ATTENTION_DOORS, **WEEK_DOORS, **ANNOUNCING_DOORS, **PEOPLE_DOORS},
    signs={**ANNOUNCING_SIGNS, **WEEK_SIGNS},
    hears={
        "greet": "hello",
        "thanks": "thanks",
        "help": "help",
        "menu": "menu",
        "attention": "attention",
        "confirm": "no_question",
        "deny": "no_question",
        "human": "person",
        **WEEK_HEARS,
        **PRESENCE_HEARS,
        **ANNOUNCING_HEARS,
        **PEOPLE_HEARS,
    },
)
