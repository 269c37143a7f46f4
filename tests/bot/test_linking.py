"""Two messengers of one person: a code from one chat to the other, what becomes one, what is refused, and the way back.

Real turns on a market with Twilio, a number at the Cloud API and a Page of Messenger.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from base.clock import move_test_clock
from base.config import load
from base.invariants import violations
from bot import contacts, erasure, holdings, inbox, linking, locks, suspension
from bot.engine import FRESH, Taker
from bot.messages import Happened, Identity, Incoming, Kept, Parsed, Sender
from bot.notices import Notices
from bot.spool import Spool
from catalog import barring
from orders import progress, reports
from orders.invariants import INVARIANTS as OF_ORDERS
from tests.catalog.market import make_good, make_vendor
from tests.conftest import VARIABLES
from tests.orders.buying import cause
from tests.waiting import wait_for
from wiring import build, erasers

META = {
    "META_APP_SECRET": "test-meta-secret",
    "META_VERIFY_TOKEN": "word",
    "WHATSAPP_PHONE_NUMBER_ID": "100",
    "WHATSAPP_ACCESS_TOKEN": "test-token",
    "MESSENGER_PAGE_ID": "200",
    "MESSENGER_PAGE_TOKEN": "test-token",
}
PHONE, BSUID = Identity("phone", "+22890000061"), Identity("bsuid", "TG.61")
DAY = 86_400
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
ORDERING = ("commander", "be kpota derriere la pharmacie", "moi", "90 00 00 61", "confirmer")


class House:
    """A market and who writes to it; turns are made at once."""

    def __init__(self, market):
        self.market, self.database = market, market.database
        self.taker, self.numbers = Taker(market.bot, succeeded=FRESH), count(1)
        with self.database.unit_of_work() as db:
            shop = make_vendor(db)
            self.shop = shop
            self.rice = make_good(db, shop, "Riz parfumé 25 kg", on_hand=10, price=17_500)
            self.maize = make_good(db, shop, "Maïs blanc", on_hand=20, price=800)

    def rows(self, sql, **values):
        with self.database.unit_of_work() as db:
            return [tuple(row) for row in db.rows(sql, **values)]

    def value(self, sql, **values):
        return self.rows(sql, **values)[0][0]

    def run(self, sql, **values):
        with self.database.unit_of_work() as db:
            db.run(sql, **values)

    def passes(self, seconds):
        move_test_clock(self.database, seconds)

    def hears(self, key, sender, words="", **said):
        message = Incoming(f"in{next(self.numbers)}", sender, words, **said)
        with self.database.unit_of_work() as db:
            inbox.keep(db, self.market.keepers[key], Parsed((Kept(message, b"raw"),)))
            db.run("update inbox set due_at = received_at")
        while self.taker.take_waiting():
            pass
        assert self.taker.counts == {}

    def broken(self):
        """Rows that break an invariant of orders or links; these goods have no ledger."""
        with self.database.unit_of_work() as db:
            return violations(db, (*OF_ORDERS, *linking.INVARIANTS))

    def person(self, key, *names, name="Awa"):
        return Person(self, key, names, name)


class Person:
    """Somebody in one chat."""

    def __init__(self, house, key, names, name):
        self.house, self.key, self.sender, self.last = house, key, Sender(names, name), 0

    def says(self, *words):
        """Each as a message; the bodies that this chat was told since, with plain blanks."""
        for one in words:
            self.house.hears(self.key, self.sender, one)
        return self.told()

    def told(self):
        """What this chat was told since the last look."""
        rows = self.house.rows(
            "select id, bubble->>'body' from outbox where conversation_id = %(chat)s and id > %(last)s"
            " order by said_at, place",
            chat=self.chat,
            last=self.last,
        )
        self.last = max((row[0] for row in rows), default=self.last)
        return [re.sub("[\u00a0\u202f]", " ", row[1]) for row in rows]

    @property
    def where(self):
        return self.house.rows(
            "select c.id, c.contact_id from conversation c join identity i using (account_id, contact_id)"
            " where account_id = %(account)s and i.value = any(%(names)s) limit 1",
            account=self.house.market.ids[self.key],
            names=[name.value for name in self.sender.identities],
        )[0]

    @property
    def chat(self):
        return self.where[0]

    @property
    def contact(self):
        return self.where[1]

    def code(self):
        """Ask for a code; its digits."""
        told = "\n".join(self.says("lier"))
        return re.search(r"LIER (\d{6})$", told, re.MULTILINE)[1]

    def basket(self):
        return self.house.rows(
            "select l.product_id, l.quantity from basket b join basket_line l on l.basket_id = b.id"
            " where b.contact_id = %(id)s order by l.product_id",
            id=self.contact,
        )

    def orders(self):
        return [row[0] for row in self.house.rows('select id from "order" where contact_id = %(id)s order by id',
                                                  id=self.contact)]  # fmt: skip

    def buys(self, words):
        """A whole purchase; its order's id."""
        self.says(words, "oui", *ORDERING)
        return self.orders()[-1]


