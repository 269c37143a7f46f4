"""Who may be told what: switches, the log of exact words, the questions, an opt-out that outlives its person."""

import pytest

from base.clock import now
from base.secret import Secret
from bot import accounts, consent, contacts
from bot.messages import Identity, Sender
from bot.turn import Turn

PHONE, BSUID = Identity("phone", "+22890000001"), Identity("bsuid", "TG.1")
SECRET = Secret("our-secret")
NEW = {"announcements": False, "reminders": True, "order_news": True}


@pytest.fixture
def account(db, config):
    return accounts.ensure(db, config.channel_accounts)["simulator"]


@pytest.fixture
def turn(db, config, account):
    chat = contacts.find_or_make_chat(db, account, Sender((PHONE, BSUID), "Awa"), [account])
    person = contacts.people(db, [chat.conversation_id])[chat.conversation_id]
    return Turn(db, config, person, chat.conversation_id, account, 42, now(db))


def told(turn):
    return {topic: consent.may_tell(turn.db, turn.person.contact_id, topic) for topic in consent.TOPICS}


def test_a_new_person_gets_news_of_orders_and_what_he_asked_for_and_no_announcement(turn):
    assert told(turn) == NEW
    assert not consent.is_logged(turn.db, turn.person.contact_id, "announcements")


def test_nobody_may_be_told_anything_who_is_not_there(db):
    assert not consent.may_tell(db, 404, "order_news")


@pytest.mark.parametrize(
    ("words", "wants"),
    [
        (["STOP"], {"announcements": False, "reminders": False, "order_news": True}),
        (["STOP TOUT"], {"announcements": False, "reminders": False, "order_news": False}),
        (["START"], {"announcements": True, "reminders": True, "order_news": True}),
        (["STOP TOUT", "START"], {"announcements": True, "reminders": True, "order_news": True}),
        (["START", "stop svp"], {"announcements": False, "reminders": False, "order_news": True}),
    ],
)
def test_stop_ends_reminders_with_the_announcements(turn, words, wants):
    for one in words:
        consent.record(turn, one, has_open_order=False)
    assert told(turn) == wants


def test_a_no_to_announcements_leaves_reminders_alone(turn):
    consent.take_back(turn, "Voulez-vous … ? → Non", ("announcements",))
    assert told(turn) == NEW
    assert consent.is_logged(turn.db, turn.person.contact_id, "announcements")


def test_the_log_keeps_question_and_answer_and_no_more_than_its_most(turn):
    consent.give(turn, "x" * 1000, ("announcements",))
    row = turn.db.one("select what, is_given, length(words) as length, inbox_id from consent")
    assert row == ("announcements", True, consent.LONGEST_WORDS, 42)


def asked(awa):
    return [tuple(row) for row in awa.db.rows("select what, is_given, words from consent order by id")]


def test_the_question_is_asked_once_after_an_order_and_its_answer_is_logged_with_it(awa, ordered):
    awa.taps_on("Menu")
    assert (awa.keys, awa.titles) == (["buyer.announcements"], ["Oui", "Non"])
    awa.says("non merci")
    assert awa.keys == ["buyer.declined", "buyer.menu"]
    question = "Voulez-vous recevoir les annonces de la Semaine du e-commerce\u00a0? STOP à tout moment."
    assert asked(awa) == [("announcements", False, f"{question} → non merci")]
    awa.memory.clear()
    awa.says("menu")
    assert awa.keys == ["buyer.menu"]


def test_who_left_the_question_open_is_not_asked_again_in_that_chat(awa, ordered):
    awa.goes("[Menu]", "panier", "menu")
    assert awa.keys == ["buyer.menu"]
    assert asked(awa) == []


def test_who_has_not_ordered_is_not_asked(awa):
    awa.goes("bonjour", "menu")
    assert awa.keys == ["buyer.menu"]


def test_who_said_start_is_not_asked(awa, ordered):
    awa.goes("START", "menu")
    assert awa.keys == ["buyer.menu"]


def test_a_sentence_that_surely_asks_for_no_more_messages_is_obeyed_at_once(awa):
    awa.goes("START", "arretez de m'envoyer vos pub")
    assert awa.keys[0] == "buyer.opted_out"
    assert asked(awa)[-2:] == [
        ("announcements", False, "arretez de m'envoyer vos pub"),
        ("reminders", False, "arretez de m'envoyer vos pub"),
    ]


def test_a_product_whose_name_begins_with_stop_is_a_product(awa, market):
    awa.db.run("update product set name = 'Stop moustique', folded = 'stop moustique' where name like 'Huile%%'")
    awa.goes("bonjour", "stop moustique")
    assert (awa.state, asked(awa)) == ("buyer.card", [])


def forget(turn):
    return consent.keep_beyond(turn.db, turn.person.contact_id, SECRET)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ([], ()),
        (["STOP"], ("announcements", "reminders")),
        (["STOP TOUT"], consent.TOPICS),
        (["STOP", "START"], ()),
    ],
)
def test_an_opt_out_is_known_again_by_each_name_and_by_nothing_else(turn, words, kept):
    for one in words:
        consent.record(turn, one, has_open_order=False)
    assert forget(turn) == (2 if kept else 0)
    for names in ([PHONE], [BSUID], [PHONE, BSUID]):
        assert consent.kept_for(turn.db, SECRET, names) == kept
    assert consent.kept_for(turn.db, SECRET, [Identity("phone", "+22890000002")]) == ()
    assert consent.kept_for(turn.db, Secret("another"), [PHONE]) == ()


def test_who_began_again_before_a_second_erasure_has_stopped_nothing(turn):
    consent.record(turn, "STOP", has_open_order=False)
    forget(turn)
    consent.record(turn, "START", has_open_order=False)
    assert forget(turn) == 0
    assert consent.kept_for(turn.db, SECRET, [PHONE]) == ()
