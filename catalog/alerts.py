"""Alerts: who wants to hear when a good arrives; told once, ended by STOP and by themselves after 30 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from catalog import locks, search
from catalog.facts import GoodsArrived
from catalog.products import Product, products

MOST_OPEN: Final = 5  # alerts that a person may have at a time
KEPT_DAYS: Final = 30
LOOKED_AT_EVERY: Final = 20.0  # seconds between two looks at the goods for one alert
Asked = Literal["made", "before", "full"]


@dataclass(frozen=True)
class Wish:
    """What is waited for: one product, or whatever fits the words; bounds in F CFA."""

    words: str
    product_id: int | None = None
    min_price: int | None = None
    max_price: int | None = None


def ask(db: Db, contact_id: int, conversation_id: int, wish: Wish) -> Asked:
    """Keep an alert; `before` when the same is open already, `full` when the person has five open ones."""
    made = db.run(
        _ASK,
        contact=contact_id,
        conversation=conversation_id,
        product=wish.product_id,
        words=wish.words,
        low=wish.min_price,
        high=wish.max_price,
        most=MOST_OPEN,
    )
    if made.count:
        return "made"
    is_open = "select true from alert where contact_id = %(contact)s and words = %(words)s and state = 'open'"
    return "before" if db.value(is_open, contact=contact_id, words=wish.words) else "full"


_ASK: Final = """
insert into alert (contact_id, conversation_id, product_id, words, min_price, max_price)
select %(contact)s, %(conversation)s, %(product)s, %(words)s, %(low)s, %(high)s
where (select count(*) from alert where contact_id = %(contact)s and state = 'open') < %(most)s
on conflict (contact_id, words) where state = 'open' do nothing
"""


def stop(db: Db, contact_id: int) -> int:
    """A person wants to hear of nothing: all his alerts end; returns how many."""
    return db.run(
        f"{_END} where contact_id = %(contact)s and state = 'open'", contact=contact_id, state="stopped"
    ).count


_END: Final = "update alert set state = %(state)s, ended_at = market_now()"


def forget_person(db: Db, contact_id: int) -> int:
    """Forget what a person waited for, whatever became of it; returns how many."""
    return db.run("delete from alert where contact_id = %(contact)s", contact=contact_id).count


def hand_over(db: Db, from_contact: int, to_contact: int) -> list[int]:
    """What one person waits for another waits for from now on, what both do once; the ids of those that end by it.

    Open ones may then be more than five: none is lost for it.
    """
    ended = db.run(
        f"{_END} from alert other where alert.contact_id = %(former)s and alert.state = 'open'"
        " and other.contact_id = %(now)s and other.state = 'open' and other.words = alert.words returning alert.id",
        state="stopped",
        former=from_contact,
        now=to_contact,
    ).rows
    db.run("update alert set contact_id = %(now)s where contact_id = %(former)s", former=from_contact, now=to_contact)
    return [row.id for row in ended]


def give_back(db: Db, from_contact: int, to_contact: int, chats: Sequence[int], ended: Sequence[int]) -> None:
    """Alerts that were asked for in these chats are another person's again, those `ended` by `hand_over` open again."""
    db.run(
        "update alert set contact_id = %(to)s where contact_id = %(from)s and conversation_id = any(%(chats)s)",
        **{"from": from_contact, "to": to_contact, "chats": list(chats)},
    )
    db.run(
        "update alert a set state = 'open', ended_at = null where id = any(%(ended)s) and contact_id = %(to)s"
        " and state = 'stopped' and not exists (select from alert o where o.contact_id = a.contact_id"
        " and o.words = a.words and o.state = 'open')",
        to=to_contact,
        ended=list(ended),
    )


def look(db: Db, limit: int) -> int:
    """A job: compare open alerts with the goods, those first that have waited longest; returns how many were looked at.

    One that something has arrived for ends with the fact that tells it, in this transaction: so it is told once.
    """
    due = locks.due_alerts(db, LOOKED_AT_EVERY, limit)
    db.run("update alert set looked_at = market_now() where id = any(%(ids)s)", ids=[row.id for row in due])
    db.run(
        f"{_END} where id = any(%(ids)s) and made_at <= market_now() - make_interval(days => %(days)s)",
        ids=[row.id for row in due],
        state="expired",
        days=KEPT_DAYS,
    )
    for row in due:
        product = arrived(db, row)
        if product and db.run(f"{_END} where id = %(id)s and state = 'open'", id=row.id, state="told").count:
            facts.record(db, GoodsArrived(row.id, row.contact_id, row.conversation_id, product.id))
    return len(due)


def arrived(db: Db, alert: Any) -> Product | None:
    """The first product that an alert waited for and that can be bought now; what is only near is none."""
    if alert.product_id is not None:
        ids: tuple[int, ...] = (alert.product_id,)
    else:
        found = search.find(db, alert.words, min_price=alert.min_price, max_price=alert.max_price)
        ids = () if found.widened or found.guesses else found.ids[: min(found.whole, search.MOST_FOUND)]
    return next((product for product in products(db, ids) if product.available), None)
