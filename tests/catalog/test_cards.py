"""The card of a product: always 1200 × 630, whatever its name, its price and its photo are."""

import io

import pytest
from PIL import Image

from catalog import cards
from catalog.cards import Card
from tests.files import picture


def drawn(photo=None, **more):
    values = {"name": "Pagne 6 yards", "price": 9500, "unit": "pièce", "shop": "Boutique Essi", "photo_hash": "x"}
    content = cards.draw(Card(**values | more), photo).content
    return Image.open(io.BytesIO(content))


def test_the_photo_is_on_the_left_and_the_words_on_the_right():
    card = drawn(picture(size=(900, 500), colour=(200, 30, 30)))
    assert (card.size, card.format) == ((1200, 630), "JPEG")
    red, green, _ = card.getpixel((315, 315))
    assert red > 180
    assert green < 60
    paper = card.getpixel((1190, 300))
    assert min(paper) > 240
    words = card.crop((cards.PICTURE, 60, 1200, 500)).convert("L")
    assert words.getextrema()[0] < 60


@pytest.mark.parametrize("photo", [None, b"no picture", picture()[:60]])
def test_without_a_photo_that_can_be_read_its_letter_stands_there(photo):
    card = drawn(photo)
    assert min(card.getpixel((10, 10))) > 220
    assert card.crop((0, 0, 630, 630)).convert("L").getextrema()[0] < 120


@pytest.mark.parametrize("name", ["x" * 400, "Mot " * 90, "🧼🧼", "", "Ɖeka kple eve ŋɔ", "<b>&"])
def test_any_name_fits(name):
    card = drawn(name=name, price=99_999_999, shop="Boutique " * 20)
    edge = card.crop((1188, 20, 1200, 500)).convert("L")
    assert edge.getextrema()[0] > 200  # nothing runs out of it


def test_a_card_of_another_price_name_or_photo_is_another_file():
    card = Card("Savon", 250, "pièce", "Essi", "a")
    keys = {card.key, Card("Savon", 300, "pièce", "Essi", "a").key, Card("Savon", 250, "pièce", "Essi", "b").key}
    assert len(keys) == 3
    assert card.key == Card("Savon", 250, "pièce", "Essi", "a").key
    assert card.key.startswith("card-")
    assert card.key.endswith(".jpg")
