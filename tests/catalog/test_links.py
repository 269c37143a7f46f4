"""Codes of links: short, the same for ever, read out of whatever people make of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.links import LETTERS, PREFIXES, THE_MARKET, Link, Read, of_messenger, of_whatsapp, read, source_word

RICE = Link("product", 7, "affiche")  # P4SK-affiche


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (Link("product", 1), "P6Z3"),
        (Link("product", 7), "P4SK"),
        (Link("product", 239), "P53G"),
        (Link("product", 240), "P2226"),
        (Link("product", 7440), "P22226"),
        (Link("product", 3_000_000), "P64342Z"),
        (Link("shop", 1), "B6ZB"),
        (Link("shop", 7, "radio"), "B4SV-radio"),
        (Link("event", 3), "E8X7"),
        (Link("market", THE_MARKET, "radio"), "M22Y-radio"),
    ],
)
def test_a_link_has_this_code_for_ever_as_it_is_printed_on_posters(link, code):
    assert str(link) == code
    assert read(code) == Read(link, "")


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("Bonjour, je viens pour Riz parfumé 25 kg (P4SK-affiche)", "Bonjour, je viens pour Riz parfumé 25 kg"),
        ("bonjour je viens pour riz parfumé 25 kg p4sk-affiche", "bonjour je viens pour riz parfumé 25 kg"),
        ("Bonjour (P4SK-affiche", "Bonjour"),
        ("2 svp (P4SK-affiche) merci", "2 svp merci"),
        ("[P4SK-affiche]", ""),
        ("( p4sk - affiche )", ""),
        ("(P4SK affiche)", ""),
        ("( P 4 S K - a f f i c h e )", ""),
        ("P4SK-affiche", ""),
        ("P4SK-AFFICHE.", ""),
        ("p4sk–Affiché !", ""),
        ("p 4 s k - affiche", ""),
        ("je viens\nP4SK-affiche\npour 2", "je viens\npour 2"),
        ("c'est combien,P4SK-affiche?", "c'est combien, ?"),
    ],
)
def test_a_code_is_read_as_it_was_sent_and_however_it_was_edited(typed, rest):
    assert read(typed) == Read(RICE, rest)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("P4SK", ""),
        ("2 p4sk svp", ""),
        ("P4SK - merci", ""),
        ("(P4SK-)", ""),
        ("P4SK_radio", "radio"),
        ("(p4sk—Radio)", "radio"),
    ],
)
def test_a_source_belongs_to_a_code_that_it_hangs_on(typed, word):
    assert read(typed).link == Link("product", 7, word)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "bonjour",
        "je veux 2 sacs de riz",
        "iPhone (14 pro max)",
        "un Huawei P30 lite",
        "vitamine B12 svp",
        "A 4K7P2",
        "m-pesa (M-Pesa)",
        "90 12 34 56",
        "xP4SK",
        "P4SKx",
        "P4SZ",  # a letter is wrong
        "PXSK",  # no digit behind the kind
        "A4SK",  # no such kind
        "P4S0",  # no such letter
        "P" * 5000,
        "(" * 5000,
        "P4S" * 2000,
    ],
)
def test_what_is_no_code_stays_as_it_is(typed):
    assert read(typed) == Read(None, typed)


def test_a_mistyped_code_is_only_cut_out_of_its_brackets():
    assert read("Bonjour, je viens pour Riz (P4SZ-affiche)") == Read(None, "Bonjour, je viens pour Riz")
    assert read("Bonjour, je viens pour Riz P4SZ") == Read(None, "Bonjour, je viens pour Riz P4SZ")


def test_the_first_good_code_counts():
    assert read("(P4SZ) B6ZB P4SK") == Read(Link("shop", 1), "(P4SZ) P4SK")


def test_no_slip_of_one_letter_makes_another_code():
    for number in (1, 7, 239, 240, 7440):
        code = str(Link("product", number))
        slips = {code[:i] + one + code[i + 1 :] for i in range(1, len(code)) for one in LETTERS if one != code[i]}
        slips |= {prefix + code[1:] for prefix in PREFIXES.values() if prefix != code[0]}
        assert {read(slip).link for slip in slips} == {None}


@given(
    st.sampled_from(sorted(PREFIXES)),
    st.integers(1, 6_700_000),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=20),
)
def test_every_link_is_read_back_out_of_its_sentence(kind, number, word):
    link = Link(kind, THE_MARKET if kind == "market" else number, word)
    assert read(f"Bonjour, je viens pour Riz 25 kg ({link})") == Read(link, "Bonjour, je viens pour Riz 25 kg")
    assert re.fullmatch(r"[PBEM][2-9][2-9A-Z]{2,5}", link.code)


def test_no_two_links_have_the_same_code():
    codes = {Link(kind, number).code for kind in PREFIXES for number in range(8000)}
    assert len(codes) == 4 * 8000


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_without_a_fault(text):
    found = read(text)
    assert found.link is not None or found.rest == text or "(" in text or "[" in text or "{" in text


def test_links_of_both_channels():
    words = f"Bonjour, je viens pour Riz parfumé 25 kg ({RICE})"
    assert of_whatsapp("+22890123456", words) == (
        "https://wa.me/22890123456?text="
        "Bonjour%2C%20je%20viens%20pour%20Riz%20parfum%C3%A9%2025%20kg%20%28P4SK-affiche%29"
    )
    assert of_messenger("100000000000001", RICE) == "https://m.me/100000000000001?ref=P4SK-affiche"


@pytest.mark.parametrize(
    ("typed", "word"),
    [("affiche", "affiche"), ("Radio Lomé !", "radiolome"), ("", ""), ("🎉", ""), ("x" * 50, "x" * 20)],
)
def test_a_source_is_a_short_word(typed, word):
    assert source_word(typed) == word


def test_a_number_that_no_row_has_is_no_link():
    assert [read(str(Link(kind, 0))).link for kind in ("product", "shop", "event")] == [None, None, None]
    assert read(str(Link("market", THE_MARKET))).link == Link("market", THE_MARKET)
    assert read(str(Link("market", 1))).link is None
