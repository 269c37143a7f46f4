"""Phones, addresses and links are hidden in words that are passed on; figures that are none stay."""

import pytest

from base.hiding import hidden

HIDDEN = [
    ("appelez le 90 12 34 56 svp", "appelez le ••• svp"),
    ("90*12*34*56", "•••"),
    ("9o 12 34 56", "•••"),
    ("9-0-1-2-3-4-5-6", "•••"),
    ("+228 90123456 ou 0022897123456", "••• ou •••"),
    ("tél:90.12.34.56!", "tél:•••!"),
    ("17 500 F le 90123456", "17 500 F le •••"),
    ("+33 6 12 34 56 78", "•••"),
    ("wa.me/22890123456", "•••"),
    ("voir https://wa.me/x?y=1 ici", "voir ••• ici"),
    ("www.boutique.tg", "•••"),
    ("écrivez à afi.k@mail.tg", "écrivez à •••"),
    ("facebook.com/afi ou t.me/afi", "••• ou •••"),
    ("moi c'est @afi_mode", "moi c'est •••"),
]
LEFT = [
    "tailles 38 39 40 41 42",
    "38/39/40/41/42/43",
    "le 12/11/2026 à 15h30",
    "10 000 000 F",
    "22 500 000 F CFA",
    "25 000, 30 000 et 35 000",
    "128 Go, 6,6 pouces, 5 000 mAh",
    "Réf. 4711-0815",
    "",
    "c'est en coton ?",
]


@pytest.mark.parametrize(("said", "shown"), HIDDEN)
def test_what_leads_out_of_the_market_is_hidden(said, shown):
    assert hidden(said) == shown


@pytest.mark.parametrize("said", LEFT)
def test_other_figures_and_words_stay_as_they_are(said):
    assert hidden(said) == said


@pytest.mark.parametrize("said", ["9" * 5000, "9 0 " * 2000, "\x00" * 99, "@" * 999, "www." * 500, "🙂" * 400])
def test_any_text_is_looked_at(said):
    assert isinstance(hidden(said), str)
