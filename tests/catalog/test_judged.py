"""The judged queries are a fair measure: enough of them, misspelt as people misspell, and not all with an answer."""

from catalog.demo.market import demo_products
from tests.catalog.judged import judged


def test_there_are_at_least_120_queries_and_none_twice():
    queries = [query.words for query in judged()]
    assert len(queries) >= 120
    assert len(set(queries)) == len(queries)


def test_two_of_five_are_misspelt_and_one_of_five_has_no_right_answer():
    queries = judged()
    assert sum(query.is_misspelt for query in queries) >= 0.4 * len(queries)
    assert sum(not query.right for query in queries) >= 0.2 * len(queries)


def test_every_good_that_is_named_is_in_the_market():
    slugs = {product.slug for product in demo_products()}
    assert {slug for query in judged() for slug in query.grades} <= slugs