@pytest.fixture
def house(clean_database, database_url, redis_url, redis, tmp_path):
    variables = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path / "var"), **META}
    market = build(load(environ=VARIABLES | variables))
    yield House(market)
    market.database.close()


@pytest.fixture
def awa(house):
    """At the Cloud API."""
    person = house.person("whatsapp", PHONE, BSUID, name="Awa Mensah")
    person.says("bonjour")
    return person


@pytest.fixture
def page(house):
    """The same woman on Messenger, which tells no phone."""
    person = house.person("messenger", Identity("psid", "7001"), name="Awa")
    person.says("bonjour")
    return person


def link(giver, taker):
    """From the chat that asks for the code to the other one; what the second was told last."""
    code = giver.code()
    taker.says(f"LIER {code}")
    return taker.says("oui")


def test_a_code_of_one_chat_makes_both_one_person_and_the_first_is_told(house, awa, page):
    code = awa.code()
    assert page.says(f"Lier {code}") == [
        "Lier avec Awa Mensah sur WhatsApp ?\nLe panier et les commandes deviennent communs."
    ]
    assert page.contact != awa.contact
    former = page.contact
    assert page.says("oui")[0] == (
        "C'est lié. Le panier et les commandes sont les mêmes des deux côtés.\nPour revenir en arrière, tapez délier."
    )
    assert page.contact == awa.contact
    assert awa.told() == ["Votre compte est maintenant lié à Messenger.\nCe n'est pas vous ? Tapez délier."]
    assert house.rows("select contact_id, from_contact_id, conversations, orders, roles from chat_link") == [
        (awa.contact, former, [page.chat], [], [])
    ]
    assert house.rows("select count(*) from chat_link_code") == [(0,)]
    assert house.broken() == []


def test_the_baskets_are_one_the_same_good_once_and_holds_end(house, awa, page):
    awa.says("2 riz parfumé 25 kg", "oui", "5 maïs blanc", "oui")
    page.says("3 riz parfumé 25 kg", "oui", "4 maïs blanc", "oui", *ORDERING[:-1])
    assert house.value("select sum(held) from stock") == 7
    link(awa, page)
    assert awa.basket() == page.basket() == [(house.rice.id, 3), (house.maize.id, 5)]
    assert house.rows("select count(*), sum(held) from basket_line") == [(2, 0)]
    assert house.value("select sum(held) from stock") == 0
    assert house.value("select quarter from basket") == "be-kpota"
    assert house.broken() == []


def test_orders_are_seen_in_both_chats_and_news_go_where_it_was_ordered_or_where_the_window_is_open(house, awa, page):
    before = page.buys("2 maïs blanc")
    link(awa, page)
    assert awa.orders() == [before]
    code = house.value('select code from "order"')
    assert code in "\n".join(awa.says("mes commandes", "1"))
    part = house.value("select id from vendor_order")
    page.told()
    with house.database.unit_of_work() as db:
        assert progress.accept(db, part, [house.shop], cause(9)) == "done"
    assert ([len(page.told()), len(awa.told())]) == [1, 0]
    house.run("update conversation set last_in_at = market_now() - interval '25 hours' where id = %(id)s", id=page.chat)
    with house.database.unit_of_work() as db:
        Notices(house.market.config, house.market.accounts, house.market.limits).tell_buyer(
            db, reports.part(db, part), "ready", []
        )
    assert ([len(page.told()), len(awa.told())]) == [0, 1]


