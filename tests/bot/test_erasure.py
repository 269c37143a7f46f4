"""Rights over one's data: to see it whole, to have it corrected, to be forgotten, and to stay after all."""

import json
import re
from datetime import timedelta

import pytest

from base import tokens
from bot import attention, erasure, files, holdings, retirement, unclear
from bot.messages import Location
from bot.spool import UNREADABLE, UNSTORABLE, Spool
from bot.unclear import Unclear
from orders import complaints, progress
from orders import forgetting as forget_orders
from orders.addresses import last_addresses
from tests.bot.stall import AWA, KOSSI
from tests.catalog.market import figures_of
from tests.orders.buying import advance, cause
from wiring import DOCUMENTS, erasers

DAY = 86_400


@pytest.fixture
def erase(db, config, tmp_path):
    """The job, once; True when somebody was looked at."""
    everything = erasers(Spool(tmp_path / "spool"))
    return lambda: erasure.erase_next(db, everything, config.lasting_key, config.timing)


def log(db):
    return [
        tuple(row)
        for row in db.rows("select why, kept_at is not null as kept, erased_at is not null as erased from erasure")
    ]


def refuse(db, part):
    shop = db.value("select vendor_id from vendor_order where id = %(id)s", id=part)
    assert progress.refuse(db, part, [shop], "closed", cause(9)) == "done"


def test_who_says_yes_is_erased_after_seven_days_and_not_before(awa, db, erase):
    awa.goes("bonjour", "supprimer", "oui")
    assert awa.keys == ["buyer.erase_asked", "buyer.first"]
    advance(db, 7 * DAY - 1)
    assert not erase()
    advance(db, 1)
    assert erase()
    assert log(db) == [("asked", False, True)]
    assert db.rows("select name from contact where id = %(id)s", id=awa.contact_id) == [("",)]
    assert db.value("select count(*) from identity where contact_id = %(id)s", id=awa.contact_id) == 0
    assert not erase()


def test_a_no_changes_nothing(awa, db):
    awa.goes("bonjour", "supprimer", "non")
    assert awa.keys[0] == "buyer.erase_dropped"
    assert log(db) == []


def test_who_has_an_order_open_is_told_which_and_is_not_erased(awa, db, ordered):
    words = awa.says("supprimer mes données")
    assert words.startswith(f"Votre commande TG-{ordered[2]} n'est pas réglée")
    assert (awa.keys, log(db)) == (["buyer.erase_order"], [])


def test_who_orders_while_he_is_leaving_is_looked_at_again_each_day_until_it_ends(awa, db, ordered, erase, config):
    _, part, _ = ordered
    erasure.ask(db, awa.contact_id, "asked", 0)
    assert [erase(), erase()] == [True, False]
    assert log(db) == [("asked", False, False)]
    refuse(db, part)
    assert not erase()
    advance(db, config.timing.erasure_again)
    assert erase()
    assert log(db) == [("asked", False, True)]


def test_orders_stay_with_their_amounts_and_without_the_person(awa, db, ordered, erase):
    order_id, part, _ = ordered
    refuse(db, part)
    books = 'select code, contact_id, quarter, total, payment from "order" where id = %(id)s'
    before = db.rows(books, id=order_id)
    db.run('update "order" set payment_phone = \'+22890000001\', source = \'{"last": {"word": "awamensah"}}\'')
    complaints.complain(db, complaints.subject(db, part, awa.contact_id), "spoiled", "le sac d'Awa est troué", cause())
    erasure.ask(db, awa.contact_id, "asked", 0)
    assert erase()
    assert db.rows(books, id=order_id) == before
    left = 'select recipient, phone, payment_phone, landmark, latitude, longitude, source from "order"'
    assert db.rows(left) == [("", "", None, "", None, None, None)]
    assert db.rows("select reason, words from complaint") == [("spoiled", "")]
    assert db.value("select count(*) from order_line") == 1


def test_who_is_owed_money_is_not_erased_before_he_has_it(awa, db, ordered, erase):
    _, part, _ = ordered
    db.run("update vendor_order set prepaid = 500, arranged_at = market_now()")
    refuse(db, part)
    assert erasure.obstacle(db, awa.contact_id) == "order"
    assert progress.note_returned(db, part, cause(9))
    assert erasure.obstacle(db, awa.contact_id) is None


def test_what_was_complained_of_is_looked_for_in_pieces_with_and_without_its_numbers(awa, db, ordered):
    long = "le sac est troué et tout est mouillé, appelez moi au 90 11 22 33 avant ce soir s'il vous plaît"
    complaints.complain(db, complaints.subject(db, ordered[1], awa.contact_id), "spoiled", f"non\n{long}", cause())
    pieces = complaints.words_of(db, awa.contact_id)
    assert "".join(piece for piece in pieces if piece in long) == long
    shown = complaints.without_numbers(long)
    assert "90 11" not in shown
    assert [piece for piece in pieces if piece in shown and piece not in long] != []
    assert min(map(len, pieces)) >= 12


