"""People: one contact behind the names that channels give, their roles, language, text mode and consents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.db import Db
from bot import locks, nameless, names
from bot.messages import Identity, Sender
from bot.texts import FIRST
from bot.turn import Person

ROLES = ("organizer", "vendor", "buyer")  # hats, the highest first
# of contact p; a plain condition, so that a look at people asks for nothing more, and of one row: an `exists` would be
# planned as a reading of all blocks
IS_BLOCKED = "((select id from block where contact_id = p.id and ended_at is null) is not null)"
HAT_OF = {"organizer": "organizer", "vendor": "vendor", "helper": "vendor"}


@dataclass(frozen=True)
class Chat:
    """Where a person talks: the conversation, how its next messages join, whether somebody answers it by hand now."""

    conversation_id: int
    contact_id: int
    joins: str
    is_held: bool


def find_or_make_chat(
    db: Db, account_id: int, sender: Sender, sharing: Sequence[int], silent: float = names.SILENT
) -> Chat:
    """The conversation of a sender on an account; contact and identities are made when they are new.

    `sharing` are the accounts whose channels prove a phone: the same phone on two of them is the same person. What
    names that were never seen together mean, and after how many `silent` seconds a phone may be somebody else's, is
    told in bot/names.py.
    """
    met = names.Meeting(account_id, sender.identities, tuple(sharing), silent)
    known = names.owners(db, account_id, sender.identities)
    is_whole = len(known) == len(set(sender.identities)) and len(set(known.values())) == 1
    if is_whole and not names.has_new_owner(db, met, known):
        return _chat(db, account_id, next(iter(known.values())))
    contact_id = names.owner_of(db, met, known)
    if contact_id is not None:
        names.take(db, met, contact_id, known)
        return _chat(db, account_id, contact_id)
    return _chat(db, account_id, _make_contact(db, met, sender, known))


def _make_contact(db: Db, met: names.Meeting, sender: Sender, known: Mapping[Identity, int]) -> int:
    """Somebody new with these names; whom another webhook made meanwhile, where one came first."""
    made = int(db.run("insert into contact (name) values (%(name)s) returning id", name=sender.name[:80]).rows[0].id)
    if known:
        names.take(db, met, made, known)
    else:
        names.give(db, met.account_id, made, sender.identities)
    found = names.meant(names.owners(db, met.account_id, sender.identities))
    if found is None or found == made:
        return made
    db.run("update identity set contact_id = %(found)s where contact_id = %(made)s", found=found, made=made)
    nameless.hand_over(db, made, found, is_same_person=True)
    db.run(
        "delete from contact where id = %(id)s and not exists (select from conversation where contact_id = %(id)s)",
        id=made,
    )
    return found


def _chat(db: Db, account_id: int, contact_id: int) -> Chat:
    """The conversation of a contact on an account, made when there is none."""
    chat = _find_chat(db, account_id, contact_id)
    if chat is None:
        db.run(
            f"insert into conversation (account_id, contact_id) select %(account)s, {BY_NOW} on conflict do nothing",
            account=account_id,
            contact=contact_id,
        )
        chat = _find_chat(db, account_id, contact_id)
    if chat is None:
        raise LookupError("the conversation just made is not there")
    return chat


# Who was looked up a moment ago may have been linked since (bot/linking.py): his chats are the other's.
BY_NOW = "coalesce((select contact_id from chat_link where from_contact_id = %(contact)s), %(contact)s)"


def _find_chat(db: Db, account_id: int, contact_id: int) -> Chat | None:
    row = db.one(
        "select id, contact_id, joins, coalesce(held_until > market_now(), false) as is_held from conversation"
        f" where account_id = %(account)s and contact_id = {BY_NOW}",
        account=account_id,
        contact=contact_id,
    )
    return Chat(row.id, row.contact_id, row.joins, row.is_held) if row else None


def chats_of(db: Db, contact_id: int) -> list[int]:
    """The conversations of a person, on all accounts, in id order."""
    rows = db.rows("select id from conversation where contact_id = %(id)s order by id", id=contact_id)
    return [row.id for row in rows]


def people(db: Db, conversation_ids: Sequence[int]) -> dict[int, Person]:
    """conversation id -> the person there, with the roles that are not suspended."""
    return {row.chat: person_of(row) for row in db.rows(PEOPLE, ids=list(conversation_ids))}


PEOPLE = f"""
select c.id as chat, p.id as person, p.name, p.language, p.is_in_text_mode, p.phone_told,
  coalesce(array_agg(r.role) filter (where r.suspended_at is null and r.id is not null), '{{}}') as roles,
  coalesce(array_agg(r.vendor_id) filter (where r.suspended_at is null and r.vendor_id is not null), '{{}}')
    as vendor_ids,
  coalesce(array_agg(r.vendor_id) filter (where r.suspended_at is null and r.role = 'vendor'
    and r.vendor_id is not null), '{{}}') as owned_ids,
  max(r.suspended_at) filter (where r.suspended_why is not null) as suspended_since, {IS_BLOCKED} as is_blocked
