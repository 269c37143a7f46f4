"""Every story on every channel, and again with a cache that forgets before every turn."""

import pytest

from tests.journeys.conftest import CHANNELS, stage_on
from tests.journeys.play import Play
from tests.journeys.transcript import STORIES, read

ALL = sorted(path.stem for path in STORIES.glob("*.txt"))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("story", ALL)
def test_a_story_happens_as_it_is_told(story, channel, services, planted, redis_url, redis):
    with stage_on(channel, services, planted, redis_url, redis) as (stage, wire):
        Play(stage, wire, in_text_mode=channel.endswith("text mode")).run(read(STORIES / f"{story}.txt"))


@pytest.mark.parametrize("story", ALL)
def test_a_story_is_the_same_when_redis_forgets_before_every_turn(story, services, planted, redis_url, redis):
    with stage_on("twilio", services, planted, redis_url, redis) as (stage, wire):
        stage.before_turn.append(lambda stage: stage.market.redis.flushdb())
        Play(stage, wire).run(read(STORIES / f"{story}.txt"))


def test_a_story_is_the_same_when_every_turn_ends_before_its_session_is_written(services, planted, redis_url, redis):
    for story in ALL:
        with stage_on("twilio", services, planted, redis_url, redis) as (stage, wire):
            stage.taker._after_commit = lambda saved: None
            Play(stage, wire).run(read(STORIES / f"{story}.txt"))