def test_one_basket_in_three_chats_of_twilio_meta_and_messenger(house, awa, page):
    twilio = house.person("twilio", PHONE, name="Awa M.")
    twilio.says("2 riz parfumé 25 kg", "oui")
    assert (twilio.contact == awa.contact, twilio.chat != awa.chat) == (True, True)
    link(twilio, page)
    page.says("5 maïs blanc", "oui")
    assert awa.basket() == twilio.basket() == page.basket() == [(house.rice.id, 2), (house.maize.id, 5)]
    assert len({awa.chat, twilio.chat, page.chat}) == 3
    assert house.value("select count(*) from basket") == 1


def test_the_stricter_of_two_wishes_counts_and_is_logged_in_its_words(house, awa, page):
    awa.says("START")
    page.says("STOP")
    link(awa, page)
    wants = "select wants_announcements, wants_reminders, wants_order_news from contact where id = %(id)s"
    assert house.rows(wants, id=awa.contact) == [(False, False, True)]
    log = house.rows(
        "select what, is_given, c.words, a.key from consent c join channel_account a on a.id = c.account_id"
        " where contact_id = %(id)s and what <> 'kept' order by c.id",
        id=awa.contact,
    )
    assert log == [
        ("announcements", True, "START", "whatsapp"),
        ("reminders", True, "START", "whatsapp"),
        ("order_news", True, "START", "whatsapp"),
        ("announcements", False, "STOP", "messenger"),
        ("reminders", False, "STOP", "messenger"),
        ("announcements", False, "oui", "messenger"),
        ("reminders", False, "oui", "messenger"),
    ]


def test_alerts_and_open_requests_go_along(house, awa, page):
    house.run("update product set is_listed = false")
    for person in (awa, page):
        person.says("je veux du savon", "oui", "agent")
    page.says("je veux des pneus", "oui")
    link(awa, page)
    alerts = "select state, count(*) from alert where contact_id = %(id)s group by state order by state"
    assert house.rows(alerts, id=awa.contact) == [("open", 2), ("stopped", 1)]
    lines = "select (about->>'contact')::bigint, conversation_id from attention where kind = 'person_asked' order by id"
    assert house.rows(lines) == [(awa.contact, awa.chat), (awa.contact, page.chat)]


def test_rights_of_both_sides_wait_until_an_organizer_has_called(house, awa, page):
    with house.database.unit_of_work() as db:
        contacts.grant(db, awa.contact, "vendor", house.shop)
        contacts.grant(db, page.contact, "organizer")
        contacts.grant(db, page.contact, "vendor", house.shop)
        chief = contacts.find_or_make_chat(
            db, house.market.ids["twilio"], Sender((Identity("phone", "+22890000099"),)), ()
        )
        contacts.grant(db, chief.contact_id, "organizer")
    chief = house.person("twilio", Identity("phone", "+22890000099"), name="Chef")
    code = awa.says("acheter") and awa.code()
    page.says("acheter")
    assert page.says(f"lier {code}")[-1].endswith("\nUne personne vérifiera d'abord vos accès de vendeur.")
    former = page.contact
    page.says("oui")
    assert house.rows(
        "select contact_id, role, suspended_why from role where suspended_at is not null order by id"
    ) == [
        (awa.contact, "vendor", "linked"),
        (awa.contact, "organizer", "linked"),
        (former, "vendor", "linked"),
    ]
    assert house.broken() == []
    assert awa.says("ma boutique")[-1].endswith(
        "Votre accès est suspendu. Une personne vérifie que c'est bien vous.\nPour la joindre, tapez agent."
    )
    assert awa.says("menu")[-1].endswith("Que souhaitez-vous faire ?")  # once
    chief.says("bonjour", "attention")
    assert chief.says("1")[-1] == (
        f"Accès suspendu (Awa Mensah)\n{chief_time(chief)}\nLié à une autre messagerie. Appelez avant de rétablir.\n"
        "Téléphone : 90 00 00 61\nBoutique : Maman Yawa, 90 00 01 01\nQue souhaitez-vous faire ?"
    )
    assert chief.says("Rétablir")[0] == "L'accès est rétabli, la personne est prévenue."
    assert awa.told() + page.told() == ["C'est vérifié : votre accès est rétabli. Tapez menu."]
    with house.database.unit_of_work() as db:
        assert contacts.people(db, [page.chat])[page.chat].hats == ("organizer", "vendor", "buyer")


