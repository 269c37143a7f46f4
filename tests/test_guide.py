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
from bot.dialogs.organizer.announce_words import is_time, is_whom
from bot.dialogs.organizer.dialog import ORGANIZER
from bot.dialogs.vendor.dialog import VENDOR
from bot.opt_words import read_opt
from bot.plain_words import YES, plain
from bot.readings import read_command
from bot.routing import BACK_WORDS
from bot.understanding import understand
from catalog.sheets.columns import known_columns
from catalog.sheets.steps import read_steps
from tests import chromium

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "GUIDE.fr.md").read_text(encoding="utf-8")
BUYING, SELLING = GUIDE.split("# Vendre au marché")
SELLING, ORGANIZING = SELLING.split('<div style="page-break-before: always"></div>\n\n# Organiser la semaine')
TYPED = re.findall(r"`([^`]+)`", BUYING)
TYPED_BY_ORGANIZERS = re.findall(r"`([^`]+)`", ORGANIZING)
TYPED_BY_VENDORS = re.findall(r"`([^`]+)`", SELLING)
PICTURES = re.findall(r'src="([^"]+)"', GUIDE)
# how each is read: a closed word leads to a state, a command too, with its codes, anything else is heard as an intent
VENDORS_MEAN = {
    "vendre": "become_vendor",
    "ajouter produit": "add_may",
    "liste": "list_own",
    "riz 20": ("heard", "set_stock"),
    "+5 savon": ("heard", "add_stock"),
    "vendu 3 robes": ("heard", "remove_stock"),
    "rupture tomate": ("heard", "out_of_stock"),
    "prix huile 1200": ("heard", "set_price"),
    "à partir de 5 c 1100": ("heard", "set_price"),
    "baskets 40:2 41:3": ("heard", "set_stock", "set_stock"),
    "oui": "yes",
    "annule": "undo_first",
    "A 4K7": ("accept_named", "4K7"),
    "R 4K7": ("refuse_named", "4K7"),
    "partie 4K7": ("partly_named", "4K7"),
    "P 4K7": ("ready_named", "4K7"),
    "livreur 4K7": ("rider_named", "4K7"),
    "remis 4K7": ("handed_named", "4K7"),
    "livre 4K7": ("delivered_named", "4K7"),
    "répondre 104": ("reply_named", "104"),
    "questions": "questions",
    "commandes": "waiting",
    "voir 4K7": ("part_named", "4K7"),
    "stock": "shelves",
    "ventes": ("heard", "sales_report"),
    "promo savon 200": ("heard", "promo"),
    "fin promo": ("heard", "end_promo"),
    "pause": "pause_first",
    "ouvrir": "resume_first",
    "je ferme à 17h": ("heard", "set_hours"),
    "alerte riz 5": ("heard", "set_alert"),
    "réglages": "shop_settings",
    "livraison Bè 500": ("heard", "set_zone"),
    "aide": "help",
    "programme": "programme",
    "agent": "person",
    "bloquer 4K7": ("bar_named", "4K7"),
}
ORGANIZERS_MEAN = {
    "oui": "yes",
    "programme": "programme",
    "atelier 3": ("workshop_named", "3"),
    "ajoute session : confiance et litiges, jeudi 19/08 14h-16h, salle 2, 40 places": ("heard", "workshop_create"),
    "session 3 reportée à samedi": ("heard", "workshop_update"),
    "+20 places session 2": ("heard", "workshop_update"),
    "session 4 complet": ("heard", "workshop_update"),
    "annule session 5 intervenant malade": ("heard", "workshop_cancel"),
    "excel": "sheet_own",
    "agenda": "agenda_first",
    "événement": "event_first",
    "présence 3": ("presence_named", "3"),
    "présents atelier 3 : 1-20": ("present_named", "3 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"),
    "annonce aux vendeurs de Lomé: atelier demain 9h": ("heard", "announce"),
    "aperçu": "ann_again",
    "annonces": "ann_list",
    "annonce 101": ("ann_this", "101"),
    "stop annonce": ("heard", "stop_announce"),
    "reprendre annonce": ("heard", "resume_announce"),
    "export annonce": ("heard", "export"),
    "sécurité": "factor_first",
    "valider 101": ("ann_second_named", "101"),
    "annonce aux acheteurs qui ont commandé depuis 15 jours, sauf les plaintes : …": ("heard", "announce"),
    "annonce aux vendeurs de pagnes : …": ("heard", "announce"),
    "attention": "attention",
    "envoyer 101": ("ann_late_sending", "101"),
    "abandonner 101": ("ann_late_dropping", "101"),
    "stats": ("heard", "stats"),
    "ventes semaine 2": ("heard", "stats"),
    "valide boutique Afi Mode": ("heard", "moderate_vendor"),
    "suspends boutique Koffi plaintes": ("heard", "moderate_vendor"),
    "bloque 97 00 11 22": ("heard", "block"),
    "organisateurs": "organizers",
    "ajoute organisateur 90 11 22 33": ("heard", "add_contact"),
    "export ventes": ("heard", "export"),
    "export commandes": ("heard", "export"),
    "export vendeurs": ("heard", "export"),
    "aide": "help",
}
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


def reading(dialog, words):
    """How a whole message is read where no question is open: a closed word, a command with its codes, else intents."""
    if state := dialog.anywhere.get(fold(words)) or (fold(words) in BACK_WORDS and "back"):
        return state
    if command := read_command(dialog.commands, words):
        return (command.state, command.codes)
    if plain(words) in YES:
        return "yes"
    heard = (dialog is VENDOR and shop_words.hear(words)) or understand(dialog.name, words)
    return ("heard", *(one.intent for one in heard or ()))


def test_what_vendors_are_told_to_type_is_understood_as_it_is_told():
    found = {words: reading(BUYER if words == "vendre" else VENDOR, words) for words in TYPED_BY_VENDORS}
    in_a_sheet = {words: found.pop(words) for words in ("prix de gros", "dès 10 : 450 ; dès 50 : 400")}
    assert found == VENDORS_MEAN
    assert known_columns(("produit", "prix", *in_a_sheet)).get("steps") == 2
    assert read_steps("dès 10 : 450 ; dès 50 : 400") == ((10, 450), (50, 400))


def test_what_organizers_are_told_to_type_is_understood_as_it_is_told():
    found = {words: reading(ORGANIZER, words) for words in TYPED_BY_ORGANIZERS}
    for words in ("vendeurs de Bè", "demain 7h", "chaque lundi 7h"):  # below the summary of an announcement
        del found[words]
        assert (is_whom(words), is_time(words)) == ((True, False) if "vendeurs" in words else (False, True))
    assert found == ORGANIZERS_MEAN


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


def test_what_is_told_to_vendors_is_one_printed_page(tmp_path):
    [page] = printed(tmp_path, "# Vendre au marché" + SELLING)
    assert "Ne demandez jamais à un client de payer ailleurs." in page


def test_what_is_told_to_organizers_is_two_printed_pages(tmp_path):
    first, second = printed(tmp_path, "# Organiser la semaine" + ORGANIZING)
    assert "Rien n'est changé, ni annoncé, avant votre oui." in first
    assert "personne ne doit demander de payer ailleurs." in second
