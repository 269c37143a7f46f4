"""Statements and calls to Redis of a purchase and of a stock's changes, in their turns and around them, are known."""

import re
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import redis as redis_client

from base.statements import Statements
from bot import accounts
from bot.buckets import TAKE
from bot.posting import Posting
from bot.sessions import Sessions
from bot.storing import Storing
from catalog import synonyms, vocabulary
from tests.journeys.conftest import CHANNELS, stage_on
from tests.journeys.play import Play
from tests.journeys.stage import Stage
from tests.journeys.transcript import STORIES, read

STORY, STOCK = "a_first_order", "vendor_keeps_stock_by_message"
# Each turn of a story in its order: what was said, the outcomes of its steps (or how it was read, where none is made),
# and its statements: what is asked once of a chat, or by this process, is at its first turn.
PURCHASE = (
    ("bonjour", "detour", 7),
    ("bonjour", "detour", 6),
    ("bonjour", "begin first", 10),
    ("Voir les produits", "browse", 4),
    ("Céréales et féculents", "chosen", 5),
    ("Riz parfumé 25 kg", "opened", 4),
    ("Ajouter au panier", "add", 4),
    ("2", "added", 10),
    ("Continuer", "go_on", 5),
    ("Suite", "page", 5),
    ("0", "back", 5),
    ("savon", "several", 13),
    ("Savon de ménage", "one", 4),
    ("Ajouter au panier", "add", 4),
    ("x10", "added", 9),
    ("Mon panier", "basket filled", 5),
    ("Commander", "checkout staying quarter", 7),
    ("Bè-Kpota", "kept staying landmark", 10),
    ("derrière la pharmacie", "kept staying recipient known", 8),
    ("Moi-même", "myself kept staying phone known", 8),
    ("Mon numéro", "my_number kept staying complete held", 18),
    ("Confirmer", "confirm placed", 23),
    ("Accepter", "found done", 24),
    ("Accepter", "found done", 24),
    ("mes commandes", "go", 7),
    ("TG-…", "picked", 8),
)
KEEPING_STOCK = (
    ("gari fin 80", "next sure", 10),
    ("oui", "yes done", 8),
    ("ANNULE", "clear undone", 12),
    ("annule ce que j'ai fait", "undo clear before", 11),
    ("oups erreur", "undo_maybe", 12),
    ("non", "no", 4),
    ("oups erreur", "undo_maybe", 8),
    ("oui", "yes before", 11),
    ("gari 90, tomates 4, tapioca 7", "next which", 7),
    ("Gari fin", "next sure", 7),
    ("non", "no dropped", 3),
    ("gari 90, tapioca 7", "next which", 5),
    ("Aucun", "none_of_them next sure", 6),
    ("oui", "yes changed", 9),
    ("oui", "yes new", 8),
    ("non", "no", 4),
    ("gari 3", "next which", 5),
    ("laisse tomber", "give_up dropped", 3),
    ("tomates 5", "next unknown", 7),
    ("Menu", "menu", 4),
    ("gari fin 5 cartons", "next pack", 7),
    ("24", "next sure", 8),
    ("non", "no dropped", 3),
    ("gari fin 4 cartons", "next sure", 9),
    ("non", "no dropped", 3),
    ("tapioca 5 cartons de 24", "next unit", 8),
    ("5 cartons", "next sure", 8),
    ("non", "no dropped", 3),
    ("gari fin : 3000", "next sure", 7),
    ("non", "no dropped", 3),
    ("reçu 30 gari fin à 300", "next price", 6),
    ("Prix d'achat", "cost_price next sure", 5),
    ("oui", "yes done", 8),
    ("annule", "clear refused", 12),
    ("reçu 1 gari fin à 1200", "next price", 6),
    ("Prix de vente", "sale_price next sure", 6),
    ("oui", "yes done", 11),
    ("rupture gari fin", "next sure", 7),
    ("oui", "yes done", 8),
    ("gari fin est revenu", "next amount", 5),
    ("non", "no next nothing", 3),
    ("gari fin est revenu", "next amount", 5),
    ("8", "next sure", 6),
    ("oui", "yes done", 8),
    ("petits changements", "may", 4),
    ("oui", "yes done", 6),
    ("-2 gari fin", "next small done", 11),
    ("petits changements", "may", 4),
    ("non", "no done", 6),
    ("english", "done", 6),
    ("received 5 tapioca", "next sure", 7),
    ("yes", "yes done", 8),
    ("undo", "clear nothing", 10),
)
# As `bench.selling` has them, and README tells their costs: in the third line names of his goods are looked for.
LINES = """
@vendor:maman_yawa
> +3 gari fin
< Gari fin : 100 → 103
  C'est bon ?
  [Oui] [Non]
> [Oui]
< C'est noté.
  Gari fin : 100 → 103
  Pour revenir en arrière, tapez ANNULE.
  [À répondre] [En préparation] [Mes produits]
> +3 gari fin
< Gari fin : 103 → 106
  C'est bon ?
  [Oui] [Non]
> [Oui]
< C'est noté.
  Gari fin : 103 → 106
  Pour revenir en arrière, tapez ANNULE.
  [À répondre] [En préparation] [Mes produits]
> +3 riz simple 25 kg
< Riz simple 25 kg : 35 → 38
  C'est bon ?
  [Oui] [Non]
> [Oui]
< C'est noté.
  Riz simple 25 kg : 35 → 38
  Pour revenir en arrière, tapez ANNULE.
  [À répondre] [En préparation] [Mes produits]
"""
OF_LINES = (
    ("+3 gari fin", "next sure", 10),
    ("Oui", "yes done", 8),
    ("+3 gari fin", "next sure", 7),
    ("Oui", "yes done", 8),
    ("+3 riz simple 25 kg", "next sure", 8),
    ("Oui", "yes done", 8),
)
# a shop hears of the order, and a buyer of what becomes of his
TELL_OTHERS = ("confirm placed", "found done")
LAST = """
select t.state_before, t.read_as, t.outcomes, i.message->>'text' as words
from turn t join inbox i on i.id = t.inbox_ids[1] order by t.commit_no desc limit 1
"""
# Around the turns, each time: the most statements and calls to Redis. What webhooks hold is stored by one statement; a
# round of sending settles and claims, and takes tokens of its sender; reports are looked for and folded; the sessions
# of a moment are one call.
AROUND = {"store": (1, 0), "send": (2, 2), "fold": (2, 0), "keep sessions": (0, 1)}
ROOMS = {
    "store": (Storing, "_keep_together"),
    "send": (Posting, "round"),
    "fold": (Stage, "_fold"),
    "keep sessions": (Sessions, "store"),
}


