"""What waits for a person, as an organizer sees and settles it."""

from typing import Literal, TypedDict, get_args

from base.shortening import shorten
from bot import accounts, attention, contacts, handover, received, suspension, templates, voices
from bot.attention import Item
from bot.dialog import Page, Row
from bot.dialogs.files import sound_of
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.dialogs.organizer import asked, deciding
from bot.messages import LONGEST_HEARD, Incoming
from bot.texts import FIRST, has
from bot.turn import Turn
from catalog.vendors import vendor
from orders import complaints, progress, reports
from orders.complaints import Complaint
from orders.reports import Part
from orders.states import OPEN

PAGE = 9
COUNTED = 99
MOST_LINKS = 3
MOST_REPLIES = 3
MOST_WORDS = 500  # characters of a complaint
WAYS = ("settle", "others")
OF_ACCOUNTS = ("account_paused", templates.LINE, templates.WARNING)
PAID_BEFORE = ("payment_to_arrange", "refund_to_arrange")
Action = Literal[
    "unlock",
    "taken",
    "restore",
    "settle",
    "type",
    "answer",
    "hold",
    "release",
    "approve",
    "reject",
    "ask_applicant",
    "approve_payout",
    "reject_payout",
    "announcement",
]
ACTIONS: tuple[Action, ...] = get_args(Action)


class Open(TypedDict):
    """How many lines are open."""

    count: int


class Shown(TypedDict):
    """One line; `kind` names a text, `at` is an ISO moment, `name` stands in brackets behind a blank, or is ''."""

    kind: str
    name: str
    at: str
    about: str
    audio: str  # the address of a voice note to be typed, or ''


class Whom(TypedDict):
    """The person of a line: his name behind a blank in brackets, or ''."""

    name: str


def count(turn: Turn) -> Open:
    """Values of the menu."""
    return {"count": len(attention.open_items(turn.db, 0, COUNTED))}


def item_rows(turn: Turn, after: str) -> Page:
    """The open lines below the headings of their groups, oldest first in each."""
    found = attention.grouped_items(turn.db, number_of(after), PAGE + 1)
    rows = tuple(_row(turn, item) for item in found[:PAGE])
    return Page(rows, rows[-1].id if len(found) > PAGE else "")


def _row(turn: Turn, item: Item) -> Row:
    title = words(turn, f"attention.kind.{_kind(item)}")
    detail = words(turn, "organizer.item_detail", name=item.name, at=item.at.isoformat())
    section = words(turn, f"attention.group.{attention.group_of(item.kind)}")
    return Row(str(item.id), title, detail, section=section)


def _kind(item: Item) -> str:
    return item.kind if has(FIRST, f"attention.kind.{item.kind}") else "other"


def open_item(turn: Turn, row: str) -> Literal["opened"]:
    """Put one line on show."""
    turn.memory["item"] = number_of(row)
    shown = _shown(turn)
    turn.memory["is_over"] = bool(shown and _has_ended(turn, shown))
    return "opened"


def open_by_notice(turn: Turn, given: str) -> Literal["opened"]:
    """The button of a notice."""
    return open_item(turn, given)


def _shown(turn: Turn) -> Item | None:
    item_id = number_of(turn.memory.get("item", 0))
    found = attention.open_items(turn.db, item_id - 1, 1) if item_id else []
    return found[0] if found and found[0].id == item_id else None


def item_ways(turn: Turn, after: str) -> Page:
    """What can be done with the line on show. The ids name the line, so an old bubble stays itself."""
    item = _shown(turn)
    if item is None:
        return Page(())
    ways = deciding.WAYS_OF.get(item.kind) or (*_own_way(turn, item), *_chat_ways(item), *WAYS)
    return Page(tuple(Row(f"{way}.{item.id}", words(turn, f"option.{way}")) for way in ways))


