"""Exact readers: what counts as an answer, and what does not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.buyer.readers import read_where, read_who
from bot.dialogs.means import number_of
from bot.dialogs.readers import read_phone_said, read_quantity, read_quantity_or_none, read_words
from bot.dialogs.vendor.acting import read_pin
from bot.messages import Incoming, Location, Sender

READERS = (read_phone_said, read_quantity, read_quantity_or_none, read_where, read_who, read_words, read_pin)


def said(text="", **other):
    return Incoming("id", Sender(()), text, **other)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("3", 3),
        ("x3", 3),
        ("3x", 3),
        ("deux", 2),
        ("je veux 2 sacs svp", 2),
        ("vingt cinq", 25),
        ("une douzaine", 12),
        ("2 douzaines", 24),
        ("un seul", 1),
        ("1 seulement", 1),
        ("two bags please", 2),
        ("twelve", 12),
        ("999", 999),
        ("1000", None),
        ("0", None),
        ("3 savons", None),
        ("2 ou 3", None),
        ("25 kg", None),
        ("25kg", None),
        ("beaucoup", None),
        ("", None),
    ],
)
def test_a_quantity_is_one_number_of_units_and_nothing_else(text, quantity):
    assert read_quantity(said(text)) == quantity


@pytest.mark.parametrize(("text", "quantity"), [("0", 0), ("zéro", 0), ("aucun", 0), ("4", 4), ("rien du tout", None)])
def test_a_changed_quantity_may_be_none(text, quantity):
    assert read_quantity_or_none(said(text)) == quantity


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Awa", {"name": "Awa"}),
        ("Mensah Afi 90123456", {"name": "Mensah Afi", "phone": "+22890123456"}),
        ("ma sœur Afi, 97 12 34 56", {"name": "ma sœur Afi", "phone": "+22897123456"}),
        ("90 12 34 56 Koffi", {"name": "Koffi", "phone": "+22890123456"}),
        ("90123456", {"phone": "+22890123456"}),
        ("A", None),
        ("12", None),
        ("👍", None),
        ("Bè-Kpota", None),
        ("agoe nyive 90123456", None),
        ("Koffi de Bè-Kpota", {"name": "Koffi de Bè-Kpota"}),
        ("", None),
    ],
)
def test_who_receives_is_a_name_a_phone_or_both(text, who):
    assert read_who(said(text)) == who


def people_said():
    """Rows of what was typed, the name in it, and the phone in brackets."""
    lines = (Path(__file__).parent / "people_said.txt").read_text("utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            text, _, read = line.rpartition(" | ")
            name, _, phone = read.rstrip(")").partition("(")
            yield text, {} if read == "-" else {"name": name.strip(), "phone": phone}


@pytest.mark.parametrize(("text", "who"), list(people_said()))
def test_who_receives_is_named_and_no_sentence_is_a_name(text, who):
    assert (read_who(said(text)) or {}) == {part: value for part, value in who.items() if value}


def test_where_is_words_or_a_pin():
    assert read_where(said(" Bè \n Kpota ")) == {"words": "Bè Kpota"}
    assert read_where(said(location=Location(6.1, 1.2))) == {"pin": [6.1, 1.2]}
    assert read_where(said("von 3")) == {"words": "von 3"}
    for none in ("🏠", "1", "24", "n° 5"):
        assert read_where(said(none)) is None
    assert len(read_where(said("a" * 5000))["words"]) == 300


@pytest.mark.parametrize(
    ("text", "pin"), [("0123", "0123"), ("01 23", "0123"), ("123", None), ("12345", None), ("٠١٢٣", None)]
)
def test_a_delivery_code_is_four_digits(text, pin):
    assert read_pin(said(text)) == pin


@pytest.mark.parametrize(
    ("text", "number"), [("17", 17), (17, 17), ("", 0), ("-1", 0), ("²", 0), ("٣", 0), ("9" * 19, 0)]
)
def test_a_rows_id_is_read_or_names_no_row(text, number):
    assert number_of(text) == number


@given(st.text(max_size=300), st.sampled_from(READERS))
def test_no_text_whatever_breaks_a_reader(text, reader):
    reader(said(text))


@given(st.integers(1, 999))
def test_every_quantity_that_can_be_ordered_is_read(quantity):
    assert read_quantity(said(str(quantity))) == quantity
