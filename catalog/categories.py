"""Categories as they are browsed."""

from dataclasses import dataclass
from typing import Final

from base.db import Db
from catalog.products import SHOWN

COUNTED_AT_MOST: Final = 100  # a list of categories must not count a million products, nor a thousand of each


@dataclass(frozen=True)
class Category:
    """One category in one language; `products` counts what is listed, COUNTED_AT_MOST meaning so many or more."""

    id: int
    slug: str
    name: str
    products: int


_LISTED: Final = f"""
select c.id, c.slug, coalesce(c.names->>%(language)s, c.names->>'fr') as name, n.products
from category c, lateral (
    select count(*) as products
    from (select from product p where p.category_id = c.id and {SHOWN} and p.kind <> 'variant'
        limit {COUNTED_AT_MOST}) as listed
) as n
where n.products > 0
order by c.place, c.id
"""


def named(db: Db, language: str = "fr") -> tuple[tuple[str, str], ...]:
    """(slug, name) of every category, in the market's order; French where the language is missing."""
    rows = db.rows(
        "select slug, coalesce(names->>%(language)s, names->>'fr') as name from category order by place, id",
        language=language,
    )
    return tuple((row.slug, row.name) for row in rows)


def categories(db: Db, language: str = "fr") -> tuple[Category, ...]:
    """The categories that have something to show, in the market's order; French where the language is missing."""
    rows = db.rows(_LISTED, language=language)
    return tuple(Category(row.id, row.slug, row.name, row.products) for row in rows)