def _chat_ways(item: Item) -> tuple[str, ...]:
    """Answering by hand, where a person waits for words; himself only where there is more than this program for it."""
    if not item.has_chat:
        return ()
    if item.is_held:
        return ("answer", "release")
    return ("answer", "hold") if item.has_inbox else ("answer",)


def _own_way(turn: Turn, item: Item) -> tuple[str, ...]:
    """What can be done with a line of this kind alone."""
    if item.kind == "code_locked":
        return ("unlock",)
    if item.kind == suspension.KIND:
        return ("restore",)
    if item.kind == voices.KIND:
        return ("type",)
    return ("taken",) if item.kind == "payment_to_arrange" and _has_ended(turn, item) else ()


def act_on_item(turn: Turn, row: str) -> Literal[Action, "others"]:
    """Do something about it, settle it, or go back to the list."""
    typed, _, item_id = row.partition(".")
    turn.memory["item"] = number_of(item_id)
    way = next((way for way in ACTIONS if way == typed), None)
    return way or "others"


def hand_written(said: Incoming) -> str | None:
    """Any words of at most LONGEST_HEARD characters."""
    text = said.text.strip()
    return None if not text or said.tap or said.media or len(text) > LONGEST_HEARD else text


def whom(turn: Turn) -> Whom:
    """Values of the question what is to be answered."""
    shown = _shown(turn)
    return {"name": f" ({shown.name})" if shown and shown.name else ""}


def waits(turn: Turn) -> bool:
    """Whether the line on show is still open."""
    return _shown(turn) is not None


def answer(turn: Turn, words: str) -> Literal["sent", "before"]:
    """His words go to the person of the line."""
    return "sent" if handover.answer(turn, _line(turn), words) else "before"


def hold(turn: Turn) -> Literal["held", "before"]:
    """He answers the person himself from now on: the bot is silent there."""
    return "held" if handover.hold(turn, _line(turn)) else "before"


def release(turn: Turn) -> Literal["released", "before"]:
    """The bot answers the person again."""
    return "released" if handover.release(turn, _line(turn)) else "before"


def _line(turn: Turn) -> int:
    return number_of(turn.memory.get("item", 0))


def unlock(turn: Turn) -> Literal["unlocked", "before"]:
    """The vendor may try the delivery code again, and the line is settled with that."""
    take_alone(turn)
    shown = _shown(turn)
    part_id = number_of(shown.about.get("vendor_order", "")) if shown else 0
    is_new = progress.unlock_code(turn.db, part_id, cause(turn))
    settle(turn)
    return "unlocked" if is_new else "before"


def restore(turn: Turn) -> Literal["restored", "before"]:
    """He has made sure who it is: suspended rights are given back, and the line is settled with that."""
    take_alone(turn)
    shown = _shown(turn)
    contact_id = _suspended(shown) if shown else 0
    other = suspension.other_of(turn.db, shown.about, contact_id) if shown else 0
    count = suspension.restore(turn.db, contact_id, other) if contact_id else 0
    settle(turn)
    if shown and count:
        suspension.tell_restored(turn.db, contact_id, shown.conversation_id)
    return "restored" if count else "before"


def _suspended(item: Item) -> int:
    """Who waits for his rights: whose chat it is by now, as chats are linked and parted."""
    return item.contact_id or number_of(item.about.get("contact", ""))


def take_money(turn: Turn) -> Literal["taken"]:
    """He had the money before the order ended: it is owed back, which is a line of its own.

    Also where another organizer settled the line meanwhile: money that was taken is never lost.
    """
    take_alone(turn)
    turn.memory["is_over"] = True
    about = attention.about_of(turn.db, number_of(turn.memory.get("item", 0)))
    progress.note_taken(turn.db, number_of(about.get("vendor_order", "")), cause(turn))
    settle(turn)
    return "taken"


