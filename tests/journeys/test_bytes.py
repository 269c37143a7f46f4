"""What a whole purchase costs a buyer who pays for each byte: what the provider is sent for her, to the last notice."""

import re
import sys

import pytest

from bot.demo_people import BUYERS
from tests.journeys.conftest import stage_on
from tests.journeys.messenger_wire import as_told_there, psid_of
from tests.journeys.play import Play
from tests.journeys.transcript import STORIES, TEXT_MODE, read

IN_TEXT_MODE, WITH_PHOTOS = 5_000, 150_000  # bytes (design §9)
CHANNELS = [f"{channel}{mode}" for channel in ("twilio", "whatsapp", "messenger") for mode in ("", TEXT_MODE)]
LEAST = 14  # messages
PHOTO = re.compile(r"/media/([0-9a-f]{64}\.jpg)$")
SAID = {"text", "title", "subtitle"}  # what a person reads, in a document for Messenger's Graph
SHOWN = {"url", "image_url"}  # and what is fetched, or opened, for him


def of_number(wire, phone):
    """The words and the photo of each message to a phone: its body, what can be touched, a link's or a place's."""
    for message in wire.fake.to(phone):
        extra = [str(one) for one in (message.link, message.place) if one]
        yield [message.body, *message.titles, *extra], message.photo


def of_page(wire, phone):
    """The same of each message to somebody who writes to the Page."""
    for sent in wire.fake.messages:
        if sent["recipient"].get("id") == psid_of(phone):
            told = list(leaves(sent["message"]))
            photos = [text for key, text in told if key in SHOWN and PHOTO.search(text)]
            yield [text for key, text in told if key in SAID or (key in SHOWN and text not in photos)], "".join(photos)


def leaves(document, key=""):
    """(name, text) of every text in a document."""
    if isinstance(document, str):
        yield key, document
    for name, value in document.items() if isinstance(document, dict) else ():
        yield from leaves(value, name)
    for value in document if isinstance(document, list) else ():
        yield from leaves(value, key)


def weight_of(words, photo, media):
    """Bytes of one message as its phone gets it: words, the titles of what can be touched, the photo's file."""
    found = PHOTO.search(photo or "")
    assert bool(photo) == bool(found)
    return sum(len(one.encode()) for one in words) + ((media / found[1]).stat().st_size if found else 0)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_whole_purchase_weighs_no_more_than_its_bar(channel, ground, planted, redis_url, redis):
    in_text_mode, on_page = channel.endswith(TEXT_MODE), channel.startswith("messenger")
    told, steps = of_page if on_page else of_number, read(STORIES / "a_whole_purchase.txt")
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        Play(stage, wire, in_text_mode=in_text_mode).run(as_told_there(steps) if on_page else steps)
        messages = list(told(wire, BUYERS[0].phone))
        weights = [weight_of(words, photo, stage.config.var / "media") for words, photo in messages]
    assert len(messages) >= LEAST
    assert any(photo for _, photo in messages) != in_text_mode
    sys.stdout.write(f"{channel}: {sum(weights)} bytes in {len(messages)} messages\n")
    assert sum(weights) <= (IN_TEXT_MODE if in_text_mode else WITH_PHOTOS)