def chief_time(chief):
    """The moment of the one line, as it is said."""
    at = chief.house.value("select at from attention where kind = 'rights_suspended'")
    return f"Le {at:%d/%m} à {at:%Hh%M}"


def test_parted_each_has_what_it_brought_and_what_was_bought_meanwhile_stays(house, awa, page):
    hers, on_page = awa.buys("2 maïs blanc"), page.buys("3 maïs blanc")
    former = page.contact
    link(awa, page)
    meanwhile = page.buys("1 riz parfumé 25 kg")
    assert awa.orders() == [hers, on_page, meanwhile]
    assert page.says("délier")[0] == (
        "Délier Messenger ?\nChacun retrouve ses commandes d'avant.\n"
        "Les commandes faites depuis restent à qui a donné le code."
    )
    assert page.says("oui")[0] == "C'est délié. Chaque messagerie a de nouveau son panier."
    assert (page.contact, awa.contact != former) == (former, True)
    assert (awa.orders(), page.orders()) == ([hers, meanwhile], [on_page])
    assert house.rows("select count(*) from chat_link") == [(0,)]
    part = house.value("select id from vendor_order where order_id = %(id)s", id=meanwhile)
    awa.told(), page.told()
    with house.database.unit_of_work() as db:
        assert progress.accept(db, part, [house.shop], cause(9)) == "done"
    assert ([len(page.told()), len(awa.told())]) == [0, 1]  # she who has it, though it was ordered there
    assert house.broken() == []


def test_the_chat_that_gave_the_code_can_part_them_too(house, awa, page):
    former = page.contact
    link(awa, page)
    awa.told()
    assert awa.says("delier", "oui")[0].startswith("Délier Messenger ?")
    assert page.contact == former != awa.contact


def test_a_role_that_came_along_goes_back_and_waits(house, awa, page):
    with house.database.unit_of_work() as db:
        contacts.grant(db, page.contact, "vendor", house.shop)
    former = page.contact
    page.says("acheter")
    link(awa, page)
    with house.database.unit_of_work() as db:
        contacts.grant(db, awa.contact, "vendor", house.shop)
    awa.says("acheter", "délier", "oui")
    assert house.rows("select contact_id, suspended_why from role") == [(former, "linked")]


def test_of_a_link_that_another_chat_undid_before_the_yes_nothing_is_left_to_undo_and_no_other_one_is_undone(
    house, awa, page
):
    simulated = house.person("simulator", Identity("bsuid", "TG.sim"), name="Sim")
    simulated.says("bonjour")
    apart = simulated.contact
    link(awa, page)
    link(awa, simulated)
    assert awa.says("délier")[-1].startswith("Délier le simulateur ?")
    simulated.says("délier", "oui")
    assert awa.says("oui")[0] == "Rien n'est lié."
    assert (page.contact, simulated.contact) == (awa.contact, apart)
    assert house.value("select count(*) from chat_link") == 1


def test_links_of_links_part_where_they_were_joined(house, awa, page):
    simulated = house.person("simulator", Identity("bsuid", "TG.sim"), name="Sim")
    simulated.says("bonjour")
    first, second, third = page.contact, awa.contact, simulated.contact
    link(awa, page)
    link(simulated, awa)
    assert page.contact == awa.contact == simulated.contact == third
    assert house.broken() == []
    simulated.says("délier", "oui")
    assert (page.contact, awa.contact, simulated.contact) == (first, third, third)
    simulated.says("délier", "oui")
    assert (page.contact, awa.contact, simulated.contact) == (first, second, third)
    link(awa, page)
    link(simulated, awa)
    page.says("délier", "oui")
    assert (page.contact, awa.contact, simulated.contact) == (first, third, third)
    awa.says("délier", "oui")
    assert (page.contact, awa.contact, simulated.contact) == (first, second, third)
    assert house.broken() == []


