"""What brought people here: a link of ours, an advertisement, a post; of each person the first and the last for good.

Rows are only added in turns, so that no turn waits for another one of the same person.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Literal

from base.db import Db
from bot.messages import LONGEST_HEARD, Incoming
from bot.turn import Turn
from catalog import links
from catalog.links import Link

LONGEST: Final = 200  # characters of a provider's ids


@dataclass(frozen=True)
class Came:
    """One way here: `code` and `word` of a link of ours (`P4K7`, `affiche`), the provider's ids of post and click."""

    kind: Literal["link", "ad", "post"]
    code: str = ""
    word: str = ""
    ad: str = ""
    click: str = ""


def link_in(text: str) -> links.Read:
    """The code in somebody's words; a text that was not typed is not looked through."""
    return links.Read(None, text) if len(text) > LONGEST_HEARD else links.read(text)


def link_beside(said: Incoming) -> Link | None:
    """The code that came with a message, beside its words; None for none of ours."""
    return link_in(said.source.code).link if said.source else None


def of(said: Incoming) -> Came | None:
    """What brought somebody who says this; None when it tells of nothing. A code in his words goes before one beside
    them, and a reference that is no code of ours is kept as a word."""
    if said.edits or said.deletes or said.reaction or said.signal or said.happened:
        return None
    link, beside = link_in(said.text).link or link_beside(said), said.source
    if beside is None:
        return Came("link", link.code, link.word) if link else Came("post") if said.comment else None
    word = link.word if link else links.source_word(beside.code)
    return Came(beside.kind, link.code if link else "", word, beside.ad[:LONGEST], beside.click[:LONGEST])


def note(turn: Turn) -> None:
    """Keep what brought the person of this turn, at its end: no lock may follow."""
    came = of(turn.said)
    if came:
        turn.db.run(
            "insert into source (contact_id, kind, code, word, ad, click)"
            " values (%(contact)s, %(kind)s, %(code)s, %(word)s, %(ad)s, %(click)s)",
            contact=turn.person.contact_id,
            **asdict(came),
        )


def ends(db: Db, contact_id: int) -> Mapping[str, Mapping[str, str]] | None:
    """{"first": …, "last": …} of a person as an order keeps it, without his clicks; None when nothing is known."""
    rows = db.rows(
        "(select kind, code, word, ad from source where contact_id = %(id)s order by id limit 1)"
        " union all (select kind, code, word, ad from source where contact_id = %(id)s order by id desc limit 1)",
        id=contact_id,
    )
    told = [{name: value for name, value in row._asdict().items() if value} for row in rows]
    return {"first": told[0], "last": told[-1]} if told else None


@dataclass(frozen=True)
class Counted:
    """One source: whom it brought first, whom last, the orders of those whom it brought last, and their F CFA."""

    kind: str
    code: str
    word: str
    ad: str
    first: int
    last: int
    orders: int
    total: int


def counted(db: Db, most: int) -> list[Counted]:
    """People and orders by source, most orders first; cancelled orders count as placed."""
    return [Counted(**row._asdict()) for row in db.rows(_COUNTED, most=most)]


_COUNTED = """
with touch as (
  select kind, code, word, ad, row_number() over (partition by contact_id order by id) = 1 as is_first,
    row_number() over (partition by contact_id order by id desc) = 1 as is_last from source
), people as (
  select kind, code, word, ad, count(*) filter (where is_first) as first, count(*) filter (where is_last) as last
  from touch where is_first or is_last group by kind, code, word, ad
), orders as (
  select source->'last'->>'kind' as kind, coalesce(source->'last'->>'code', '') as code,
    coalesce(source->'last'->>'word', '') as word, coalesce(source->'last'->>'ad', '') as ad, count(*) as orders,
    sum(total) as total
  from "order" where source is not null group by 1, 2, 3, 4
)
select kind, code, word, ad, coalesce(first, 0) as first, coalesce(last, 0) as last, coalesce(orders, 0) as orders,
  coalesce(total, 0)::bigint as total
from people full join orders using (kind, code, word, ad)
order by coalesce(orders, 0) desc, coalesce(last, 0) desc, kind, code, word, ad limit %(most)s
"""


MOST_GOODS: Final = 5000  # of a shop whose links are counted


@dataclass(frozen=True)
class CameToShops:
    """Whom the links of shops and of their goods brought: people, the orders of those, and who waits for a good."""

    people: int
    orders: int
    waiting: int


def of_shops(db: Db, vendor_ids: Collection[int], since: datetime) -> CameToShops:
    """What is counted of these shops since then, in two statements; looks that began without a link are not."""
    goods = db.rows(
        "select id from product where vendor_id = any(%(vendors)s) and kind <> 'variant' order by id limit %(most)s",
        vendors=list(vendor_ids),
        most=MOST_GOODS,
    )
    codes = [Link("shop", vendor_id).code for vendor_id in vendor_ids]
    codes += [Link("product", row.id).code for row in goods]
    row = db.rows(_OF_SHOPS, vendors=list(vendor_ids), codes=codes, since=since, goods=[row.id for row in goods])[0]
    return CameToShops(row.people, row.orders, row.waiting)


_OF_SHOPS = """
select (select count(distinct contact_id) from source where code = any(%(codes)s) and code <> '' and at >= %(since)s)
    as people,
  (select count(*) from vendor_order v join "order" o on o.id = v.order_id
    where v.vendor_id = any(%(vendors)s) and v.changed_at >= %(since)s and o.placed_at >= %(since)s
      and o.source->'last'->>'code' = any(%(codes)s)) as orders,
  (select count(distinct contact_id) from alert where state = 'open' and product_id = any(%(goods)s)) as waiting
"""
