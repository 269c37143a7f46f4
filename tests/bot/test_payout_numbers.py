"""A shop is paid on another number: after a day, by an organizer's word, and only while who asked for it may."""

import pytest

from bot import attention, payout_chats
from catalog import payout_numbers
from catalog.stock import Cause
from tests.bot.chat import Chat

DAY = 86_400
NOBODY = Cause(None, None)
LOSES = {
    "suspended": "update role set suspended_at = market_now(), suspended_why = 'renamed'",
    "taken": "update role set suspended_at = market_now()",
    "a helper": "update role set role = 'helper'",
    "elsewhere": "update role set vendor_id = (select max(id) from vendor)",
}
RESTORED = "update role set suspended_at = null, suspended_why = null, role = 'vendor'"


@pytest.fixture
def shop(yawa, market):
    return market["rice"].vendor_id


def asks(yawa):
    """Yawa's number waits, and stands in the list."""
    yawa.goes("bonjour", "payez moi sur 90 11 22 33 tmoney", "oui")
    assert yawa.keys[0] == "vendor.payout_asked"
    id_ = yawa.db.value("select max(id) from payout_number")
    attention.ask(yawa.db, "payout_change", {"payout": id_, "vendor": payout_numbers.number(yawa.db, id_).vendor_id})
    return id_


def loses(db, chat, how):
    db.run(f"{LOSES.get(how, how)} where contact_id = %(id)s", id=chat.contact_id)


def a_day_passes(db):
    """The moments of it lie a day further back."""
    db.run("update payout_number set due_at = due_at - interval '1 day', asked_at = asked_at - interval '1 day'")


def state(db, id_):
    return payout_numbers.number(db, id_).state


def test_it_begins_after_a_day_and_an_organizers_word(chief, yawa, db):
    id_ = asks(yawa)
    assert (
        payout_numbers.number(db, id_).due_at.timestamp() - payout_numbers.number(db, id_).asked_at.timestamp() == DAY
    )
    chief.goes("bonjour", "attention", "1")
    chief.taps_on("Accepter le numéro")
    assert chief.keys[0] == "organizer.payout_approved"
    assert payout_chats.take_effect(db, 9) == 0
    a_day_passes(db)
    assert payout_chats.take_effect(db, 9) == 1
    assert state(db, id_) == "in_force"


def test_a_day_without_an_organizers_word_begins_nothing(yawa, db):
    id_ = asks(yawa)
    a_day_passes(db)
    assert payout_chats.take_effect(db, 9) == 0
    assert state(db, id_) == "waiting"


@pytest.mark.parametrize("how", LOSES)
def test_an_approved_one_waits_while_who_asked_for_it_may_not(yawa, db, how):
    id_ = asks(yawa)
    assert payout_numbers.approve(db, id_, NOBODY) == "approved"
    loses(db, yawa, how)
    a_day_passes(db)
    assert payout_chats.take_effect(db, 9) == 0
    assert state(db, id_) == "waiting"
    if how != "elsewhere":
        loses(db, yawa, RESTORED)
        assert payout_chats.take_effect(db, 9) == 1
        assert state(db, id_) == "in_force"


@pytest.mark.parametrize("how", LOSES)
def test_an_organizer_who_accepts_is_told_that_the_asker_may_no_longer(chief, yawa, db, how):
    id_ = asks(yawa)
    a_day_passes(db)
    loses(db, yawa, how)
    chief.goes("bonjour", "attention", "1")
    assert "Qui l'a demandé n'a plus accès à la boutique." in chief.words
    chief.taps_on("Accepter le numéro")
    assert chief.keys == ["organizer.payout_held", "organizer.all_quiet"]
    assert payout_chats.take_effect(db, 9) == 0
    assert state(db, id_) == "waiting"


def test_who_owns_it_together_with_another_keeps_what_he_asked_for(yawa, db, config, shop):
    id_ = asks(yawa)
    second = Chat(db, config, "+22890000333", "Ama", roles=[("vendor", shop)])
    payout_numbers.approve(db, id_, NOBODY)
    loses(db, second, "taken")
    a_day_passes(db)
    assert payout_chats.take_effect(db, 9) == 1


def test_the_asker_is_the_person_that_he_became_by_a_link(yawa, db, config, shop):
    id_ = asks(yawa)
    now = Chat(db, config, "+22890000444", "Yawa", roles=[("vendor", shop)])
    payout_numbers.approve(db, id_, NOBODY)
    loses(db, yawa, "taken")
    db.run(
        "insert into chat_link (contact_id, from_contact_id, conversations, orders, roles)"
        " values (%(now)s, %(former)s, '{}', '{}', '{}')",
        now=now.contact_id,
        former=yawa.contact_id,
    )
    assert payout_chats.asker_may(db, id_)


@pytest.mark.parametrize("how", [None, "suspended"])
@pytest.mark.parametrize("hat", ["acheter", "ma boutique"])
def test_the_old_identity_stops_it_by_button_and_by_word_in_any_hat(yawa, db, how, hat):
    id_ = asks(yawa)
    payout_numbers.approve(db, id_, NOBODY)
    yawa.says(hat)
    if how:
        loses(db, yawa, how)
    yawa.opens_door("buyer", "not_me", str(id_))
    assert yawa.keys[0] == "buyer.payout_stopped"
    assert state(db, id_) == "stopped"
    a_day_passes(db)
    assert payout_chats.take_effect(db, 9) == 0


def test_whoever_writes_with_the_number_that_is_in_force_may_stop_it_and_a_stranger_may_not(
    yawa, awa, db, config, shop
):
    payout_numbers.start(db, shop, "+22890000555", "tmoney", NOBODY)
    id_ = asks(yawa)
    awa.opens_door("buyer", "not_me", str(id_))
    assert awa.keys[0] == "buyer.nothing_to_stop"
    assert state(db, id_) == "waiting"
    old = Chat(db, config, "+22890000555", "Le téléphone")
    old.goes("bonjour", "bloquer")
    assert state(db, id_) == "stopped"


def test_nothing_stopped_or_refused_can_be_approved_later(chief, yawa, db):
    id_ = asks(yawa)
    chief.goes("bonjour", "attention", "1")
    yawa.opens_door("buyer", "not_me", str(id_))
    chief.taps_on("Accepter le numéro")
    assert chief.keys[0] == "organizer.settled_before"
    assert state(db, id_) == "stopped"


def test_who_asks_is_told_of_everywhere_the_shops_people_can_be_reached(yawa, db, config, shop):
    payout_numbers.start(db, shop, "+22890000555", "tmoney", NOBODY)
    old = Chat(db, config, "+22890000555", "Le téléphone")
    away = Chat(db, config, "+22890000666", "Ama", roles=[("vendor", shop)])
    helper = Chat(db, config, "+22890000667", "Afi", roles=[("helper", shop)])
    loses(db, away, "suspended")
    id_ = asks(yawa)
    told = set(payout_chats.chats(db, id_))
    assert told == {yawa.conversation_id, old.conversation_id, away.conversation_id}
    assert helper.conversation_id not in told