def test_a_basket_that_holds_goes_with_its_person_and_gives_its_units_back(awa, db, market, erase):
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "agoe derriere le marche")
    awa.goes("[Moi-même]", "[Mon numéro]")
    assert figures_of(db, market["rice"]) == (10, 2, 0)
    erasure.ask(db, awa.contact_id, "asked", 0)
    assert erase()
    assert figures_of(db, market["rice"]) == (10, 0, 0)
    assert db.value("select count(*) from basket") == 0


def test_who_asks_twice_keeps_the_first_day(awa, db):
    first = erasure.ask(db, awa.contact_id, "asked", 7 * DAY)
    advance(db, DAY)
    assert erasure.ask(db, awa.contact_id, "asked", 7 * DAY) == first
    assert len(log(db)) == 1


def test_who_stays_can_ask_again_later(awa, db, erase):
    erasure.ask(db, awa.contact_id, "asked", 7 * DAY)
    assert [erasure.take_back(db, awa.contact_id) for _ in range(2)] == [True, False]
    advance(db, 8 * DAY)
    assert not erase()
    erasure.ask(db, awa.contact_id, "asked", 0)
    assert erase()
    assert log(db) == [("asked", True, False), ("asked", False, True)]


def test_a_vendor_hands_his_shop_over_first(yawa, db):
    yawa.goes("acheter", "supprimer")
    assert (yawa.keys, log(db)) == (["buyer.erase_role"], [])


def file_of(db, chat, config):
    """The file at the address that the chat was told."""
    path = re.search(r"https://market.example(/documents/\S+)", chat.words)[1]
    _, _, kind, token = path.split("/")
    found = files.find(db, DOCUMENTS, config.secret_key, kind, token)
    return found and json.loads(found.content)


def test_the_file_holds_all_that_is_kept_of_a_person_and_nothing_of_others(awa, yawa, db, config, ordered):
    yawa.says("bonjour")
    awa.goes("STOP", "mes données")
    part = complaints.subject(db, ordered[1], awa.contact_id)
    complaints.complain(db, part, "spoiled", "le sac est troué", cause())
    held = file_of(db, awa, config)
    assert set(held) == {*holdings.PARTS, "erased_at"}
    assert [(one["name"], one["language"], one["wants_reminders"]) for one in held["person"]] == [
        ("Awa Mensah", "fr", False)
    ]
    assert [name["value"] for name in held["names"]] == ["+22890000001"]
    (order,) = held["orders"]
    assert (order["code"], order["recipient"], order["phone"]) == (f"TG-{ordered[2]}", "Awa Mensah", "+22890000001")
    assert [line["name"] for part in order["parts"] for line in part["lines"]] == ["Riz parfumé 25 kg"]
    assert [(one["code"], one["words"]) for one in held["complaints"]] == [(f"TG-{ordered[2]}", "le sac est troué")]
    assert [consent["words"] for consent in held["consents"]] == ["STOP", "STOP"]
    assert "Yawa Adjo" not in json.dumps(held)


def test_the_file_holds_payments_questions_history_and_words_that_were_not_understood(awa, db, ordered):
    db.run("update vendor_order set prepaid = 500, arranged_at = market_now()")
    attention.ask_for_person(db, awa.conversation_id, awa.contact_id, "payment_claim", {"reference": "MP2411"})
    unclear.keep(db, [Unclear("buyer", "miss", "tchip", "tchip", awa.contact_id)])
    held = holdings.whole(db, awa.contact_id)
    (paid,) = held["orders"][0]["parts"]
    assert (paid["prepaid"], paid["refunded_at"], paid["lines"][0]["amount"]) == (500, None, 35_000)
    assert [one["fact"] for one in held["order_history"]] == ["placed"]
    assert [(one["kind"], one["reference"]) for one in held["questions"]] == [("payment_claim", "MP2411")]
    assert [one["words"] for one in held["not_understood"]] == ["tchip"]


def test_the_address_of_a_file_ends_after_an_hour_and_is_nobody_elses(awa, db, config):
    awa.goes("bonjour", "mes données")
    assert file_of(db, awa, config)["person"]
    advance(db, config.timing.document_link)
    assert file_of(db, awa, config) is None
    token = tokens.sign(config.secret_key, "receipt", awa.contact_id, awa_now(db) + timedelta(hours=1))
    assert files.find(db, DOCUMENTS, config.secret_key, "data", token) is None
    assert files.find(db, DOCUMENTS, config.secret_key, "receipt", token) is None


def awa_now(db):
    return db.value("select market_now()")


