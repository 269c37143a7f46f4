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


def most_calls(pair):
    """The token of an answer is taken, and the bell rung where others are told something.

    This process has the session from its last turn, and reads it before the first; that of a moment's turns are written
    as one, as soon as that moment is over.
    """
    return 1 + (not pair[0]) + (pair in TELLS_OTHERS)


class Counts:
    """Statements and calls since the last reading."""

    def __init__(self):
        self.statements = self.calls = 0

    def taken(self):
        """What was counted since, and begin anew."""
        counted = (self.statements, self.calls)
        self.statements = self.calls = 0
        return counted


@contextmanager
def counted(monkeypatch):
    """Everything that goes to PostgreSQL through a `Db`, and to Redis."""
    counts = Counts()
    ready, command, pipeline = (
        Statements._ready,
        redis_client.Redis.execute_command,
        redis_client.client.Pipeline.execute,
    )

    def statement(statements, sql, values):
        counts.statements += 1
        return ready(statements, sql, values)

    def call(client, *words, **options):
        counts.calls += 1
        return command(client, *words, **options)

    def calls(client, *words, **options):
        counts.calls += 1
        return pipeline(client, *words, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Statements, "_ready", statement)
        patch.setattr(redis_client.Redis, "execute_command", call)
        patch.setattr(redis_client.client.Pipeline, "execute", calls)
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


@contextmanager
def counted_by_room(monkeypatch, **rooms):
    """Name of what is done, by the method that does it → statements and calls of each time, in whatever thread."""
    here, costs = threading.local(), defaultdict(list)

    def noted(place):
        if (cost := getattr(here, "cost", None)) is not None:
            cost[place] += 1

    def counting(original, place):
        def count(*given, **options):
            noted(place)
            return original(*given, **options)

        return count

    def timed(original, name):
        def do(*given, **options):
            here.cost = [0, 0]
            try:
                return original(*given, **options)
            finally:
                costs[name].append(tuple(here.cost))
                here.cost = None

        return do

    with monkeypatch.context() as patch:
        patch.setattr(Statements, "_ready", counting(Statements._ready, 0))
        for kind, does in ((redis_client.Redis, "execute_command"), (redis_client.client.Pipeline, "execute")):
            patch.setattr(kind, does, counting(getattr(kind, does), 1))
        for name, (room, does) in rooms.items():
            patch.setattr(room, does, timed(getattr(room, does), name.replace("_", " ")))
        yield costs


def test_what_is_asked_around_the_turns_of_a_purchase_stays_within_its_bounds(
    ground, planted, redis_url, redis, monkeypatch
):
    with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire):
        stage.market.redis.script_load(TAKE)
        rooms = {"send": (Posting, "round"), "fold": (stage, "_fold"), "keep_sessions": (Sessions, "store")}
        with counted_by_room(monkeypatch, store=(Storing, "_keep_together"), **rooms) as costs:
            Play(stage, wire).run(read(STORIES / f"{STORY}.txt"))
    most = {name: tuple(map(max, zip(*each, strict=True))) for name, each in costs.items()}
    assert set(most) == set(AROUND)
    assert {name: cost for name, cost in most.items() if any(map(int.__gt__, cost, AROUND[name]))} == {}
    assert len(costs["store"]) >= len(costs["keep sessions"])  # a turn's message, and now and then its reports
