"""A cheap sure sign that somebody writes English: every word of his message is one of few, and one is only English."""

from typing import Final

from base.spelling import fold

LONGEST: Final = 200  # characters
ONLY_ENGLISH: Final = frozenset(
    "hello good morning afternoon evening please want need how much many is are you have my where what when who"
    " which can could would like buy sell price delivery help speak english thanks thank order some there here this"
    " with does do your looking show me cost".split()
)
"""Words that stand in no French message by themselves, or only beside others of these."""
BOTH: Final = frozenset(
    "hi hey i the a an of to for in on and it at no yes ok bag bags rice oil soap sugar milk phone food fish tomato"
    " tomatoes bottle bottles box boxes kilo kilos kg shop market product products lome togo any cheap big new"
    " small today tomorrow cash pay one two three four five six seven eight nine ten sir"
    " madam friend dress shoes shirt".split()
)
FRENCH_TOO: Final = frozenset("price help order me do thanks delivery".split())
"""Of the first list, what also is chat French (`me`, `do`, `help`): alone it is no sign."""


def is_english(text: str) -> bool:
    """Whether a whole message is English beyond doubt: `good morning`, `i want rice please`; never `hi` or `ok`."""
    if len(text) > LONGEST:
        return False
    said = [word for word in fold(text).split() if not word.isdecimal()]
    signs = ONLY_ENGLISH.intersection(said) - FRENCH_TOO
    return bool(signs) and all(word in ONLY_ENGLISH or word in BOTH for word in said)
