"""Drawn pictures are light, square, and always the same."""

import io

import pytest
from PIL import Image

from catalog.demo import drawing
from catalog.demo.market import demo_products


@pytest.mark.parametrize("look", sorted(drawing.looks()))
def test_every_kind_of_product_is_drawn_light_and_square(look):
    jpeg = drawing.draw(look, "gold")
    assert len(jpeg.content) <= 40_000
    with Image.open(io.BytesIO(jpeg.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (800, 800))


def test_the_same_kind_and_tint_are_the_same_bytes_and_others_are_not():
    assert drawing.draw("bowl", "gold").hash == drawing.draw("bowl", "gold").hash
    assert drawing.draw("bowl", "gold").hash != drawing.draw("bowl", "red").hash
    assert drawing.draw("bowl", "gold").hash != drawing.draw("sack", "gold").hash


def test_every_product_of_the_demo_can_be_drawn_and_no_kind_is_unused():
    assert {product.look for product in demo_products()} == set(drawing.looks())
    assert {product.tint for product in demo_products()} <= set(drawing.TINTS)


def test_an_unknown_kind_is_not_drawn():
    with pytest.raises(KeyError):
        drawing.draw("unicorn", "gold")
