"""Phrase files are read whole, and no phrase means two things."""

import re

import pytest

import bot.understanding.phrasebook as phrasebook_module
from base.spelling import normalise
from bot.understanding import INTENTS
from bot.understanding.phrasebook import BadPhrase, is_sign, phrasebook, read_phrases

BY_LINES = {"set_stock", "add_stock", "remove_stock", "out_of_stock", "back_in_stock", "set_price"}
"""Read by the grammar of stock lines."""


@pytest.mark.parametrize("role", INTENTS)
def test_every_intent_has_a_phrase_and_every_phrase_an_intent(role):
    book = phrasebook(role)
    intents = {intent for intent, _ in book.whole} | {phrase.intent for phrase in (*book.slotted, *book.loose)}
    assert intents == set(INTENTS[role]) - (BY_LINES if role == "vendor" else set())
    headings = {
        heading.removesuffix("?") for heading in read_phrases(role, read_phrases("everyone").shorthands).phrases
    }
    assert headings <= set(INTENTS[role])


@pytest.mark.parametrize("role, least", [("buyer", 500), ("vendor", 500), ("organizer", 250)])
def test_no_plain_phrase_belongs_to_two_intents(role, least):
    everyone = read_phrases("everyone")
    plain = {}
    for pages in (read_phrases(role, everyone.shorthands), everyone):
        for intent, lines in pages.phrases.items():
            for line in lines:
                if re.fullmatch(r"\([^()\[\]{}]+\)|[^()\[\]{}|.]+", line) and intent in INTENTS[role]:
                    for words in line.strip("()").split("|"):
                        plain.setdefault(normalise(words) or words, set()).add(intent)
    assert len(plain) >= least
    assert {words: intents for words, intents in plain.items() if len(intents) > 1} == {}


@pytest.mark.parametrize(
    "text, sign",
    [("👍", "👍"), ("👍🏿 👍🏿", "👍"), ("❤️", "❤"), ("???", "?"), ("👍🙏", ""), ("ok 👍", ""), ("", ""), ("1", "")],
)
def test_a_sign_is_one_mark_however_often_it_is_typed(text, sign):
    assert is_sign(text) == sign


def test_a_phrase_file_names_the_line_that_it_cannot_read(tmp_path, monkeypatch):
    (tmp_path / "buyer.txt").write_text("# a comment\n\n[greet]\nbonjour\n@nobody (bonjour)\n", "utf-8")
    monkeypatch.setattr(phrasebook_module, "_FOLDER", tmp_path)
    with pytest.raises(BadPhrase, match=re.escape("buyer.txt line 5: nothing is called 'nobody'")):
        read_phrases("buyer")


def test_a_line_that_begins_with_blanks_goes_on_with_the_one_before(tmp_path, monkeypatch):
    (tmp_path / "buyer.txt").write_text("@hi: (salut\n    |allo)\n[greet]\n@hi tout\n    le monde\n", "utf-8")
    monkeypatch.setattr(phrasebook_module, "_FOLDER", tmp_path)
    assert read_phrases("buyer").phrases == {"greet": ["(salut|allo) tout le monde"]}
