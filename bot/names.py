"""Whose a name is: phones change hands, a BSUID does not, and nobody's orders are shown to who has only his number.

Meta gives everybody a BSUID for our business (channels.md §2.3), which changes with his number or account. So it
says more than a phone, and these are the rules on one account:

- A phone and a BSUID seen together name one contact. Where both are known and of two, the BSUID's is meant.
- The first BSUID of a phone is its person's. A second one is a new device or a new owner: the contact stays, its roles
  are suspended until an organizer has called.
- Was a contact silent so long that operators give a number to somebody else (90 days), and no other name of his comes
  with his phone, then its owner is new: he becomes a contact of his own, with the phone, and the former one keeps BSUID
  and orders. Nor does a phone alone join two accounts after such a silence.
- Meta says that somebody has other names (`renamed`): these are his too, his old phone is his no longer, and his roles
  are suspended. What he has bought stays in sight: whoever changes his number there has the old account and both phones
  in hand, a parcel that is under way is his to ask for, and a stranger would gain a list of groceries. A vendor's or an
  organizer's rights show other people's phones and addresses: these are what is kept from him.
- A name that is another contact's already is taken from it only where that one has lost it (another BSUID names it
  here, or it was silent too long) or has nothing to lose (no order, no basket, no role). Else it stays, and both stay
  apart: two people's orders are never joined unless a person links them (bot/linking.py).
- Whose name was another's with rights may be the very person: an organizer calls, and gives him these (suspension).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.db import Alone, Db
from base.timing import Timing
from bot import locks, nameless, suspension
from bot.messages import Happened, Identity
from bot.turn import Turn

SILENT: Final = Timing().rights_silent
NEVER: Final = 1e9  # seconds, for whom an operator names: he says whose the phone is
TRUSTED: Final = ("bsuid", "phone")  # whose change is a new state of trust


@dataclass(frozen=True)
class Meeting:
    """Names that came together on an account; `sharing` accounts prove phones, `silent` are seconds."""

    account_id: int
    names: tuple[Identity, ...]
    sharing: tuple[int, ...]
    silent: float = SILENT

    def named(self, kind: str) -> str:
        """The name of a kind, '' without one."""
        return next((name.value for name in self.names if name.kind == kind), "")


def keys(names: Sequence[Identity]) -> dict[str, list[str]]:
    """Names as two lists, in one order for all, so that two webhooks cannot lock each other out."""
    ordered = _in_order(names)
    return {"kinds": [name.kind for name in ordered], "names": [name.value for name in ordered]}


def _in_order(names: Sequence[Identity]) -> list[Identity]:
    return sorted(set(names), key=lambda name: (name.kind, name.value))


# A name that came while its person was being linked (bot/linking.py) stands under the row he had before.
OWNERS = """
select i.kind, i.value, coalesce(l.contact_id, i.contact_id) as contact_id
from identity i left join chat_link l on l.from_contact_id = i.contact_id where i.account_id = %(account)s
and (i.kind, i.value) in (select * from unnest(%(kinds)s::text[], %(names)s::text[]))
"""
WEIGHTS: Final = {"phone": 1, "comment": 2}  # what says less of who it is: it changes hands, it is good for one answer


def owners(db: Db, account_id: int, names: Sequence[Identity]) -> dict[Identity, int]:
    """The contact of each of these names that is known on an account."""
    rows = db.rows(OWNERS, account=account_id, **keys(names))
    return {Identity(row.kind, row.value): row.contact_id for row in rows}


def changing(db: Db, account_id: int, several: Sequence[Sequence[Identity]]) -> list[int]:
    """Of the senders of one webhook, whose names may change hands: the contacts that have them now."""
    known = owners(db, account_id, [name for one in several for name in one])
    owned = [{known.get(name) for name in one} for one in several]
    return sorted({owner for one in owned if len(one) > 1 for owner in one if owner is not None})


def meant(known: Mapping[Identity, int]) -> int | None:
    """The contact that these names mean: a BSUID's or a Page's name before a phone, which changes hands."""
    by_weight = sorted(known, key=lambda name: WEIGHTS.get(name.kind, 0))
    return known[by_weight[0]] if by_weight else None


def owner_of(db: Db, met: Meeting, known: Mapping[Identity, int]) -> int | None:
    """Whose these names are; None for somebody new. Names that changed hands are his only now (`take`)."""
    found = meant(known)
    if found is None:
        return _elsewhere(db, met)
    return None if has_new_owner(db, met, known) else found


def has_new_owner(db: Db, met: Meeting, known: Mapping[Identity, int]) -> bool:
    """Whether a phone is all that is known of these names, and its contact was silent for too long."""
    if [name.kind for name in known] != ["phone"]:
        return False
    return is_silent(db, next(iter(known.values())), met.silent)


def _elsewhere(db: Db, met: Meeting) -> int | None:
    """The person of the same phone on another account that proves it, unless he was silent for too long."""
    found = db.value(
        "select contact_id from identity where kind = 'phone' and value = %(phone)s and account_id = any(%(sharing)s)"
        " and %(account)s::bigint = any(%(sharing)s) order by made_at limit 1",
        phone=met.named("phone"),
        sharing=list(met.sharing),
        account=met.account_id,
    )
    return None if found is None or is_silent(db, found, met.silent) else int(found)


def is_silent(db: Db, contact_id: int, seconds: float) -> bool:
    """Whether nobody has heard of this person for so long, in any of his chats."""
    return bool(
        db.value(
            "select greatest(p.made_at, (select max(last_in_at) from conversation where contact_id = p.id))"
            " <= market_now() - make_interval(secs => %(seconds)s) from contact p where p.id = %(id)s",
            id=contact_id,
            seconds=seconds,
        )
    )


def _has_other(db: Db, met: Meeting, contact_id: int, kind: str) -> bool:
    """Whether a contact has a name of this kind there beside, or instead of, the one that came."""
    return bool(
        db.value(
            "select exists (select from identity where account_id = %(account)s and contact_id = %(id)s"
            " and kind = %(kind)s and value <> %(name)s)",
            account=met.account_id,
            id=contact_id,
            kind=kind,
            name=met.named(kind),
        )
    )


def _is_bare(db: Db, contact_id: int) -> bool:
    return not db.value(
        'select exists (select from "order" where contact_id = %(id)s) or exists (select from role'
        " where contact_id = %(id)s) or exists (select from basket b join basket_line l on l.basket_id = b.id"
        " where b.contact_id = %(id)s)",
        id=contact_id,
    )


def take(db: Db, met: Meeting, contact_id: int, known: Mapping[Identity, int]) -> None:
    """Make these names the contact's where they may be; another one than he had suspends his rights.

    All whose names they are, and he, are locked first.
    """
    locks.contacts(db, [contact_id, *known.values()])
    taken = [n for n in _in_order(met.names) if n not in known or _may_take(db, met, n, contact_id, known[n])]
    added = [name.kind for name in taken if _give(db, met, contact_id, name, known.get(name))]
    several = [kind for kind in added if kind in TRUSTED and _has_other(db, met, contact_id, kind)]
    for former in sorted({*known.values()} - {contact_id}):
        suspension.note_rights_of(db, contact_id, met.account_id, former)
    if several:
        suspension.suspend(db, contact_id, "renamed")
    if "phone" in several:
        _let_go(db, met, contact_id)


def give(db: Db, account_id: int, contact_id: int, names: Sequence[Identity]) -> int:
    """Names that nobody had; what another webhook gave away meanwhile stays given. How many are new."""
    return db.run(
        "insert into identity (account_id, kind, value, contact_id) select %(account)s, kind, value, %(contact)s"
        " from unnest(%(kinds)s::text[], %(names)s::text[]) as n(kind, value) on conflict do nothing",
        account=account_id,
        contact=contact_id,
        **keys(names),
    ).count


def _may_take(db: Db, met: Meeting, name: Identity, contact_id: int, former: int) -> bool:
    """Whether a name that is another contact's is his no longer."""
    if former == contact_id:
        return False
    if name.kind == "phone" and _has_other(db, met, former, "bsuid"):
        return True
    return is_silent(db, former, met.silent) or _is_bare(db, former)