@pytest.mark.parametrize("payload", ["x", None, True, [1], {"contact": 1}])
def test_a_token_that_names_nobody_shows_nothing(db, payload):
    assert holdings.document(db, payload) is None


def test_a_corrected_name_and_phone_are_used_from_then_on(awa, db):
    awa.goes("bonjour", "corriger", "[Mon nom]", "Awa Kpoti", "oui", "corriger", "[Le téléphone]", "91 22 33 44")
    assert "Nom : Awa Kpoti" in awa.words
    awa.goes("2 riz parfumé 25 kg", "oui", "commander", "agoe derriere le marche")
    awa.goes("moi", "[Mon numéro]")
    assert "Pour : Awa Kpoti, 91 22 33 44" in awa.words
    awa.goes("corriger", "[Le téléphone]", "91 55 66 77", "panier", "commander")
    assert "Pour : Awa Kpoti, 91 55 66 77" in awa.words


def test_where_an_order_went_is_forgotten_on_the_map_30_days_after_its_end(awa, db, ordered, config):
    _, part, _ = ordered
    pins = 'select count(*) from "order" where latitude is not null'
    db.run("update vendor_order set state = 'accepted'")
    advance(db, 31 * DAY)
    assert forget_orders.forget_pins(db, config.timing.pin_kept, 10) == 0  # it is still open
    refuse(db, part)
    advance(db, 30 * DAY - 1)
    assert (forget_orders.forget_pins(db, config.timing.pin_kept, 10), db.value(pins)) == (0, 1)
    advance(db, 1)
    assert (forget_orders.forget_pins(db, config.timing.pin_kept, 10), db.value(pins)) == (1, 0)
    assert last_addresses(db, awa.contact_id)[0].address.latitude is not None  # the middle of its quarter


def test_a_place_sent_in_a_chat_is_forgotten_after_30_days_unless_an_order_is_open(stall):
    stall.says(AWA, location=Location(6.1312, 1.2234))
    stall.takes()
    stall.run("update conversation set document = jsonb_set(document, '{memory,pin}', '[6.1312, 1.2234]')")
    place_order(stall)
    stall.passes(31 * DAY)
    stall.forgets()
    held = (
        (
            "select (select count(*) from inbox where message ? 'location'),"
            " (select count(*) from turn where answers::text like '%%6.1312%%' or version <> '…'),"
            " (select count(*) from conversation where document::text like '%%6.1312%%')"
        )
        .replace("),", ") as c,", 1)
        .replace("),", ") as d,", 1)
    )
    assert stall.rows(held)[0][0] == 1
    stall.run("update vendor_order set state = 'delivered', changed_at = market_now()")
    stall.forgets()
    assert stall.rows(held) == [(0, 0, 1)]  # who sent none keeps what he has


def walk(stall, after=0, limit=1000):
    with stall.database.unit_of_work() as db:
        return retirement.retire_people(db, stall.config.timing, after, limit)


def test_who_has_not_written_for_24_months_is_erased_and_vendors_are_not(stall):
    with stall.database.unit_of_work() as db:
        contacts = [row.id for row in db.rows("select id from contact order by id")]
        db.run("insert into role (contact_id, role) values (%(id)s, 'organizer')", id=contacts[1])
    stall.passes(729 * DAY)
    assert walk(stall) == contacts[-1]
    assert stall.rows("select contact_id from erasure") == []
    stall.passes(2 * DAY)
    assert [walk(stall, limit=1), walk(stall, contacts[0], 1), walk(stall, contacts[1], 1)] == [*contacts, 0]
    walk(stall)
    assert stall.rows("select contact_id, why from erasure") == [(contacts[0], "inactive")]


def test_who_is_in_a_turn_keeps_the_walk_waiting_for_nobody_and_is_looked_at_by_the_next(stall):
    busy, free = (row.id for row in stall.rows("select id from contact order by id limit 2"))
    stall.passes(731 * DAY)
    with stall.holding("select 1 from contact where id = %(id)s for no key update", id=busy):
        walk(stall)
        assert stall.rows("select contact_id from erasure") == [(free,)]
    walk(stall)
    assert stall.rows("select contact_id from erasure order by id") == [(free,), (busy,)]


SENT = "update outbox set state = 'sent'"  # what is still to be sent stays


def place_order(stall, state="placed"):
    """An order of Awa's that one shop has."""
    with stall.database.unit_of_work() as db:
        vendor = db.value(
            "insert into vendor (slug, name, phone, quarter, latitude, longitude)"
            " values ('yawa', 'Yawa', '+22890000101', 'agoe', 6, 1) returning id"
        )
        order = db.value(
            'insert into "order" (contact_id, conversation_id, quarter, landmark, recipient, phone, payment, total)'
            " select contact_id, id, 'agoe', '', 'Awa', '', 'cash', 1 from conversation order by id limit 1"
            " returning id"
        )
        db.run(
            "insert into vendor_order (order_id, vendor_id, goods, delivery, delivery_code, state)"
            " values (%(order)s, %(vendor)s, 1, 0, '1234', %(state)s)",
            order=order,
            vendor=vendor,
            state=state,
        )


