"""A broadcast in words: what its summary says before anybody says OUI."""

import pytest

from bot.broadcasts import telling
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Attached, Draft
from tests.bot.broadcasts.people import WORDS

PHOTO = Attached("image", 1)
LINES = {
    "fr": "Photo ou vocal\u00a0: pour {0}, les autres reçoivent le texte seul.",
    "en": "Photo or voice note: for {0}, the others get the words alone.",
}


def lines(people, language, attached):
    draft = Draft(WORDS, Audience(), attached)
    return telling.summary_lines(language, people.config, draft, people.count()).split("\n")


@pytest.mark.parametrize(
    ("language", "free", "told"), [("fr", 1, "1 personne"), ("fr", 3, "3 personnes"), ("en", 3, "3 people")]
)
def test_who_is_outside_his_window_gets_the_words_alone_and_the_summary_says_so(people, language, free, told):
    for hours in (*[1] * free, 30):
        people.person(("twilio", hours))
    assert lines(people, language, PHOTO)[2] == LINES[language].format(told)
    assert LINES[language].format(told) not in lines(people, language, None)


def test_where_all_windows_are_open_nothing_is_said_of_a_file(people):
    people.person()
    assert lines(people, "fr", PHOTO) == lines(people, "fr", None)
