"""Money is printed in one form and read in all the forms people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.money import format_amount, format_short, read_amount, round_to_coin


@pytest.mark.parametrize(
    "amount, total, short",
    [
        (0, "0\u00a0F\u00a0CFA", "0\u00a0F"),
        (500, "500\u00a0F\u00a0CFA", "500\u00a0F"),
        (1500, "1\u00a0500\u00a0F\u00a0CFA", "1\u00a0500\u00a0F"),
        (1234567, "1\u00a0234\u00a0567\u00a0F\u00a0CFA", "1\u00a0234\u00a0567\u00a0F"),
        (-200, "\u2212200\u00a0F\u00a0CFA", "\u2212200\u00a0F"),
    ],
)
def test_amounts_are_printed_with_no_break_spaces_only(amount, total, short):
    assert format_amount(amount) == total
    assert format_short(amount) == short


@pytest.mark.parametrize(
    "typed",
    "1500|1 500|1.500|1,500|1'500|1’500|1\u00a0500|1\u202f500|1\u2009500|1500f|1500F|1 500 F|1.500F|1500 fr|1500 frs"
    "|1500 francs|1500 franc|1500 fcfa|1500FCFA|1 500 F CFA|1500 cfa|1500 f.cfa|1500 XOF|XOF 1500|CFA 1500|F CFA1,500"
    "|1500/-|1500-|= 1500|@1500|à 1500|a 1500|1500 l'unité|1500 la pièce|1500/kg|1500 le sac|1500 f le bol|1500F/kg"
    "|1500 par kg|1500 le sac de riz|c 1500|c'est 1500 F|prix 1500|1.5k|1,5k|1k5|mille cinq cents|mil cinq|mille 500"
    "|mille-cinq-cents|1500.00|1500,0|1500 svp|1500 !|１５００|1,5 mil|1 mille 5 cents|1500 1500|1 500 1 500"
    "|mil cink cent".split("|"),
)
def test_fifteen_hundred_is_read_in_every_form(typed):
    assert read_amount(typed) == 1500


@pytest.mark.parametrize(
    "typed, amount",
    [
        ("15k", 15000),
        ("15K", 15000),
        ("15 k", 15000),
        ("2k5", 2500),
        ("2K500", 2500),
        ("15 mil", 15000),
        ("15mil", 15000),
        ("15 mille", 15000),
        ("15 mill", 15000),
        ("15milles", 15000),
        ("15 mille francs", 15000),
        ("2mil5", 2500),
        ("2 mille 5", 2500),
        ("2 mille 500", 2500),
        ("2 mille 50", 2050),
        ("deux mille cinq cents", 2500),
        ("deux mille cinq", 2500),
        ("mille", 1000),
        ("mil", 1000),
        ("1 mil", 1000),
        ("cinq cents", 500),
        ("5 cents", 500),
        ("500", 500),
        ("deux mil", 2000),
        ("deu mil", 2000),
        ("dix mille", 10000),
        ("quatre-vingt-dix mille", 90000),
        ("cent vingt cinq", 125),
        ("1,5 million", 1_500_000),
        ("1.5M", 1_500_000),
        ("un million", 1_000_000),
        ("2M", 2_000_000),
        ("un million cinq cent mille", 1_500_000),
        ("500 500", 500),
        ("500-500", 500),
        ("500f 500f", 500),
        ("mille mille", 1000),
        ("500\u00a0500\u00a0F", 500_500),
        ("500.500", 500_500),
        ("2.500,00", 2500),
        ("2 500,00", 2500),
        ("12 500 000", 12_500_000),
        ("3", 3),
        ("0", 0),
    ],
)
def test_other_amounts_are_read(typed, amount):
    assert read_amount(typed) == amount


@pytest.mark.parametrize(
    "typed",
    "cent cinq|100 cinq|deux cent cinq|mille cent cinq|3 pour 1000|3 à 1000|les 3 1000|1000 les 3|3x1000|5000f x2"
    "|2x5000|2 * 5000|entre 5000 et 8000|5 à 8 mil|max 10000|pas plus de 5 mil|moins de 20k|à partir de 3000|2.500,50"
    "|1,50|25kg|5l|6 yards|32 pouces|128go|500 500 F|1 50|15 00|90 12 34 56|09012345|-200|−200 F|dala|ma cinquante"
    "|1500,5|un million cinq|2k50|mille mille mille|0k5|||k|f|cfa|riz|10 sacs|½".split("|"),
)
def test_what_is_no_single_amount_is_refused(typed):
    assert read_amount(typed) is None


@given(st.integers(min_value=0, max_value=999_999_999_999))
def test_what_is_printed_is_read_back(amount):
    assert read_amount(format_amount(amount)) == amount
    assert read_amount(format_short(amount)) == amount
    assert read_amount(str(amount)) == amount


@given(st.text(max_size=90) | st.text(alphabet="0123456789 .,'-/kKmMfF\u00a0", max_size=30))
def test_any_text_gives_an_amount_or_none(text):
    amount = read_amount(text)
    assert amount is None or amount >= 0


@given(
    st.lists(st.sampled_from("mille cent cents million un deux vingt quatre cinq et 2 500 1,5 k f".split()), max_size=7)
)
def test_any_pile_of_number_words_gives_an_amount_or_none(tokens):
    amount = read_amount(" ".join(tokens))
    assert amount is None or amount >= 0


@pytest.mark.parametrize(
    "amount, rounded", [(0, 0), (1202, 1200), (1203, 1205), (1205, 1205), (1208, 1210), (1207, 1205)]
)
def test_computed_amounts_are_rounded_to_the_smallest_coin(amount, rounded):
    assert round_to_coin(amount) == rounded


@given(st.integers(min_value=0, max_value=10**9))
def test_rounding_moves_an_amount_by_two_francs_at_most(amount):
    assert abs(round_to_coin(amount) - amount) <= 2
    assert round_to_coin(amount) % 5 == 0


def test_more_than_twelve_digits_are_no_amount():
    assert read_amount("400 500 600 700") == 400_500_600_700
    assert read_amount("400 500 600 700 800") is None
