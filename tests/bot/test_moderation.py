"""What stands behind organizers' words: the page of a second factor, rights in a race, tables, what is erased."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot import (
    appointing,
    blocks,
    flags,
    holdings,
    market_figures,
    market_tables,
    second_factor,
    second_factor_page,
)
from bot.blocking import way_while_blocked
from bot.contacts import people
from bot.dialogs import DIALOGS
from bot.machine import advance
from bot.messages import Incoming
from bot.notice_words import of_shop
from bot.session import Session
from bot.spool import Spool
from bot.world import Moment
from bot.worlds import ReplayWorld
from catalog import categories, products, standing
from tests.bot.chat import Chat
from tests.catalog.market import make_good, make_vendor
from wiring import erasers

TABLES = {dialog.name: dialog for dialog in DIALOGS}


def test_the_page_shows_the_secret_until_a_code_has_proven_it(db, config, chief):
    page = second_factor_page.maker(config.lasting_key)
    assert page(db, chief.contact_id) is None
    second_factor.enrol(db, chief.contact_id)
    shown = second_factor.enrolment(db, config.lasting_key, chief.contact_id, "Chef")
    made = page(db, chief.contact_id)
    text = made.content.decode()
    assert (made.mime, made.is_page) == ("text/html", True)
    assert shown.secret in text.replace(" ", "")
    assert "<svg" in text
    assert 'href="otpauth://totp/' in text
    db.run("update second_factor set enrolled_at = market_now()")
    assert page(db, chief.contact_id) is None
    assert page(db, "1") is None


def test_of_two_organizers_who_dismiss_each_other_at_once_one_stays(crowd, config):
    with crowd.unit_of_work() as db:
        two = [Chat(db, config, f"+2289000099{n}", f"Chef {n}", roles=[("organizer", None)]) for n in (1, 2)]

    def dismissed(by, whom):
        with crowd.unit_of_work() as db:
            return appointing.dismiss(db, whom.contact_id, by.contact_id)

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(dismissed, two, reversed(two)))
    with crowd.unit_of_work() as db:
        left = appointing.organizers(db)
    assert (outcomes, len(left)) == (["dismissed", "last"], 1)


def test_twenty_blocks_at_once_are_one_row(crowd, config):
    with crowd.unit_of_work() as db:
        awa = Chat(db, config, "+22890000001")

    def blocked(_):
        with crowd.unit_of_work() as db:
            return blocks.block(db, awa.contact_id, "", 1)

    with ThreadPoolExecutor(20) as threads:
        outcomes = sorted(threads.map(blocked, range(20)))
    assert outcomes == ["before"] * 19 + ["blocked"]


def test_a_suspended_shop_is_seen_nowhere_and_what_lies_in_baskets_is_sold_no_more(db, market, awa):
    rice = market["rice"]
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui")
    before = {one.slug: one.products for one in categories.categories(db)}
    standing.suspend(db, rice.vendor_id, "plaintes", 0)
    after = {one.slug: one.products for one in categories.categories(db)}
    assert (before["cereales"], after.get("cereales")) == (3, None)
    shown = products.product(db, rice.id)
    assert (shown.available, shown.is_shop_open) == (0, False)
    assert products.products_by_slug(db, [shown.slug]) == {}
    awa.goes("commander", "be kpota derriere la pharmacie", "[Moi-même]", "[Mon numéro]")
    assert db.value('select count(*) from "order"') == 0
    standing.restore(db, rice.vendor_id, "", 0)
    assert products.product(db, rice.id).available == 10


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("plaintes", "elle est suspendue (plaintes), écrivez « agent »"),
        ("", "elle est suspendue, écrivez « agent »"),
        ("x" * 500, f"elle est suspendue ({'x' * 99}…), écrivez « agent »"),
    ],
)
def test_a_shop_whose_window_is_shut_reads_why_it_is_suspended(why, told):
    template = of_shop("Maman Yawa", "suspended", why)("fr")
    assert list(template.values) == ["Maman Yawa", told.replace("« ", "«\u00a0").replace(" »", "\u00a0»")]


@pytest.mark.parametrize(
    ("said", "how", "count"),
    [
        ({"text": "je veux 2 riz"}, "blocked", 1),
        ({"tap": "buyer.menu=basket~1~1"}, "blocked", 1),
        ({"text": "stop"}, "consent", 1),
        ({"text": "mes donnees"}, "detour", None),
    ],
)
def test_who_is_blocked_is_heard_only_in_what_the_law_gives_everybody(said, how, count):
    answers = [["consent", "", "stopped"]] if how == "consent" else []
    moment = Moment(0, blocked="new")
    if count is None:
        assert way_while_blocked(Session(), Incoming("", None, **said), moment) is None
        return
    world = ReplayWorld(["buyer"], answers)
    turned = advance(TABLES, Session(), Incoming("", None, **said), world, moment)
    assert (turned.route.how, len(turned.bubbles)) == (how, count)
    if how == "blocked":
        again = advance(TABLES, Session(), Incoming("", None, **said), world, Moment(0, blocked="told"))
        assert (again.route.how, again.bubbles) == ("blocked", ())


def test_a_person_is_known_as_blocked_until_he_is_unblocked(db, awa):
    blocks.block(db, awa.contact_id, "fraude", 1)
    assert people(db, [awa.conversation_id])[awa.conversation_id].is_blocked
    assert blocks.block(db, awa.contact_id, "fraude", 1) == "before"
    assert blocks.unblock(db, awa.contact_id, 2)
    assert not blocks.unblock(db, awa.contact_id, 2)
    assert not people(db, [awa.conversation_id])[awa.conversation_id].is_blocked
    assert db.rows("select why, blocked_by, ended_by from block") == [("fraude", 1, 2)]


def test_a_table_is_a_workbook_that_computes_nothing(db, market, ordered):
    make_good(db, market["rice"].vendor_id, "=1+1", on_hand=1, price=100)
    db.run("update order_line set name = '=cmd()'")
    made = market_tables.document(db, "sales")
    sheet = load_workbook(BytesIO(made.content)).active
    head, line = list(sheet.iter_rows(values_only=True))
    assert head[:4] == ("commande", "date", "boutique", "quartier")
    assert line[2:] == ("Maman Yawa", "Bè-Kpota", "'=cmd()", "sac", 2, 35_000, "placed")
    assert [
        len(load_workbook(BytesIO(market_tables.document(db, name).content)).active["A"])
        for name in (
            "orders",
            "vendors",
        )
    ] == [2, 3]
    assert market_tables.document(db, "passwords") is None
    assert market_tables.document(db, 7) is None


def test_a_week_of_the_event_is_counted_by_its_own_days(db, chief):
    event = (
        db.run(
            "insert into event (slug, name, starts_on, ends_on, state)"
            " values ('week', 'Semaine', '2021-08-16', '2021-08-29', 'open') returning id"
        )
        .rows[0]
        .id
    )
    for number, begins, ends in ((1, "2021-08-16", "2021-08-22"), (2, "2021-08-23", "2021-08-29")):
        db.run(
            "insert into event_phase (event_id, position, name, starts_on, ends_on)"
            " values (%(event)s, %(number)s, 'x', %(begins)s, %(ends)s)",
            event=event,
            number=number,
            begins=begins,
            ends=ends,
        )
    since, until = market_figures.week_of_event(db, 2)
    assert (f"{since:%d/%m}", f"{until:%d/%m}", until - since) == ("23/08", "30/08", timedelta(days=7))
    assert market_figures.week_of_event(db, 3) is None
    chief.goes("bonjour", "ventes semaine 2")
    assert chief.words.startswith("Bilan, semaine 2 de l'événement 📊\n")


def test_what_was_reported_blocked_and_invited_is_exported_and_erased(db, config, awa, yawa, tmp_path):
    awa.says("bonjour")
    shop = yawa.turn.person.vendor_ids[0] if yawa.turn else db.value("select min(id) from vendor")
    flags.make(db, awa.contact_id, awa.conversation_id, "il triche", vendor_id=shop)
    flags.make(db, yawa.contact_id, yawa.conversation_id, "elle ne paie pas", about_id=awa.contact_id)
    blocks.block(db, awa.contact_id, "fraude", yawa.contact_id)
    appointing.invite(db, [awa.phone], "Awa", "Chez Awa", yawa.contact_id)
    second_factor.enrol(db, awa.contact_id)
    held = holdings.whole(db, awa.contact_id)
    assert [row["words"] for row in held["reports_made"]] == ["il triche"]
    assert "elle ne paie pas" not in str(held["reports_about"])
    assert [row["why"] for row in held["blocks"]] == ["fraude"]
    assert [row["shop"] for row in held["invited_to_sell"]] == ["Chez Awa"]
    assert len(held["second_factor"]) == 1
    leaving = type("Leaving", (), {"contact_id": awa.contact_id, "names": (awa.phone,)})()
    known = erasers(Spool(tmp_path, 1))
    counts = [known[name](db, leaving) for name in ("flags", "blocks", "rights", "decisions", "second_factor")]
    assert counts == [2, 1, 1, 0, 1]
    left = "select (select count(*) from flag) + (select count(*) from block) + (select count(*) from second_factor)"
    assert db.value(left) == 0


def test_the_third_shop_that_does_without_a_buyer_brings_him_to_the_organizers(db, config, market):
    awa = Chat(db, config, "+22890000001", "Awa Mensah")
    awa.says("bonjour")
    for place, slug in enumerate(("un", "deux", "trois"), start=1):
        shop = make_vendor(db, slug)
        seller = Chat(db, config, f"+2289000020{place}", "Vendeur", roles=[("vendor", shop)])
        part = an_order_of(db, awa, shop)
        seller.goes("bonjour", f"bloquer {part[3:6]}", "oui")
        assert seller.keys[0] == "vendor.barred"
        assert len(flags_of(db)) == (1 if place == 3 else 0)
    assert flags_of(db) == [("3 boutiques ont bloqué ce client.", awa.contact_id)]


def an_order_of(db, chat, shop):
    """A placed part of his at that shop; the order's code."""
    code = f"TG-{shop % 7 + 2}K{shop % 5 + 2}P2"
    order = db.value(
        'insert into "order" (code, contact_id, conversation_id, quarter, landmark, recipient, phone, payment, total)'
        " values (%(code)s, %(who)s, %(chat)s, '', '', 'Awa', '+22890000001', 'cash', 100) returning id",
        code=code,
        who=chat.contact_id,
        chat=chat.conversation_id,
    )
    db.run(
        "insert into vendor_order (order_id, vendor_id, goods, delivery, delivery_code) values (%(order)s, %(shop)s,"
        " 100, 0, '1234')",
        order=order,
        shop=shop,
    )
    return code


def flags_of(db):
    return [(row.words, row.about_id) for row in db.rows("select words, about_id from flag order by id")]
