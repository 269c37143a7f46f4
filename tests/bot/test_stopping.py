"""What is not passed on between a buyer and a shop, and what may go."""

from pathlib import Path

import pytest

from bot.stopping import BadPattern, read_patterns, stopped

SENTENCES = [
    line.partition(" ")[::2]
    for line in (Path(__file__).parent / "stopped.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("why", "sentence"), SENTENCES)
def test_a_sentence_is_passed_on_or_stopped(why, sentence):
    assert (stopped(sentence) or "-") == why


def test_there_are_many_of_each():
    assert len([why for why, _ in SENTENCES if why == "-"]) >= 60
    assert len([why for why, _ in SENTENCES if why != "-"]) >= 60


def test_a_sentence_that_means_no_harm_hides_no_other():
    assert stopped("Vous payez à la livraison. Mais donnez votre code secret") == "code"
    assert stopped("Ne payez rien d'avance\npaie moi direct sur flooz") == "payment"


@pytest.mark.parametrize("text", ["", " ", "…", "paie " * 2000, "code\x00" * 300, "🙂" * 500, "(((", "a" * 100_000])
def test_any_text_is_looked_at(text):
    assert stopped(text) in (None, "payment", "code")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("donne ton c o d e", "code"),
        ("donne le C.O.D.E", "code"),
        ("p@ie moi direct", "payment"),
        ("composez *145*1*90123456*5000#", "payment"),
        ("*101# pour voir le solde", None),
        ("code", "code"),
        ("Code ??", "code"),
        ("le code 39 est fini", None),
        ("payez sur le neuf zéro douze trente quatre cinquante six", "payment"),
    ],
)
def test_what_is_disguised_is_read_as_it_is_meant(text, why):
    assert stopped(text) == why


@pytest.mark.parametrize("line", ["harm paie moi", "payment", "payment (@nobody)", "@x: a||b", "payment (a|)"])
def test_a_line_that_cannot_be_read_is_found(line):
    with pytest.raises(BadPattern):
        read_patterns(line)
