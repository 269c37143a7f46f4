"""People: one contact behind the names that channels give, their roles, language, text mode and consents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from base.db import Db
from bot import locks
from bot.messages import Identity, Sender
from bot.texts import FIRST
from bot.turn import Person

ROLES = ("organizer", "vendor", "buyer")  # hats, the highest first
HAT_OF = {"organizer": "organizer", "vendor": "vendor", "helper": "vendor"}


@dataclass(frozen=True)
class Chat:
    """Where a person talks: the conversation, and how its next messages join."""

    conversation_id: int
    contact_id: int
    joins: str


def find_or_make_chat(db: Db, account_id: int, sender: Sender, sharing: Sequence[int]) -> Chat:
    """The conversation of a sender on an account; contact and identities are made when they are new.

    `sharing` are the accounts whose channels prove a phone: the same phone on two of them is the same person.
    """
    chat = _find_chat(db, account_id, sender.identities)
    if chat and not _unknown(db, account_id, sender.identities):
        return chat
    contact_id = chat.contact_id if chat else _find_or_make_contact(db, account_id, sender, sharing)
    _name(db, account_id, contact_id, sender.identities)
    found = _find_chat(db, account_id, sender.identities)
    if found and found.contact_id != contact_id and not chat:
        db.run("delete from contact where id = %(id)s", id=contact_id)  # another webhook of this person came first
    return found or _make_chat(db, account_id, contact_id)


def _keys(identities: Sequence[Identity]) -> dict[str, list[str]]:
    ordered = sorted(identities, key=lambda identity: (identity.kind, identity.value))
    return {"kinds": [i.kind for i in ordered], "names": [i.value for i in ordered]}


def _find_chat(db: Db, account_id: int, identities: Sequence[Identity]) -> Chat | None:
    row = db.one(
        "select c.id, c.contact_id, c.joins from identity i"
        " join conversation c on c.account_id = i.account_id and c.contact_id = i.contact_id"
        " where i.account_id = %(account)s"
        " and (i.kind, i.value) in (select * from unnest(%(kinds)s::text[], %(names)s::text[]))"
        " order by i.kind desc limit 1",
        account=account_id,
        **_keys(identities),
    )
    return Chat(row.id, row.contact_id, row.joins) if row else None


def _unknown(db: Db, account_id: int, identities: Sequence[Identity]) -> int:
    if len(identities) == 1:
        return 0
    known: int = db.value(
        "select count(*) from identity where account_id = %(account)s"
        " and (kind, value) in (select * from unnest(%(kinds)s::text[], %(names)s::text[]))",
        account=account_id,
        **_keys(identities),
    )
    return len(set(identities)) - known


def _find_or_make_contact(db: Db, account_id: int, sender: Sender, sharing: Sequence[int]) -> int:
    """By a name on this account, by the same phone on another that proves it, or a new contact."""
    found = db.value(
        "select contact_id from identity where (kind, value) in"
        " (select * from unnest(%(kinds)s::text[], %(names)s::text[]))"
        " and (account_id = %(account)s or (kind = 'phone' and account_id = any(%(sharing)s)"
        " and %(account)s = any(%(sharing)s)))"
        " order by account_id = %(account)s desc, made_at limit 1",
        account=account_id,
        sharing=list(sharing),
        **_keys(sender.identities),
    )
    if found is not None:
        return int(found)
    made = db.run("insert into contact (name) values (%(name)s) returning id", name=sender.name[:80])
    return int(made.rows[0].id)


def _name(db: Db, account_id: int, contact_id: int, identities: Sequence[Identity]) -> None:
    """Give the contact the names it lacks here; a new BSUID on a known one suspends its rights until re-verified."""
    added = db.run(
        "insert into identity (account_id, kind, value, contact_id)"
        " select %(account)s, kind, value, %(contact)s"
        " from unnest(%(kinds)s::text[], %(names)s::text[]) as n(kind, value)"
        " on conflict do nothing returning kind",
        account=account_id,
        contact=contact_id,
        **_keys(identities),
    )
    if any(row.kind == "bsuid" for row in added.rows):
        db.run(
            "update role set suspended_at = market_now() where contact_id = %(contact)s and suspended_at is null"
            " and (select count(*) from identity where account_id = %(account)s and kind = 'bsuid'"
            " and contact_id = %(contact)s) > 1",
            contact=contact_id,
            account=account_id,
        )


def _make_chat(db: Db, account_id: int, contact_id: int) -> Chat:
    db.run(
        "insert into conversation (account_id, contact_id) values (%(account)s, %(contact)s) on conflict do nothing",
        account=account_id,
        contact=contact_id,
    )
    row = db.one(
        "select id, contact_id, joins from conversation where account_id = %(account)s and contact_id = %(contact)s",
        account=account_id,
        contact=contact_id,
    )
    if row is None:
        raise LookupError("the conversation just made is not there")
    return Chat(row.id, row.contact_id, row.joins)


def people(db: Db, conversation_ids: Sequence[int]) -> dict[int, Person]:
    """conversation id -> the person there, with the roles that are not suspended."""
    rows = db.rows(
        "select c.id as conversation_id, p.id, p.name, p.language, p.is_in_text_mode,"
        " coalesce(array_agg(r.role) filter (where r.id is not null), '{}') as roles,"
        " coalesce(array_agg(r.vendor_id) filter (where r.vendor_id is not null), '{}') as vendor_ids"
        " from conversation c join contact p on p.id = c.contact_id"
        " left join role r on r.contact_id = p.id and r.suspended_at is null"
        " where c.id = any(%(ids)s) group by c.id, p.id",
        ids=list(conversation_ids),
    )
    return {
        row.conversation_id: Person(
            row.id, row.name, row.language, row.is_in_text_mode, _hats(row.roles), tuple(sorted(set(row.vendor_ids)))
        )
        for row in rows
    }


def _hats(roles: Sequence[str]) -> tuple[str, ...]:
    held = {HAT_OF[role] for role in roles if role in HAT_OF} | {"buyer"}
    return tuple(hat for hat in ROLES if hat in held)


def phone_of(db: Db, contact_id: int) -> str:
    """The phone (E.164) that a channel told for a contact, '' when none did."""
    return str(
        db.value(
            "select value from identity where contact_id = %(id)s and kind = 'phone' order by made_at limit 1",
            id=contact_id,
        )
        or ""
    )


def grant(db: Db, contact_id: int, role: str, vendor_id: int | None = None) -> None:
    """Give a role (vendor, helper, organizer, rider), or take its suspension back."""
    db.run(
        "insert into role (contact_id, role, vendor_id) values (%(contact)s, %(role)s, %(vendor)s)"
        " on conflict (contact_id, role, vendor_id) do update set suspended_at = null",
        contact=contact_id,
        role=role,
        vendor=vendor_id,
    )


def contact_with_phone(db: Db, account_id: int, phone: str, name: str, sharing: Sequence[int]) -> int:
    """The contact that a phone names on an account, made with its conversation when it is new."""
    sender = Sender((Identity("phone", phone),), name)
    return find_or_make_chat(db, account_id, sender, sharing).contact_id


def appoint_organizers(db: Db, account_ids: Sequence[int], phones: Iterable[str]) -> None:
    """Give the people of these phones (E.164) the organizer's role on accounts that prove a phone.

    It only gives: nobody's role is taken, and one that was suspended stays so.
    """
    for phone in phones:
        for account_id in account_ids:
            db.run(
                "insert into role (contact_id, role) values (%(contact)s, 'organizer') on conflict do nothing",
                contact=contact_with_phone(db, account_id, phone, "", account_ids),
            )


def language_of(db: Db, contact_id: int) -> str:
    """The language this person reads; French for somebody who was erased."""
    return str(db.value("select language from contact where id = %(id)s", id=contact_id) or FIRST)


def set_language(db: Db, contact_id: int, language: str) -> None:
    """Answer in another language from the next bubble on."""
    locks.contact(db, contact_id)
    db.run("update contact set language = %(language)s where id = %(id)s", id=contact_id, language=language)


def set_text_mode(db: Db, contact_id: int, is_on: bool) -> None:
    """Numbered text instead of buttons and photos, or back."""
    locks.contact(db, contact_id)
    db.run("update contact set is_in_text_mode = %(on)s where id = %(id)s", id=contact_id, on=is_on)


def set_name(db: Db, contact_id: int, name: str) -> None:
    """Call a person so from now on."""
    locks.contact(db, contact_id)
    db.run("update contact set name = %(name)s where id = %(id)s", id=contact_id, name=name)
