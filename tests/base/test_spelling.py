"""Chat spelling is read one way, whatever was typed."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.spelling import fold, is_politeness, normalise, spelled, without_politeness, words


@pytest.mark.parametrize(
    "typed, folded",
    [
        ("Bè-Kpota", "be kpota"),
        ("L'ŒUF, svp !!", "l oeuf svp"),
        ("merciiiiii", "mercii"),
        ("cafe\u0301", "cafe"),
        ("1\u202f500\u00a0F", "1 500 f"),
        ("٣ sacs", "3 sacs"),
        ("ɖevi ŋutɔ", "devi nuto"),
        ("", ""),
        ("🙏🙏", ""),
    ],
)
def test_folding_leaves_plain_words(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("jveu 2 sac svp", "je veux 2 sac svp"),
        ("BJR", "bonjour"),
        ("bsr c combien le riz", "bonsoir c est combien le riz"),
        ("c'est cmb", "c est combien"),
        ("wi", "oui"),
        ("ouiiii", "oui"),
        ("Merciiii", "merci"),
        ("okkk", "ok"),
        ("d'acc", "d accord"),
        ("dakor", "d accord"),
        ("S.V.P", "svp"),
        ("ya gari", "il y a gari"),
        ("ya", "oui"),
        ("y a plus", "il y a plus"),
        ("jai deja payé", "j ai deja paye"),
        ("sa fait combi1", "ca fait combien"),
        ("kan", "quand"),
        ("15 k", "15 k"),
        ("le k du dem1", "le que du demain"),
        ("mnt ou 2main", "maintenant ou demain"),
        ("troi sac", "trois sac"),
        ("livree", "livree"),
        ("catre", "quatre"),
    ],
)
def test_short_forms_are_written_out(typed, meant):
    assert normalise(typed) == meant


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("jveu le riz la svp", "je veux le riz"),
        ("pardon le riz", "le riz"),
        ("merci beaucoup que Dieu vous bénisse", "merci beaucoup"),
        ("c'est trop cher ooo", "c est trop cher"),
        ("s'il vous plaît le menu", "le menu"),
        ("c'est la rue pavée", "c est la rue pavee"),
        ("pardon", "pardon"),
        ("svp svp", "svp svp"),
    ],
)
def test_politeness_is_removed_unless_nothing_else_was_said(typed, kept):
    assert " ".join(without_politeness(normalise(typed).split())) == kept


def test_every_normalised_word_knows_where_it_was_typed():
    text = "Jveu du Thé  à la menthe"
    read = spelled(text)
    assert [(word.normal, text[word.start : word.end]) for word in read] == [
        ("je", "Jveu"),
        ("veux", "Jveu"),
        ("du", "du"),
        ("the", "Thé"),
        ("a", "à"),
        ("la", "la"),
        ("menthe", "menthe"),
    ]


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_at_all_is_folded_into_plain_words(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == fold(folded)
    assert words(text) == folded.split()
    assert all(0 <= word.start < word.end <= len(text) for word in spelled(text))


def test_a_figure_of_any_kind_is_one_that_can_be_counted_with():
    folded = {chr(code): fold(chr(code)) for code in range(sys.maxunicode + 1)}
    odd = {typed: word for typed, word in folded.items() if any(sign.isdigit() and not sign.isascii() for sign in word)}
    assert odd == {}
    assert [folded[typed] for typed in "❶➂②²٣"] == ["1", "3", "2", "2", "3"]


@given(st.text(alphabet="\ud800\udfff\x00\u0301 xz'", max_size=60))
def test_lone_surrogates_and_nul_are_no_letters(text):
    assert set(normalise(text)) <= set("xz ")


@given(st.lists(st.sampled_from(["je", "svp", "la", "oh", "riz", "mon", "frere"]), min_size=1))
def test_removing_politeness_never_leaves_nothing(normalised):
    assert without_politeness(normalised)


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [("svp", True), ("mon frère svp", True), ("oh la", True), ("la", False), ("riz svp", False), ("mon riz", False)],
)
def test_politeness_alone_is_told_from_a_wish(typed, is_one):
    assert is_politeness(normalise(typed).split()) is is_one
