"""People who come back for a visit: whom and what for is drawn from all, alike in two markets."""

import asyncio
from urllib.parse import parse_qsl

import pytest

from bench.filling import PEOPLE, phone_of
from bench.load import Crowd
from bench.provider import Phones, Said
from bench.visiting import EMPTY_EVERY, Visits, good_at
from bench.wire import port_of, serve
from catalog.links import read

FIRST_GOOD = 179


def drawn(size, seed, count):
    """(number of the person, number of the good) of the first visits, each of which ends before the next."""
    visits, found = Visits(Phones(1), size, FIRST_GOOD, seed), []
    for _ in range(count):
        visitor = visits.begin()
        visits.end(visitor)
        found.append((int(visitor.phone.removeprefix("+2287")), read(visitor.code).link.id - FIRST_GOOD + 1))
    return found


def test_a_phone_is_spelled_as_the_filling_spells_it():
    assert phone_of(42) == "+228700000042"
    assert "'+2287' || lpad((%(before)s + n)::text, 8, '0')" in PEOPLE["identity"]


def test_two_markets_get_the_same_draws_at_the_same_part_of_each_and_another_seed_gets_others():
    small, grown = drawn(1_000, 7, 200), drawn(1_000_000, 7, 200)
    for (person, good), (person_there, good_there) in zip(small, grown, strict=True):
        assert (person_there - 1) // 1_000 == person - 1
        assert abs(good_there / 1_000_000 - good / 1_000) < 0.002
    assert drawn(1_000, 7, 200) == small
    assert drawn(1_000, 8, 200) != small


def test_the_draws_reach_all_people_and_all_goods_that_were_in_stock():
    people, goods = (set(numbers) for numbers in zip(*drawn(100, 1, 3_000), strict=True))
    assert people == set(range(1, 101))
    assert goods == {number for number in range(1, 101) if number % EMPTY_EVERY}


@pytest.mark.parametrize("place, number", [(0.0, 1), (0.0999, 9), (0.1001, 11), (0.9999, 99)])
def test_goods_that_were_never_in_stock_are_passed_over(place, number):
    assert good_at(place, 100) == number


def test_nobody_is_here_twice_at_once():
    visits = Visits(Phones(1), 3, FIRST_GOOD, 1)
    visitors = [visits.begin() for _ in range(3)]
    assert {one.phone for one in visitors} == {phone_of(number) for number in (1, 2, 3)}
    visits.end(visitors[0])
    assert visits.begin().phone == visitors[0].phone


OFFERED = {"menu": "buyer.menu=browse", "browse": "buyer.categories=3", "category": "buyer.products=5"}


def test_visitors_follow_one_another_from_the_menu_to_the_good_and_who_is_led_elsewhere_goes_home():
    """A market that leads everybody right, but for one whose code opens nothing."""
    told, lost = [], phone_of(1)

    async def scene():
        def market(_method, _target, body):
            fields = dict(parse_qsl(body.decode()))
            phone = fields["From"].removeprefix("whatsapp:")
            visitor = crowd.visitors[phone]
            told.append((phone, visitor.step, fields["Body"]))
            offer = OFFERED.get(visitor.step, "buyer.card=add" if phone != lost else "buyer.menu=browse")
            crowd.provider.heard(Said("SM1", phone, (f"{offer}~1~1",), "…"))
            crowd.provider.done(phone)
            return 200, b""

        server = await serve(market)
        crowd = Crowd(port_of(server), 2, 0)
        visits = Visits(crowd.phones, 4, FIRST_GOOD, 1)
        figures = await crowd.visited(visits, 100, 0.6, lambda: None, warm=0.0)
        crowd.close()
        server.close()
        return figures, crowd.visitors

    figures, left = asyncio.run(scene())
    by_phone = {phone: [step for one, step, _ in told if one == phone] for phone, _, _ in told}
    assert len(by_phone) == 4, "all of them came"
    for steps in by_phone.values():
        assert steps == (["menu", "browse", "category", "good"] * len(steps))[: len(steps)]
    assert {words for _, step, words in told if step == "menu"} == {"menu"}
    assert all(read(words).link for _, step, words in told if step == "good")
    assert figures.wrong["astray"] == by_phone[lost].count("good")
    assert left == {}
