"""What tests of orders share."""

import pytest

from base.config import Market
from base.secret import Secret
from base.timing import Timing
from catalog.stock import Cause
from orders.terms import Terms
from tests.catalog.crowd import crowded
from tests.catalog.market import make_good, make_vendor


@pytest.fixture
def crowd(clean_database, database_url):
    """The clean database, with room for a race."""
    with crowded(database_url) as database:
        yield database


@pytest.fixture
def terms():
    return Terms.of(Secret("a key for tests only"), Timing(), Market().delivery_bands)


@pytest.fixture
def by():
    return Cause(contact_id=7, inbox_id=70)


@pytest.fixture
def yawa(db):
    return make_vendor(db, "maman_yawa")


@pytest.fixture
def kossi(db):
    """Four to eight kilometres from Bè-Kpota."""
    return make_vendor(db, "tonton_kossi", at=(6.1900, 1.2200))


@pytest.fixture
def rice(db, yawa):
    return make_good(db, yawa, "Riz parfumé 25 kg", on_hand=10, price=17_500)


@pytest.fixture
def oil(db, kossi):
    return make_good(db, kossi, "Huile végétale 1 L", on_hand=5, price=1_200)
