"""Somebody asks to sell: each organizer may decide by one tap in his notice, and the first one does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import attention
from bot.application_news import MOST_TOLD, ApplicationNews
from bot.notices import Notices
from catalog import applications
from catalog.facts import ApplicationSent
from tests.bot.chat import LIMITS, Chat
from tests.catalog.market import make_vendor
from tests.waiting import wait_for

ANSWERS = {
    "shop": "Akofa Pagnes",
    "seller": "Akofa",
    "place": {"quarter": "be-kpota", "landmark": "derrière la pharmacie", "pin": None},
    "goods": "pagnes",
    "hours": None,
    "delivery": None,
    "payout": {"phone": "+22890123456", "wallet": "tmoney"},
    "photo": None,
}
CALM = "organizer.all_quiet"
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def applies(chat, **answers):
    """An application that waits, with its line; returns what a button names."""
    applications.start(chat.db, chat.contact_id, chat.conversation_id, ANSWERS | answers)
    assert applications.send(chat.db, chat.contact_id)
    found = applications.latest(chat.db, chat.contact_id)
    attention.ask(chat.db, "shop_application", {"application": found.id, "contact": chat.contact_id})
    return str(found.id)


def shops(db):
    return db.value("select count(*) from vendor where name = 'Akofa Pagnes'")


@pytest.fixture
def akofa(db, config, market):
    return Chat(db, config, "+22890000777", "Akofa")


@pytest.fixture
def second(db, config, market):
    return Chat(db, config, "+22890000998", "Deux", roles=[("organizer", None)])


def test_one_tap_opens_the_shop_and_the_second_organizer_hears_that_it_is_done(chief, second, akofa):
    given = applies(akofa)
    chief.opens_door("organizer", "approve", given)
    assert chief.keys == ["organizer.approved", "organizer.menu"]
    assert attention.open_items(chief.db) == []
    second.opens_door("organizer", "approve", given)
    assert second.words.startswith("Akofa Pagnes : c'est déjà approuvé.")
    second.opens_door("organizer", "reject", given)
    assert second.keys == ["organizer.decided_before", "organizer.menu"]
    assert shops(chief.db) == 1
    assert applications.latest(chief.db, akofa.contact_id).state == "approved"
    assert chief.db.value("select count(*) from role where contact_id = %(id)s", id=akofa.contact_id) == 1


def test_a_refusal_asks_why_and_opens_nothing(chief, second, akofa):
    given = applies(akofa)
    chief.opens_door("organizer", "reject", given)
    chief.goes("Ce nom existe déjà", "oui")
    assert chief.keys == ["organizer.rejected", CALM]
    second.opens_door("organizer", "approve", given)
    assert second.words.startswith("Akofa Pagnes : c'est déjà refusé.")
    assert shops(chief.db) == 0


def test_a_tap_while_another_line_is_answered_leaves_that_answer_to_its_person(chief, awa, akofa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Répondre]")
    open_line = chief.memory["item"]
    chief.opens_door("organizer", "approve", applies(akofa))
    assert chief.keys == ["organizer.approved", "organizer.answering"]
    assert chief.memory["item"] == open_line
    chief.says("Je vous appelle")
    assert chief.keys == ["organizer.answered", "organizer.item"]
    (item,) = attention.open_items(chief.db)
    assert item.contact_id == awa.contact_id
    assert item.about["answered_by"] == chief.contact_id


@pytest.mark.parametrize("door", ["approve", "reject", "see_application"])
def test_a_button_of_the_notice_is_nobodys_without_the_right(chief, yawa, akofa, door):
    given = applies(akofa)
    for chat in (yawa, akofa):
        chat.opens_door("organizer", door, given)
        assert chat.keys[0] == "stale"
    chief.says("bonjour")
    chief.db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=chief.contact_id)
    chief.opens_door("organizer", door, given)
    assert chief.keys[0] == "stale"
    assert applications.latest(chief.db, akofa.contact_id).state == "sent"
    assert shops(chief.db) == 0


@pytest.mark.parametrize("said", ["approuver", "approve", "approuver {code}", "Approuver {code}."])
def test_the_words_of_text_mode_do_the_same(chief, akofa, said):
    applies(akofa)
    chief.says("bonjour")
    chief.says(said.format(code=applications.latest(chief.db, akofa.contact_id).code))
    assert chief.keys == ["organizer.approved", "organizer.menu"]
    assert shops(chief.db) == 1


def test_a_bare_word_decides_nothing_where_several_wait(chief, akofa, awa):
    applies(akofa), applies(awa, shop="Awa Riz")
    for said in ("approuver", "rejeter", "demande", "approuver 999"):
        chief.says(said)
        assert chief.keys == ["organizer.attention"]
    assert chief.db.value("select count(*) from shop_application where state = 'sent'") == 2


def test_an_application_taken_away_meanwhile_leads_to_the_list(chief, akofa):
    given = applies(akofa)
    applications.forget_person(chief.db, akofa.contact_id)
    chief.opens_door("organizer", "approve", given)
    assert chief.keys == ["organizer.attention"]


def test_of_two_organizers_who_tap_at_once_one_opens_the_shop(crowd, config):
    with crowd.unit_of_work() as db:
        make_vendor(db, "maman_yawa")
        akofa = Chat(db, config, "+22890000777", "Akofa")
        given = applies(akofa)
        people = [Chat(db, config, f"+2289000099{n}", "Chef", roles=[("organizer", None)]) for n in (8, 9)]

    def taps(chat):
        with crowd.unit_of_work() as db:
            chat.db = db
            chat.opens_door("organizer", "approve", given)
            return chat.keys[0]

    with ThreadPoolExecutor() as threads:
        with crowd.unit_of_work() as db:
            db.lock("select id from contact where id = %(id)s for no key update", expected=1, id=akofa.contact_id)
            both = [threads.submit(taps, chat) for chat in people]
            wait_for(lambda: _value(crowd, WAITING) == 2, "nobody waits for the person")
        assert sorted(one.result() for one in both) == ["organizer.approved", "organizer.decided_before"]
    assert _value(crowd, "select count(*) from vendor where name = 'Akofa Pagnes'") == 1
    assert _value(crowd, "select count(*) from payout_number") == 1


def _value(database, sql):
    with database.unit_of_work() as db:
        return db.value(sql)


def notices(db, config, account_id):
    return Notices(config, {account_id: config.channel_accounts[-1]}, {config.channel_accounts[-1].kind: LIMITS})


def sent(db, chat):
    rows = db.rows("select bubble from outbox where conversation_id = %(id)s order by id", id=chat.conversation_id)
    return [row.bubble for row in rows]


def test_the_longest_application_stands_above_its_three_buttons(db, config, chief, akofa):
    long = {
        "shop": "B" * 40,
        "goods": "g" * 120,
        "place": {"quarter": "be-kpota", "landmark": "l" * 100, "pin": [6.17, 1.25]},
        "delivery": {
            "zones": {"be": 500, "agoe-nyive": 1000, **{f"quarter-{n}": n for n in range(30)}},
            "unserved": [],
        },
    }
    applications.start(db, akofa.contact_id, akofa.conversation_id, ANSWERS | long)
    applications.send(db, akofa.contact_id)
    found = applications.latest(db, akofa.contact_id)
    news = ApplicationNews(notices(db, config, chief.account_id))
    news.sent(db, ApplicationSent(found.id, akofa.contact_id, akofa.conversation_id))
    (bubble,) = sent(db, chief)
    assert [offer["title"] for offer in bubble["offers"]] == ["Approuver", "Voir la demande", "Refuser"]
    assert len(bubble["body"]) <= LIMITS.body
    assert "https://maps.google.com/?q=6.17000,1.25000" in bubble["body"]
    assert "g" * (MOST_TOLD - 1) + "…" in bubble["body"]


@pytest.mark.parametrize(("is_silent", "told"), [(False, 2), (True, 1)])
def test_each_application_is_told_of_by_itself_but_to_who_is_silent(db, config, chief, akofa, awa, is_silent, told):
    news = ApplicationNews(notices(db, config, chief.account_id))
    if not is_silent:
        db.run("update conversation set last_in_at = market_now() where id = %(id)s", id=chief.conversation_id)
    for chat in (akofa, awa):
        applications.start(db, chat.contact_id, chat.conversation_id, ANSWERS)
        applications.send(db, chat.contact_id)
        found = applications.latest(db, chat.contact_id)
        news.sent(db, ApplicationSent(found.id, chat.contact_id, chat.conversation_id))
    assert len({bubble["offers"][0]["id"] for bubble in sent(db, chief)}) == told
    assert len(attention.open_items(db)) == 2
