"""What an organizer decides about shops: who may sell, and on which number a shop is paid."""

from collections.abc import Mapping
from typing import Final, Literal, TypedDict

from base.phones import format_phone
from bot import application_words, attention, contacts, locks
from bot.attention import Item
from bot.broadcasts import drafts, telling
from bot.broadcasts.drafts import SECOND
from bot.broadcasts.sending import PAUSED
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.shop_news import APPLICATION, PAYOUT, STOPPED
from bot.turn import Turn
from catalog import applications, opening, payout_numbers
from catalog.applications import Application
from catalog.opening import NewShop
from catalog.vendors import vendor

WAYS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    APPLICATION: ("approve", "reject", "ask_applicant", "others"),
    PAYOUT: ("approve_payout", "reject_payout", "others"),
    SECOND: ("announcement", "others"),
    PAUSED: ("announcement", "settle", "others"),
}
"""What can be done with a line that is settled by a decision alone."""
KINDS: Final = frozenset({*WAYS_OF, STOPPED})


class Reason(TypedDict):
    """The shop's name, and why it is not opened, as the organizer wrote it."""

    shop: str
    reason: str


class Shop(TypedDict):
    """The shop's name."""

    shop: str


def about(turn: Turn, item: Item) -> str:
    """All that was told, and whom to call."""
    if item.kind == APPLICATION:
        return _about_application(turn, item)
    if item.kind in (SECOND, PAUSED):
        one = drafts.read(turn.db, number_of(item.about.get("broadcast", 0)))
        return telling.told(turn.person.language, one) if one else ""
    found = payout_numbers.number(turn.db, number_of(item.about.get("payout", "")))
    shop = vendor(turn.db, found.vendor_id) if found else None
    if found is None or shop is None:
        return ""
    former = payout_numbers.of_shop(turn.db, shop.id, "in_force")
    by = number_of(item.about.get("contact", "")) or found.contact_id or 0
    return words(
        turn,
        f"organizer.about_{item.kind}",
        shop=shop.name,
        phone=shop.phone,
        number=f"{format_phone(found.phone)} ({words(turn, f'method.{found.wallet}')})",
        former=format_phone(former.phone) if former else "—",
        name=contacts.name_of(turn.db, by) or "…",
        at=found.due_at.isoformat(),
    )


def _about_application(turn: Turn, item: Item) -> str:
    found = applications.application(turn.db, number_of(item.about.get("application", "")))
    if found is None:
        return ""
    phone = contacts.phone_of(turn.db, _applicant(turn, found))
    called = "\n" + words(turn, "organizer.about_person", phone=phone) if phone else ""
    return application_words.told(turn.person.language, found.answers) + called


def _item(turn: Turn) -> int:
    return number_of(turn.memory.get("item", 0))


def _application(turn: Turn) -> Application | None:
    told = attention.about_of(turn.db, _item(turn))
    return applications.application(turn.db, number_of(told.get("application", "")))


def _applicant(turn: Turn, found: Application) -> int:
    """Who writes in the chat of an application by now: chats are linked and parted."""
    sql = "select contact_id from conversation where id = %(id)s"
    return int(turn.db.value(sql, id=found.conversation_id) or found.contact_id)


def approve(turn: Turn) -> Literal["approved", "before"]:
    """One tap makes the shop, its first payment number and its owner, and settles the line."""
    take_alone(turn)
    found = _application(turn)
    if found is None:
        return "before"
    owner = _applicant(turn, found)
    locks.contacts(turn.db, [owner])
    again = applications.application(turn.db, found.id)
    if again is None or again.state != "sent":
        _settle(turn)
        return "before"
    vendor_id = _open(turn, again, owner)
    applications.approve(turn.db, again.id, turn.person.contact_id, vendor_id)
    contacts.grant(turn.db, owner, "vendor", vendor_id)
    if not contacts.name_of(turn.db, owner):
        contacts.set_name(turn.db, owner, str(again.answers["seller"]))
    turn.memory["decided"] = str(again.answers["shop"])
    _settle(turn)
    return "approved"


def _open(turn: Turn, found: Application, owner: int) -> int:
    told = found.answers
    place, payout, delivery = told["place"], told["payout"], told.get("delivery") or {}
    shop = NewShop(
        name=told["shop"],
        phone=contacts.phone_of(turn.db, owner) or payout["phone"],
        quarter=place["quarter"],
        landmark=place["landmark"],
        pin=(place["pin"][0], place["pin"][1]) if place["pin"] else None,
        hours=told.get("hours"),
        zones=delivery.get("zones"),
        unserved=delivery.get("unserved"),
    )
    vendor_id = opening.open_shop(turn.db, shop)
    payout_numbers.start(turn.db, vendor_id, payout["phone"], payout["wallet"], cause(turn))
    return vendor_id


def _settle(turn: Turn) -> None:
    attention.settle(turn.db, [_item(turn)], turn.person.contact_id)


def decided(turn: Turn) -> Shop:
    """Values of the answers to a decision."""
    return {"shop": str(turn.memory.get("decided", ""))}


def waits(turn: Turn) -> bool:
    """Whether the application of the line on show waits still."""
    found = _application(turn)
    return found is not None and found.state == "sent"


def applicants_shop(turn: Turn) -> Shop:
    """Values of the question why."""
    found = _application(turn)
    return {"shop": str(found.answers.get("shop", "")) if found else ""}


def keep_reason(turn: Turn, reason: str) -> Literal["kept"]:
    """Told to the applicant after a yes."""
    turn.memory["reject_reason"] = " ".join(reason.split())[: applications.LONGEST_REASON]
    return "kept"


def reason(turn: Turn) -> Reason:
    """Values of the question whether it shall be refused so."""
    return {"shop": applicants_shop(turn)["shop"], "reason": str(turn.memory.get("reject_reason", ""))}


def is_reason_kept(turn: Turn) -> bool:
    """Whether a reason was told for an application that waits still."""
    return "reject_reason" in turn.memory and waits(turn)


def reject(turn: Turn) -> Literal["rejected", "before"]:
    """It becomes no shop; the applicant hears why, and how he asks again."""
    take_alone(turn)
    found = _application(turn)
    told = str(turn.memory.pop("reject_reason", ""))
    if found is None:
        return "before"
    locks.contacts(turn.db, [_applicant(turn, found)])
    is_new = applications.refuse(turn.db, found.id, turn.person.contact_id, told)
    turn.memory["decided"] = str(found.answers.get("shop", ""))
    _settle(turn)
    return "rejected" if is_new else "before"


def _payout(turn: Turn) -> int:
    return number_of(attention.about_of(turn.db, _item(turn)).get("payout", ""))


def approve_payout(turn: Turn) -> Literal["in_force", "approved", "before"]:
    """He made sure that the shop asked for it; `approved`: it begins when its time has come."""
    take_alone(turn)
    outcome = payout_numbers.approve(turn.db, _payout(turn), cause(turn))
    _settle(turn)
    return outcome


def reject_payout(turn: Turn) -> Literal["rejected", "before"]:
    """He does not believe it."""
    take_alone(turn)
    is_new = payout_numbers.refuse(turn.db, _payout(turn), cause(turn))
    _settle(turn)
    return "rejected" if is_new else "before"
