"""A vendor's parts of orders: lists, one part, finding the part that is meant, and what is done with it."""

from collections.abc import Callable, Sequence
from typing import Literal, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import TYPED_WORD, after_of, code_said, number_of, quarter_name, words
from bot.dialogs.vendor.part_notes import by_voice, notes_of
from bot.dialogs.vendor.unfinished import ANSWERED
from bot.notice_words import answers
from bot.readings import CODE
from bot.turn import Turn
from bot.understanding.slots import REFUSED_AT_DOOR
from orders import reports, typed_codes
from orders.codes import read_prefix
from orders.cutting import is_cuttable
from orders.reports import Part
from orders.states import ACCEPT, CUT, DELIVER, HAND_OVER, OPEN, READY, REFUSE, RIDE, TAKE_BACK, Action, State

PAGE = 9
LEFT = "left"  # in memory: the bus company and receipt that were told with a parcel
RIDER = "rider"  # in memory: the phone and the name of who was told to bring one
PLACED: tuple[State, ...] = ("placed",)
WORKING: tuple[State, ...] = ("accepted", "ready", "handed_over")
WAYS: dict[State, tuple[str, ...]] = {
    "placed": ("accept", "partly", "refuse"),
    "accepted": ("ready", "handed_over", "rider", "partly", "refuse"),
    "ready": ("handed_over", "rider", "refuse"),
    "handed_over": ("delivered", "rider", "returned"),
}
Meant = Literal["found", "several", "none", "unknown"]
Way = Literal["accept", "partly", "refuse", "ready", "handed_over", "rider", "delivered", "returned"]


class Counts(TypedDict):
    """How many parts wait, and how many are being prepared."""

    waiting: int
    working: int


class Coded(TypedDict):
    """The code of an order."""

    code: str


class Next(Coded):
    """`then` says what is done and typed next."""

    then: str


class Standing(TypedDict):
    """How a part stands; `state` names a text."""

    code: str
    state: str


class Line(TypedDict):
    """Units as ordered; `amount` in F CFA."""

    quantity: int
    name: str
    amount: int


class Sure(Coded):
    """What a question asks to be sure about."""

    lines: list[Line]


class Contact(TypedDict):
    """Who receives; phone in E.164."""

    recipient: str
    phone: str


class Whole(TypedDict):
    """One part; `goods`, `delivery` and `total`, which he is still paid, in F CFA; `contact` while it may be seen.

    `to` says where it goes and how, `notes` what is paid before and how the buyer wishes to pay.
    """

    code: str
    state: str
    lines: list[Line]
    goods: int
    delivery: int
    total: int
    to: str
    notes: str
    contact: list[Contact]


class Accepted(Whole):
    """The same with the letters that a vendor types next."""

    short: str


def counts(turn: Turn) -> Counts:
    """Values of the menu."""
    found = reports.states_of_vendor(turn.db, turn.person.vendor_ids)
    waiting, working = (sum(found.get(state, 0) for state in states) for states in (PLACED, WORKING))
    return {"waiting": waiting, "working": working}


def _parts(turn: Turn, wanted: Sequence[State], size: int) -> tuple[Part, ...]:
    return reports.parts_of_vendor(turn.db, turn.person.vendor_ids, wanted, None, size).parts


def waiting_rows(turn: Turn, after: str) -> Page:
    """The parts that wait for an answer."""
    return _rows(turn, PLACED, after)


def working_rows(turn: Turn, after: str) -> Page:
    """The parts that were accepted and are not delivered."""
    return _rows(turn, WORKING, after)


def _rows(turn: Turn, wanted: Sequence[State], after: str) -> Page:
    found = reports.parts_of_vendor(turn.db, turn.person.vendor_ids, wanted, after_of(after), PAGE)
    return Page(tuple(part_row(turn, part) for part in found.parts), str(found.after or ""))


def part_row(turn: Turn, part: Part) -> Row:
    """A part as a row of a list."""
    state = words(turn, f"vendor.state.{part.state}")
    where = quarter_name(part.quarter) or words(turn, "vendor.at_the_shop")
    return Row(str(part.id), part.code, words(turn, "vendor.part_detail", total=part.total, where=where, state=state))


def open_part(turn: Turn, row: str) -> Literal["opened"]:
    """Put one part on show."""
    turn.memory["shown"] = number_of(row)
    return "opened"


def find_waiting(turn: Turn) -> Literal["one", "several", "none"]:
    """A bare yes or no answers no order by itself: what it may be about is shown, to be answered there."""
    found = _parts(turn, PLACED, size=2)
    if len(found) == 1:
        turn.memory["shown"] = found[0].id
        return "one"
    return "several" if found else "none"


