"""From how few units a vendor wants to hear of a good, as vendors write it."""

import pytest

from bot.dialogs.vendor.few_words import read_few_words
from bot.shop_words import hear


@pytest.mark.parametrize(
    ("text", "few", "named"),
    [
        ("alerte riz 5", 5, "riz"),
        ("alerte riz 25 kg 5", 5, "riz 25 kg"),
        ("alerte riz à 5 sacs", 5, "riz"),
        ("savon seuil 5", 5, "savon"),
        ("gari fin alerte stock 90", 90, "gari fin"),
        ("stock bas 5", 5, ""),
        ("stock bas savon 5", 5, "savon"),
        ("alerte stock", None, ""),
        ("préviens moi quand gari fin est à 95", 95, "gari fin"),
        ("préviens-moi quand il reste 5 savons", 5, "savons"),
        ("préviens moi à 5 savon", 5, "savon"),
        ("avertis moi quand il reste 3 sacs de haricot", 3, "haricot"),
        ("dites moi quand le riz arrive à 3", 3, "riz"),
        ("alerte quand savon a moins de 5", 5, "savon"),
        ("préviens moi si le riz est bientôt fini", None, "riz"),
    ],
)
def test_a_level_is_read_with_its_good_and_is_never_a_stock(text, few, named):
    assert [one.intent for one in hear(text)] == ["set_alert"]
    assert read_few_words(text) == (few, named)


@pytest.mark.parametrize(
    "text",
    ["savon 5", "bas noirs 5", "préviens moi quand le client arrive", "dis moi quand mon argent arrive", "riz 20"],
)
def test_other_messages_ask_for_no_level(text):
    assert hear(text) == ()
