"""A vendor's help for where he is: every question has one, its own or that of its kind."""

import pytest

from bot import texts
from bot.dialogs.vendor.dialog import VENDOR
from bot.dialogs.vendor.helping import TOPICS, topic_of

QUESTIONS = [name for name, state in VENDOR.states.items() if state.kind in ("choose", "pick", "ask")]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_question_has_its_help_in_every_language(name, language):
    assert texts.has(language, f"vendor.help_at.{topic_of(f'vendor.{name}', VENDOR.states)}")


def test_every_question_that_has_a_help_of_its_own_is_in_the_table():
    assert set(TOPICS) - set(QUESTIONS) == set()


@pytest.mark.parametrize(
    ("steps", "topic"),
    [
        (["bonjour"], "Écrivez ce qui change : riz 20, prix huile 1200."),
        (["maïs blanc 8"], "Répondez oui ou non."),
        (["stock maïs blanc"], "Touchez un choix, ou tapez son numéro."),
        (["ajouter produit"], "Répondez avec vos mots à la question ci-dessous."),
    ],
)
def test_help_speaks_of_the_open_question_and_asks_it_again(yawa, steps, topic):
    yawa.goes(*steps)
    question = yawa.state
    assert yawa.says("aide").startswith(topic)
    assert (yawa.keys[0], yawa.state) == ("vendor.help", question)