@dataclass(frozen=True)
class Turn:
    """One turn: what was said, what it did, its statements, its calls to Redis, and whether it is its chat's first."""

    words: str
    does: str
    statements: int
    calls: int
    is_first: bool

    @property
    def most_calls(self):
        """The token of an answer is taken, if none is at hand, and the bell rung where others are told something.

        This process has the session from its last turn, and reads it before the first; that of a moment's turns are
        written as one, as soon as that moment is over.
        """
        return 1 + self.is_first + (self.does in TELL_OTHERS)


class Counts:
    """Statements and calls: of all threads since the last reading, and each time that a thread does what is named."""

    def __init__(self):
        self.since, self.each, self._here = [0, 0], defaultdict(list), threading.local()

    def add(self, place):
        """One more statement (0) or call (1)."""
        self.since[place] += 1
        if own := getattr(self._here, "own", None):  # a list that is never empty
            own[place] += 1

    def taken(self):
        """What was counted since, and begin anew."""
        counted, self.since = tuple(self.since), [0, 0]
        return counted

    def adding(self, place, does):
        """A function that is one more statement or call."""

        def do(*given, **options):
            self.add(place)
            return does(*given, **options)

        return do

    def naming(self, name, does):
        """A function whose own statements and calls are kept under a name, each time."""

        def do(*given, **options):
            self._here.own = [0, 0]
            try:
                return does(*given, **options)
            finally:
                self.each[name].append(self._here.own)
                self._here.own = None

        return do


@contextmanager
def counted(monkeypatch):
    """Everything that goes to PostgreSQL through a `Db`, and to Redis."""
    counts = Counts()
    client, pipeline = redis_client.Redis, redis_client.client.Pipeline
    with monkeypatch.context() as patch:
        patch.setattr(Statements, "_ready", counts.adding(0, Statements._ready))
        patch.setattr(client, "execute_command", counts.adding(1, client.execute_command))
        patch.setattr(pipeline, "execute", counts.adding(1, pipeline.execute))
        yield counts


def know_nothing_yet(monkeypatch):
    """A process that is new to its stores, and never looks again because time went by: what it asks is certain."""
    monkeypatch.setattr(synonyms, "_READ", {})
    monkeypatch.setattr(vocabulary, "_KNOWN", {})
    monkeypatch.setattr(synonyms, "READ_EVERY", float("inf"))
    monkeypatch.setattr(accounts, "CONTENTS_KNOWN", 1e9)


def turns_of(story, stage, wire, monkeypatch):
    """The turns of a story, with what they cost."""
    turns, take = [], stage.taker.take_waiting

    def taking():
        counts.taken()
        settled = take()
        statements, calls = counts.taken()
        assert settled <= 1, "each turn is taken by itself"
        if settled:
            with stage.market.database.autocommit() as db:
                row = db.one(LAST)
            turns.append(Turn(*told(row), statements, calls, is_first=not row.state_before))
        return settled

    know_nothing_yet(monkeypatch)
    stage.market.redis.script_load(TAKE)  # as in a Redis that is no longer new
    with counted(monkeypatch) as counts:
        monkeypatch.setattr(stage.taker, "take_waiting", taking)
        Play(stage, wire).run(read(story))
    return turns


def told(row):
    """(what was said, what was done) of a turn's row."""
    return re.sub(r"^TG-\w+", "TG-…", row.words), " ".join(row.outcomes) or row.read_as


@pytest.mark.parametrize("story, costs", [(STORY, PURCHASE), (STOCK, KEEPING_STOCK), (LINES, OF_LINES)])
def test_each_turn_asks_what_it_asked(story, costs, ground, planted, redis_url, redis, monkeypatch, tmp_path):
    """Ask once, or say why a figure grows; one that is smaller is kept by writing it down."""
    path = STORIES / f"{story}.txt"
    if story is LINES:
        path = tmp_path / "lines.txt"
        path.write_text(LINES)
    with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire):
        turns = turns_of(path, stage, wire, monkeypatch)
    assert tuple((turn.words, turn.does, turn.statements) for turn in turns) == costs
    assert [turn for turn in turns if turn.calls > turn.most_calls] == []


def test_what_is_asked_around_the_turns_of_a_purchase_stays_within_its_bounds(
    ground, planted, redis_url, redis, monkeypatch
):
    with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire):
        stage.market.redis.script_load(TAKE)
        with counted(monkeypatch) as counts:
            for name, (room, does) in ROOMS.items():
                monkeypatch.setattr(room, does, counts.naming(name, getattr(room, does)))
            Play(stage, wire).run(read(STORIES / f"{STORY}.txt"))
    most = {name: tuple(map(max, zip(*each, strict=True))) for name, each in counts.each.items()}
    assert set(most) == set(AROUND)
    assert {name: cost for name, cost in most.items() if any(map(int.__gt__, cost, AROUND[name]))} == {}
