"""What a person brings into a link of two chats beside goods and roles, and what goes back when it is undone."""

from collections.abc import Mapping, Sequence
from typing import Any

from base.db import Db, jsonb
from catalog import alerts, applications, barring, questions
from events import bookings, lessons


def bring(db: Db, former: int, now: int) -> Mapping[str, Any]:
    """Alerts, questions, lines of the list, words, consents, what brought him, answered comments are the other's from
    now on, and shops that do without him do without both; a name and a phone are copied where there is none.

    Returns what cannot be told from the other's own afterwards: name, phone_told, ids of `sources`, of `unclear` words
    and of alerts `ended`, as both had them, and what `barring.hand_over` tells.
    """
    ended = alerts.hand_over(db, former, now)
    applications.hand_over(db, former, now)
    questions.hand_over(db, former, now)
    bookings.hand_over(db, former, now)
    lessons.hand_over(db, former, now)
    moved = hand_over(db, former, now)
    db.run(
        "update attention set about = about || %(now)s where about @> %(former)s",
        former=jsonb({"contact": former}),
        now=jsonb({"contact": now}),
    )
    return {**moved, "ended": ended, **barring.hand_over(db, former, now), **_copy(db, former, now)}


_OF = "update {} set contact_id = %(now)s where contact_id = %(former)s"


def hand_over(db: Db, former: int, now: int) -> Mapping[str, list[int]]:
    """What one person did is another's from now on; the ids of his `source` and `unclear`, which no chat tells."""
    for table in ("consent", "chat_link_try", "comment_reply"):
        db.run(_OF.format(table), former=former, now=now)
    return {
        f"{table}_ids": [row.id for row in db.run(f"{_OF.format(table)} returning id", former=former, now=now).rows]
        for table in ("source", "unclear")
    }


def _copy(db: Db, former: int, now: int) -> Mapping[str, str]:
    """His name and phone where the other has none."""
    names = db.one(
        "select case when p.name = '' then f.name end as name,"
        " case when p.phone_told is null then f.phone_told end as phone_told"
        " from contact f, contact p where f.id = %(former)s and p.id = %(now)s",
        former=former,
        now=now,
    )
    copied = {name: value for name, value in (names._asdict().items() if names else ()) if value}
    db.run(
        "update contact set name = coalesce(%(name)s, name), phone_told = coalesce(%(phone)s, phone_told)"
        " where id = %(id)s",
        id=now,
        name=copied.get("name"),
        phone=copied.get("phone_told"),
    )
    return copied


def give_back(db: Db, link: Any, contact_id: int, chats: Sequence[int]) -> None:
    """Undo a link, a row of `chat_link`, of this person: what is of its chats and orders, or was noted, goes back."""
    places = {"former": link.from_contact_id, "now": contact_id, "chats": list(chats)}
    applications.hand_over(db, contact_id, link.from_contact_id, chats)
    questions.hand_over(db, contact_id, link.from_contact_id, chats)
    bookings.give_back(db, contact_id, link.from_contact_id, chats)
    lessons.hand_over(db, contact_id, link.from_contact_id, chats)
    barring.give_back(db, contact_id, link.from_contact_id, link.copied, link.linked_at)
    _return_rights(db, link, contact_id)
    _return_wishes(db, contact_id, link.from_contact_id, chats)
    wants = db.value("select wants_reminders from contact where id = %(id)s", id=link.from_contact_id)
    ended = link.copied.get("ended", ()) if wants else ()
    alerts.give_back(db, contact_id, link.from_contact_id, chats, ended)
    db.run(_LINES, **places, is_his=jsonb({"contact": contact_id}), to=jsonb({"contact": link.from_contact_id}),
           orders=link.orders)  # fmt: skip
    db.run(
        "update comment_reply set contact_id = %(former)s where contact_id = %(now)s"
        " and account_id in (select account_id from conversation where id = any(%(chats)s))",
        **places,
    )
    for table in ("source", "unclear"):
        db.run(
            f"update {table} set contact_id = %(former)s where contact_id = %(now)s and id = any(%(ids)s)",
            former=link.from_contact_id,
            now=contact_id,
            ids=link.copied.get(f"{table}_ids", []),
        )
    db.run(
        "update contact set name = case when name = %(name)s then '' else name end,"
        " phone_told = nullif(phone_told, %(phone)s) where id = %(now)s",
        now=contact_id,
        name=link.copied.get("name"),
        phone=link.copied.get("phone_told"),
    )


_LINES = """
update attention set about = about || %(to)s where about @> %(is_his)s and (conversation_id = any(%(chats)s)
  or conversation_id is null and (about->>'vendor_order')::bigint in (
    select id from vendor_order where order_id = any(%(orders)s)))
"""


def _return_rights(db: Db, row: Any, contact_id: int) -> None:
    db.run(
        "update role set contact_id = %(former)s, suspended_at = coalesce(suspended_at, market_now()),"
        " suspended_why = case when suspended_at is null then 'linked' else suspended_why end"
        " where id = any(%(roles)s) and contact_id = %(now)s",
        former=row.from_contact_id,
        now=contact_id,
        roles=row.roles,
    )


def _return_wishes(db: Db, contact_id: int, former: int, chats: Sequence[int]) -> None:
    """What was said in these chats is theirs again; what was stopped by either side stays stopped for both."""
    db.run(
        "update consent set contact_id = %(former)s where contact_id = %(now)s"
        " and account_id in (select account_id from conversation where id = any(%(chats)s))",
        former=former,
        now=contact_id,
        chats=list(chats),
    )
    db.run(
        "update contact f set wants_announcements = f.wants_announcements and p.wants_announcements,"
        " wants_reminders = f.wants_reminders and p.wants_reminders,"
        " wants_order_news = f.wants_order_news and p.wants_order_news"
        " from contact p where f.id = %(former)s and p.id = %(now)s",
        former=former,
        now=contact_id,
    )
