"""The guide: every word that it tells people to type is understood, its pictures are small, its pages printed."""

import re
import subprocess
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from base.spelling import fold
from bot import shop_words
from bot.dialogs.buyer.dialog import BUYER
from bot.dialogs.organizer.dialog import ORGANIZER
from bot.dialogs.vendor.dialog import VENDOR
from bot.opt_words import read_opt
from bot.plain_words import YES, plain
from bot.readings import read_command
from bot.rider_words import hear_rider
from bot.routing import BACK_WORDS
from bot.understanding import understand
from tests import chromium

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "GUIDE.fr.md").read_text(encoding="utf-8")
BUYING, SELLING = GUIDE.split("# Vendre au marché")
SELLING, ORGANIZING = SELLING.split('<div style="page-break-before: always"></div>\n\n# Organiser la semaine')
TYPED = re.findall(r"`([^`]+)`", BUYING)
TYPED_BY_ORGANIZERS = re.findall(r"`([^`]+)`", ORGANIZING)
TYPED_BY_VENDORS = re.findall(r"`([^`]+)`", SELLING)
PICTURES = re.findall(r'src="([^"]+)"', GUIDE)
MOST_BYTES = 100_000
PRINTED = """
@page { size: A4; margin: 10mm } body { font: 9.5pt/1.15 sans-serif } h1 { font-size: 14pt } h2 { font-size: 11pt }
h1, h2, p, table { margin: 3pt 0 } td, th { border: 0.5pt solid; padding: 1pt 5pt } table { border-collapse: collapse }
"""


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


@pytest.mark.parametrize("words", TYPED_BY_ORGANIZERS)
def test_what_organizers_are_told_to_type_is_understood(words):
    is_known = fold(words) in ORGANIZER.anywhere or plain(words) in YES or read_command(ORGANIZER.commands, words)
    assert is_known or understand("organizer", words)


def test_there_are_four_pictures_each_of_them_small():
    assert len(PICTURES) == 4
    assert [name for name in PICTURES if (ROOT / name).stat().st_size > MOST_BYTES] == []


def test_the_readme_leads_there():
    assert "(GUIDE.fr.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def printed(folder, text):
    """The pages of a part of the guide, as a printer has them."""
    page, out = folder / "guide.html", folder / "guide.pdf"
    told = MarkdownIt("commonmark").enable("table").render(text)
    page.write_text(f'<meta charset="utf-8"><style>{PRINTED}</style>{told}', encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    folders = (f"--user-data-dir={folder}/own", f"--print-to-pdf={out}")
    subprocess.run([chromium.needed(), *options, *folders, page.as_uri()], check=True, timeout=60)
    return [" ".join(page.extract_text().split()) for page in PdfReader(out).pages]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("# Vendre au marché" + SELLING, "Ne demandez jamais à un client de payer ailleurs."),
        ("# Organiser la semaine" + ORGANIZING, "Rien n'est changé, ni annoncé, avant votre oui."),
    ],
)
def test_what_is_told_to_vendors_and_to_organizers_is_one_printed_page_each(tmp_path, part, told):
    [page] = printed(tmp_path, part)
    assert told in page
