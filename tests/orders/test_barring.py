"""A shop does without a buyer: no order, no offer and no question of his reaches it, until it serves him again."""

from base.hours import DAYTIME
from catalog import barring, questions
from catalog.questions import Said, Waits
from orders import basket, moving, placing, recap
from orders.placing import PriceChanged
from tests.catalog.market import make_good, make_vendor
from tests.orders.buying import AWA, CHAT, cause, fill, hold, order

SELLER, KOFI = 9001, 77
WAITS = Waits(600, 86_400, DAYTIME)


def offer_for(db, terms, part):
    return moving.another(db, moving.standing(db, part), terms)


def test_a_block_is_one_row_and_ends_for_the_shops_that_are_named(db, yawa, kossi):
    assert barring.bar(db, yawa, AWA, SELLER) is True
    assert barring.bar(db, yawa, AWA, SELLER) is False
    assert barring.bar(db, kossi, AWA, SELLER) is True
    assert barring.shops_without(db, AWA) == 2
    assert barring.unbar(db, [yawa], AWA) is True
    assert barring.unbar(db, [yawa], AWA) is False
    assert barring.shops_without(db, AWA) == 1
    assert barring.bar(db, yawa, AWA, SELLER) is True
    assert db.value("select count(*) from shop_block") == 3


def test_a_recap_with_goods_of_such_a_shop_cannot_be_ordered_and_one_without_them_can(db, terms, rice, oil):
    fill(db, (rice, 1), (oil, 1))
    barring.bar(db, rice.vendor_id, AWA, SELLER)
    now = recap.recap(db, AWA, terms)
    assert [shop.id for shop in now.barring] == [shop.id for shop in now.unserved] == [rice.vendor_id]
    hold(db, terms)
    assert isinstance(placing.place_order(db, AWA, CHAT, cause(), terms), PriceChanged)
    assert db.value('select count(*) from "order"') == 0
    basket.remove(db, AWA, rice.id, cause())
    assert recap.recap(db, AWA, terms).unserved == ()


def test_another_buyer_is_served_as_before(db, terms, rice):
    barring.bar(db, rice.vendor_id, KOFI, SELLER)
    assert order(db, terms, (rice, 2)).order_id


def test_a_question_to_it_goes_to_people_at_once_and_is_in_no_list_of_the_shop(db, yawa, rice):
    barring.bar(db, yawa, AWA, SELLER)
    made = questions.ask(db, rice.id, Said("C'est frais ?"), cause(), CHAT, WAITS)
    assert questions.waiting_for(db, [yawa]) == ()
    assert questions.pass_on(db, 10) == 1
    assert questions.question(db, made.id).state == "with_people"


def test_a_part_that_moves_is_never_offered_there(db, terms, rice):
    essi = make_vendor(db, "essi")
    make_good(db, essi, "Riz parfumé 25 kg", on_hand=50)
    placed = order(db, terms, (rice, 2))
    part = placed.vendor_order_ids[0]
    assert offer_for(db, terms, part).vendor.id == essi
    barring.bar(db, essi, AWA, SELLER)
    assert offer_for(db, terms, part) is None


def test_who_is_erased_leaves_no_block_and_what_he_decided_loses_his_name(db, yawa):
    barring.bar(db, yawa, AWA, SELLER)
    assert barring.forget_person(db, SELLER) == 0
    assert db.rows("select contact_id, blocked_by from shop_block") == [(AWA, None)]
    assert barring.forget_person(db, AWA) == 1
    assert db.value("select count(*) from shop_block") == 0
