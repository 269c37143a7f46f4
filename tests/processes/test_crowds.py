"""Many people at once, two doors and two workers: nothing doubled, oversold, undersold, deadlocked or disordered."""

import sys
from collections import Counter

import pytest
from redis import Redis

from base.invariants import violations
from bot.invariants import INVARIANTS
from tests.faults import history
from tests.processes.crosswise import CANCELLED, REFUSED, Vendors
from tests.processes.house import house_in
from tests.processes.people import fill_baskets, people_of, shops_of, stock_up
from tests.seeds import chance_of

COPIES, BUYERS, UNITS = 60, 50, 7
PEOPLE, CANCELLING = 20, 3  # buyers and as many vendors; who cancel in each round
NUMBERED = 40


@pytest.fixture(scope="module")
def standing(services, planted, redis_url, tmp_path_factory):
    """Two doors and two workers, at work for the whole of this module."""
    with Redis.from_url(redis_url) as redis:
        folder = tmp_path_factory.mktemp("house")
        with house_in(services, planted, redis, redis_url, folder, webs=2, workers=2, callbacks=()) as house:
            yield house.start()


@pytest.fixture(scope="module")
def checked():
    """The turn up to which all were made again, after each test."""
    return [0]


@pytest.fixture
def house(standing, checked):
    """The same, idle before and after; then its logs are read, its books checked, its new turns made again."""
    standing.wait_until_idle()
    yield standing
    standing.wait_until_idle()
    standing.check_logs()
    checked.append(history.check(standing, since=checked[-1]))


def conversation_of(house, phone):
    return house.value(
        "select c.id from conversation c join identity i using (contact_id, account_id) where i.value = %(phone)s",
        phone=phone,
    )


@pytest.mark.parametrize("webhooks", [1, pytest.param(500, marks=pytest.mark.soak)])
def test_sixty_copies_of_one_webhook_at_once_have_one_effect(house, webhooks):
    for number in range(webhooks):
        phone = f"+228920{number:05d}"
        copy = house.provider.say(phone, "bonjour", name="Koffi")

        statuses = house.provider.knock_together([copy] * COPIES)

        assert statuses == [200] * COPIES
        house.wait_until_idle()
        chat = conversation_of(house, phone)
        for table in ("inbox", "turn", "outbox"):
            assert house.value(f"select count(*) from {table} where conversation_id = %(chat)s", chat=chat) == 1, table
        assert len(house.provider.to(phone)) == 1


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_fifty_buyers_of_seven_units_order_exactly_seven_in_each_round(house, rounds):
    buyers = people_of(house, BUYERS)
    goods = house.rows(
        "select id, stock_id from product where slug not like 'serie%%' and kind = 'single' order by id limit %(n)s",
        n=rounds,
    )
    for product_id, stock_id in goods:
        stock_up(house, [stock_id], UNITS)
        before = house.value("select coalesce(max(id), 0) from turn")
        fill_baskets(house, [(buyer, [product_id]) for buyer in buyers])

        say_all(house, buyers, "commander")
        say_all(house, buyers, "oui")

        assert stock_of(house, stock_id) == (UNITS, 0, UNITS)
        ordered = house.rows(
            "select l.quantity from order_line l join vendor_order v on v.id = l.vendor_order_id"
            " where l.product_id = %(product)s and v.state = 'placed'",
            product=product_id,
        )
        assert [row.quantity for row in ordered] == [1] * UNITS
        told = {"buyer.recap": UNITS, "buyer.missing": BUYERS - UNITS, "buyer.placed": UNITS}
        assert people_told(house, before) == told
    assert_books_agree(house)


def say_all(house, buyers, words):
    """All say it at one moment; then everybody has been answered."""
    at_once(house, said_by(house, buyers, [words] * len(buyers)))


def stock_of(house, stock_id):
    row = house.rows("select on_hand, held, allocated from stock where id = %(id)s", id=stock_id)[0]
    return tuple(row)


def people_told(house, turn_id):
    """text key -> how many people were told it since that turn, of the texts that tell a buyer where he stands."""
    rows = house.rows(
        "select s->>0 as key, count(distinct conversation_id) as n from turn t, jsonb_array_elements(t.said) s"
        " where t.id > %(id)s and s->>0 = any(%(told)s) group by 1",
        id=turn_id,
        told=["buyer.recap", "buyer.missing", "buyer.placed"],
    )
    return {row.key: row.n for row in rows}