def _give(db: Db, met: Meeting, contact_id: int, name: Identity, former: int | None) -> bool:
    """A new name, or one of a former owner, on every account that he had it on."""
    if former is not None:
        is_bare = _is_bare(db, former)
        moved = db.run(
            "update identity set contact_id = %(contact)s, made_at = market_now(), unreachable_since = null"
            " where kind = %(kind)s and value = %(value)s and contact_id = %(former)s"
            " and (account_id = %(account)s or kind = 'phone' and account_id = any(%(sharing)s))",
            contact=contact_id,
            kind=name.kind,
            value=name.value,
            former=former,
            account=met.account_id,
            sharing=list(met.sharing),
        )
        _make_chats(db, contact_id)
        nameless.hand_over(db, former, contact_id, is_same_person=is_bare)
        return moved.count > 0
    return give(db, met.account_id, contact_id, [name]) > 0


OTHER_PHONES = """
select value from identity where contact_id = %(contact)s and kind = 'phone' and account_id = %(account)s
  and value <> %(phone)s
"""


def _let_go(db: Db, met: Meeting, contact_id: int) -> None:
    """A person has one phone on an account: the one before will be somebody else's, on the others it was his on too.

    It stays where it is his last name, as the new one is another person's there.
    """
    left: dict[str, Any] = {"contact": contact_id, "phone": met.named("phone"), "account": met.account_id}
    db.run(
        "insert into identity (account_id, kind, value, contact_id)"
        " select account_id, 'phone', %(phone)s, contact_id from identity"
        f" where contact_id = %(contact)s and kind = 'phone' and value in ({OTHER_PHONES})"
        " order by account_id on conflict do nothing",
        **left,
    )
    db.run(
        f"delete from identity i where contact_id = %(contact)s and kind = 'phone' and value in ({OTHER_PHONES})"
        " and exists (select from identity o where o.account_id = i.account_id and o.contact_id = i.contact_id"
        f" and o.kind <> 'comment' and not (o.kind = 'phone' and o.value in ({OTHER_PHONES})))",
        **left,
    )


def _make_chats(db: Db, contact_id: int) -> None:
    """Who has a name on an account has a chat there."""
    db.run(
        "insert into conversation (account_id, contact_id) select distinct account_id, contact_id from identity"
        " where contact_id = %(contact)s order by account_id on conflict do nothing",
        contact=contact_id,
    )


def rename(turn: Turn, happened: Happened) -> None:
    """The provider says that the person of this turn has these names from now on. Raises Alone in a batch."""
    if turn.db.in_batch:
        raise Alone
    met = Meeting(
        turn.account_id,
        happened.names,
        _accounts_of(turn.db, turn.person.contact_id, turn.account_id),
        turn.config.timing.rights_silent,
    )
    take(turn.db, met, turn.person.contact_id, owners(turn.db, turn.account_id, happened.names))


def _accounts_of(db: Db, contact_id: int, account_id: int) -> tuple[int, ...]:
    """The accounts on which this person's phone is known, and this one."""
    rows = db.rows(
        "select distinct account_id from identity where contact_id = %(id)s and kind = 'phone'", id=contact_id
    )
    return tuple(sorted({account_id, *(row.account_id for row in rows)}))
