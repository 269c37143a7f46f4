"""Audiences: each filter and each exclusion, alone and together, and how they are kept."""

import pytest

from bot.broadcasts import audience
from bot.broadcasts.audience import Audience
from tests.catalog.market import make_category, make_good, make_vendor
from tests.events.week import book, make_event, make_workshop


@pytest.fixture
def shops(db, people):
    """Two shops in Bè with their people, one of them a helper, and a good of each."""
    yawa, kossi = make_vendor(db, "yawa"), make_vendor(db, "kossi")
    people.person(role="vendor", vendor=yawa)
    people.person(role="helper", vendor=yawa)
    people.person(role="vendor", vendor=kossi)
    grains, oils = make_category(db, "cereales", 1), make_category(db, "huiles", 2)
    return make_good(db, yawa, category=grains), make_good(db, kossi, "Huile", category=oils)


def test_roles_are_who_sells_who_organizes_and_who_only_buys(people, shops):
    people.person(role="organizer")
    buyer = people.person()
    suspended = people.person(role="vendor", vendor=shops[0].vendor_id)
    people.db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=suspended)
    counted = {role: people.meant(role=role) for role in ("all", "buyers", "vendors", "organizers")}
    assert counted == {"all": 6, "buyers": 2, "vendors": 3, "organizers": 1}
    assert buyer


def test_nobody_is_meant_who_was_erased_or_only_wrote_a_public_comment(people):
    erased, commented = people.person(), people.person()
    people.db.run("delete from identity where contact_id = %(id)s", id=erased)
    people.db.run("update identity set kind = 'comment' where contact_id = %(id)s", id=commented)
    people.person()
    assert people.meant() == 1


def test_a_zone_is_where_a_shop_is_or_where_a_buyer_ordered_last_or_fills_his_basket(people, shops):
    moved, basket, elsewhere = people.person(), people.person(), people.person()
    people.orders(moved, "agoe", days=9)
    people.orders(moved, "be", days=1)
    people.pins(basket, "be")
    people.orders(elsewhere, "be", days=9)
    people.orders(elsewhere, "kara", days=1)
    assert people.meant(zone=("be",)) == 5
    assert people.meant(zone=("be",), role="buyers") == 2
    assert people.meant(zone=("be",), role="vendors") == 3
    assert people.meant(zone=("kara", "agoe")) == 1


def test_language_and_channel(people):
    people.person(("messenger", 2), language="en")
    people.person(("messenger", 2), ("twilio", 1))
    people.person()
    assert people.meant(language="en") == 1
    assert people.meant(channel="messenger") == 2
    assert people.meant(channel="twilio_whatsapp") == 2
    assert people.meant(channel="whatsapp_cloud") == 0


def test_who_ordered_ever_or_lately_or_not(people):
    old, lately, _ = people.person(), people.person(), people.person()
    people.orders(old, days=40)
    people.orders(lately, days=3)
    assert people.meant(ordered=True) == 2
    assert people.meant(ordered=True, ordered_days=30) == 1
    assert people.meant(ordered=False) == 1
    assert people.meant(ordered=False, ordered_days=30) == 2


def test_a_category_is_what_a_shop_sells_or_a_buyer_bought(people, shops):
    rice, _ = shops
    people.orders(people.person(), good=rice)
    assert people.meant(category="cereales") == 3
    assert people.meant(category="cereales", role="vendors") == 2
    assert people.meant(category="cereales", role="buyers") == 1
    assert people.meant(category="huiles") == 1


def test_who_was_not_seen_for_days(people):
    people.person(("twilio", 24 * 10), ("messenger", 24 * 40))
    people.person(("twilio", 24 * 31))
    people.person(("twilio", None))
    assert people.meant(not_seen_days=30) == 2
    assert people.meant(not_seen_days=7) == 3


def test_who_is_in_conversation_now_can_be_left_out(people):
    people.person(("twilio", 0))
    held = people.person()
    people.db.run(
        "update conversation set held_until = market_now() + interval '1 hour' where contact_id = %(id)s", id=held
    )
    people.person()
    assert (people.meant(), people.meant(skip_talking=True)) == (3, 1)


def test_who_was_told_in_the_last_days_can_be_left_out(people):
    told, before, failed = people.person(), people.person(), people.person()
    people.announced(told, days=2)
    people.announced(before, days=4)
    people.announced(failed, days=1, state="failed")
    assert people.meant(skip_told_days=3) == 2
    assert people.meant(skip_told_days=5) == 1


def test_who_has_an_open_complaint_can_be_left_out(people, shops):
    complains, settled = people.person(), people.person()
    for contact in (complains, settled):
        part = people.orders(contact, good=shops[0])
        people.db.run(
            "insert into complaint (vendor_order_id, contact_id, reason, words)"
            " values (%(part)s, %(contact)s, 'other', '')",
            part=part,
            contact=contact,
        )
    people.db.run("update complaint set settled_at = market_now() where contact_id = %(id)s", id=settled)
    assert people.meant(role="buyers") == 2
    assert people.meant(role="buyers", skip_complaint=True) == 1


def test_filters_and_exclusions_hold_together(people, shops):
    wanted = people.person(("twilio", 24 * 31), language="en")
    other = people.person(("twilio", 24 * 31), language="fr")
    told = people.person(("twilio", 24 * 31), language="en")
    for contact in (wanted, other, told):
        people.orders(contact, "be", days=40, good=shops[0])
    people.announced(told, days=1)
    asked = Audience(
        role="buyers", zone=("be",), language="en", channel="twilio_whatsapp", ordered=True, ordered_days=60,
        category="cereales", not_seen_days=30, skip_talking=True, skip_told_days=7, skip_complaint=True,
    )  # fmt: skip
    counted = people.count(asked)
    assert counted.people + sum(counted.unreached.values()) == 1


def test_attendees_have_a_place_at_the_open_event_or_at_the_last_one(people):
    db = people.db
    old, week, next_one = make_event(db, "over", "2020"), make_event(db, "open"), make_event(db, "draft", "2022")
    third, fourth = make_workshop(db, week, 3, capacity=1), make_workshop(db, week, 4)
    first, second, waiting, former = (people.person() for _ in range(4))
    book(db, third, first)
    book(db, third, waiting)
    book(db, fourth, second)
    book(db, make_workshop(db, old, 3), former)
    book(db, make_workshop(db, next_one, 3), former)
    assert people.meant(role="attendees") == 2
    assert people.meant(workshop=3) == 1
    assert people.meant(role="buyers", workshop=4) == 1
    assert people.meant(workshop=9) == 0
    db.run("update event set state = 'over' where id = %(id)s", id=week)
    db.run("update event set starts_on = starts_on - 365 where id = %(id)s", id=old)
    assert people.meant(role="attendees") == 2


@pytest.mark.parametrize(
    "asked",
    [
        Audience(),
        Audience("vendors", ("be", "agoe"), "fr", "messenger"),
        Audience(workshop=3, ordered=False, ordered_days=30, category="huiles"),
        Audience(ordered=True, not_seen_days=1, skip_talking=True, skip_told_days=3, skip_complaint=True),
    ],
)
def test_an_audience_is_kept_as_it_was_asked_for(asked):
    assert audience.from_json(audience.to_json(asked)) == asked


def test_what_another_version_kept_narrows_nothing():
    assert audience.from_json({"role": "vendors", "mood": "good"}) == Audience("vendors")