def test_a_code_is_good_for_ten_minutes_and_once(house, awa, page):
    code = awa.code()
    house.passes(600)
    assert page.says(f"lier {code}")[0].startswith("Ce code n'est pas bon.")
    code = link_and_code(awa, page)
    page.says("délier", "oui")
    assert page.says(f"lier {code}")[0].startswith("Ce code n'est pas bon.")
    assert house.value("select count(*) from chat_link") == 0


def link_and_code(giver, taker):
    code = giver.code()
    taker.says(f"lier {code}", "oui")
    assert giver.contact == taker.contact
    return code


def test_what_the_tables_keep_of_a_code_is_a_hash(house, awa):
    code = awa.code()
    (row,) = house.rows("select * from chat_link_code")
    assert code not in str(row)
    assert re.fullmatch("[1-9][0-9]{5}", code)
    with house.database.unit_of_work() as db:
        assert linking.code_of(db, awa.contact, house.market.config.lasting_key) == code


def test_after_five_wrong_codes_a_right_one_is_not_looked_at_for_an_hour(house, awa, page):
    for wrong in range(5):
        assert page.says(f"lier 00000{wrong}")[0].startswith("Ce code n'est pas bon.")
    code = awa.code()
    assert page.says(f"lier {code}")[0] == "Trop de codes faux. Réessayez dans une heure, ou tapez agent."
    assert house.value("select count(*) from chat_link_try") == 5
    house.passes(3601)
    code = awa.code()
    assert page.says(f"lier {code}")[0].startswith("Lier avec Awa Mensah")


def guessed(house, count, first=900):
    """So many wrong codes, each of somebody else."""
    house.run(
        "insert into chat_link_try (contact_id) select n from generate_series(%(first)s::int, %(last)s::int) n",
        first=first,
        last=first + count - 1,
    )


GUESSED = "select coalesce(sum(value), 0) from figure where name = 'link_codes_guessed'"


def test_after_a_hundred_wrong_codes_of_many_people_whoever_had_one_waits_and_operators_see_it(house, awa, page):
    guessed(house, 98)
    code = awa.code()
    page.says("lier 000000")
    assert house.value(GUESSED) == 0
    assert page.says(f"lier {code}")[0].startswith("Lier avec Awa Mensah")
    simulated = house.person("simulator", Identity("bsuid", "TG.sim"), name="Sim")
    simulated.says("bonjour", "lier 000000")
    assert house.value(GUESSED) == 1
    assert page.says(f"lier {code}")[0].startswith("Trop de codes faux.")
    assert simulated.says(f"lier {code}")[0].startswith("Trop de codes faux.")
    house.run("delete from chat_link_try where contact_id = %(id)s", id=page.contact)
    guessed(house, 1, first=800)
    assert page.says(f"lier {code}")[0].startswith("Lier avec Awa Mensah")


def test_after_three_hundred_wrong_codes_no_code_is_looked_at(house, awa, page):
    guessed(house, 300)
    code = awa.code()
    assert page.says(f"lier {code}")[0].startswith("Trop de codes faux.")
    assert awa.contact != page.contact
    with house.database.unit_of_work() as db:
        move_test_clock(house.database, 3601)
        assert linking.forget(db, house.market.config.timing) == 301  # the code, too


