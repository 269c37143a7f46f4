"""What is said after an order by itself, to whom, with which doors, and what it never says."""

import pytest

from base import facts as base_facts
from base.hours import DAYS, read_hours
from bot import attention
from bot.dialogs.means import terms_of
from bot.taps import read_tap
from catalog.stock import Cause
from orders import changing, complaints, due, moving, progress, shops
from orders.changing import Wish
from tests.bot.test_notices import BUYER, CHIEF, YAWA, Shop, kinds
from tests.catalog.market import make_good, make_vendor
from tests.orders.buying import advance

ALWAYS = read_hours(dict.fromkeys(DAYS, ("00:00-24:00",)))
NBSP = "\u00a0"


@pytest.fixture
def shop(db, config):
    made = Shop(db, config)
    made.hires(YAWA)
    shops.set_hours(db, [made.vendor], ALWAYS, ALWAYS)
    return made


def say(shop):
    """The worker's job, and what follows from it."""
    due.tell(shop.db, ALWAYS)
    base_facts.react(shop.db, shop.reactions)


def new_to(shop, phone, after):
    return [
        (notice.bubble.body, [offer.title for offer in notice.bubble.offers]) for notice in shop.told(phone)[after:]
    ]


def by_buyer(shop):
    return Cause(shop.buyer.contact_id, None)


def elsewhere(shop, price=18_000, slug="boutique_essi"):
    other = make_vendor(shop.db, slug)
    shops.set_hours(shop.db, [other], ALWAYS, ALWAYS)
    return make_good(shop.db, other, "Riz parfumé 25 kg", on_hand=9, price=price)


def test_a_silent_vendor_is_reminded_once_with_his_buttons(shop):
    shop.orders()
    code = shop.part().code
    advance(shop.db, 900)
    say(shop)
    ((words, doors),) = new_to(shop, YAWA, 1)
    assert words.startswith(f"La commande {code} attend votre réponse.\n• 2 × Riz parfumé 25 kg")
    assert doors == ["Accepter", "Refuser", "Accepter une partie"]
    assert shop.told(BUYER) == []
    say(shop)
    assert len(shop.told(YAWA)) == 2


def test_his_buyer_is_offered_the_same_goods_elsewhere_with_price_delivery_and_difference(shop):
    elsewhere(shop)
    shop.orders()
    advance(shop.db, 3600)
    say(shop)
    ((words, doors),) = new_to(shop, BUYER, 0)
    assert words == (
        f"Maman Yawa ne répond pas encore pour la commande {shop.part().code}.\n"
        f"Boutique Essi a la même chose{NBSP}:\n"
        f"• 2 × Riz parfumé 25 kg{NBSP}: 36{NBSP}000{NBSP}F\n"
        f"Livraison{NBSP}: 500{NBSP}F, sous 24 heures\n"
        f"Total{NBSP}: 36{NBSP}500{NBSP}F, 1{NBSP}000{NBSP}F de plus."
    )
    assert doors == ["Autre boutique", "Attendre", "Abandonner"]
    taps = [read_tap(offer.id) for offer in shop.told(BUYER)[0].bubble.offers]
    assert {(tap.is_door, tap.dialog, tap.choice) for tap in taps} == {(True, "buyer", f"p{shop.part().id}")}


@pytest.mark.parametrize("price, told", [(17_000, f"1{NBSP}000{NBSP}F de moins."), (17_500, "le même prix.")])
def test_a_lower_and_an_equal_price_are_said_as_such(shop, price, told):
    elsewhere(shop, price)
    shop.orders()
    advance(shop.db, 3600)
    say(shop)
    assert shop.told(BUYER)[0].bubble.body.endswith(told)


def test_without_equal_goods_he_may_wait_or_let_it_be(shop):
    shop.orders()
    advance(shop.db, 3600)
    say(shop)
    ((words, doors),) = new_to(shop, BUYER, 0)
    assert "Aucune autre boutique ne peut servir cela ici." in words
    assert doors == ["Attendre", "Abandonner"]


def test_a_refusal_offers_another_shop_where_there_is_one(shop):
    elsewhere(shop)
    shop.orders()
    progress.refuse(shop.db, shop.part().id, [shop.vendor], "shortage", by_buyer(shop))
    shop.react()
    ((words, doors),) = new_to(shop, BUYER, 0)
    assert words.startswith("Maman Yawa ne peut pas servir votre commande")
    assert "Boutique Essi a la même chose" in words
    assert doors == ["Autre boutique", "Suivre"]


def test_a_moved_part_is_told_to_both_shops(shop):
    good = elsewhere(shop)
    placed = shop.orders()
    part = moving.standing(shop.db, placed.vendor_order_ids[0])
    terms = terms_of(shop.config)
    offer = moving.another(shop.db, part, terms)
    moved = moving.move(
        shop.db, part.part_id, shop.buyer.contact_id, good.vendor_id, by_buyer(shop), terms, total_seen=offer.total
    )
    assert moved == "moved"
    shop.react()
    ((words, doors),) = new_to(shop, YAWA, 1)
    assert (words.endswith("Ne la préparez plus."), doors) == (True, [])
    assert kinds(shop.db) == ["vendor_unreachable"]  # nobody of the new shop was ever here


