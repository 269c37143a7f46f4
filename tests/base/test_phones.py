"""Phone numbers are read in every form people type, and shown whole only to those who may see them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from base.phones import format_phone, guess_wallet, is_togo_mobile, mask, read_phone, read_phones

AFI = "+22890123456"


@pytest.mark.parametrize(
    "typed",
    [
        "90 12 34 56",
        "90123456",
        "90.12.34.56",
        "90-12-34-56",
        "90–12–34–56",
        "90/12/34/56",
        "(228) 90123456",
        "228 90 12 34 56",
        "22890123456",
        "00228 90 12 34 56",
        "00 228 90 12 34 56",
        "+228 90 12 34 56",
        "+22890123456",
        "(+228) 90 12 34 56",
        "tel: 90123456",
        "90 123 456",
        "9012 3456",
        "9O 12 34 56",
        "9O123456",
        "9Ol23456",
        "90\u00a012\u202f34\u200956",
        "９０１２３４５６",
        "90123456 tmoney",
        "90123456tmoney",
        "wa.me/22890123456",
        "https://wa.me/22890123456",
        "appelez ma sœur 90 12 34 56 c'est elle",
        "Mensah Afi 90123456.",
    ],
)
def test_one_number_is_read_in_every_form(typed):
    assert read_phone(typed) == AFI
    assert read_phones(typed) == [AFI]


@pytest.mark.parametrize(
    "typed, numbers",
    [
        ("90 12 34 56 ou 97 12 34 56", [AFI, "+22897123456"]),
        ("90 12 34 56 97 12 34 56", [AFI, "+22897123456"]),
        ("90123456/97123456", [AFI, "+22897123456"]),
        ("ajoute ces numeros\n90112233\n97112233\n70112233", ["+22890112233", "+22897112233", "+22870112233"]),
        ("90 12 34 56, 90123456", [AFI]),
        ("+228 90 12 34 56 97 12 34 56", [AFI, "+22897123456"]),
        ("MIXX 70112233", ["+22870112233"]),
        ("whatsapp 97123456", ["+22897123456"]),
        ("22 21 23 45", ["+22822212345"]),
        ("+33 6 12 34 56 78", ["+33612345678"]),
        ("0033 6 12 34 56 78", ["+33612345678"]),
        ("33612345678", ["+33612345678"]),
        ("+233 24 412 3456", ["+233244123456"]),
        ("+49 30 1234 5678", ["+493012345678"]),
        ("+490612345634 50568", ["+49612345634"]),
        ("+226 70 12 34 56", ["+22670123456"]),
    ],
)
def test_several_and_foreign_numbers_are_read_in_order(typed, numbers):
    assert read_phones(typed) == numbers


@pytest.mark.parametrize(
    "typed",
    [
        "2 500 000",
        "09012345",
        "9012345",
        "901234567",
        "94123456",
        "80 12 34 56",
        "Ref 8123456789",
        "riz 25kg 17500",
        "TG-4K7P2",
        "le 18/08 à 10h30",
        "",
        "pas de numero",
        "90 12\n34 56",
    ],
)
def test_other_digits_are_no_phone_number(typed):
    assert read_phone(typed) is None
    assert read_phones(typed) == []


def test_a_number_without_its_country_code_is_read_in_the_region_asked_for():
    assert read_phone("06 12 34 56 78", region="FR") == "+33612345678"
    assert read_phone("06 12 34 56 78") is None


MOBILES = st.builds(
    lambda prefix, rest: f"{prefix}{rest:06d}",
    st.sampled_from("70 71 72 73 78 79 90 91 92 93 96 97 98 99".split()),
    st.integers(0, 999_999),
)


@given(
    MOBILES,
    st.lists(st.sampled_from(["", " ", ".", "-", "/", "\u00a0"]), min_size=7, max_size=7),
    st.sampled_from(["", "+228", "+228 ", "00228 ", "228 ", "(228) ", "tel: ", "chez Afi "]),
)
def test_any_mobile_is_read_back_with_any_separators(national, separators, before):
    typed = before + national[0] + "".join(sep + digit for sep, digit in zip(separators, national[1:], strict=True))
    assert read_phone(typed) == "+228" + national
    assert is_togo_mobile("+228" + national)
    assert read_phone(format_phone("+228" + national)) == "+228" + national


@given(st.text(alphabet=st.characters(), max_size=200) | st.text(alphabet="0123456789+() .-/Oo\n", max_size=80))
def test_any_text_gives_numbers_or_none(text):
    assert read_phones(text)[:1] == ([] if read_phone(text) is None else [read_phone(text)])
    for number in read_phones(text):
        assert read_phone(number) == number
        assert format_phone(number)


def test_a_very_long_row_of_digits_is_read_quickly_enough_to_be_harmless():
    assert read_phones("00 1 " * 20_000) == []


@pytest.mark.parametrize(
    "number, shown, masked",
    [
        (AFI, "90 12 34 56", "90 ** ** 56"),
        ("+22822212345", "22 21 23 45", "22 ** ** 45"),
        ("+33612345678", "+33 6 12 34 56 78", "+33 ** ** 78"),
    ],
)
def test_a_number_is_shown_in_pairs_and_masked_in_the_middle(number, shown, masked):
    assert format_phone(number) == shown
    assert mask(number) == masked


@pytest.mark.parametrize("prefixes, wallet", [("70 71 72 73 90 91 92 93", "tmoney"), ("78 79 96 97 98 99", "flooz")])
def test_the_wallet_is_guessed_from_the_prefix(prefixes, wallet):
    assert {guess_wallet(f"+228{prefix}123456") for prefix in prefixes.split()} == {wallet}


@pytest.mark.parametrize("number", ["+22822212345", "+33612345678", "+22894123456", "", "90123456"])
def test_no_wallet_is_guessed_for_what_is_no_mobile_of_togo(number):
    assert not is_togo_mobile(number)
    assert guess_wallet(number) is None


@given(MOBILES)
def test_a_masked_number_hides_its_middle(national):
    assume(national[2:6] not in (national[:2] * 2, national[-2:] * 2))
    assert national[2:6] not in mask("+228" + national).replace(" ", "")
