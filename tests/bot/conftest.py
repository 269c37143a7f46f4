"""What tests of the dialogs share: a small market and the people in it."""

import pytest

from tests.bot.chat import Chat
from tests.bot.stall import AWA, KOSSI, Stall
from tests.catalog.crowd import crowded
from tests.catalog.market import make_category, make_good, make_vendor


@pytest.fixture
def market(db):
    """Two shops, three sections; returns the goods by a short name."""
    yawa, kossi = make_vendor(db, "maman_yawa"), make_vendor(db, "tonton_kossi", at=(6.1900, 1.2200))
    grains, groceries = make_category(db, "cereales", 1), make_category(db, "epicerie", 2)
    return {
        "rice": make_good(db, yawa, "Riz parfumé 25 kg", on_hand=10, price=17_500, category=grains),
        "small rice": make_good(db, yawa, "Riz parfumé 5 kg", on_hand=0, price=3_500, category=grains),
        "maize": make_good(db, yawa, "Maïs blanc", on_hand=3, price=800, category=grains),
        "oil": make_good(db, kossi, "Huile végétale 1 L", on_hand=5, price=1_200, category=groceries),
    }


@pytest.fixture
def crowd(clean_database, database_url):
    """The clean database, with room for a race."""
    with crowded(database_url) as database:
        yield database


@pytest.fixture
def awa(db, config, market):
    """A buyer who is new."""
    return Chat(db, config, "+22890000001")


@pytest.fixture
def yawa(db, config, market):
    """The vendor of the first shop."""
    return Chat(db, config, "+22890000101", "Yawa Adjo", roles=[("vendor", market["rice"].vendor_id)])


@pytest.fixture
def chief(db, config, market):
    """An organizer."""
    return Chat(db, config, "+22890000999", "Chef", roles=[("organizer", None)])


@pytest.fixture
def ordered(awa):
    """Awa's order of two sacks of rice; returns (order id, part id, code without TG-)."""
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "be kpota derriere la pharmacie")
    awa.goes("[Moi-même]", "[Mon numéro]", "[Confirmer]")
    row = awa.db.one('select o.id, o.code, v.id as part from "order" o join vendor_order v on v.order_id = o.id')
    return row.id, row.part, row.code.removeprefix("TG-")


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    """A stall with two open chats."""
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config)
    stall.opens(AWA, KOSSI)
    yield stall
    clean_database.reactions = []


@pytest.fixture
def posting(stall, redis):
    """A sending side whose sender's bucket is full."""
    redis.hset(f"bucket:sender:{stall.account.key}", mapping={"tokens": 80, "at": 0})
    redis.hset(f"bucket:sender:{stall.account.key}:bulk", mapping={"tokens": 56, "at": 0})
    posting = stall.new_posting()
    yield posting
    posting.threads.shutdown()
