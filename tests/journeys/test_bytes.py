"""What a whole purchase costs a buyer who pays for each byte: what the provider is sent for her, to the last notice."""

import re
import sys

import pytest

from bot.demo_people import BUYERS
from tests.journeys.conftest import stage_on
from tests.journeys.play import Play
from tests.journeys.transcript import STORIES, read

BARS = {"twilio in text mode": 5_000, "twilio": 150_000}  # bytes (design §9)
PHOTO = re.compile(r"/media/([0-9a-f]{64}\.jpg)$")


def weight_of(message, media):
    """Bytes of one message as its phone gets it: words, the titles of what can be touched, the photo's file."""
    words = [message.body, *message.titles]
    photo = PHOTO.search(message.photo or "")
    assert bool(photo) == bool(message.photo)
    return sum(len(one.encode()) for one in words) + ((media / photo[1]).stat().st_size if photo else 0)


@pytest.mark.parametrize(("channel", "bar"), BARS.items())
def test_a_whole_purchase_weighs_no_more_than_its_bar(channel, bar, ground, planted, redis_url, redis):
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        Play(stage, wire, in_text_mode=channel != "twilio").run(read(STORIES / "a_whole_purchase.txt"))
        messages = wire.fake.to(BUYERS[0].phone)
        weights = [weight_of(message, stage.config.var / "media") for message in messages]
    assert len(messages) >= 14
    assert any(message.photo for message in messages) == (channel == "twilio")
    assert sum(weights) <= bar, f"{sum(weights)} bytes in {len(messages)} messages"
    sys.stdout.write(f"{channel}: {sum(weights)} bytes in {len(messages)} messages\n")
