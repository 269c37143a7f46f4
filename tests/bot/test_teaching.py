"""A synonym is taught without a release; what would harm is refused and changes nothing."""

import pytest

from bot import teaching
from bot.teaching import BadSynonym
from catalog import search, synonyms
from tests.bot.chat import Chat
from tests.catalog.market import make_good, make_vendor


@pytest.fixture
def market(db, monkeypatch):
    """Nothing is remembered from another test, and every question asks anew."""
    monkeypatch.setattr(synonyms, "READ_EVERY", 0.0)
    monkeypatch.setattr(synonyms, "_READ", {})
    vendor = make_vendor(db)
    return {name: make_good(db, vendor, name) for name in ("Ballot de friperie", "Riz parfumé", "Pagne wax")}


def taught(db):
    return {one.way: one.meaning for one in synonyms.listed(db)}


def test_a_way_is_found_by_what_it_means(db, market):
    assert search.find(db, "kpayo").ids == ()
    lesson = teaching.teach(db, "Kpayo = friperie", "afi")
    assert (lesson.way, lesson.meaning, lesson.by) == ("kpayo", "friperie", "afi")
    assert search.find(db, "un kpayo").ids == (market["Ballot de friperie"].id,)


def test_a_way_of_several_words_is_understood_in_a_chat(db, config, market):
    awa = Chat(db, config, "+22890000001")
    awa.goes("bonjour", "tchoko tchoko")
    assert awa.keys == ["miss.menu", "buyer.first"]
    teaching.teach(db, "tchoko tchoko=voir le pagne", "afi")
    awa.says("tchoko tchoko")
    assert awa.keys == ["buyer.card"]


def test_what_is_understood_as_typed_stays_as_it_is(db, market):
    synonyms.teach(db, "riz", "pagne", "afi")  # by whoever writes to the table himself
    assert search.find(db, "riz").ids[0] == market["Riz parfumé"].id


def test_what_is_forgotten_means_nothing_any_more(db, market):
    teaching.teach(db, "kpayo=friperie", "afi")
    teaching.forget(db, "kpayo", "afi")
    assert (taught(db), search.find(db, "kpayo").ids) == ({}, ())
    with pytest.raises(BadSynonym, match="is not taught"):
        teaching.forget(db, "kpayo", "afi")


def test_a_way_is_taught_anew_in_place_of_before(db, market):
    teaching.teach(db, "kpayo=friperie", "afi")
    teaching.teach(db, "kpayo=pagne", "afi")
    assert taught(db) == {"kpayo": "pagne"}


@pytest.mark.parametrize(
    "lesson, why",
    [
        ("friperi", "write it as way=meaning"),
        ("=riz", "must both have words"),
        ("kpayo=", "must both have words"),
        ("kpayo=!!!", "must both have words"),
        ("kpayo=gros kpayo rouge", "holds the way"),
        ("kpayo=un deux trois quatre cinq", "at most 4 words"),
        (f"{'ab' * 35}=riz", "60 characters"),
        ("k=riz", "too short"),
        ("25=riz", "a number"),
        ("stop=riz", "stops or starts messages"),
        ("stop tout=riz", "stops or starts messages"),
        ("de=riz", "a word of every other sentence"),
        ("oui=riz", "an answer"),
        ("d'accord=riz", "an answer"),
        ("retour=riz", "an answer"),
        ("panier=riz", "a command"),
        ("suivi=riz", "a command"),
        ("bonjour=riz", "understood as it is"),
        ("je veux payer=riz", "understood as it is"),
        ("riz=pagne", "names goods as it is"),
        ("zogbo=kpayo", "is taught to mean"),
        ("friperie=zogbo", "names goods|holds the way"),
        ("kpayo=friperie", "is taught already"),
    ],
)
def test_what_would_harm_is_refused_and_changes_nothing(db, market, lesson, why):
    teaching.teach(db, "kpayo=friperie", "afi")
    with pytest.raises(BadSynonym, match=why):
        teaching.teach(db, lesson, "afi")
    assert taught(db) == {"kpayo": "friperie"}


def test_a_loop_is_refused(db, market):
    teaching.teach(db, "kpayo=zogbo", "afi")
    with pytest.raises(BadSynonym, match=r"holds the way|is taught to mean"):
        teaching.teach(db, "zogbo=kpayo", "afi")


def test_a_process_asks_for_what_is_new_at_most_every_two_seconds(db, market, monkeypatch):
    assert synonyms.ways(db) == {}
    monkeypatch.setattr(synonyms, "READ_EVERY", 3600.0)
    asked, one = [], db.one
    monkeypatch.setattr(db, "one", lambda sql, **values: asked.append(sql) or one(sql, **values))
    synonyms.teach(db, "kpayo", "friperie", "afi")
    for _ in range(50):
        assert synonyms.ways(db) == {}
    assert asked == []
    monkeypatch.setattr(synonyms, "READ_EVERY", 0.0)
    assert synonyms.ways(db) == {"kpayo": "friperie"}
    assert len(asked) == 1
