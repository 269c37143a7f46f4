"""Public codes: two ids never share one, people may type them as they like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.codes import ALPHABET
from base.secret import Secret
from orders.codes import Codes, draw_delivery_code, read_code, read_prefix

CODES = Codes(Secret("a key for tests only"))
FIVE_LETTERS = 8 * 30**4


@given(st.integers(0, FIVE_LETTERS - 1))
def test_every_id_of_the_first_six_million_has_a_code_of_five_letters_and_back(order_id):
    code = CODES.code_of(order_id)
    assert len(code) == 8
    assert code.startswith("TG-")
    assert CODES.id_of(code) == order_id


@given(st.integers(FIVE_LETTERS, 8 * 30**6))
def test_larger_ids_have_longer_codes_and_back(order_id):
    code = CODES.code_of(order_id)
    assert len(code) in (9, 10)
    assert CODES.id_of(code) == order_id


@given(st.builds(str.__add__, st.sampled_from("23456789"), st.text(ALPHABET, min_size=4, max_size=4)))
def test_a_digit_and_four_letters_are_the_code_of_exactly_one_id(letters):
    order_id = CODES.id_of(f"TG-{letters}")
    assert 0 <= order_id < FIVE_LETTERS
    assert CODES.code_of(order_id) == f"TG-{letters}"


def test_the_change_from_five_to_six_letters_leaves_no_gap():
    assert len(CODES.code_of(FIVE_LETTERS - 1)) == 8
    assert len(CODES.code_of(FIVE_LETTERS)) == 9
    assert CODES.id_of(CODES.code_of(FIVE_LETTERS)) == FIVE_LETTERS


def test_codes_of_neighbours_do_not_look_alike():
    codes = [CODES.code_of(order_id) for order_id in range(1, 2001)]
    assert len(set(codes)) == 2000
    assert len({code[:5] for code in codes}) > 200  # of 240 beginnings; neighbours in order would share a few


def test_what_begins_with_a_letter_is_no_code_so_that_no_code_reads_as_a_word():
    assert all(CODES.code_of(order_id)[3] in "23456789" for order_id in range(1, 2001))
    assert CODES.id_of("TG-MERCI") is None


def test_another_key_gives_other_codes():
    other = Codes(Secret("another key"))
    assert [CODES.code_of(i) for i in range(9)] != [other.code_of(i) for i in range(9)]


def test_no_letter_can_be_taken_for_another():
    assert not set("01OILU") & set(ALPHABET)
    assert len(set(ALPHABET)) == 30


@pytest.mark.parametrize(
    "typed, code",
    [
        ("TG-4K7P2", "TG-4K7P2"),
        ("tg 4k7p2", "TG-4K7P2"),
        ("tg4k7p2", "TG-4K7P2"),
        (" 4K7P2 ", "TG-4K7P2"),
        ("4k7 p2", "TG-4K7P2"),
        ("Tg–4k7p2.", "TG-4K7P2"),
        ("#4K7P2", "TG-4K7P2"),
        ("TG4K7P2", "TG-4K7P2"),
        ("4K7P23", "TG-4K7P23"),
        ("4K7", None),
        ("", None),
        ("bonjour", None),
        ("4K7PO", None),
        ("4K7P2 4K7P2", None),
    ],
)
def test_a_whole_code_is_read_as_people_type_it(typed, code):
    assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed, prefix",
    [
        ("4K7", "TG-4K7"),
        ("tg 4k7", "TG-4K7"),
        ("TG-4K", "TG-4K"),
        ("4k7p2", "TG-4K7P2"),
        ("4", None),
        ("", None),
        ("oui", None),
    ],
)
def test_the_beginning_of_a_code_is_read_too(typed, prefix):
    assert read_prefix(typed) == prefix


@given(st.text(max_size=40))
def test_reading_never_fails(text):
    code = read_code(text)
    assert code is None or CODES.id_of(code) is not None
    read_prefix(text)


@pytest.mark.parametrize("code", ["", "TG-", "TG-4K7", "TG-4K7PO", "XX-4K7P2"])
def test_what_is_no_code_has_no_id(code):
    assert CODES.id_of(code) is None


def test_a_delivery_code_is_four_digits_without_a_zero_before_them_and_not_always_the_same(monkeypatch):
    assert len({draw_delivery_code() for _ in range(200)}) > 150
    below = []
    monkeypatch.setattr("secrets.randbelow", lambda most: below.append(most) or 0)
    assert draw_delivery_code() == "1000"
    monkeypatch.setattr("secrets.randbelow", lambda most: most - 1)
    assert draw_delivery_code() == "9999"
    assert below == [9000]