def test_parted_each_has_its_requests_alerts_goods_and_its_own_name(house, awa, page):
    house.run("update product set is_listed = false")
    for person in (awa, page):
        person.says("je veux du savon", "oui", "agent")
    page.says("je veux des pneus", "oui")
    house.run("update product set is_listed = true")
    awa.says("5 maïs blanc", "oui")
    page.says("2 riz parfumé 25 kg", "oui", "3 maïs blanc", "oui", *ORDERING[:-1])
    house.run("update contact set name = '' where id = %(id)s", id=awa.contact)
    house.run("update contact set name = 'Awa M.', phone_told = '+22890000077' where id = %(id)s", id=page.contact)
    house.run("insert into source (contact_id, kind, word) values (%(id)s, 'link', 'affiche')", id=page.contact)
    house.run(
        "insert into comment_reply (account_id, comment_id, contact_id) values (%(account)s, 'c1', %(id)s)",
        account=house.market.ids["messenger"],
        id=page.contact,
    )
    first, former = awa.contact, page.contact
    link(awa, page)
    named = "select name, phone_told from contact where id = %(id)s"
    assert house.rows(named, id=first) == [("Awa M.", "+22890000077")]
    assert awa.basket() == [(house.rice.id, 2), (house.maize.id, 5)]
    belongings = "select contact_id from source union all select contact_id from comment_reply"
    assert house.rows(belongings) == [(first,), (first,)]
    page.says("délier", "oui")
    assert house.rows(belongings) == [(former,), (former,)]
    assert (house.rows(named, id=first), house.rows(named, id=former)) == (
        [("", None)],
        [("Awa M.", "+22890000077")],
    )
    assert awa.basket() == [(house.maize.id, 5)]
    assert page.basket() == [(house.rice.id, 2), (house.maize.id, 3)]
    assert house.rows("select quarter, recipient, phone from basket where contact_id = %(id)s", id=first) == [
        (None, None, None)
    ]
    lines = "select (about->>'contact')::bigint, conversation_id from attention where kind = 'person_asked' order by id"
    assert house.rows(lines) == [(first, awa.chat), (former, page.chat)]
    alerts = "select contact_id, words, state from alert order by id"
    assert house.rows(alerts) == [(first, "savon", "open"), (former, "savon", "open"), (former, "pneus", "open")]
    assert house.broken() == []


def test_rights_that_are_restored_are_those_of_whose_chat_it_is_by_now(house, awa, page):
    with house.database.unit_of_work() as db:
        contacts.grant(db, page.contact, "vendor", house.shop)
        chief = Sender((Identity("phone", "+22890000099"),))
        chief = contacts.find_or_make_chat(db, house.market.ids["twilio"], chief, ())
        contacts.grant(db, chief.contact_id, "organizer")
    chief = house.person("twilio", Identity("phone", "+22890000099"), name="Chef")
    former = page.contact
    page.says("acheter")
    link(awa, page)
    page.says("menu", "délier", "oui")
    house.run("update attention set about = about || jsonb_build_object('contact', %(id)s::bigint)", id=awa.contact)
    chief.says("bonjour", "attention", "1", "Rétablir")
    assert house.rows("select contact_id, suspended_at from role where role = 'vendor'") == [(former, None)]


def test_rights_that_a_name_told_of_are_looked_for_where_they_are_by_now(house, awa, page):
    """Somebody came with a name of hers, who has the shop and is linked before an organizer has called."""
    with house.database.unit_of_work() as db:
        contacts.grant(db, page.contact, "vendor", house.shop)
    about, newcomer, former = {suspension.OTHER: page.contact}, awa.contact + 1000, page.contact
    page.says("acheter")

    def others(contact=newcomer):
        with house.database.unit_of_work() as db:
            other = suspension.other_of(db, about, contact)
            return other, [(role.shop, role.why) for role in suspension.of_other(db, other)]

    assert others() == (former, [("Maman Yawa", "renamed")])
    link(awa, page)
    assert others() == (awa.contact, [("Maman Yawa", "linked")])
    assert others(awa.contact) == (0, [])  # she is that person already
    page.says("délier", "oui")
    assert others() == (former, [("Maman Yawa", "linked")])


def test_whoever_writes_from_another_account_while_he_is_linked_has_the_linked_persons_chat_there(house, awa, page):
    """His webhook has found him before, and waits for his lock until he is linked."""
    former, now = awa.contact, page.contact
    account, keeper = house.market.ids["twilio"], house.market.keepers["twilio"]

    def meets():
        with house.database.unit_of_work() as db:
            return contacts.find_or_make_chat(db, account, Sender((PHONE,), "Awa"), keeper.sharing)

    with ThreadPoolExecutor() as threads:
        with house.database.unit_of_work() as db:
            locks.contacts(db, [former, now])
            met = threads.submit(meets)
            wait_for(lambda: house.value(WAITING), "nobody waits for the person")
            db.run("update conversation set contact_id = %(now)s where id = %(chat)s", now=now, chat=awa.chat)
            db.run("update identity set contact_id = %(now)s where contact_id = %(former)s", now=now, former=former)
            db.run(
                "insert into chat_link (contact_id, from_contact_id, conversations, orders, roles)"
                " values (%(now)s, %(former)s, '{}', '{}', '{}')",
                now=now,
                former=former,
            )
        assert met.result().contact_id == now
    assert house.broken() == []