def test_a_change_says_what_is_otherwise_and_can_be_answered(shop):
    placed = shop.orders(quantity=2)
    line = shop.db.value("select id from order_line")
    wish = Wish({line: 1})
    terms = terms_of(shop.config)
    total = changing.plan(shop.db, placed.order_id, wish, terms).total
    outcome = changing.change_order(
        shop.db, placed.order_id, shop.buyer.contact_id, wish, by_buyer(shop), terms, total_seen=total
    )
    assert outcome == "changed"
    shop.react()
    ((words, doors),) = new_to(shop, YAWA, 1)
    assert words.startswith(f"Commande {placed.code} changée{NBSP}:\n• Riz parfumé 25 kg{NBSP}: 1 au lieu de 2\n")
    assert doors == ["Accepter", "Refuser"]


def test_a_late_shop_is_reminded_gently_and_the_organizers_list_has_it_once(shop):
    shop.orders()
    progress.accept(shop.db, shop.part().id, [shop.vendor], by_buyer(shop), ALWAYS)
    shop.react()
    advance(shop.db, 86_400)
    say(shop)
    ((words, doors),) = new_to(shop, YAWA, 1)
    assert words.startswith(f"La commande {shop.part().code} est attendue.")
    assert doors == ["Remis au livreur"]
    assert kinds(shop.db) == []
    advance(shop.db, 86_400)
    say(shop)
    say(shop)
    assert kinds(shop.db) == ["part_late"]
    assert len(shop.told(YAWA)) == 2


def test_a_complaint_goes_to_a_person_and_to_the_shop_without_any_phone(shop):
    shop.orders()
    about = complaints.subject(shop.db, shop.part().id, shop.buyer.contact_id)
    complaints.complain(shop.db, about, "spoiled", "le riz est gâté, appelez 90 11 22 33", by_buyer(shop))
    shop.react()
    ((words, doors),) = new_to(shop, YAWA, 1)
    assert f"«{NBSP}le riz est gâté, appelez …{NBSP}»" in words
    assert not any(digits in words for digits in ("90 11", BUYER[-8:]))
    assert doors == []
    (line,) = attention.open_items(shop.db)
    assert (line.kind, line.contact_id) == ("complaint", shop.buyer.contact_id)
    assert len(shop.told(CHIEF)) == 1


def test_settling_its_line_closes_a_complaint_and_tells_the_buyer_once(shop):
    shop.orders()
    about = complaints.subject(shop.db, shop.part().id, shop.buyer.contact_id)
    complaints.complain(shop.db, about, "late", "trop tard", by_buyer(shop))
    shop.react()
    (line,) = attention.open_items(shop.db)
    assert attention.settle(shop.db, [line.id], None) == {line.id}
    shop.react()
    assert attention.settle(shop.db, [line.id], None) == set()
    shop.react()
    ((words, doors),) = new_to(shop, BUYER, 0)
    assert words.startswith(f"Votre réclamation sur la commande {shop.part().code} est réglée.")
    assert doors == ["Suivre"]
    assert complaints.of_order(shop.db, about.order_id)[0].settled_at is not None


@pytest.fixture
def prepaid(shop):
    """An order of 20,000 F CFA by bus, all of it paid before; its part."""
    shop.orders()
    shop.db.run("update \"order\" set way = 'parcel', quarter = 'kara'")
    shop.db.run("update vendor_order set prepaid = goods + delivery")
    attention.ask(shop.db, "payment_to_arrange", {"vendor_order": shop.part().id, "contact": shop.buyer.contact_id})
    return shop.part()


def settle(shop, kind):
    """As the organizers' list or `cli.py attention --settle` does it."""
    (line,) = [item.id for item in attention.open_items(shop.db) if item.kind == kind]
    attention.settle(shop.db, [line], None)
    shop.react()


def test_a_settled_payment_lets_the_parcel_leave_and_both_hear_it(shop, prepaid):
    progress.accept(shop.db, prepaid.id, [shop.vendor], Cause(None, None))
    shop.react()
    settle(shop, "payment_to_arrange")
    to_buyer = [words for words, _ in new_to(shop, BUYER, 0)]
    assert to_buyer[0].splitlines()[1] == "Le colis part quand le paiement est arrangé."
    assert to_buyer[1].startswith(f"Le paiement de votre commande {prepaid.code} est arrangé. Elle peut partir")
    assert new_to(shop, YAWA, 1) == [
        (f"Commande {prepaid.code}{NBSP}: le paiement d'avance est arrangé. Vous pouvez l'envoyer.", [])
    ]
    assert not shop.part().is_unpaid


def test_a_payment_that_is_arranged_before_the_shop_accepts_lets_nothing_leave_yet(shop, prepaid):
    settle(shop, "payment_to_arrange")
    ((to_buyer, _),) = new_to(shop, BUYER, 0)
    assert to_buyer.endswith(" doit encore l'accepter.")
    ((to_shop, _),) = new_to(shop, YAWA, 1)
    assert to_shop.endswith("Il reste à l'accepter.")


