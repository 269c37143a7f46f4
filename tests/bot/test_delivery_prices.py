"""A vendor says what bringing his goods costs, and what is paid at the door: it is shown, counts after a yes, and is
taken back; other terms stay as they were."""

import pytest

from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import plain
from tests.catalog.market import figures_of


def zones_of(db, market):
    row = db.one("select delivery_zones, unserved from vendor where id = %(id)s", id=market["rice"].vendor_id)
    return row.delivery_zones, row.unserved


def settle(db, market, zones, unserved):
    db.run(
        "update vendor set delivery_zones = %(zones)s::jsonb, unserved = %(unserved)s::jsonb where id = %(id)s",
        zones=zones,
        unserved=unserved,
        id=market["rice"].vendor_id,
    )


@pytest.mark.parametrize(
    "said", ["livraison agoe 1000 be 500", "livraison agoe 1000, be 500", "je livre à agoe 1000 et be 500"]
)
def test_prices_are_shown_and_count_after_a_yes(yawa, market, db, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == "Livraison, Maman Yawa :\n• Agoè-Nyivé : 1 000 F\n• Bè : 500 F\nC'est bon ?"
    assert zones_of(db, market) == (None, None)
    yawa.says("oui")
    assert plain(yawa) == ("C'est noté. Vos prix de livraison, Maman Yawa :\n• Agoè-Nyivé : 1 000 F\n• Bè : 500 F")
    assert zones_of(db, market) == ({"agoe-nyive": 1000, "be": 500}, None)


def test_other_places_stay_and_a_place_that_has_a_price_is_served(yawa, market, db):
    settle(db, market, '{"be": 700, "tokoin": 300}', '["agoe-nyive", "baguida"]')
    yawa.goes("bonjour", "livraison agoe 1000 be 500", "oui")
    assert zones_of(db, market) == ({"agoe-nyive": 1000, "be": 500, "tokoin": 300}, ["baguida"])


@pytest.mark.parametrize("said", ["livraison agoe 1000 be 500"])
def test_a_no_changes_nothing(yawa, market, db, said):
    yawa.goes("bonjour", said, "non")
    assert (yawa.keys, zones_of(db, market)) == (["vendor.menu"], (None, None))


def test_a_place_without_a_price_tells_the_prices_and_how_they_are_changed(yawa, market, db):
    yawa.goes("bonjour", "je vend aussi a lomé et tsévié")
    assert plain(yawa) == (
        "Vos prix de livraison, Maman Yawa :\nLes prix du marché, selon la distance.\n"
        "Pour les changer, écrivez par exemple : livraison Agoè 1000, Bè 500.\n"
        "Pour limiter le paiement à la livraison : cod max 20000."
    )
    assert zones_of(db, market) == (None, None)


def test_a_helper_is_told_who_may(db, config, market, yawa):
    helper = Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])
    helper.goes("bonjour", "livraison agoe 1000 be 500")
    assert (helper.keys[0], zones_of(db, market)) == ("vendor.not_allowed", (None, None))


def a_while_ago(db):
    """What was changed before is older than what comes: a test's one transaction has one moment."""
    for change in (
        "adjustment set applied_at = applied_at",
        "promotion set made_at = made_at",
        "terms_change set made_at = made_at",
    ):
        db.run(f"update {change} - interval '1 minute'")


def test_a_change_is_shown_from_what_it_was_and_taken_back_by_annule(yawa, market, db):
    settle(db, market, '{"be": 700, "tokoin": 300}', '["agoe-nyive"]')
    yawa.goes("bonjour", "livraison agoe 1000 be 500")
    assert plain(yawa) == (
        "Livraison, Maman Yawa :\n• Agoè-Nyivé : pas de livraison → 1 000 F\n• Bè : 700 F → 500 F\nC'est bon ?"
    )
    yawa.goes("oui", "annule")
    assert plain(yawa) == (
        "C'est annulé, Maman Yawa :\n• Agoè-Nyivé : 1 000 F → pas de livraison\n• Bè : 500 F → 700 F"
    )
    assert zones_of(db, market) == ({"be": 700, "tokoin": 300}, ["agoe-nyive"])
    yawa.goes("annule")
    assert (yawa.keys[0], zones_of(db, market)) == (
        "vendor.undone_before",
        ({"be": 700, "tokoin": 300}, ["agoe-nyive"]),
    )


