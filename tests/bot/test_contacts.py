"""People: one behind several names, rights that a new phone does not inherit, consents in exact words."""

import pytest

from base.clock import now
from bot import accounts, consent, contacts
from bot.messages import Identity, Sender
from bot.turn import Turn
from tests.catalog.market import make_vendor

PHONE, OLD, NEW = Identity("phone", "+22890000001"), Identity("bsuid", "TG.1"), Identity("bsuid", "TG.2")


@pytest.fixture
def account(db, config):
    return accounts.ensure(db, config.channel_accounts)["simulator"]


def meet(db, account, *names, name="Awa"):
    return contacts.find_or_make_chat(db, account, Sender(names, name), [account])


def hats(db, chat):
    return contacts.people(db, [chat.conversation_id])[chat.conversation_id].hats


def test_a_new_bsuid_on_a_known_phone_suspends_rights_until_they_are_granted_again(db, account):
    chat = meet(db, account, PHONE, OLD)
    contacts.grant(db, chat.contact_id, "organizer")
    assert hats(db, chat) == ("organizer", "buyer")
    assert meet(db, account, PHONE, OLD) == chat
    assert hats(db, chat) == ("organizer", "buyer")
    assert meet(db, account, PHONE, NEW) == chat
    assert hats(db, chat) == ("buyer",)
    meet(db, account, NEW)
    assert hats(db, chat) == ("buyer",)
    contacts.grant(db, chat.contact_id, "organizer")
    assert hats(db, chat) == ("organizer", "buyer")
    assert db.value("select count(*) from role") == 1


def test_the_first_bsuid_of_a_phone_suspends_nothing(db, account):
    chat = meet(db, account, PHONE)
    contacts.grant(db, chat.contact_id, "organizer")
    meet(db, account, PHONE, OLD)
    assert hats(db, chat) == ("organizer", "buyer")


def test_a_suspended_vendor_has_no_shop(db, account):
    chat, vendor = meet(db, account, PHONE, OLD), make_vendor(db)
    contacts.grant(db, chat.contact_id, "helper", vendor)
    person = contacts.people(db, [chat.conversation_id])[chat.conversation_id]
    assert (person.hats, person.vendor_ids) == (("vendor", "buyer"), (vendor,))
    meet(db, account, PHONE, NEW)
    person = contacts.people(db, [chat.conversation_id])[chat.conversation_id]
    assert (person.hats, person.vendor_ids) == (("buyer",), ())


def test_a_name_is_cut_and_kept_as_it_was_first_told(db, account):
    chat = meet(db, account, PHONE, name="A" * 500)
    meet(db, account, PHONE, name="Other")
    assert db.value("select name from contact where id = %(id)s", id=chat.contact_id) == "A" * 80


def test_a_phone_is_known_only_where_a_channel_told_it(db, account):
    assert contacts.phone_of(db, meet(db, account, PHONE, OLD).contact_id) == PHONE.value
    assert contacts.phone_of(db, meet(db, account, NEW).contact_id) == ""


def say(db, config, chat, account, words, *, has_open_order=False):
    person = contacts.people(db, [chat.conversation_id])[chat.conversation_id]
    turn = Turn(db, config, person, chat.conversation_id, account, 42, now(db))
    outcome = consent.record(turn, words, has_open_order=has_open_order)
    row = db.one("select wants_announcements, wants_order_news from contact where id = %(id)s", id=chat.contact_id)
    return outcome, row.wants_announcements, row.wants_order_news


@pytest.mark.parametrize(
    "words, has_open_order, expected",
    [
        ("STOP", False, ("stopped", False, True)),
        ("Arrêter", True, ("stopped", False, True)),
        ("Stop tout", False, ("stopped_all", False, False)),
        ("STOP TOUT", True, ("warned", False, False)),
        ("START", False, ("started", True, True)),
        ("reprendre", True, ("started", True, True)),
    ],
)
def test_stop_and_start_are_obeyed_at_once(db, config, account, words, has_open_order, expected):
    chat = meet(db, account, PHONE)
    assert say(db, config, chat, account, words, has_open_order=has_open_order) == expected


def test_stopping_all_with_a_shop_of_ones_own_warns_of_its_orders(db, config, account):
    chat = meet(db, account, PHONE)
    contacts.grant(db, chat.contact_id, "vendor", make_vendor(db))
    said = say(db, config, chat, account, "stop tout", has_open_order=True)
    assert said == ("warned_shop", False, False)


def test_stop_leaves_order_news_as_they_were_and_start_brings_all_back(db, config, account):
    chat = meet(db, account, PHONE)
    said = [say(db, config, chat, account, words)[1:] for words in ("STOP TOUT", "STOP", "START")]
    assert said == [(False, False), (False, False), (True, True)]


def test_the_log_keeps_what_when_which_channel_and_the_exact_words(db, config, account):
    chat = meet(db, account, PHONE)
    say(db, config, chat, account, " Stop  TOUT ! ")
    say(db, config, chat, account, "Start")
    rows = db.rows(
        "select what, is_given, words, account_id, inbox_id, at = market_now() as is_now from consent order by id"
    )
    topics = ("announcements", "reminders", "order_news")
    assert rows[:3] == [(topic, False, " Stop  TOUT ! ", account, 42, True) for topic in topics]
    assert [(row.what, row.is_given, row.words) for row in rows[3:]] == [(topic, True, "Start") for topic in topics]
