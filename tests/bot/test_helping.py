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
    ("who", "steps", "topic"),
    [
        ("awa", ["bonjour"], "Écrivez ce que vous cherchez, par exemple : savon."),
        ("awa", ["produits"], "Touchez un produit, ou tapez son numéro."),
        ("awa", ["je veux du riz parfumé 25 kg", "[Ajouter au panier]"], "Écrivez un nombre, par exemple : 2."),
        ("awa", ["2 riz parfumé 25 kg", "oui", "commander"], "Écrivez le nom du quartier, ou envoyez votre position."),
        ("awa", ["2 riz parfumé 25 kg", "oui", "commander", "agoe"], "Écrivez un endroit que tout le monde connaît"),
        ("awa", ["langue"], "Touchez un choix, ou tapez son numéro."),
        ("yawa", ["bonjour"], "Écrivez ce qui change : riz 20, prix huile 1200."),
        ("yawa", ["maïs blanc 8"], "Répondez oui ou non."),
        ("yawa", ["stock maïs blanc"], "Touchez un choix, ou tapez son numéro."),
        ("yawa", ["ajouter produit"], "Répondez avec vos mots à la question ci-dessous."),
    ],
)
def test_help_speaks_of_the_open_question_and_asks_it_again(request, who, steps, topic):
    chat = request.getfixturevalue(who)
    chat.goes(*steps)
    question = chat.state
    assert chat.says("aide").startswith(topic)
    assert (chat.keys[0], chat.state) == ({"awa": "buyer.help", "yawa": "vendor.help"}[who], question)
