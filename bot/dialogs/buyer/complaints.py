"""Complaints: what is wrong in the buyer's words, about which order, a photo if there is one, a person who calls."""

from typing import Literal, TypedDict

from base.spelling import normalise
from bot import contacts
from bot.dialog import Page, Row
from bot.dialogs.means import cause, code_said, number_of, words
from bot.messages import Incoming
from bot.turn import Turn
from orders import complaints
from orders.codes import read_code
from orders.complaints import Reason, Subject

PAGE = 9
MOST_WORDS = 500  # characters of one message
Kept = Literal["kept", "shown", "added"]
Taken = Literal["kept", "shown", "added", "which", "none"]
SIGNS: tuple[tuple[Reason, frozenset[str]], ...] = (
    ("rude", frozenset("voleur voleurs menteur menteurs escroc escrocs insulte impoli rude thief thieves".split())),
    ("spoiled", frozenset("gate gatee gates gatees pourri pourrie pourris pourries moisi moisie perime perimee perimes"
                          " casse cassee casses cassees abime abimee abimes dechire dechiree rassis avarie spoiled"
                          " broken rotten".split())),
    ("missing", frozenset("manque manquait manquent oublie incomplet incomplete missing seulement".split())),
    ("late", frozenset("retard tard tarde attends attente late".split())),
    ("wrong_item", frozenset("autre mauvais mauvaise demande commande erreur trompe taille couleur petit petite grand"
                             " grande different differente photo wrong".split())),
)  # fmt: skip


class About(TypedDict):
    """The part that a complaint is about; `right` is a sentence on giving back, or ''."""

    code: str
    vendor: str
    right: str


class Shown(TypedDict):
    """What was sent about it: a photo, or more words."""

    words: str
    has_photo: bool


def guess_reason(said: str) -> Reason:
    """A first sorting by the words, for the organizers' list; nothing is decided by it."""
    typed = set(normalise(said).split())
    return next((reason for reason, signs in SIGNS if typed & signs), "other")


def take(turn: Turn) -> Taken:
    """Somebody is not content: the order he names, else his only recent one, else he is asked which."""
    return _take(turn, guess_reason(turn.words), is_refund=False)


def take_refund(turn: Turn) -> Taken:
    """Somebody wants to give back what he bought."""
    return _take(turn, "refund", is_refund=True)


def _take(turn: Turn, reason: Reason, *, is_refund: bool) -> Taken:
    photo = turn.inbox_id if _has_photo(turn.said) else None
    told = {"words": turn.words[:MOST_WORDS], "reason": reason, "refund": is_refund, "photo": photo}
    turn.memory["complaint"] = told
    found = _meant(turn)
    if len(found) == 1:
        return _keep(turn, found[0])
    return "which" if found else "none"


def _subjects(turn: Turn) -> tuple[Subject, ...]:
    return complaints.subjects(turn.db, turn.person.contact_id, turn.config.timing.complained_of, PAGE)


def _meant(turn: Turn) -> tuple[Subject, ...]:
    found = _subjects(turn)
    code = read_code(code_said(turn))
    return tuple(one for one in found if one.code == code) or found


def _has_photo(said: Incoming) -> bool:
    return any(media.kind == "image" for media in said.media)


def _keep(turn: Turn, about: Subject) -> Kept:
    """Keep it; `shown`: a photo came with the words, so none is asked for."""
    told = turn.memory["complaint"]
    told["part"] = about.vendor_order_id
    turn.memory["order"] = about.order_id
    outcome = complaints.complain(turn.db, about, told["reason"], told["words"], cause(turn))
    if told["photo"] is not None:
        complaints.add_photo(turn.db, about.vendor_order_id, turn.person.contact_id, told["photo"])
    if outcome == "added":
        return "added"
    return "kept" if told["photo"] is None else "shown"


def part_rows(turn: Turn, after: str) -> Page:
    """The parts of recent orders that can be meant."""
    return Page(tuple(_row(turn, one) for one in _subjects(turn)))


def _row(turn: Turn, one: Subject) -> Row:
    detail = words(turn, "buyer.complaint_row", vendor=one.vendor_name, at=one.placed_at)
    return Row(str(one.vendor_order_id), one.code, detail)


def take_about(turn: Turn, row: str) -> Kept:
    """The part that was meant."""
    chosen = complaints.subject(turn.db, number_of(row), turn.person.contact_id)
    return _keep(turn, chosen or _subjects(turn)[0])


def about(turn: Turn) -> About:
    """Values of texts about the complaint."""
    told = turn.memory.get("complaint", {})
    subject = complaints.subject(turn.db, number_of(told.get("part", 0)), turn.person.contact_id)
    right = words(turn, "buyer.right_to_return") + "\n" if told.get("refund") else ""
    return {"code": subject.code if subject else "", "vendor": subject.vendor_name if subject else "", "right": right}


def read_shown(said: Incoming) -> Shown | None:
    """A photo, or what else there is to say."""
    has_photo = _has_photo(said)
    typed = " ".join(said.text.split())[:MOST_WORDS]
    return {"words": typed, "has_photo": has_photo} if has_photo or typed else None


def keep_shown(turn: Turn, shown: Shown) -> Literal["kept"]:
    """It is put to the complaint, which a person may have settled meanwhile."""
    told = turn.memory.get("complaint", {})
    subject = complaints.subject(turn.db, number_of(told.get("part", 0)), turn.person.contact_id)
    if subject and shown["words"]:
        complaints.complain(turn.db, subject, told["reason"], shown["words"], cause(turn))
    if subject and shown["has_photo"]:
        complaints.add_photo(turn.db, subject.vendor_order_id, turn.person.contact_id, turn.inbox_id)
    return "kept"


def is_reachable(turn: Turn) -> Literal["reachable", "hidden"]:
    """Whether a person knows a phone to call."""
    told = turn.memory.get("call_at") or turn.phone or contacts.phone_of(turn.db, turn.person.contact_id)
    return "reachable" if told else "hidden"
