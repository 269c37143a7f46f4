"""Every story twice, on two channels, with caches that forget; in the long runs on every channel."""

from itertools import count
from typing import get_args
from zlib import crc32

import pytest

from bot.dialogs import DIALOGS
from bot.world import How
from tests.journeys.conftest import CHANNELS, stage_on
from tests.journeys.play import Parted, Play
from tests.journeys.replay import check_every_turn
from tests.journeys.stage import edges_watched, routes_taken
from tests.journeys.transcript import STORIES, channels_of, read

ALL = sorted(path.stem for path in STORIES.glob("*.txt"))
RICH, TEXT, SIMULATOR = CHANNELS
CHANNELS_OF = {story: channels_of(STORIES / f"{story}.txt", CHANNELS) for story in ALL}


def second_channels(story):
    """Where `make test` tells a story besides Twilio with buttons: half of them in text mode, a sixth in the simulator.

    `make soak` tells each of them everywhere.
    """
    share = crc32(story.encode()) % 6
    told = TEXT if share % 2 else SIMULATOR if share == 0 else ""
    return [told] if told in CHANNELS_OF[story] else []


SECOND = [(story, channel) for story in ALL for channel in second_channels(story)]
EVERYWHERE = [(story, channel) for story, channels in CHANNELS_OF.items() for channel in channels]
# words of the engine, and what comes faster than a story is told: no message of a person is read so
OURS = {"signal", "sorry", "hurried"}


def play(story, stage, wire, **how):
    Play(stage, wire, **how).run(read(STORIES / f"{story}.txt"))


def forget_everything(stage):
    """Redis is flushed: sessions, buckets, wake-ups, all of it."""
    stage.market.redis.flushdb()


def test_the_stories_walk_every_edge_and_route_and_are_the_same_when_redis_forgets_before_every_turn(
    ground, planted, redis_url, redis
):
    routes, parted = set(), {}
    with edges_watched() as walked:
        for story in ALL:
            with stage_on(RICH, ground, planted, redis_url, redis, callbacks=()) as (stage, wire):
                stage.before_turn.append(forget_everything)
                try:
                    play(story, stage, wire)
                    check_every_turn(stage.market)
                except Parted as difference:
                    parted[story] = str(difference)
                routes |= routes_taken(stage.market.database)
    table = {(f"{dialog.name}.{state}", outcome) for dialog in DIALOGS for state, outcome, _ in dialog.edges()}
    assert parted == {}
    assert sorted(table - walked) == []
    assert set(get_args(How)) - routes == OURS


@pytest.mark.parametrize(("story", "channel"), SECOND)
def test_a_story_is_the_same_when_every_second_turn_ends_before_its_session_is_written(
    story, channel, ground, planted, redis_url, redis
):
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        lose_every_second_session(stage.taker)
        play(story, stage, wire, in_text_mode=channel.endswith("text mode"))
        check_every_turn(stage.market)


def lose_every_second_session(taker):
    """The cache holds the session of the turn before, which the row's revision shows to be old."""
    write, turns = taker._after_commit, count()
    taker._after_commit = lambda saved: write(saved) if next(turns) % 2 else None


@pytest.mark.soak
@pytest.mark.parametrize(("story", "channel"), EVERYWHERE)
def test_a_story_happens_as_it_is_told(story, channel, ground, planted, redis_url, redis):
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        play(story, stage, wire, in_text_mode=channel.endswith("text mode"))
        check_every_turn(stage.market)
