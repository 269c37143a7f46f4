"""English is offered on a sure sign only: no French message is taken for it."""

import pytest

from bot.english import is_english
from tests.bot.understanding.test_hearing import table


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "Good morning", "good evening sir", "i want 2 bags of rice", "how much is the rice ?"),
        *("do you have soap", "where is my order", "what can i buy here", "please help me"),
    ],
)
def test_a_whole_message_in_english_is_one(text):
    assert is_english(text)


@pytest.mark.parametrize(
    "text", ["hi", "ok", "the", "thé", "help", "i", "2", "", "no", "hello je veux du riz", "a" * 300]
)
def test_what_may_be_french_is_none(text):
    assert not is_english(text)


@pytest.mark.parametrize("role", ["buyer", "vendor", "organizer"])
def test_of_all_that_people_write_in_french_nothing_is_taken_for_english(role):
    english = {message for message, _ in table(role) if is_english(message)}
    assert all(set(message.lower().split()) & {"hello", "good", "thank", "you", "thanks", "my"} for message in english)
    assert len(english) <= 8
