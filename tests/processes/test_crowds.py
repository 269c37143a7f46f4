"""Many people at once, two doors and two workers: nothing doubled, oversold, undersold, deadlocked or disordered."""

import pytest
from redis import Redis

from tests.processes.house import house_in
from tests.processes.people import fill_baskets, people_of, shops_of, stock_up

COPIES, BUYERS, UNITS, ROUNDS = 60, 50, 7, 20
CROSSWISE, PAIRS = 20, 10
NUMBERED = 40


@pytest.fixture(scope="module")
def standing(services, planted, redis_url, tmp_path_factory):
    """Two doors and two workers, at work for the whole of this module."""
    with Redis.from_url(redis_url) as redis:
        folder = tmp_path_factory.mktemp("house")
        with house_in(services, planted, redis, redis_url, folder, webs=2, workers=2, callbacks=()) as house:
            yield house.start()


@pytest.fixture
def house(standing):
    """The same, idle before and after, with its logs read."""
    standing.wait_until_idle()
    yield standing
    standing.wait_until_idle()
    standing.check_logs()


def conversation_of(house, phone):
    return house.value(
        "select c.id from conversation c join identity i using (contact_id, account_id) where i.value = %(phone)s",
        phone=phone,
    )


def test_sixty_copies_of_one_webhook_at_once_have_one_effect(house):
    copy = house.provider.say("+22892000001", "bonjour", name="Koffi")

    statuses = house.provider.knock_together([copy] * COPIES)

    assert statuses == [200] * COPIES
    house.wait_until_idle()
    chat = conversation_of(house, "+22892000001")
    for table in ("inbox", "turn", "outbox"):
        assert house.value(f"select count(*) from {table} where conversation_id = %(chat)s", chat=chat) == 1, table
    assert len(house.provider.to("+22892000001")) == 1


def test_fifty_buyers_of_seven_units_order_exactly_seven_in_each_of_twenty_rounds(house):
    buyers = people_of(house, BUYERS)
    goods = house.rows(
        "select id, stock_id from product where slug not like 'serie%%' order by id limit %(n)s", n=ROUNDS
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
    assert_ledger_is_whole(house)


def say_all(house, buyers, words):
    """All say it at one moment; then everybody has been answered."""
    said = [house.provider.say(buyer.phone, words, name=buyer.name) for buyer in buyers]
    assert house.provider.knock_together(said) == [200] * len(said)
    house.wait_until_idle()


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


def assert_ledger_is_whole(house):
    """Each stock's movements follow each other without a gap, and end where the stock stands."""
    torn = house.rows(
        "select m.id from (select *, lag(on_hand_after) over w as hand, lag(held_after) over w as h,"
        " lag(allocated_after) over w as a from stock_movement window w as (partition by stock_id order by id)) m"
        " where (m.hand, m.h, m.a) is distinct from (m.on_hand_before, m.held_before, m.allocated_before)"
        " and m.h is not null"
    )
    assert not torn
    astray = house.rows(
        "select s.id from stock s join lateral (select * from stock_movement m where m.stock_id = s.id"
        " order by id desc limit 1) m on true"
        " where (m.on_hand_after, m.held_after, m.allocated_after) <> (s.on_hand, s.held, s.allocated)"
    )
    assert not astray


def test_two_hundred_orders_placed_and_accepted_crosswise_meet_no_deadlock(house):
    buyers, shops = people_of(house, CROSSWISE, "+22891500000"), shops_of(house, 2 * PAIRS)
    stock_up(house, [stock_id for _, _, stock_id in shops], 100)
    first = house.value('select coalesce(max(id), 0) from "order"')
    owners, answered = [owner for owner, _, _ in shops], set()
    say_all(house, owners, "bonjour")  # their windows are open: news comes with buttons
    for pair in range(PAIRS):
        one, other = shops[2 * pair][1], shops[2 * pair + 1][1]
        wishes = [[one, other] if place % 2 else [other, one] for place in range(CROSSWISE)]
        fill_baskets(house, list(zip(buyers, wishes, strict=True)))
        answers = acceptances(house, owners, answered)
        said = [house.provider.say(buyer.phone, "commander", name=buyer.name) for buyer in buyers]
        assert set(house.provider.knock_together([*answers[::2], *said])) == {200}
        house.wait_until_idle()
        said = [house.provider.say(buyer.phone, "oui", name=buyer.name) for buyer in buyers]
        assert set(house.provider.knock_together([*answers[1::2], *said])) == {200}
        house.wait_until_idle()
    assert set(house.provider.knock_together(acceptances(house, owners, answered))) == {200}
    house.wait_until_idle()

    parts = house.rows(
        "select state, count(*) as n from vendor_order where order_id > %(first)s group by 1", first=first
    )
    assert [tuple(row) for row in parts] == [("accepted", 2 * CROSSWISE * PAIRS)]
    assert house.value('select count(*) from "order" where id > %(first)s', first=first) == CROSSWISE * PAIRS
    assert {stock_of(house, stock) for _, _, stock in shops} == {(100, 0, CROSSWISE)}
    assert_ledger_is_whole(house)
    assert {len(accepted_told(house, buyer)) for buyer in buyers} == {2 * PAIRS}


def acceptances(house, owners, answered):
    """A tap on *Accepter* of each new order that its vendor was told of and has not answered."""
    news = [sent for owner in owners for sent in house.provider.to(owner.phone) if "Accepter" in sent.titles]
    fresh = [sent for sent in news if sent.sid not in answered]
    answered.update(sent.sid for sent in fresh)
    return [house.provider.tap(sent, "Accepter") for sent in fresh]


def accepted_told(house, buyer):
    return [message for message in house.provider.to(buyer.phone) if "accept" in message.body]


def test_two_doors_and_two_workers_keep_the_order_of_one_conversation(house):
    phone = "+22892000002"
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