def test_a_chat_that_comes_while_he_is_linked_goes_along(house, awa, page):
    """The yes has come; a webhook has his lock and makes him a chat on another account."""
    former, now = page.contact, awa.contact
    code = awa.code()
    page.says(f"lier {code}")

    with ThreadPoolExecutor() as threads:
        with house.database.unit_of_work() as db:
            locks.contact(db, former)
            agreed = threads.submit(page.says, "oui")
            wait_for(lambda: house.value(WAITING), "nobody waits for the person")
            db.run(
                "insert into conversation (account_id, contact_id) values (%(account)s, %(contact)s)",
                account=house.market.ids["simulator"],
                contact=former,
            )
        assert agreed.result()[0].startswith("C'est lié.")
    assert house.value("select count(*) from conversation where contact_id = %(id)s", id=now) == 3
    assert house.broken() == []


def test_two_people_of_one_account_are_never_one(house, awa):
    other = house.person("whatsapp", Identity("phone", "+22890000062"), name="Kossi")
    other.says("bonjour")
    code = awa.code()
    assert other.says(f"lier {code}")[0] == ("Vous avez déjà une autre discussion ici. On ne peut pas lier les deux.")
    assert awa.contact != other.contact


def test_whoever_is_to_be_erased_is_linked_to_nobody(house, awa, page):
    code = awa.code()
    page.says(f"lier {code}")
    with house.database.unit_of_work() as db:
        erasure.ask(db, awa.contact, "asked", DAY)
    assert page.says("oui")[0] == "Une suppression de données est demandée. Annulez-la d'abord."
    assert awa.contact != page.contact


def test_while_another_chat_of_his_is_in_a_turn_nothing_changes(house, awa, page):
    twilio = house.person("twilio", PHONE)
    twilio.says("2 maïs blanc", "oui")
    code = page.code()
    awa.says(f"lier {code}")
    with house.database.engine.connect() as connection:
        connection.exec_driver_sql(
            "select id from conversation where id = %(id)s for no key update", {"id": twilio.chat}
        )
        assert awa.says("oui")[0] == "Un message est en cours de l'autre côté. Réessayez dans un instant."
        connection.rollback()
    assert (page.contact != awa.contact, twilio.contact == awa.contact) == (True, True)
    awa.says(f"lier {code}", "oui")
    assert page.contact == awa.contact == twilio.contact
    assert page.basket() == [(house.maize.id, 2)]


def test_whoever_is_erased_leaves_nothing_in_any_of_his_chats(house, awa, page):
    house.run("update contact set name = 'Mensah A.' where id = %(id)s", id=page.contact)
    page.says("bonjour")
    former = page.contact
    link(awa, page)
    house.run(  # a webhook that had found him before
        "insert into identity (account_id, kind, value, contact_id) values (%(account)s, 'psid', '7002', %(former)s)",
        account=house.market.ids["messenger"],
        former=former,
    )
    awa.code()
    awa.says("lier 000000")
    contact = awa.contact
    with house.database.unit_of_work() as db:
        told = holdings.whole(db, contact)
        assert [[row["channel"] for row in told["linked_chats"]], len(told["wrong_link_codes"])] == [["messenger"], 1]
        assert len(told["link_code"]) == 1
        erasure.ask(db, contact, "asked", 0)
        everything = erasers(Spool(house.market.config.var / "spool"))
        assert erasure.erase_next(db, everything, house.market.config.lasting_key, house.market.config.timing)
    assert house.rows("select name, phone_told from contact where id = any(%(ids)s)", ids=[contact, former]) == [
        ("", None),
        ("", None),
    ]
    for table in ("chat_link", "chat_link_code", "chat_link_try", "identity", "consent", "turn", "inbox"):
        assert house.value(f"select count(*) from {table}") == 0, table


def test_a_vendor_is_led_to_where_he_buys(house, awa):
    with house.database.unit_of_work() as db:
        contacts.grant(db, awa.contact, "vendor", house.shop)
    awa.says("ma boutique")
    assert awa.says("lier")[0] == "Ceci est un achat. Voulez-vous passer à vos achats ?"


