"""A vendor says what bringing his goods costs: it is shown, counts after a yes, and other places stay as they were."""

import pytest

from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import plain


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
        "Pour les changer, écrivez par exemple : livraison Agoè 1000, Bè 500."
    )
    assert zones_of(db, market) == (None, None)


def test_a_helper_is_told_who_may(db, config, market, yawa):
    helper = Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])
    helper.goes("bonjour", "livraison agoe 1000 be 500")
    assert (helper.keys[0], zones_of(db, market)) == ("vendor.not_allowed", (None, None))
