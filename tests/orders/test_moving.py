"""A part goes to another shop's equal goods in one transaction; an answer that came first wins."""

import pytest

from orders import expiry, moving, progress
from orders.facts import PartMoved
from orders.reports import order as order_view
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, make_good, make_vendor
from tests.faults.history import QUESTIONS
from tests.orders.buying import AWA, advance, cause, everything, order, set_state, state_of


@pytest.fixture
def essi(db):
    return make_vendor(db, "boutique_essi")


@pytest.fixture
def same(db, essi):
    return make_good(db, essi, "Riz parfumé 25 kg", on_hand=6, price=18_000)


@pytest.fixture
def placed(db, terms, rice, same):
    return order(db, terms, (rice, 3))


@pytest.fixture
def part(db, placed):
    db.facts.clear()
    return placed.vendor_order_ids[0]


def offer_for(db, terms, part):
    return moving.another(db, moving.standing(db, part), terms)


def move(db, terms, part, *, contact=AWA, vendor=None, seen=None):
    offer = offer_for(db, terms, part)
    vendor = vendor or (offer.vendor.id if offer else 0)
    seen = (offer.total if offer else 0) if seen is None else seen
    return moving.move(db, part, contact, vendor, cause(contact), terms, total_seen=seen)


def is_sound(db):
    for name, question in QUESTIONS.items():
        if "part" in name or "total" in name:
            assert db.rows(question) == [], name
    return broken_links(db) == []


@pytest.mark.parametrize(
    "one, other, is_same",
    [
        ("riz parfume 25 kg", "riz parfume 25 kg", True),
        ("riz parfume 25 kg", "riz parfume 5 kg", False),
        ("riz parfume 25 kg", "riz parfumee 25 kg", True),
        ("gari fin", "gari fins", True),
        ("gari fin", "gari de tsevie", False),
        ("savon de menage", "savon menage", True),
        ("huile vegetale 1 l", "huile de palme 1 l", False),
        ("mais blanc", "mais jaune", False),
        ("chemise homme, l", "chemise homme, m", False),
        ("robe wax, m", "robe wax, l", False),
        ("chaussures de sport homme, 42", "chaussures de sport femme, 42", False),
        ("pagne wax 6 yards, rouge", "pagne wax 6 yards, rose", False),
        ("iphone 11 64 go neuf", "iphone 11 64 go venu", False),
        ("sandales en cuir", "sandale cuir", True),
    ],
)
def test_names_of_equal_goods(one, other, is_same):
    assert moving.is_alike(one, other) is is_same


def test_the_offer_says_shop_price_delivery_and_difference(db, terms, part, same, essi):
    offer = offer_for(db, terms, part)
    assert (offer.vendor.id, offer.goods, offer.delivery, offer.difference) == (essi, 54_000, 500, 1_500)
    assert [(line.product_id, line.quantity, line.price) for line in offer.lines] == [(same.id, 3, 18_000)]


@pytest.mark.parametrize(
    "why", ["too few", "closed", "unlisted", "another unit", "another category", "another condition", "in the order"]
)
def test_what_is_not_equal_or_cannot_be_had_is_not_offered(db, terms, part, same, essi, placed, why):
    match why:
        case "too few":
            db.run("update stock set on_hand = 2 where id = %(id)s", id=same.stock_id)
        case "closed":
            db.run("update vendor set is_open = false where id = %(id)s", id=essi)
        case "unlisted":
            db.run("update product set is_listed = false where id = %(id)s", id=same.id)
        case "another unit":
            db.run("update product set unit = 'bol' where id = %(id)s", id=same.id)
        case "another condition":
            db.run("update product set condition = 'venu' where id = %(id)s", id=same.id)
        case "another category":
            db.run(
                "with made as (insert into category (slug, names, place) values ('x', '{}', 9) returning id)"
                " update product set category_id = made.id from made where product.id = %(id)s",
                id=same.id,
            )
        case _:
            db.run(
                "insert into vendor_order (order_id, vendor_id, goods, delivery, delivery_code)"
                " values (%(order)s, %(shop)s, 0, 0, '1234')",
                order=placed.order_id,
                shop=essi,
            )
    assert offer_for(db, terms, part) is None
    before = everything(db)
    assert move(db, terms, part) == "gone"
    assert everything(db) == before


def test_an_equal_name_goes_before_a_near_one_and_a_lower_price_before_a_higher(db, terms, part):
    near = make_good(db, make_vendor(db, "near"), "Riz parfumés 25 kg", price=10_000)
    cheap = make_good(db, make_vendor(db, "cheap"), "Riz parfumé 25 kg", price=17_000)
    assert offer_for(db, terms, part).lines[0].product_id == cheap.id
    db.run("update product set is_listed = false where name = 'Riz parfumé 25 kg'")
    assert offer_for(db, terms, part).lines[0].product_id == near.id


