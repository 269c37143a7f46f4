"""Help for where one is: every question has one, its own or that of its kind."""

import pytest

from bot import texts
from bot.dialogs.buyer.dialog import BUYER
from bot.dialogs.buyer.helping import TOPICS, topic_of

QUESTIONS = [name for name, state in BUYER.states.items() if state.kind in ("choose", "pick", "ask")]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_question_has_its_help_in_every_language(name, language):
    assert texts.has(language, f"buyer.help_at.{topic_of(f'buyer.{name}', BUYER.states)}")


def test_every_question_that_has_a_help_of_its_own_is_in_the_table():
    assert set(TOPICS) - set(QUESTIONS) == set()


def test_where_nothing_is_asked_one_is_told_to_write_what_one_looks_for():
    for nowhere in ("", "buyer.noted", "buyer.of_long_ago", "vendor.menu"):
        assert topic_of(nowhere, BUYER.states) == "menu"


@pytest.mark.parametrize(
    ("steps", "topic"),
    [
        (["bonjour"], "Écrivez ce que vous cherchez, par exemple : savon."),
        (["produits"], "Touchez un produit, ou tapez son numéro."),
        (["je veux du riz parfumé 25 kg", "[Ajouter au panier]"], "Écrivez un nombre, par exemple : 2."),
        (["2 riz parfumé 25 kg", "oui", "commander"], "Écrivez le nom du quartier, ou envoyez votre position."),
        (["2 riz parfumé 25 kg", "oui", "commander", "agoe"], "Écrivez un endroit que tout le monde connaît"),
        (["langue"], "Touchez un choix, ou tapez son numéro."),
    ],
)
def test_help_speaks_of_the_open_question_and_asks_it_again(awa, steps, topic):
    awa.goes(*steps)
    question = awa.state
    assert awa.says("aide").startswith(topic)
    assert (awa.keys[0], awa.state) == ("buyer.help", question)
