"""What a whole purchase costs a buyer who pays for each byte: what the provider is sent for her, to the last notice."""

import io
import re
import sys

import pytest
from PIL import Image

from bot.demo_people import BUYERS
from catalog import photos
from tests.journeys.conftest import stage_on
from tests.journeys.messenger_wire import as_told_there, psid_of
from tests.journeys.play import Play
from tests.journeys.transcript import STORIES, TEXT_MODE, read
from webhooks import create_app

IN_TEXT_MODE, WITH_PHOTOS = 5_000, 150_000  # bytes (design §9)
CHANNELS = [f"{channel}{mode}" for channel in ("twilio", "whatsapp", "messenger") for mode in ("", TEXT_MODE)]
LEAST = 14  # messages
PHOTO = re.compile(r"/media/(?:thumbnail/)?[0-9a-f]{64}\.jpg$")
SAID = {"text", "title", "subtitle"}  # what a person reads, in a document for Messenger's Graph
SHOWN = {"url", "image_url"}  # and what is fetched, or opened, for him


def of_number(wire, phone):
    """The words and the photos of each message to a phone: its body, what can be touched, a link's or a place's."""
    for message in wire.fake.to(phone):
        extra = [str(one) for one in (message.link, message.place) if one]
        told = [button.get(part, "") for button in message.buttons for part in ("title", "detail")]
        yield [message.body, *told, *extra], [message.photo] if message.photo else []


def of_page(wire, phone):
    """The same of each message to somebody who writes to the Page."""
    for sent in wire.fake.messages:
        if sent["recipient"].get("id") == psid_of(phone):
            told = list(leaves(sent["message"]))
            shown = [text for key, text in told if key in SHOWN and PHOTO.search(text)]
            yield [text for key, text in told if key in SAID or (key in SHOWN and text not in shown)], shown


def leaves(document, key=""):
    """(name, text) of every text in a document."""
    if isinstance(document, str):
        yield key, document
    for name, value in document.items() if isinstance(document, dict) else ():
        yield from leaves(value, name)
    for value in document if isinstance(document, list) else ():
        yield from leaves(value, key)


class Heavy:
    """Each photo of the market as heavy as a photo may be."""

    def __init__(self, content):
        self.content = content

    def get(self, _):
        return self.content


@pytest.fixture(scope="module")
def heaviest():
    """A picture of which nothing is alike, as it is kept."""
    buffer = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(buffer, "PNG")
    return photos.shrink(buffer.getvalue()).content


def weight_of(words, shown, door):
    """Bytes of one message as its phone gets it: words, the titles of what can be touched, what a door gives out."""
    paths = [PHOTO.search(address)[0] for address in shown]
    return sum(len(one.encode()) for one in words) + sum(len(door.get(path).data) for path in paths)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_whole_purchase_weighs_no_more_than_its_bar(channel, ground, planted, redis_url, redis, heaviest):
    in_text_mode, on_page = channel.endswith(TEXT_MODE), channel.startswith("messenger")
    told, steps = of_page if on_page else of_number, read(STORIES / "a_whole_purchase.txt")
    with stage_on(channel, ground, planted, redis_url, redis) as (stage, wire):
        Play(stage, wire, in_text_mode=in_text_mode).run(as_told_there(steps) if on_page else steps)
        messages = list(told(wire, BUYERS[0].phone))
        doors = [create_app(stage.market).test_client()]
        stage.market.__dict__["media"] = Heavy(heaviest)
        doors.append(create_app(stage.market).test_client())
        weight, most = (sum(weight_of(*message, door) for message in messages) for door in doors)
    count = sum(len(shown) for _, shown in messages)
    assert len(messages) >= LEAST
    assert bool(count) != in_text_mode
    sys.stdout.write(f"{channel}: {weight} bytes in {len(messages)} messages with {count} photos, {most} at most\n")
    assert weight <= most <= (IN_TEXT_MODE if in_text_mode else WITH_PHOTOS)
