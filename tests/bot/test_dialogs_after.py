"""After the order: what a question wants, why somebody is not content, and what nothing may do by itself."""

import pytest

from base.db import jsonb
from base.hours import DAYS
from bot.dialogs.buyer.complaints import guess_reason
from tests.bot.chat import Chat


@pytest.mark.parametrize(
    "said, reason",
    [
        ("c'est pas ce que j'ai demandé", "wrong_item"),
        ("le lait est gaté", "spoiled"),
        ("la robe est déchirée", "spoiled"),
        ("il manque 1 savon", "missing"),
        ("le livreur n'est pas là, j'attends depuis", "late"),
        ("vous etes des voleurs", "rude"),
        ("je ne suis pas content", "other"),
    ],
)
def test_why_somebody_is_not_content_is_guessed_to_sort_by(said, reason):
    assert guess_reason(said) == reason


@pytest.mark.parametrize(
    "said, key",
    [
        ("donne le numero du livreur", "buyer.phones"),
        ("c'est quoi mon code", "buyer.codes"),
        ("code", "buyer.codes"),
        ("CODE", "buyer.codes"),
        ("mon colis est ou", "buyer.order"),
    ],
)
def test_a_question_about_a_parcel_is_answered_with_what_it_wants(awa, yawa, ordered, said, key):
    _, _part, code = ordered
    yawa.says(f"A {code}")
    awa.says(said)
    assert awa.keys[0] == key


def test_codes_and_phones_are_only_ones_own_and_only_once_accepted(awa, yawa, ordered, db, config):
    _, part, code = ordered
    pin = db.value("select delivery_code from vendor_order where id = %(id)s", id=part)
    awa.says("code")
    assert (awa.keys[0], pin in awa.words) == ("buyer.no_codes", False)
    yawa.says(f"A {code}")
    other = Chat(db, config, "+22890000005", "Koffi")
    other.says("code")
    assert (other.keys[0], pin in other.words) == ("buyer.no_codes", False)
    other.says("donne le numero du livreur")
    assert other.keys[0] == "buyer.no_phones"
    awa.says("code")
    assert f"code {pin}" in awa.words


def test_a_bare_word_ends_no_order(awa, ordered, db):
    _, part, _ = ordered
    awa.goes("menu", "non", "abandonner")
    assert awa.keys == ["buyer.cancelling"]
    assert db.value("select state from vendor_order where id = %(id)s", id=part) == "placed"


def test_anothers_part_is_neither_moved_nor_waited_for_nor_dropped(awa, ordered, db, config):
    _, part, code = ordered
    koffi = Chat(db, config, "+22890000005", "Koffi")
    for door in ("swap", "wait_on", "drop"):
        koffi.opens_door("buyer", door, f"p{part}")
        assert koffi.keys[0] == "buyer.unknown_order"
    for verb in ("remplacer", "attendre", "abandonner", "modifier"):
        koffi.says(f"{verb} {code}")
        assert koffi.keys[0] == "buyer.unknown_order"
    assert db.value("select state from vendor_order where id = %(id)s", id=part) == "placed"


def test_a_wish_for_an_order_writes_nothing_before_its_yes(awa, ordered, db, market):
    _order_id, _part, code = ordered
    before = db.rows("select * from order_line order by id"), db.rows("select * from stock order by id")
    awa.goes(f"modifier {code}", "[Les articles]", "1", "1", "1")
    assert awa.state == "buyer.change_recap"
    assert (db.rows("select * from order_line order by id"), db.rows("select * from stock order by id")) == before
    awa.says("oui")
    assert awa.keys[0] == "buyer.changed"
    assert db.value("select quantity from order_line") == 1
    assert db.value("select count(*) from order_history where fact = 'changed'") == 1


def test_a_complaint_is_kept_before_the_photo_is_asked_for(awa, ordered, db):
    awa.says("le riz est gâté")
    assert awa.keys == ["buyer.complaint_photo"]
    assert db.value("select words from complaint") == "le riz est gâté"
    awa.sends("image")
    assert awa.keys[0] == "buyer.complaint_noted"
    assert db.value("select count(*) from complaint") == 1


def test_a_voice_note_is_no_photo(awa, ordered, db):
    awa.says("le riz est gâté")
    awa.sends("audio")
    assert awa.keys[-1] == "buyer.complaint_photo"
    assert db.value("select words from complaint") == "le riz est gâté"


def test_a_closed_shop_is_said_to_be_closed_where_its_order_is_shown(awa, yawa, ordered):
    _, _, code = ordered
    yawa.goes("pause", "oui")
    awa.says(f"suivi {code}")
    assert "Maman Yawa est en pause et répondra à son retour." in awa.words
    yawa.goes("ouvrir", "oui")
    awa.says(f"suivi {code}")
    assert "Maman Yawa est en pause" not in awa.words


def test_stock_of_a_dropped_part_is_free_again(awa, ordered, db, market):
    _, part, _ = ordered
    awa.opens_door("buyer", "drop", f"p{part}")
    assert awa.keys[0] == "buyer.part_dropped"
    assert db.value("select sum(allocated) from stock") == 0
    awa.opens_door("buyer", "drop", f"p{part}")
    assert awa.keys[0] == "buyer.part_standing"


@pytest.mark.parametrize(
    "written, is_open, told",
    [
        ({key: ["00:00-24:00"] for key in DAYS}, True, "Ouvert jour et nuit."),
        ({key: ["00:00-24:00"] for key in DAYS}, False, "Fermé pour le moment."),
        ({}, True, "Fermé pour le moment."),
    ],
)
def test_a_seller_is_told_with_his_hours(awa, db, written, is_open, told):
    db.run("update vendor set hours = %(hours)s, is_open = %(is_open)s", hours=jsonb(written), is_open=is_open)
    awa.goes("bonjour", "maïs blanc", "où est la boutique")
    assert told in awa.words


def test_a_day_that_is_asked_for_is_told_with_its_pause(awa, db):
    db.run("update vendor set hours = %(hours)s", hours=jsonb({"sat": ["07:30-12:00", "14:00-19:00"]}))
    awa.goes("bonjour", "maïs blanc", "vous êtes ouvert samedi ?")
    assert "Samedi : de 07h30 à 12h00, de 14h00 à 19h00." in awa.words
    awa.says("vous êtes ouvert dimanche ?")
    assert "Dimanche : fermé." in awa.words