def test_a_chat_about_an_order_stays_until_90_days_after_its_end_and_no_other_does(stall):
    stall.says(AWA, "bien avant")
    stall.says(KOSSI, "un autre")
    stall.takes()
    stall.run(SENT)
    stall.passes(3 * DAY)
    stall.says(AWA, "je commande")
    stall.takes()
    stall.run(SENT)
    place_order(stall)
    stall.passes(80 * DAY)
    stall.run("update vendor_order set state = 'delivered', changed_at = market_now()")
    stall.says(AWA, "bien reçu")
    stall.takes()
    stall.run(SENT)
    left = "select message->>'text' as words from inbox where provider_id not like 'open%%' order by id"
    stall.passes(20 * DAY)
    stall.forgets()
    assert [row.words for row in stall.rows(left)] == ["je commande", "bien reçu"]
    stall.passes(69 * DAY)
    stall.forgets()
    assert [row.words for row in stall.rows(left)] == ["je commande", "bien reçu"]
    stall.passes(1.1 * DAY)
    stall.forgets()
    assert stall.rows(left) == []
    assert (stall.value("select count(*) from turn"), stall.value("select count(*) from outbox")) == (0, 0)


def test_an_order_that_never_ends_keeps_no_chat_for_more_than_a_year(stall):
    stall.says(AWA, "je commande")
    stall.takes()
    stall.run(SENT)
    place_order(stall)
    stall.passes(360 * DAY)
    stall.forgets()
    assert stall.value("select count(*) from turn") == 1
    stall.passes(6 * DAY)
    stall.forgets()
    assert stall.value("select count(*) from turn") == 0


def test_who_is_in_a_turn_is_erased_a_day_later(stall, tmp_path):
    chat = stall.value("select min(id) from conversation")
    contact = stall.value("select contact_id from conversation where id = %(id)s", id=chat)
    job = erasers(Spool(tmp_path / "spool")), stall.config.lasting_key, stall.config.timing
    with stall.database.unit_of_work() as db:
        erasure.ask(db, contact, "asked", 0)
    with stall.holding("select id from conversation where id = %(id)s for no key update", id=chat):
        with stall.database.unit_of_work() as db:
            assert erasure.erase_next(db, *job)
        assert stall.rows("select erased_at from erasure") == [(None,)]
    stall.passes(DAY + 1)
    with stall.database.unit_of_work() as db:
        assert erasure.erase_next(db, *job)
    assert stall.value("select count(*) from erasure where erased_at is not null") == 1


def test_what_was_put_aside_long_ago_is_deleted_and_what_waits_is_not(tmp_path):
    spool = Spool(tmp_path)
    for name in ("1" + UNSTORABLE, "2" + UNREADABLE, "3.webhook"):
        (tmp_path / name).write_text("+22890000001")
    assert spool.forget_aside(3600) == 0
    assert spool.forget_aside(-1) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["3.webhook"]


def test_of_what_was_put_aside_only_the_persons_own_goes(tmp_path):
    spool = Spool(tmp_path)
    for name, phone in (("1", "+22890000001"), ("2", "+22890000002")):
        (tmp_path / f"{name}{UNSTORABLE}").write_text(phone)
    assert spool.forget(()) == 0
    assert spool.forget(("+22890000001",)) == 1
    assert [path.name for path in spool.put_aside()] == [f"2{UNSTORABLE}"]


def test_what_was_asked_of_a_shop_is_forgotten_there_too(awa, yawa, db, erase):
    awa.goes("bonjour", "produits", "1", "1", "question", "Est-ce le riz de ma tante Afiwa ?")
    said = "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at, state)"
    db.run(
        f"{said} values (%(chat)s, %(account)s, 'notice', 991, 1,"
        " jsonb_build_object('body', 'Question 101 : « Est-ce le riz de ma tante Afiwa ? »'), market_now(), 'sent')",
        chat=yawa.conversation_id,
        account=yawa.account_id,
    )
    held = holdings.whole(db, awa.contact_id)
    assert [(one["product"], one["words"], one["state"]) for one in held["asked_of_shops"]] == [
        ("Riz parfumé 25 kg", "Est-ce le riz de ma tante Afiwa ?", "open")
    ]
    erasure.ask(db, awa.contact_id, "asked", 0)
    assert erase()
    assert db.value("select count(*) from question") == 0
    assert db.value("select bubble->>'body' from outbox where said_at = 991") == "Question 101 : « … »"
