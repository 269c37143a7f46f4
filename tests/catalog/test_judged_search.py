"""The judged queries find what a seller who knows the market would show, and nothing where he has nothing."""

import math
from statistics import mean

import pytest

from base.media import Folder
from catalog import search, vocabulary
from catalog.demo import plant
from tests.catalog.judged import judged


@pytest.fixture
def answers(db, tmp_path, monkeypatch):
    """Every judged query with the slugs that were found for it, the best first; words of other tests are unknown."""
    monkeypatch.setattr(vocabulary, "_KNOWN", {})
    plant(db, Folder(tmp_path))
    slugs = {row.id: row.slug for row in db.rows("select id, slug from product")}
    return [(query, [slugs[i] for i in search.find(db, query.words).ids]) for query in judged()]


def gain(grades):
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:5]))


def ndcg_at_5(query, found):
    best = sorted(query.grades.values(), reverse=True)
    return gain([query.grades.get(slug, 0) for slug in found]) / gain(best)


def test_the_judged_queries_keep_their_figures(answers, record_property):
    answerable = [(query, found) for query, found in answers if query.right]
    ndcg = mean(ndcg_at_5(query, found) for query, found in answerable)
    in_three = mean(bool(query.right & set(found[:3])) for query, found in answerable)
    nothing = [query for query, found in answers if not found]
    precision = mean(not query.right for query in nothing)
    recall = mean(not found for query, found in answers if not query.right)
    for name, figure in (("ndcg@5", ndcg), ("right in 3", in_three), ("precision", precision), ("recall", recall)):
        record_property(name, round(figure, 3))
    assert ndcg >= 0.94
    assert in_three >= 0.98
    assert precision >= 0.95
    assert recall >= 0.88


def test_misspelt_queries_are_answered_as_well(answers):
    misspelt = [(query, found) for query, found in answers if query.is_misspelt and query.right]
    assert mean(ndcg_at_5(query, found) for query, found in misspelt) >= 0.93
    assert [query.words for query, found in misspelt if not query.right & set(found[:3])] == ["bazen riche"]
