import os
import pytest
from tests.journeys.conftest import stage_on
from tests.journeys.play import Play
from tests.journeys.replay import check_every_turn
from tests.journeys.stage import edges_watched
from tests.journeys.transcript import STORIES, read
from bot.dialogs.organizer.tables.week import WEEK
from bot.dialogs import DIALOGS


def test_all(ground, planted, redis_url, redis):
    with edges_watched() as walked:
        for story in os.environ["STORIES"].split():
            for channel in os.environ.get("CHANNELS", "twilio").split(","):
                with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
                    Play(stage, wire, in_text_mode=channel.endswith("text mode")).run(read(STORIES / f"{story}.txt"))
                    check_every_turn(stage.market)
    table = {
        (f"{dialog.name}.{state}", outcome)
        for dialog in DIALOGS
        for state, outcome, _ in dialog.edges()
        if dialog.name == "organizer" and state in WEEK
    }
    print("MISSING", sorted(table - walked))
