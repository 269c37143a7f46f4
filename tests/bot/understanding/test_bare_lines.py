"""A line that is a movement or a count by its shape alone."""

import pytest

from bot.understanding.bare_lines import read_bare_line


@pytest.mark.parametrize(
    ("text", "intent", "product", "quantity"),
    [
        ("+3 Ventilateur sur pied Zorg", "add_stock", "Ventilateur sur pied Zorg", 3),
        ("- 2 zorg", "remove_stock", "zorg", 2),
        ("j'ai vendu 12 zorgs pliants.", "remove_stock", "zorgs pliants", 12),
        ("reçu 40 zorgs", "add_stock", "zorgs", 40),
        ("zorg bleu 12", "set_stock", "zorg bleu", 12),
    ],
)
def test_what_came_went_or_lies_there_is_read_by_its_shape(text, intent, product, quantity):
    (heard,) = read_bare_line(text, may_count=True)
    assert (heard.intent, dict(heard.slots), heard.confidence) == (
        intent,
        {"product": product, "quantity": quantity},
        0.7,
    )


@pytest.mark.parametrize(
    "text", ["", "3", "+3", "zorg", "vendu hier", "on se voit le 15", "agoe 500", "+3 zorg ?", "+3 a, 4 b", "+" * 500]
)
def test_anything_else_is_no_line(text):
    assert read_bare_line(text, may_count=True) == ()


def test_words_before_a_figure_are_goods_only_where_nothing_else_is_likely():
    assert read_bare_line("zorg bleu 12", may_count=False) == ()
