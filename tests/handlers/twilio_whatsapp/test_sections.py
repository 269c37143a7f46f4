"""Rows in sections, and answers that quote, at Twilio: it has neither, and the words say it (channels.md §1.5, §7)."""

from dataclasses import replace

import pytest

from bot.messages import Outgoing
from tests.handlers.twilio_whatsapp.test_mapping import PHOTO, contents, filled, form, words_of
from tests.handlers.twilio_whatsapp.test_sending import offers

__all__ = ["contents", "form"]


def in_sections(some, *names):
    return tuple(replace(one, section=name) for one, name in zip(some, names, strict=True))


def test_a_sections_name_stands_before_the_detail(form):
    some = in_sections(offers(3, "500 F"), "Boissons", "Boissons", "")
    details = ("Boissons · 500 F", "Boissons · 500 F", "500 F")
    rows = (value for one, detail in zip(some, details, strict=True) for value in (one.title, one.id, detail))
    assert form(Outgoing("?", "list", some, "Voir")) == filled("fr_list_3", "?", "Voir", *rows)


def test_without_a_detail_the_section_stands_alone(form):
    some = in_sections(offers(1), "Boissons")
    told = filled("fr_list_1", "?", "Voir", some[0].title, some[0].id, "Boissons")
    assert form(Outgoing("?", "list", some, "Voir")) == told


@pytest.mark.parametrize("length", [71, 72, 73])
def test_a_section_and_a_detail_are_cut_at_their_limit(form, length):
    detail = words_of(length - len("Thé · "))
    some = in_sections(offers(1, detail), "Thé")
    whole = f"Thé · {detail}"
    told = form(Outgoing("?", "list", some, "Voir"))["ContentVariables"]["5"]
    assert told == (whole if length <= 72 else f"{whole[:71].rstrip()}…")
    assert len(told) <= 72


def test_more_rows_than_a_list_has_are_numbered_below_headings(form):
    some = in_sections(offers(11, "500 F"), *(["Boissons"] * 10), "")
    first = "\n".join(f"{n}. Produit {n} · 500 F" for n in range(1, 11))
    told = f"?\n\n*Boissons*\n{first}\n\n11. Produit 11 · 500 F"
    assert form(Outgoing("?", "list", some, "Voir")) == {"Body": told}


@pytest.mark.parametrize("photo", ["", PHOTO])
def test_what_is_answered_is_not_quoted(form, photo):
    said = Outgoing("Bonjour", photo=photo)
    assert form(replace(said, quotes="SM1")) == form(said)