def test_a_name_that_comes_while_its_person_is_linked_is_his_afterwards(house, awa, page):
    former = page.contact
    link(awa, page)
    late = Identity("psid", "7002")
    house.run(
        "insert into identity (account_id, kind, value, contact_id) values (%(account)s, 'psid', '7002', %(former)s)",
        account=house.market.ids["messenger"],
        former=former,
    )
    before = house.value("select count(*) from turn where conversation_id = %(chat)s", chat=page.chat)
    house.hears("messenger", Sender((late,)), "menu")
    assert house.value("select count(*) from turn where conversation_id = %(chat)s", chat=page.chat) == before + 1
    assert house.broken() == []


def test_a_number_that_changed_is_heeded_in_silence_and_the_vendor_hears_why_when_he_writes(house, awa):
    with house.database.unit_of_work() as db:
        contacts.grant(db, awa.contact, "vendor", house.shop)
    window = "select last_in_at from conversation where id = %(id)s"
    chat, opened = awa.chat, house.value(window, id=awa.chat)
    names = (Identity("phone", "+22890000063"), Identity("bsuid", "TG.63"))
    awa.told()
    house.passes(60)
    house.hears("whatsapp", awa.sender, happened=Happened("renamed", names))
    assert (awa.told(), house.value(window, id=chat)) == ([], opened)
    now = house.person("whatsapp", *names)
    now.last = awa.last
    assert now.says("commandes")[-1].endswith("Pour la joindre, tapez agent.")
    assert (now.chat, house.value("select count(*) from attention where kind = 'rights_suspended'")) == (chat, 1)
    former_number = house.person("whatsapp", PHONE, name="Kossi")
    former_number.says("mes commandes")
    assert former_number.contact != now.contact


def test_questions_go_along_and_back_with_the_chat_in_which_they_were_asked(house, awa, page):
    for person in (awa, page):
        person.says("maïs blanc", "question", "C'est le maïs de cette année ?")
    first, former = awa.contact, page.contact
    asked = "select contact_id, conversation_id, state from question order by id"
    link(awa, page)
    assert house.rows(asked) == [(first, awa.chat, "with_people"), (first, page.chat, "with_people")]
    page.says("délier", "oui")
    assert house.rows(asked) == [(first, awa.chat, "with_people"), (former, page.chat, "with_people")]


OPEN_BLOCKS = "select vendor_id, contact_id from shop_block where ended_at is null order by vendor_id, contact_id"


def bars(house, shop, person):
    with house.database.unit_of_work() as db:
        assert barring.bar(db, shop, person.contact, 9)


def test_whom_a_shop_does_without_is_not_served_in_his_other_chat(house, awa, page):
    page.says("bonjour")
    bars(house, house.shop, page)
    first, former = awa.contact, page.contact
    link(awa, page)
    assert house.rows(OPEN_BLOCKS) == [(house.shop, first)]
    awa.says("2 maïs blanc", "oui", *ORDERING)
    assert awa.orders() == []
    page.says("délier", "oui")
    assert (page.contact, house.rows(OPEN_BLOCKS)) == (former, [(house.shop, former)])
    awa.says("menu", "panier", "commander", "oui", "confirmer")
    assert len(awa.orders()) == 1  # she was never barred herself


def test_whom_a_shop_barred_while_the_chats_were_linked_it_does_without_in_both_afterwards(house, awa, page):
    with house.database.unit_of_work() as db:
        other = make_vendor(db, "kossi")
    former = page.contact
    bars(house, other, page)
    bars(house, other, awa)
    link(awa, page)
    assert house.rows(OPEN_BLOCKS) == [(other, awa.contact)]
    house.passes(60)
    bars(house, house.shop, awa)
    page.says("délier", "oui")
    assert house.rows(OPEN_BLOCKS) == sorted(
        (shop, one) for shop in (house.shop, other) for one in (awa.contact, former)
    )


def test_a_block_that_has_ended_while_they_were_linked_has_ended_for_both(house, awa, page):
    bars(house, house.shop, page)
    bars(house, house.shop, awa)
    link(awa, page)
    with house.database.unit_of_work() as db:
        assert barring.unbar(db, [house.shop], awa.contact)
    page.says("délier", "oui")
    assert house.rows(OPEN_BLOCKS) == []