def test_annule_takes_back_terms_only_where_no_goods_were_changed_since(yawa, market, db):
    yawa.goes("bonjour", "maïs 20", "oui")
    a_while_ago(db)
    yawa.goes("livraison be 500", "oui")
    a_while_ago(db)
    yawa.goes("maïs 30", "oui", "annule")
    assert plain(yawa) == "C'est annulé.\nMaïs blanc : 30 → 20"
    assert zones_of(db, market)[0] == {"be": 500}


def test_annule_after_terms_never_takes_back_an_older_change_of_goods(yawa, market, db):
    yawa.goes("bonjour", "maïs 20", "oui")
    a_while_ago(db)
    yawa.goes("livraison be 500", "oui", "annule", "annule")
    assert yawa.keys[0] == "vendor.undone_before"
    assert figures_of(db, market["maize"])[0] == 20


def test_a_day_later_terms_are_not_taken_back(yawa, market, db):
    yawa.goes("bonjour", "livraison be 500", "oui")
    db.run("update terms_change set made_at = made_at - interval '25 hours'")
    yawa.goes("annule")
    assert (yawa.keys[0], zones_of(db, market)[0]) == ("vendor.no_undo", {"be": 500})


def test_what_somebody_changed_since_stays(yawa, market, db):
    yawa.goes("bonjour", "livraison agoe 1000 be 500", "oui")
    settle(db, market, '{"agoe-nyive": 1000, "be": 600}', None)
    yawa.goes("annule")
    assert plain(yawa) == (
        "C'est annulé, Maman Yawa :\n• Agoè-Nyivé : 1 000 F → prix du marché\nChangé depuis, je n'y touche pas : Bè"
    )
    assert zones_of(db, market)[0] == {"be": 600}


def test_each_change_is_kept_with_its_message(yawa, market, db):
    settle(db, market, '{"be": 700}', None)
    yawa.goes("bonjour", "livraison agoe 1000 be 500", "oui")
    row = db.one("select what, before, after, contact_id from terms_change")
    assert tuple(row) == (
        "delivery",
        {"agoe-nyive": None, "be": 700},
        {"agoe-nyive": 1000, "be": 500},
        yawa.contact_id,
    )


def cod_of(db, market):
    return db.value("select cod_max from vendor where id = %(id)s", id=market["rice"].vendor_id)


@pytest.mark.parametrize(
    "said",
    ["pas de cod pour plus de 20 mil", "pas de paiement à la livraison au dela de 20000", "cod max 20000",
     "paiement a la livraison jusqu'à 20.000 F", "limite cod 20000", "no cod above 20000"],
)  # fmt: skip
def test_what_may_be_paid_at_the_door_is_set_after_a_yes_and_taken_back(yawa, market, db, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == (
        "Livraison, Maman Yawa :\n• Paiement à la livraison : toute commande → jusqu'à 20 000 F\n"
        "Au-dessus, l'acheteur paie d'avance.\nC'est bon ?"
    )
    assert cod_of(db, market) is None
    yawa.goes("oui")
    assert cod_of(db, market) == 20_000
    yawa.goes("annule")
    assert plain(yawa) == "C'est annulé, Maman Yawa :\n• Paiement à la livraison : jusqu'à 20 000 F → toute commande"
    assert cod_of(db, market) is None


@pytest.mark.parametrize(
    ("said", "after"),
    [("pas de cod", 0), ("plus de paiement a la livraison", 0), ("cod pour tout", None), ("cod sans limite", None),
     ("enlève la limite cod", None)],
)  # fmt: skip
def test_all_is_paid_before_or_anything_at_the_door(yawa, market, db, said, after):
    db.run("update vendor set cod_max = 5000")
    yawa.goes("bonjour", said)
    assert (yawa.keys, cod_of(db, market)) == (["vendor.zones_sure"], 5_000)
    yawa.goes("oui")
    assert cod_of(db, market) == after


@pytest.mark.parametrize("said", ["cod", "pas de cod pour plus de 20", "limite cod"])
def test_what_tells_no_amount_is_shown_how(yawa, market, db, said):
    db.run("update vendor set cod_max = 5000")
    yawa.goes("bonjour", said)
    assert plain(yawa) == (
        "Vos prix de livraison, Maman Yawa :\nLes prix du marché, selon la distance.\n"
        "Paiement à la livraison : jusqu'à 5 000 F.\n"
        "Pour les changer, écrivez par exemple : livraison Agoè 1000, Bè 500.\n"
        "Pour limiter le paiement à la livraison : cod max 20000."
    )
    assert cod_of(db, market) == 5_000


def test_a_helper_sets_no_limit_of_what_is_paid_at_the_door(db, config, market, yawa):
    helper = Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])
    helper.goes("bonjour", "pas de cod pour plus de 20 mil")
    assert (helper.keys[0], cod_of(db, market)) == ("vendor.not_allowed", None)