def settle(turn: Turn) -> Literal["settled", "before", "over"]:
    """The organizer took care of it; `over`: an order that ended meanwhile needs something else of him, shown first."""
    take_alone(turn)
    shown = _shown(turn)
    if shown and shown.kind == "payment_to_arrange" and _has_ended(turn, shown) and not turn.memory.get("is_over"):
        turn.memory["is_over"] = True
        return "over"
    settled = attention.settle(turn.db, [number_of(turn.memory.get("item", 0))], turn.person.contact_id)
    return "settled" if settled else "before"


def _has_ended(turn: Turn, item: Item) -> bool:
    """Whether nobody prepares or brings any more what a line is about, by a job or before it came."""
    part = reports.part(turn.db, number_of(item.about.get("vendor_order", "")))
    if part is None or part.state not in OPEN:
        return part is not None
    return part.state == "placed" and part.expires_at is not None and part.expires_at <= turn.now


def item(turn: Turn) -> Shown:
    """Values of one line."""
    found = _shown(turn)
    if found is None:
        return {"kind": "other", "name": "", "at": turn.now.isoformat(), "about": "", "audio": ""}
    return {
        "kind": _kind(found),
        "name": f" ({found.name})" if found.name else "",
        "at": found.at.isoformat(),
        "about": "\n".join([_about(turn, found), *_typed(turn, found), *_links(turn, found), *_replies(turn, found)]),
        "audio": sound_of(turn, attention.files_of(found)) if found.kind == voices.KIND else "",
    }


def _links(turn: Turn, item: Item) -> list[str]:
    """Where the files of a line can be seen: the newest ones, or that there are none any more."""
    rows = attention.files_of(item)
    if not rows:
        return []
    kept = [file for file in received.of_messages(turn.db, rows) if file.state in ("kept", "waiting")]
    links = [received.link(turn.config, file, turn.now) for file in kept[-MOST_LINKS:]]
    return links or [words(turn, "organizer.no_file")]


def _typed(turn: Turn, item: Item) -> list[str]:
    """What somebody typed of a voice note, where that says nothing sure."""
    typed = str(item.about.get("typed", ""))
    return [words(turn, "organizer.typed", words=shorten(typed, MOST_WORDS))] if typed else []


def _replies(turn: Turn, item: Item) -> list[str]:
    """What the person said since he was answered: the newest words, and where his files can be heard and seen."""
    rows = attention.replies_to(item)[-MOST_REPLIES:]
    if not rows:
        return []
    said = [
        words(turn, "organizer.reply", words=shorten(text, MOST_WORDS)) for text in attention.words_of(turn.db, rows)
    ]
    files = [file for file in received.of_messages(turn.db, rows) if file.state in ("kept", "waiting")]
    return [*said, *(received.link(turn.config, file, turn.now) for file in files[-MOST_LINKS:])]


def _about(turn: Turn, item: Item) -> str:
    """What it is about, with the reference of a payment where one was told."""
    reference = str(item.about.get("reference", ""))
    told = words(turn, "organizer.about_reference", reference=reference) + "\n" if reference else ""
    return told + _whom(turn, item)


def _whom(turn: Turn, item: Item) -> str:
    """Whom to call about what: the order with its person's or its shop's phone, the person's, else who runs it all."""
    if item.kind in deciding.KINDS:
        return deciding.about(turn, item)
    if item.kind in asked.KINDS:
        return asked.about(turn, item)
    part = reports.part(turn.db, number_of(item.about.get("vendor_order", "")))
    phone = _phone(turn, item)
    if item.kind == suspension.KIND:
        return _about_suspended(turn, item)
    made = complaints.complaint(turn.db, number_of(item.about.get("complaint", "")))
    if made and part:
        return _about_complaint(turn, made, part, phone)
    shop = vendor(turn.db, part.vendor_id) if part else None
    if item.kind in PAID_BEFORE and part and shop:
        told = {"code": part.code, "prepaid": part.prepaid, "owed": part.owed, "state": part.state}
        key = f"organizer.paid_before.{_stage(turn, item, part)}"
        return words(turn, key, **told, buyer=phone, vendor=shop.name, phone=shop.phone)
    code = part.code if part else _code_named(turn, item)
    if code and phone:
        return words(turn, "organizer.about_order_of", code=code, phone=phone)
    if part and shop:
        return words(turn, "organizer.about_order", code=part.code, vendor=shop.name, phone=shop.phone)
    if phone:
        return words(turn, "organizer.about_person", phone=phone)
    if item.kind in attention.ASKED_BY_A_PERSON:
        return words(turn, "organizer.about_hidden")
    if item.kind in OF_ACCOUNTS:
        return _about_account(turn, item)
    ids = ", ".join(f"{name} {value}" for name, value in sorted(item.about.items()))
    return words(turn, "organizer.about_rows", ids=ids)


