"""Help for where one is: every question has one, its own or that of its kind."""

import pytest

from bot import texts
from bot.dialogs.buyer import helping as buyers
from bot.dialogs.buyer.dialog import BUYER
from bot.dialogs.helping import topic_of
from bot.dialogs.vendor import helping as vendors
from bot.dialogs.vendor.dialog import VENDOR

TOPICS = {"buyer": buyers.TOPICS, "vendor": vendors.TOPICS}
QUESTIONS = [
    (dialog, name)
    for dialog in (BUYER, VENDOR)
    for name, state in dialog.states.items()
    if state.kind in ("choose", "pick", "ask")
]


def topic(dialog, question):
    return topic_of(question, dialog.name, TOPICS[dialog.name], dialog.states)


@pytest.mark.parametrize(("dialog", "name"), QUESTIONS, ids=[f"{dialog.name}.{name}" for dialog, name in QUESTIONS])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_question_has_its_help_in_every_language(dialog, name, language):
    assert texts.has(language, f"{dialog.name}.help_at.{topic(dialog, f'{dialog.name}.{name}')}")


def test_every_question_that_has_a_help_of_its_own_is_in_the_table():
    named = {(hat, name) for hat, topics in TOPICS.items() for name in topics}
    assert named - {(dialog.name, name) for dialog, name in QUESTIONS} == set()


def test_where_nothing_is_asked_one_is_told_to_write_what_one_looks_for():
    for nowhere in ("", "buyer.noted", "buyer.of_long_ago", "vendor.menu"):
        assert topic(BUYER, nowhere) == "menu"
    assert topic(VENDOR, "buyer.card") == "menu"


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


@pytest.mark.parametrize(
    ("steps", "topic"),
    [
        (["bonjour"], "Écrivez ce qui change : riz 20, prix huile 1200."),
        (["maïs blanc 8"], "Répondez oui ou non."),
        (["stock maïs blanc"], "Touchez un choix, ou tapez son numéro."),
        (["ajouter produit"], "Répondez avec vos mots à la question ci-dessous."),
    ],
)
def test_a_vendors_help_speaks_of_the_open_question_and_asks_it_again(yawa, steps, topic):
    yawa.goes(*steps)
    question = yawa.state
    assert yawa.says("aide").startswith(topic)
    assert (yawa.keys[0], yawa.state) == ("vendor.help", question)