def part_ways(turn: Turn, after: str) -> Page:
    """What can be done with the part on show. The ids name the part, so an old bubble stays itself."""
    part = own(turn, turn.memory.get("shown"))
    if part is None:
        return Page(())
    ways = (*(way for way in WAYS.get(part.state, ()) if _is_possible(turn, part, way)), "menu")
    return Page(tuple(Row(f"{way}.{part.id}", words(turn, f"option.{way}")) for way in ways))


def _is_possible(turn: Turn, part: Part, way: str) -> bool:
    match way:
        case "handed_over":
            return not part.is_unpaid and not part.is_undecided
        case "rider":
            return part.way == "delivery"
        case "partly":
            return "partly" in answers(part) and is_cuttable(turn.db, part.id)
        case _:
            return True


def act_on_part(
    turn: Turn, row: str
) -> Literal["accept", "partly", "refuse", "ready", "handed_over", "rider", "delivered", "returned", "menu"]:
    """What the vendor wants to do with the part that the row names."""
    typed, _, part_id = row.partition(".")
    way = next((way for way in _ACTION_OF if way == typed), None)
    if way is None:
        return "menu"
    turn.memory.pop(LEFT, None)
    turn.memory.pop(RIDER, None)
    mean(turn, _ACTION_OF[way], number_of(part_id))
    return way


_ACTION_OF: dict[Way, Action] = {
    "accept": ACCEPT,
    "partly": CUT,
    "rider": RIDE,
    "refuse": REFUSE,
    "ready": READY,
    "handed_over": HAND_OVER,
    "delivered": DELIVER,
    "returned": TAKE_BACK,
}


def own(turn: Turn, part_id: object) -> Part | None:
    """A part of this vendor's shops, None for any other."""
    part = reports.part(turn.db, number_of(part_id or 0))
    return part if part and part.vendor_id in turn.person.vendor_ids else None


def mean(turn: Turn, action: Action, part_id: int) -> None:
    """Remember which part an action means: each its own (two may lead to one state), so an open question keeps its."""
    turn.memory[f"to_{action.fact.__name__}"] = part_id


def meant_id(turn: Turn, action: Action) -> int:
    """The id of the part that an action means, 0 when there is none."""
    return number_of(turn.memory.get(f"to_{action.fact.__name__}", 0))


def speak_of(turn: Turn, action: Action) -> int:
    """Speak of the part that an action means, whose id is returned."""
    turn.memory.update({"meant": meant_id(turn, action), ANSWERED: True})
    return meant_id(turn, action)


def taking(action: Action) -> Callable[[Turn, str], Literal["found", "unknown"]]:
    """The step of a notice's button or a row, which name the part by its id."""

    def take(turn: Turn, given: str) -> Literal["found", "unknown"]:
        mean(turn, action, number_of(given))
        return "found" if own(turn, given) else "unknown"

    return take


def waiting_for(action: Action) -> Callable[[Turn], bool]:
    """Whether the part that an action means can still be acted on."""

    def is_waiting(turn: Turn) -> bool:
        part = own(turn, meant_id(turn, action))
        return part is not None and part.state in action.sources

    return is_waiting


def naming(action: Action) -> Callable[[Turn, str], Meant]:
    """The step that finds the part a command names; a bare verb means the only one it can act on."""

    def name(turn: Turn, given: str) -> Meant:
        return find(turn, given, action)

    return name


def hearing(action: Action) -> Callable[[Turn], Meant]:
    """The step that finds the part a sentence names."""

    def hear(turn: Turn) -> Meant:
        return find(turn, code_meant(turn), action)

    return hear


def code_meant(turn: Turn) -> str:
    """The code of an order in a sentence: the first word that begins one of his, else what was heard as one."""
    heard = code_said(turn)
    typed = (part for part in TYPED_WORD.findall(turn.words) if CODE.fullmatch(part.casefold()))
    return next((one for one in dict.fromkeys((heard, *typed)) if one and _begin(turn, one)), heard)


def _begin(turn: Turn, named: str) -> tuple[Part, ...]:
    """His parts whose code begins so."""
    prefix = read_prefix(named)
    return reports.part_by_prefix(turn.db, turn.person.vendor_ids, prefix) if prefix else ()


def see(turn: Turn, given: str) -> Literal["opened", "several", "none", "unknown"]:
    """`TG-4K7`, `voir 4K7`: the part is put on show; the bare word means the only open one."""
    found = _begin(turn, given) if given else _parts(turn, (*PLACED, *WORKING), size=2)
    if len(found) == 1:
        turn.memory["shown"] = found[0].id
        return "opened"
    return "several" if found else "unknown" if given else "none"


