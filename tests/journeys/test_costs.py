"""Statements and calls to Redis of a purchase and of a stock's change, in their turns and around them, are bounded."""

import threading
from collections import defaultdict
from contextlib import contextmanager

import redis as redis_client

from base.statements import Statements
from bot.buckets import TAKE
from bot.posting import Posting
from bot.sessions import Sessions
from bot.storing import Storing
from tests.journeys.conftest import CHANNELS, stage_on
from tests.journeys.play import Play
from tests.journeys.stage import Stage
from tests.journeys.transcript import STORIES, read

STORY, STOCK = "a_first_order", "vendor_keeps_stock_by_message"
# (state before, state after) -> the most statements
BOUNDS = {
    ("", "buyer.first"): 10,
    ("", "vendor.menu"): 8,
    ("buyer.added", "buyer.basket_shown"): 5,
    ("buyer.added", "buyer.found"): 13,
    ("buyer.added", "buyer.products"): 5,
    ("buyer.basket_shown", "buyer.quarter"): 7,
    ("buyer.card", "buyer.quantity"): 4,
    ("buyer.categories", "buyer.products"): 5,
    ("buyer.first", "buyer.categories"): 4,
    ("buyer.found", "buyer.card"): 4,
    ("buyer.landmark", "buyer.recipient_known"): 10,
    ("buyer.orders", "buyer.order_shown"): 8,
    ("buyer.phone_known", "buyer.recap"): 20,
    ("buyer.placed", "buyer.orders"): 7,
    ("buyer.products", "buyer.added"): 5,
    ("buyer.products", "buyer.card"): 4,
    ("buyer.products", "buyer.products"): 5,
    ("buyer.quantity", "buyer.added"): 11,
    ("buyer.quarter", "buyer.landmark"): 12,
    ("buyer.recap", "buyer.placed"): 23,
    ("buyer.recipient_known", "buyer.phone_known"): 10,
    ("vendor.menu", "vendor.menu"): 26,
}
# of a vendor's line, in one of which names of his goods are looked for, and of his yes to what it would do
OF_STOCK = {("vendor.menu", "vendor.stock_preview"): 9, ("vendor.stock_preview", "vendor.menu"): 11}

# a shop hears of the order, and a buyer of what becomes of his
TELLS_OTHERS = {("buyer.recap", "buyer.placed"), ("vendor.menu", "vendor.menu")}
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


def most_calls(pair):
    """The token of an answer is taken, and the bell rung where others are told something.

    This process has the session from its last turn, and reads it before the first; that of a moment's turns are written
    as one, as soon as that moment is over.
    """
    return 1 + (not pair[0]) + (pair in TELLS_OTHERS)


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


def costs_of(story, stage, wire, monkeypatch):
    """(state before, state after) -> the most statements and calls of such a turn."""
    costs, take = {}, stage.taker.take_waiting

    def taking():
        counts.taken()
        settled = take()
        cost = counts.taken()
        with stage.market.database.autocommit() as db:
            turns = db.rows("select state_before, state_after from turn order by commit_no desc limit 1")
        if settled == 1:
            pair = (turns[0].state_before, turns[0].state_after)
            costs[pair] = tuple(map(max, costs.get(pair, (0, 0)), cost))
        return settled

    stage.market.redis.script_load(TAKE)  # as in a Redis that is no longer new
    with counted(monkeypatch) as counts:
        monkeypatch.setattr(stage.taker, "take_waiting", taking)
        Play(stage, wire).run(read(STORIES / f"{story}.txt"))
    return costs


def test_no_turn_of_a_purchase_asks_more_than_its_bound(ground, planted, redis_url, redis, monkeypatch):
    with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire):
        costs = costs_of(STORY, stage, wire, monkeypatch)
    assert set(costs) == set(BOUNDS), "each kind of turn has its bound"
    grown = {pair: cost for pair, cost in costs.items() if cost[0] > BOUNDS[pair] or cost[1] > most_calls(pair)}
    assert grown == {}, "a turn asks more than it did: ask once, or say why the bound grows"


def test_no_change_of_a_stock_asks_more_than_its_bound(ground, planted, redis_url, redis, monkeypatch):
    with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire):
        costs = costs_of(STOCK, stage, wire, monkeypatch)
    told = {pair: (costs[pair], most) for pair, most in OF_STOCK.items()}
    grown = {pair: cost for pair, (cost, most) in told.items() if cost[0] > most or cost[1] > most_calls(pair)}
    assert grown == {}


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
