"""Teaching a synonym without a release: what would harm is refused, in words that an operator can act on."""

from typing import Final

from base.db import Db
from base.spelling import fold, normalise
from bot.dialogs import DIALOGS
from bot.opt_words import read_opt
from bot.plain_words import WORDS
from bot.readings import read_command
from bot.routing import BACK_WORDS, HAT_WORDS
from bot.understanding import INTENTS, phrased
from catalog import search, synonyms
from catalog.wanted import LITTLE

MOST_WORDS: Final = 4
LONGEST: Final = 60  # characters
SHORTEST: Final = 2


class BadSynonym(ValueError):
    """What was to be taught would harm; says why."""


def lessons(db: Db, by: str, way_and_meaning: str = "", forgotten: str = "") -> list[list[str]]:
    """Teach `way=meaning` and forget a way, where they are given; returns all that is taught, as lines of a table."""
    if way_and_meaning:
        teach(db, way_and_meaning, by)
    if forgotten:
        forget(db, forgotten, by)
    return [[one.way, one.meaning, one.by, f"{one.at:%d/%m %H:%M}"] for one in synonyms.listed(db)]


def teach(db: Db, lesson: str, by: str) -> synonyms.Taught:
    """Teach `way=meaning`; returns it as it was kept. Raises BadSynonym, and then nothing has changed."""
    typed_way, is_lesson, typed_meaning = lesson.partition("=")
    if not is_lesson:
        raise BadSynonym("write it as way=meaning, such as friperi=friperie")
    way, meaning = fold(typed_way), fold(typed_meaning)
    if way in synonyms.ways(db) and synonyms.ways(db)[way] == meaning:
        raise BadSynonym(f"{way!r} is taught already")
    for fault in (_fault_of_shape(way, meaning), _fault_of_way(db, way), _fault_of_chain(db, way, meaning)):
        if fault:
            raise BadSynonym(fault)
    synonyms.teach(db, way, meaning, by)
    return next(taught for taught in synonyms.listed(db) if taught.way == way)


def forget(db: Db, typed_way: str, by: str) -> None:
    """Forget a way. Raises BadSynonym when it is not taught."""
    way = fold(typed_way)
    if way not in {taught.way for taught in synonyms.listed(db)}:
        raise BadSynonym(f"{way!r} is not taught: nothing was changed")
    synonyms.teach(db, way, "", by)


def _fault_of_shape(way: str, meaning: str) -> str:
    if not way or not meaning:
        return "way and meaning must both have words"
    if max(len(way), len(meaning)) > LONGEST or max(len(way.split()), len(meaning.split())) > MOST_WORDS:
        return f"at most {MOST_WORDS} words and {LONGEST} characters on each side"
    if f" {way} " in f" {meaning} ":
        return f"the meaning holds the way {way!r} itself"
    if len(way) < SHORTEST or not any(letter.isalpha() for letter in way):
        return f"{way!r} is too short, or a number: it would change too much"
    return ""


def _fault_of_way(db: Db, way: str) -> str:
    if read_opt(way) or any(map(read_opt, way.split())):
        return f"{way!r} stops or starts messages: that must never mean anything else"
    if all(word in LITTLE for word in way.split()) or way in _CLOSED:
        return f"{way!r} is a word of every other sentence, or an answer: it must stay what it is"
    if any(read_command(dialog.commands, way) for dialog in DIALOGS) or any(way in d.anywhere for d in DIALOGS):
        return f"{way!r} is a command"
    if any(phrased(role, way) for role in INTENTS):
        return f"{way!r} is understood as it is"
    if search.names_goods(db, way) and not search.find(db, way).is_corrected:
        return f"{way!r} names goods as it is"
    return ""


def _fault_of_chain(db: Db, way: str, meaning: str) -> str:
    """A way is replaced once: what is taught must not lead on to another way, nor back."""
    for taught in synonyms.listed(db):
        if taught.way != way and f" {taught.way} " in f" {meaning} ":
            return f"the meaning holds {taught.way!r}, which is taught to mean {taught.meaning!r}"
        if f" {way} " in f" {taught.meaning} ":
            return f"{taught.way!r} is taught to mean {taught.meaning!r}, which holds the way"
    return ""


_CLOSED: Final = frozenset(
    {normalise(word) for words in WORDS.values() for word in words} | BACK_WORDS | set(HAT_WORDS)
)
