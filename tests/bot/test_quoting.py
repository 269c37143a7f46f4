"""An answer to an older bubble means what that bubble showed: its product, or the row of its number."""

import pytest

from bot.dialogs.buyer.dialog import BUYER
from tests.bot.stall import AWA, Stall
from tests.catalog.market import make_category, make_good, make_vendor


@pytest.fixture
def awa(clean_database, redis_url, redis, config):
    """A buyer whose bubbles have been sent: `answers(words, to)` quotes one of them by a part of its words."""
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config, dialog=BUYER)
    with clean_database.unit_of_work() as db:
        shop, grains = make_vendor(db), make_category(db, "cereales")
        for name, price in (("Riz parfumé 25 kg", 17_500), ("Riz parfumé 5 kg", 3_500), ("Maïs blanc", 800)):
            make_good(db, shop, name, price=price, category=grains)
    return Talk(stall)


class Talk:
    """One person's talk; every bubble has an id at the provider once it is sent."""

    def __init__(self, stall):
        self.stall = stall

    def says(self, words, to=""):
        """Type something, as an answer to the newest bubble that holds `to`; the words that come back."""
        before = self.stall.value("select coalesce(max(id), 0) from outbox")
        self.stall.says(AWA, words, replied_to=self._sent(to) if to else "")
        self.stall.takes()
        self.stall.run("update outbox set state = 'sent', provider_id = 'SM' || id where provider_id is null")
        rows = self.stall.rows("select bubble->>'body' as body from outbox where id > %(id)s order by id", id=before)
        return "\n\n".join(row.body for row in rows).replace("\u00a0", " ")

    def _sent(self, words):
        return self.stall.value(
            "select provider_id from outbox where strpos(bubble->>'body', %(words)s) > 0 order by id desc limit 1",
            words=words,
        )

    def goes(self, *words):
        for one in words:
            self.says(one)
        return self

    @property
    def basket(self):
        rows = self.stall.rows(
            "select p.name, l.quantity from basket_line l join product p on p.id = l.product_id order by l.id"
        )
        return [(row.name, row.quantity) for row in rows]


CARDS = ("je cherche maïs blanc", "je cherche riz parfumé 25 kg")


def test_how_much_as_an_answer_to_an_older_card_tells_its_price(awa):
    awa.goes(*CARDS)
    assert awa.says("combien ?", to="Maïs blanc").startswith("Maïs blanc\n800 F CFA (sac)")
    assert awa.says("combien ?").startswith("Maïs blanc")


@pytest.mark.parametrize("words", ["je prends 2", "2", "deux svp"])
def test_a_quantity_as_an_answer_to_an_older_card_orders_that_product(awa, words):
    awa.goes(*CARDS)
    assert awa.says(words, to="Maïs blanc").startswith("2 × Maïs blanc (sac) : 1 600 F CFA.")
    awa.says("oui")
    assert awa.basket == [("Maïs blanc", 2)]


@pytest.mark.parametrize("words", ["ça", "celui-ci", "oui", "👍"])
def test_this_one_as_an_answer_to_an_older_card_shows_that_product(awa, words):
    awa.goes(*CARDS, "je veux 3 riz parfumé 5 kg")
    assert awa.says(words, to="Maïs blanc").startswith("Maïs blanc\n800 F CFA (sac)")
    assert awa.basket == []


def test_a_yes_to_the_open_proposal_itself_is_its_answer(awa):
    awa.goes("je cherche maïs blanc", "je veux 3 riz parfumé 5 kg")
    awa.says("oui", to="3 × Riz parfumé 5 kg")
    assert awa.basket == [("Riz parfumé 5 kg", 3)]


def test_the_number_of_a_row_as_an_answer_to_an_older_list_opens_that_row(awa):
    awa.goes("mode texte", "je cherche riz", "je cherche maïs blanc")
    second = awa.stall.rows(
        "select bubble->'offers'->1->>'title' as title from outbox where bubble->>'body' like 'Voici%%' limit 1"
    )[0].title
    assert awa.says("2", to="Voici ce que nous avons trouvé").startswith(second)


def test_what_is_not_about_the_product_is_understood_as_ever(awa):
    awa.goes(*CARDS)
    assert awa.says("panier", to="Maïs blanc").startswith("Votre panier est vide.")
    assert awa.says("je veux 1 riz parfumé 5 kg", to="Maïs blanc").startswith("1 × Riz parfumé 5 kg")


def test_an_answer_to_a_bubble_that_is_not_known_is_an_answer_to_nothing(awa):
    awa.goes(*CARDS)
    awa.stall.says(AWA, "combien ?", replied_to="SMunknown")
    awa.stall.takes()
    assert awa.stall.said(AWA)[-1].startswith("Riz parfumé 25 kg")