def _about_account(turn: Turn, item: Item) -> str:
    """What its provider has done to an account, or to one of its templates, as that stands by now."""
    account_id = number_of(item.about.get("account", ""))
    key = accounts.key_of(turn.db, account_id)
    match item.kind:
        case templates.LINE:
            name = str(item.about.get("name", ""))
            known = accounts.content(turn.db, account_id, name)
            state = (known and known.state) or templates.MISSING
            return words(turn, "organizer.about_template", name=name, state=state)
        case templates.WARNING:
            told = str(item.about.get("what", ""))
            what = told if has(FIRST, f"warning.{told}") else "other"
            return words(turn, "organizer.about_warning", account=key, what=what)
    return words(turn, "organizer.about_account", account=key)


def _about_suspended(turn: Turn, item: Item) -> str:
    """Why, whom to call, and the phones under which his shops were registered: a new name may be somebody else's."""
    contact_id = _suspended(item)
    other = suspension.other_of(turn.db, item.about, contact_id)
    held, elsewhere = suspension.of_person(turn.db, contact_id), suspension.of_other(turn.db, other)
    reasons = [words(turn, f"organizer.suspended.{why}") for why in dict.fromkeys(role.why for role in held)]
    if elsewhere:
        reasons.append(words(turn, "organizer.suspended.elsewhere", name=contacts.name_of(turn.db, other) or "…"))
    phone = contacts.phone_of(turn.db, contact_id)
    shops = {role.shop: role.phone for role in (*held, *elsewhere) if role.shop}
    known = [words(turn, "organizer.about_person", phone=phone)] if phone else []
    own = [words(turn, "organizer.suspended_shop", shop=shop, phone=told) for shop, told in shops.items()]
    return "\n".join([*reasons, *known, *own])


def _stage(turn: Turn, item: Item, part: Part) -> Literal["open", "over", "refund"]:
    """What is done about what is paid before: the order may have ended while nobody was called."""
    if item.kind == "refund_to_arrange":
        return "refund"
    return "over" if _has_ended(turn, item) else "open"


def _about_complaint(turn: Turn, made: Complaint, part: Part, phone: str) -> str:
    return words(
        turn,
        "organizer.about_complaint",
        code=part.code,
        vendor=part.vendor_name,
        reason=made.reason,
        words=shorten(made.words, MOST_WORDS),
        photo=[{}] if made.photo_inbox_id else [],
        phone=phone,
    )


def _code_named(turn: Turn, item: Item) -> str:
    """The code of the order that a line names, '' without one."""
    order = reports.order(turn.db, number_of(item.about.get("order", "")))
    return order.code if order else ""


def _phone(turn: Turn, item: Item) -> str:
    """Of the person a line is about: the phone he told, else the one he writes with; where he pays, his order's."""
    told = item.about.get("phone")
    contact_id = number_of(item.about.get("contact", "")) or item.contact_id
    if told:
        return str(told)
    known = contacts.phone_of(turn.db, contact_id) if contact_id else ""
    if known or item.kind not in PAID_BEFORE:
        return known
    return reports.phone_told(turn.db, number_of(item.about.get("vendor_order", "")))