def test_another_shop_must_have_every_line(db, terms, yawa, rice, essi, same):
    maize = make_good(db, yawa, "Maïs blanc", price=800)
    (part,) = order(db, terms, (rice, 1), (maize, 1)).vendor_order_ids
    assert offer_for(db, terms, part) is None
    make_good(db, essi, "Maïs blanc", price=900)
    assert [line.name for line in offer_for(db, terms, part).lines] == ["Riz parfumé 25 kg", "Maïs blanc"]


def test_a_silent_shops_part_moves_with_its_units(db, terms, placed, part, rice, same, essi):
    assert move(db, terms, part) == "moved"
    new = db.value("select id from vendor_order where vendor_id = %(shop)s", shop=essi)
    assert (state_of(db, part), state_of(db, new)) == ("expired", "placed")
    assert (figures_of(db, rice), figures_of(db, same)) == ((10, 0, 0), (6, 0, 3))
    view = order_view(db, placed.order_id)
    assert view.total == view.due == 54_500
    assert db.facts == [PartMoved(placed.order_id, part, True, new)]
    assert db.value("select count(*) from part_due where vendor_order_id = %(id)s", id=new) == 2
    assert is_sound(db)
    before = everything(db)
    assert move(db, terms, part) == "over"
    assert everything(db) == before


def test_a_refused_part_moves_too(db, terms, placed, part, rice, same, essi):
    progress.refuse(db, part, [rice.vendor_id], "shortage", cause(50))
    db.facts.clear()
    assert move(db, terms, part) == "moved"
    assert state_of(db, part) == "refused"
    assert (figures_of(db, rice), figures_of(db, same)) == ((10, 0, 0), (6, 0, 3))
    assert db.facts[0].was_waiting is False
    assert is_sound(db)


@pytest.mark.parametrize(
    "state, answer",
    [
        ("accepted", "answered"),
        ("ready", "answered"),
        ("handed_over", "answered"),
        ("delivered", "answered"),
        ("cancelled", "over"),
        ("expired", "over"),
        ("returned", "over"),
    ],
)
def test_in_every_other_state_nothing_moves(db, terms, part, state, answer):
    set_state(db, part, state)
    before = everything(db)
    assert move(db, terms, part) == answer
    assert everything(db) == before


def test_another_offer_than_the_one_confirmed_moves_nothing(db, terms, part, essi):
    before = everything(db)
    assert move(db, terms, part, seen=1) == "again"
    assert move(db, terms, part, vendor=essi + 1) == "again"
    assert move(db, terms, part, contact=8) == "not_yours"
    assert everything(db) == before


def test_after_24_hours_the_part_has_ended(db, terms, part):
    advance(db, 86_400)
    assert move(db, terms, part) == "over"
    assert expiry.expire_unanswered(db) == 1
    assert state_of(db, part) == "expired"


def test_a_move_and_an_answer_at_once_one_of_them_wins_and_stock_is_exact(crowd, terms):
    with crowd.unit_of_work() as db:
        yawa, essi = make_vendor(db), make_vendor(db, "boutique_essi")
        rice, same = make_good(db, yawa, on_hand=50), make_good(db, essi, on_hand=50)
        parts = [order(db, terms, (rice, 2), contact=contact).vendor_order_ids[0] for contact in range(1, 9)]

    def work(task):
        contact, who = task
        with crowd.unit_of_work() as db:
            if who == "vendor":
                return progress.accept(db, parts[contact - 1], [yawa], cause(50))
            return move(db, terms, parts[contact - 1], contact=contact)

    tasks = [(contact, who) for contact in range(1, 9) for who in ("vendor", "buyer")]
    answers = dict(zip(tasks, run_together(work, tasks), strict=True))
    moved = [contact for contact in range(1, 9) if answers[contact, "buyer"] == "moved"]
    for contact in range(1, 9):
        both = answers[contact, "vendor"], answers[contact, "buyer"]
        assert both in (("done", "gone"), ("done", "answered"), ("expired", "moved"))
    with crowd.unit_of_work() as db:
        assert figures_of(db, rice) == (50, 0, 2 * (8 - len(moved)))
        assert figures_of(db, same) == (50, 0, 2 * len(moved))
        assert is_sound(db)


def test_equal_goods_are_found_by_the_index_of_words(db, terms, part, essi, same):
    db.run(
        "insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, price)"
        " select vendor_id, category_id, stock_id, 'x-' || n, 'Produit ' || n, 'produit ' || n, unit, price"
        " from product, generate_series(1, 5000) n where id = %(id)s",
        id=same.id,
    )
    db.run("analyze product")
    standing = moving.standing(db, part)
    asked, rows = [], db.rows
    db.rows = lambda sql, **values: asked.append((sql, values)) or rows(sql, **values)
    assert moving.another(db, standing, terms).lines[0].product_id == same.id
    sql, values = next((sql, values) for sql, values in asked if "to_tsquery" in sql)
    assert "ix_product_words" in "\n".join(row[0] for row in rows(f"explain {sql}", **values))