def whose_refusal(turn: Turn) -> Literal["shop", "customer"]:
    """Who refuses, by the reason that was heard: the shop an order, or the customer a parcel."""
    return "customer" if turn.slot("reason") == REFUSED_AT_DOOR else "shop"


def find(turn: Turn, named: str, action: Action) -> Meant:
    """The part whose code begins so; without a code the only open one that the action can act on."""
    if named:
        found = _begin(turn, named)
    else:
        found = _parts(turn, [state for state in action.sources if state in OPEN], size=PAGE)
    if not any(part.state in action.sources for part in found):
        found = found[:1]  # how one of them stands is an answer, a list of none is not
    turn.memory[f"several_{action.fact.__name__}"] = [part.id for part in found[:PAGE]]
    if not found:
        return "unknown" if named else "none"
    if len(found) > 1:
        return "several"  # what was meant before is meant until one of them is chosen
    mean(turn, action, found[0].id)
    return "found"


def choosing(action: Action) -> Callable[[Turn, str], Page]:
    """The rows of the parts among which a command or a sentence could mean one: those that still wait for it."""

    def rows(turn: Turn, after: str) -> Page:
        found = (own(turn, part_id) for part_id in turn.memory.get(f"several_{action.fact.__name__}", ()))
        return Page(tuple(part_row(turn, part) for part in found if part and part.state in action.sources))

    return rows


def code(turn: Turn) -> Coded:
    """Values of texts about the part that was acted on."""
    part = own(turn, turn.memory.get("meant"))
    return {"code": part.code if part else ""}


def next_after(step: Literal["ready", "left"]) -> Callable[[Turn], Next]:
    """Values of texts that say what is done and typed next, for a rider, the bus or the counter."""

    def told(turn: Turn) -> Next:
        part = own(turn, turn.memory.get("meant"))
        way = part.way if part else "delivery"
        then = words(turn, f"vendor.when_{step}.{way}", short=_short(turn, part))
        return {"code": part.code if part else "", "then": then}

    return told


def _short(turn: Turn, part: Part | None) -> str:
    return typed_codes.typed_code(turn.db, part) if part else ""


def code_for(action: Action) -> Callable[[Turn], Coded]:
    """Values of questions about the part that an action means."""

    def coded(turn: Turn) -> Coded:
        part = own(turn, meant_id(turn, action))
        return {"code": part.code if part else ""}

    return coded


def standing(turn: Turn) -> Standing:
    """Values of texts that say how it stands."""
    part = own(turn, turn.memory.get("meant"))
    return {"code": part.code if part else "", "state": part.state if part else "closed"}


def shown(turn: Turn) -> Whole:
    """Values of the part on show, with what its buyer says; while it may be seen with the way to its door by voice."""
    part = own(turn, turn.memory.get("shown"))
    whole = _whole(turn, part)
    if part is None:
        return whole
    spoken = by_voice(turn, part.note_voice_id, "vendor.note_voice") if part.state in OPEN else ""
    way = by_voice(turn, part.voice_id, "vendor.voice") if whole["contact"] else ""
    return {**whole, "notes": whole["notes"] + spoken + way}


def accepted(turn: Turn) -> Accepted:
    """Values of the part that was accepted."""
    part = own(turn, turn.memory.get("meant"))
    return {**_whole(turn, part), "short": _short(turn, part)}


def sure_of(action: Action) -> Callable[[Turn], Sure]:
    """Values of the question whether an action is wanted."""

    def sure(turn: Turn) -> Sure:
        whole = _whole(turn, own(turn, meant_id(turn, action)))
        return {"code": whole["code"], "lines": whole["lines"]}

    return sure


def _whole(turn: Turn, part: Part | None) -> Whole:
    if part is None:
        nothing: Whole = {
            "code": "", "state": "closed", "lines": [], "goods": 0, "delivery": 0, "total": 0,
            "to": "", "notes": "", "contact": [],
        }  # fmt: skip
        return nothing
    contact: list[Contact] = []
    if part.recipient_phone:
        contact = [{"recipient": part.recipient, "phone": part.recipient_phone}]
    return {
        "code": part.code,
        "state": part.state,
        "lines": [{"quantity": line.quantity, "name": line.name, "amount": line.amount} for line in part.lines],
        "goods": part.goods,
        "delivery": part.delivery,
        "total": part.due if part.state in OPEN else part.total,
        "to": words(turn, f"vendor.to.{part.way}", quarter=quarter_name(part.quarter), landmark=part.landmark),
        "notes": "".join(f"\n{note}" for note in notes_of(turn, part)),
        "contact": contact,
    }