@pytest.mark.parametrize("ending", ["refuse", "cancel"])
def test_what_was_paid_for_a_parcel_that_ends_is_given_back_by_a_person(shop, prepaid, ending):
    settle(shop, "payment_to_arrange")
    if ending == "refuse":
        progress.refuse(shop.db, prepaid.id, [shop.vendor], "closed", Cause(None, None))
    else:
        progress.cancel_order(shop.db, prepaid.order_id, shop.buyer.contact_id, by_buyer(shop))
    shop.react()
    assert kinds(shop.db)[-1] == "refund_to_arrange"
    amount = f"{prepaid.prepaid // 1000} {prepaid.prepaid % 1000:03}".replace(" ", NBSP) + f"{NBSP}F{NBSP}CFA"
    words = [said for said, _ in new_to(shop, BUYER, 0)]
    assert [w for w in words if "aviez payé" in w] == [
        f"Commande {prepaid.code}{NBSP}: vous aviez payé {amount}.\n"
        "Une personne vous appelle pour vous rendre cet argent."
    ]
    settle(shop, "refund_to_arrange")
    assert new_to(shop, BUYER, len(words))[0][0].startswith(
        f"Commande {prepaid.code}{NBSP}: les {amount} que vous aviez payés"
    )
    settled = shop.db.value("select count(*) from attention where settled_at is null")
    assert settled == 0


def test_what_was_received_and_comes_back_is_paid_back_whole_once(shop):
    shop.orders()
    part, shops, nobody = shop.part(), [shop.vendor], Cause(None, None)
    code = shop.db.value("select delivery_code from vendor_order")
    progress.accept(shop.db, part.id, shops, nobody)
    progress.hand_over(shop.db, part.id, shops, nobody)
    progress.deliver(shop.db, part.id, shops, code, nobody)
    assert (shop.part().paid, shop.part().owed) == (part.total, 0)
    progress.take_back(shop.db, part.id, shops, nobody)
    shop.react()
    assert (shop.part().owed, kinds(shop.db)) == (part.total, ["refund_to_arrange"])
    settle(shop, "refund_to_arrange")
    assert (shop.part().owed, attention.open_items(shop.db)) == (0, [])
    assert not progress.note_returned(shop.db, part.id, nobody)


def test_what_was_refused_at_the_door_was_never_paid(shop):
    shop.orders()
    part, shops, nobody = shop.part(), [shop.vendor], Cause(None, None)
    progress.accept(shop.db, part.id, shops, nobody)
    progress.hand_over(shop.db, part.id, shops, nobody)
    progress.take_back(shop.db, part.id, shops, nobody)
    shop.react()
    assert (shop.part().owed, kinds(shop.db)) == (0, [])


def test_a_silent_shops_parcel_is_offered_elsewhere_with_what_is_paid_before(shop, prepaid):
    elsewhere(shop)
    advance(shop.db, 3600)
    say(shop)
    ((words, doors),) = new_to(shop, BUYER, 0)
    fee = shop.config.market.parcel_fee
    whole = f"{(36_000 + fee) // 1000}{NBSP}{(36_000 + fee) % 1000:03}{NBSP}F"
    assert words.endswith(f"de plus.\nDont {whole} avant l'envoi.")
    assert doors == ["Autre boutique", "Attendre", "Abandonner"]
    terms = terms_of(shop.config)
    standing = moving.standing(shop.db, prepaid.id)
    offer = moving.another(shop.db, standing, terms)
    seen = {"total_seen": offer.total, "prepaid_seen": offer.prepaid}
    moved = moving.move(shop.db, prepaid.id, shop.buyer.contact_id, offer.vendor.id, by_buyer(shop), terms, **seen)
    shop.react()
    new = shop.db.one(
        "select prepaid, goods + delivery as total, arranged_at from vendor_order order by id desc limit 1"
    )
    assert (moved, new.prepaid, new.total, new.arranged_at) == ("moved", 36_000 + fee, 36_000 + fee, None)
    assert kinds(shop.db).count("payment_to_arrange") == 2


def test_a_parcel_that_ends_unpaid_is_no_debt_and_its_line_tells_nobody(shop, prepaid):
    progress.cancel_order(shop.db, prepaid.order_id, shop.buyer.contact_id, by_buyer(shop))
    shop.react()
    assert kinds(shop.db) == ["payment_to_arrange"]
    before = len(shop.told(BUYER))
    settle(shop, "payment_to_arrange")
    assert len(shop.told(BUYER)) == before


@pytest.mark.parametrize("way, where", [("pickup", "Le client vient chercher."), ("parcel", "Colis par car pour Kara")])
def test_the_reminder_tells_how_it_reaches_its_buyer(shop, way, where):
    shop.orders()
    shop.db.run("update \"order\" set way = %(way)s, quarter = 'kara'", way=way)
    advance(shop.db, 900)
    say(shop)
    ((words, _),) = new_to(shop, YAWA, 1)
    assert words.splitlines()[2] == where
