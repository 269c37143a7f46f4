"""A booking's code on a photo of a phone is read; what is no photo, or shows none, says nothing."""

import io

import pytest
import segno
from PIL import Image

from bot import booking_page
from catalog import photos
from tests.events.scenes import jpeg, scene
from tests.files import PDF, picture

CODE = "A3-7K4Q"


@pytest.mark.parametrize(
    "taken",
    [
        {"part": 0.9},
        {"part": 0.16},
        {"turn": 37},
        {"turn": 180},
        {"lean": 0.5},
        {"blur": 1.5},
        {"dark": 0.8},
        {"turn": 12, "lean": 0.3, "blur": 1.0, "dark": 0.5},
        {"width": 4000, "height": 3000, "part": 0.12, "turn": 5},
        {"width": 480, "height": 360, "part": 0.4},
    ],
    ids=repr,
)
def test_a_code_is_read_as_a_phone_sees_it(taken):
    assert booking_page.read(jpeg(scene(CODE, **taken))) == CODE


def test_a_photo_without_a_code_and_a_file_that_is_no_photo_say_nothing():
    for content in (jpeg(Image.new("RGB", (800, 600), "white")), picture(), PDF, b"", b"\xff\xd8\xff", b"x" * 5000):
        assert booking_page.read(content) == ""


def test_of_a_strangers_code_a_line_is_kept():
    drawn = io.BytesIO()
    segno.make_qr("zoblo " * 50).save(drawn, kind="png", scale=6, border=4)
    assert booking_page.read(drawn.getvalue()) == ("zoblo " * 50)[: booking_page.LONGEST]


def test_a_large_photo_is_unpacked_small():
    assert photos.opened(jpeg(scene(CODE, width=6000, height=4500)), booking_page.ENOUGH).size == (1500, 1125)