@pytest.fixture
def both(db, config, market):
    """A vendor of two shops."""
    shops = [market["rice"].vendor_id, market["oil"].vendor_id]
    return Chat(db, config, "+22890000103", "Ama", roles=[("vendor", shop) for shop in shops])


def test_who_has_two_shops_says_of_which_it_is(both, market, db):
    names = [row.name for row in db.rows("select name from vendor order by id")]
    both.goes("bonjour", "livraison be 500")
    assert (both.keys, both.titles) == (["vendor.zones_which"], [*names, "Toutes mes boutiques"])
    both.taps_on(names[1])
    assert plain(both) == f"Livraison, {names[1]} :\n• Bè : 500 F\nC'est bon ?"
    both.goes("oui")
    zones = [row.delivery_zones for row in db.rows("select delivery_zones from vendor order by id")]
    assert zones == [None, {"be": 500}]
    assert plain(both) == (
        f"C'est noté. Vos prix de livraison, {', '.join(names)} :\n"
        f"{names[0]} :\nLes prix du marché, selon la distance.\n{names[1]} :\n• Bè : 500 F"
    )


def test_both_shops_are_set_at_once_and_taken_back_together(both, market, db):
    both.goes("bonjour", "livraison be 500", "[Toutes mes boutiques]", "oui")
    zones = [row.delivery_zones for row in db.rows("select delivery_zones from vendor order by id")]
    assert zones == [{"be": 500}, {"be": 500}]
    both.goes("annule")
    assert both.keys[0] == "vendor.terms_undone"
    assert [row.delivery_zones for row in db.rows("select delivery_zones from vendor order by id")] == [{}, {}]


def test_settings_lead_to_the_prices_of_delivery(yawa, market, db):
    settle(db, market, '{"be": 500}', None)
    yawa.goes("bonjour", "réglages", "[Livraison]")
    assert plain(yawa).startswith("Vos prix de livraison, Maman Yawa :\n• Bè : 500 F\n")


def test_what_differed_between_shops_is_told_shop_by_shop(both, market, db):
    names = [row.name for row in db.rows("select name from vendor order by id")]
    db.run("update vendor set cod_max = 5000 where id = %(id)s", id=market["rice"].vendor_id)
    both.goes("bonjour", "cod max 20000", "[Toutes mes boutiques]")
    assert plain(both) == (
        f"Livraison, {', '.join(names)} :\nPaiement à la livraison : jusqu'à 20 000 F.\n"
        "Au-dessus, l'acheteur paie d'avance.\nC'est bon ?"
    )
    both.goes("oui", "annule")
    assert plain(both) == (
        f"C'est annulé, {', '.join(names)} :\n"
        f"{names[0]} :\n• Paiement à la livraison : jusqu'à 20 000 F → jusqu'à 5 000 F\n"
        f"{names[1]} :\n• Paiement à la livraison : jusqu'à 20 000 F → toute commande"
    )