def assert_books_agree(house):
    """Stock, its ledger, holds and orders, over all that ever happened here."""
    with house.database.unit_of_work() as db:
        assert violations(db, INVARIANTS) == []


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.soak)])
def test_orders_placed_accepted_refused_and_cancelled_crosswise_meet_no_deadlock(house, rounds):
    chance, units = chance_of("CROWD_SEED"), rounds * PEOPLE
    buyers, shops = people_of(house, PEOPLE, "+22891500000"), shops_of(house, PEOPLE)
    stock_up(house, [stock_id for _, _, stock_id in shops], units)
    first = house.value('select coalesce(max(id), 0) from "order"')
    vendors = Vendors(house, [owner for owner, _, _ in shops], chance)
    say_all(house, vendors.owners, "bonjour")  # their windows are open: news comes with buttons
    for number in range(rounds):
        cancelling = dict(chance.sample(sorted(open_orders(house, first).items()), CANCELLING if number else 0))
        wishes = [(buyer, [product for _, product, _ in chance.sample(shops, 2)]) for buyer in buyers]
        fill_baskets(house, [wish for wish in wishes if wish[0].phone not in cancelling])
        words = [f"annulez la commande {cancelling[b.phone]}" if b.phone in cancelling else "commander" for b in buyers]
        at_once(house, [*vendors.reasons(), *vendors.answers(), *said_by(house, buyers, words)])
        at_once(house, [*vendors.reasons(), *vendors.answers(), *said_by(house, buyers, ["oui"] * PEOPLE)])
    while answers := [*vendors.reasons(), *vendors.answers()]:
        at_once(house, answers)

    parts = house.rows(
        'select v.state, o.code, l.product_id from vendor_order v join "order" o on o.id = v.order_id'
        " join order_line l on l.vendor_order_id = v.id where o.id > %(first)s",
        first=first,
    )
    states = Counter(part.state for part in parts)
    sys.stdout.write(f"crosswise: {len(parts)} parts {dict(states)}\n")
    assert len(parts) == 2 * (rounds * PEOPLE - (rounds - 1) * CANCELLING)
    assert states.keys() == {"accepted", "refused", "cancelled"}
    for owner, product_id, stock_id in shops:
        served = {part.code for part in parts if (part.state, part.product_id) == ("accepted", product_id)}
        assert served == vendors.promised(owner)
        assert stock_of(house, stock_id) == (units, 0, len(served))
    assert vendors.told(REFUSED) == states["refused"]
    assert vendors.told(CANCELLED) == states["cancelled"]
    assert_books_agree(house)


def open_orders(house, first):
    """Phone -> the code of a buyer's newest order of which a part can still be cancelled."""
    rows = house.rows(
        'select i.value as phone, max(o.id) as id from "order" o join identity i on i.contact_id = o.contact_id'
        " join vendor_order v on v.order_id = o.id where o.id > %(first)s and v.state in ('placed', 'accepted')"
        " group by 1",
        first=first,
    )
    codes = {row.id: row.code for row in house.rows('select id, code from "order"')}
    return {row.phone: codes[row.id] for row in rows}


def said_by(house, people, words):
    return [house.provider.say(who.phone, said, name=who.name) for who, said in zip(people, words, strict=True)]


def at_once(house, inbounds):
    """All of it at one moment; then everybody has been answered."""
    assert set(house.provider.knock_together(inbounds)) == {200}
    house.wait_until_idle()


def test_two_doors_and_two_workers_keep_the_order_of_one_conversation(house):
    phone = "+22892100002"
    for number in range(NUMBERED):
        assert house.provider.knock(house.provider.say(phone, f"je cherche zoblo{number:02d}", name="Yao")) == 200
    house.wait_until_idle()

    chat = conversation_of(house, phone)
    took = house.rows("select inbox_ids from turn where conversation_id = %(chat)s order by commit_no", chat=chat)
    kept = house.rows("select id from inbox where conversation_id = %(chat)s order by id", chat=chat)
    assert [row.inbox_ids for row in took] == [[row.id] for row in kept]
    assert len(kept) == NUMBERED
    heard = [message.body for message in house.provider.to(phone)]
    assert [f"zoblo{number:02d}" in body for number, body in enumerate(heard)] == [True] * NUMBERED
