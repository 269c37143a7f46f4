"""What leads out of the market is hidden or stopped wherever one side's words reach the other, or all buyers."""

import pytest

from bot import attention
from bot.dialogs.vendor.unfinished import told_of
from bot.messages import Media
from bot.new_goods import read_good
from catalog import questions
from catalog.sheets.reading import read_sheet
from orders.complaints import without_numbers
from tests.catalog.sheets.workshop import text

NOTES = "select note from basket where contact_id = %(id)s"


@pytest.fixture
def at_the_note(awa):
    """Awa is asked what she wants to tell the seller."""
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "be kpota derriere la pharmacie")
    awa.goes("[Moi-même]", "[Mon numéro]", "mot au vendeur")
    assert awa.state == "buyer.note"
    return awa


@pytest.mark.parametrize(
    ("words", "why"),
    [("envoyez votre flooz, je paie direct", "payment"), ("envoyez moi votre pin", "code")],
)
def test_a_note_that_leads_out_is_not_kept_and_the_organizers_see_it(at_the_note, chief, db, words, why):
    awa = at_the_note
    awa.says(words)
    assert (awa.keys, awa.memory["why"]) == (["buyer.note_stopped", "buyer.note"], why)
    assert db.value(NOTES, id=awa.contact_id) is None
    (item,) = attention.open_items(db)
    assert (item.kind, item.about["detail"], item.has_chat) == ("note_stopped", words, True)
    chief.goes("bonjour", "attention", "1")
    assert f"Le client (90 00 00 01) a écrit au vendeur : « {words} »" in chief.words
    awa.goes("emballage cadeau pour ma tante", "[Confirmer]")
    assert db.value('select note from "order"') == "emballage cadeau pour ma tante"


def test_the_same_note_twice_is_one_line_of_the_list(at_the_note, db):
    at_the_note.goes("je paie direct", "je paie direct svp")
    assert len(attention.open_items(db)) == 1


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("appelez le 97 12 34 56", "appelez le …"),
        ("appelez le quatre vingt dix douze trente quatre cinquante six", "appelez le …"),
        ("voir wa.me/22890123456 ou afi@mail.tg", "voir … ou …"),
        ("pour le 12/11, 2 sacs", "pour le 12/11, 2 sacs"),
    ],
)
def test_a_shop_reads_a_note_or_a_complaint_without_what_leads_out(note, shown):
    assert without_numbers(note) == shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Pagne wax 90 12 34 56 9500 x12", "Pagne wax"),
        ("Pagne wax (wa.me/22890123456) 9500 x12", "Pagne wax"),
        ("Pagne 6 yards 9500 x12", "Pagne 6 yards"),
    ],
)
def test_the_name_of_a_new_good_holds_no_phone_and_no_link(typed, name):
    draft = told_of(read_good(typed))
    assert (draft["name"], draft["price"], draft["quantity"]) == (name, 9500, 12)


def test_nor_does_that_of_a_line_of_a_price_list():
    sheet = read_sheet(text([("Riz 90 12 34 56", 700, 5, "sac", "")], ("Produit", "Prix", "Qté", "Unité", "Catégorie")))
    assert [(line.name, line.price) for line in sheet.lines] == [("Riz", 700)]


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_words_below_a_picture_are_looked_at_like_all_others(awa, db, kind):
    awa.goes("bonjour", "je veux du maïs blanc", "produits", "1", "2", "[Poser une question]")
    awa.brings(text="paie moi direct sur mon flooz", media=(Media(kind, "reference"),))
    assert awa.keys[0] == "buyer.question_stopped"
    assert db.value("select state from question") == "stopped"


def test_an_answer_that_spells_a_number_out_reaches_nobody_whole(awa, yawa, db):
    awa.goes("bonjour", "je veux du maïs blanc", "produits", "1", "2", "[Poser une question]", "C'est frais ?")
    yawa.goes("bonjour", "répondre 101", "oui, appelez le neuf zéro douze trente quatre cinquante six")
    one = questions.own_of_number(db, awa.contact_id, 101)
    assert one.answer == "oui, appelez le •••"
    assert yawa.memory["was_hidden"]
