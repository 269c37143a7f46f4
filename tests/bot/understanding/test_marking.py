"""Which words of a message are goods, quantities, units, places and names."""

import itertools

import pytest

from base.spelling import spelled
from bot.understanding.goods import unit_typed
from bot.understanding.marking import Run, runs
from bot.understanding.message import Span
from tests.learning import tables
from tests.learning.marks import marked

UNTOLD = 11  # messages whose goods are glued to another word: `prixduriz`


def marks(intent, message):
    said = Span(message, spelled(message))
    return [(run.mark, said.part(run.first, run.end).typed) for run in runs("buyer", intent, said)]


@pytest.mark.parametrize(
    "intent, message, found",
    [
        (
            "order",
            "bonsoir chef mets moi deux sacs de ciment pour demain",
            [("quantity", "deux"), ("unit", "sacs"), ("goods", "ciment")],
        ),
        ("ask_price", "le sac à main noir là c'est combien", [("goods", "sac à main noir")]),
        ("ask_delivery", "vous livrez à Adidogomé demain matin", [("place", "Adidogomé")]),
        ("give_name", "moi c'est Kossi Mensah", [("name", "Kossi Mensah")]),
        ("greet", "bonjour", []),
    ],
)
def test_words_are_marked(intent, message, found):
    assert marks(intent, message) == found


def test_a_role_that_learned_no_words_has_no_marks():
    said = Span("riz 20", spelled("riz 20"))
    assert runs("organizer", "stats", said) == ()


def test_nothing_is_marked_of_no_words():
    assert runs("buyer", "order", Span("", ())) == ()


def test_every_run_begins_with_its_own_mark_and_goes_on_with_the_same():
    rows = [row for path in tables.paths("buyer") for row in tables.read_table(path)][::97]
    for one in filter(None, map(marked, rows)):
        found = runs("buyer", one.intent, one.said)
        assert all(isinstance(run, Run) and run.first < run.end <= len(one.said.words) for run in found)
        assert all(before.end <= after.first for before, after in itertools.pairwise(found))


def test_the_slots_of_the_tables_stand_in_their_messages():
    rows = [row for path in tables.paths("buyer") for row in tables.read_table(path)]
    assert len(rows) == 6191
    assert sum(marked(row) is None for row in rows) == UNTOLD


@pytest.mark.parametrize(
    "typed, unit",
    [
        ("Sacs", "Sac"),
        ("kg", "kg"),
        ("tas", "tas"),
        ("plateaux", "plateau"),
        ("boxes", "box"),
        ("tubercules", "tubercule"),
        ("bottles", "bottle"),
        ("pièces", "pièce"),
    ],
)
def test_a_unit_is_told_in_the_singular(typed, unit):
    assert unit_typed(typed) == unit