from conversation c join contact p on p.id = c.contact_id left join role r on r.contact_id = p.id
where c.id = any(%(ids)s) group by c.id, p.id
"""


def person_of(row: Any) -> Person:
    """A row of PEOPLE."""
    return Person(
        row.person,
        row.name,
        row.language,
        row.is_in_text_mode,
        _hats(row.roles),
        tuple(sorted(set(row.vendor_ids))),
        row.phone_told or "",
        row.suspended_since,
        tuple(sorted(set(row.owned_ids))),
        row.is_blocked,
    )


def _hats(roles: Sequence[str]) -> tuple[str, ...]:
    held = {HAT_OF[role] for role in roles if role in HAT_OF} | {"buyer"}
    return tuple(hat for hat in ROLES if hat in held)


def phone_of(db: Db, contact_id: int) -> str:
    """The phone (E.164) of a contact: as he told it, else the newest that a channel told; '' when none did."""
    return str(
        db.value(
            "select coalesce(p.phone_told, (select value from identity where contact_id = p.id and kind = 'phone'"
            " order by made_at desc, account_id limit 1), '') from contact p where p.id = %(id)s",
            id=contact_id,
        )
        or ""
    )


def name_of(db: Db, contact_id: int) -> str:
    """How a person is called; '' when nobody knows."""
    return str(db.value("select name from contact where id = %(id)s", id=contact_id) or "")


def tell_phone(db: Db, contact_id: int, phone: str) -> None:
    """This phone (E.164) is the person's own, as he says; the names that channels give him stay what they are."""
    _set(db, contact_id, "phone_told", phone)


def grant(db: Db, contact_id: int, role: str, vendor_id: int | None = None) -> None:
    """Give a role (vendor, helper, organizer, rider), or take its suspension back."""
    locks.contact(db, contact_id)
    db.run(
        "insert into role (contact_id, role, vendor_id) values (%(contact)s, %(role)s, %(vendor)s)"
        " on conflict (contact_id, role, vendor_id) do update set suspended_at = null, suspended_why = null,"
        " granted_at = market_now()",
        contact=contact_id,
        role=role,
        vendor=vendor_id,
    )


def contact_with_phone(db: Db, account_id: int, phone: str, name: str, sharing: Sequence[int]) -> int:
    """The contact that a phone names on an account, made with its conversation when it is new.

    For operators: however long he was silent.
    """
    sender = Sender((Identity("phone", phone),), name)
    return find_or_make_chat(db, account_id, sender, sharing, names.NEVER).contact_id


def appoint_organizers(db: Db, account_ids: Sequence[int], phones: Iterable[str]) -> None:
    """Give the people of these phones (E.164) the organizer's role on accounts that prove a phone, once for ever.

    It only gives: nobody's role is taken, and one that was suspended stays so. A phone is remembered, as it may be a
    stranger's when the program starts again.
    """
    appointed = {
        contact_with_phone(db, account_id, phone, "", account_ids)
        for phone in phones
        if account_ids and _is_first_time(db, phone)
        for account_id in account_ids
    }
    locks.contacts(db, appointed)
    db.run(
        "insert into role (contact_id, role) select unnest(%(ids)s::bigint[]), 'organizer' on conflict do nothing",
        ids=sorted(appointed),
    )


def _is_first_time(db: Db, phone: str) -> bool:
    appointed = "insert into organizer_phone (phone) values (%(phone)s) on conflict do nothing"
    return db.run(appointed, phone=phone).count > 0


def language_of(db: Db, contact_id: int) -> str:
    """The language this person reads; French for somebody who was erased."""
    return str(db.value("select language from contact where id = %(id)s", id=contact_id) or FIRST)


def set_language(db: Db, contact_id: int, language: str) -> None:
    """Answer in another language from the next bubble on."""
    _set(db, contact_id, "language", language)


def set_text_mode(db: Db, contact_id: int, is_on: bool) -> None:
    """Numbered text instead of buttons and photos, or back."""
    _set(db, contact_id, "is_in_text_mode", is_on)


def set_name(db: Db, contact_id: int, name: str) -> None:
    """Call a person so from now on."""
    _set(db, contact_id, "name", name)


def _set(db: Db, contact_id: int, column: str, value: str | bool) -> None:
    locks.contact(db, contact_id)
    db.run(f"update contact set {column} = %(value)s where id = %(id)s", id=contact_id, value=value)
