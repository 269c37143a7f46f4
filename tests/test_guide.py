"""The guide of buyers and vendors: every word that it tells them to type is understood, its pictures are small."""

import re
from pathlib import Path

import pytest

from base.spelling import fold
from bot import shop_words
from bot.dialogs.buyer.dialog import BUYER
from bot.dialogs.vendor.dialog import VENDOR
from bot.opt_words import read_opt
from bot.plain_words import YES, plain
from bot.readings import read_command
from bot.rider_words import hear_rider
from bot.routing import BACK_WORDS
from bot.understanding import understand

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "GUIDE.fr.md").read_text(encoding="utf-8")
BUYING, SELLING = GUIDE.split("# Vendre au marché")
TYPED = re.findall(r"`([^`]+)`", BUYING)
TYPED_BY_VENDORS = re.findall(r"`([^`]+)`", SELLING)
PICTURES = re.findall(r'src="([^"]+)"', GUIDE)
MOST_BYTES = 100_000


@pytest.mark.parametrize("words", TYPED)
def test_what_buyers_are_told_to_type_is_understood(words):
    closed = {*BUYER.anywhere, *BACK_WORDS}
    is_known = fold(words) in closed or read_opt(words) or plain(words) in YES or fold(words) in BUYER.commands
    assert is_known or understand("buyer", words)


@pytest.mark.parametrize("words", TYPED_BY_VENDORS)
def test_what_vendors_are_told_to_type_is_understood(words):
    dialog = BUYER if words == "vendre" else VENDOR
    closed = {*dialog.anywhere, *BACK_WORDS}
    is_known = fold(words) in closed or plain(words) in YES or read_command(dialog.commands, words)
    assert is_known or shop_words.hear(words) or hear_rider(words) or understand(dialog.name, words)


def test_there_are_four_pictures_each_of_them_small():
    assert len(PICTURES) == 4
    assert [name for name in PICTURES if (ROOT / name).stat().st_size > MOST_BYTES] == []


def test_the_readme_leads_there():
    assert "(GUIDE.fr.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
