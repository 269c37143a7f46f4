"""A vendor's parts of orders: lists, one part, finding the part that is meant, and what is done with it."""

from collections.abc import Callable, Sequence
from typing import Literal, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import after_of, code_said, number_of, quarter_name, words
from bot.turn import Turn
from orders import reports
from orders.codes import PREFIX, SHORTEST, read_prefix
from orders.reports import Part
from orders.states import Action, State

PAGE = 9
COUNTED = 99
PLACED: tuple[State, ...] = ("placed",)
WORKING: tuple[State, ...] = ("accepted", "ready", "handed_over")
WAYS: dict[State, tuple[str, ...]] = {
    "placed": ("accept", "refuse"),
    "accepted": ("ready", "handed_over", "refuse"),
    "ready": ("handed_over", "refuse"),
    "handed_over": ("delivered",),
}
Meant = Literal["found", "several", "none", "unknown"]
Way = Literal["accept", "refuse", "ready", "handed_over", "delivered", "unknown"]


class Counts(TypedDict):
    """How many parts wait, and how many are being prepared."""

    waiting: int
    working: int


class Code(TypedDict):
    """The code of an order; `short` are the letters that a vendor types."""

    code: str
    short: str


class Standing(TypedDict):
    """How a part stands; `state` names a text."""

    code: str
    state: str


class Line(TypedDict):
    """Units as ordered; `amount` in F CFA."""

    quantity: int
    name: str
    amount: int


class Contact(TypedDict):
    """Who receives; phone in E.164."""

    recipient: str
    phone: str


class Whole(TypedDict):
    """One part; `goods` and `delivery` in F CFA, `contact` while it may be seen."""

    code: str
    short: str
    state: str
    lines: list[Line]
    goods: int
    delivery: int
    total: int
    quarter: str
    landmark: str
    contact: list[Contact]


def counts(turn: Turn) -> Counts:
    """Values of the menu."""
    return {"waiting": len(_parts(turn, PLACED)), "working": len(_parts(turn, WORKING))}


def _parts(turn: Turn, wanted: Sequence[State], after: int | None = None, size: int = COUNTED) -> tuple[Part, ...]:
    return reports.parts_of_vendor(turn.db, turn.person.vendor_ids, wanted, after, size).parts


def waiting_rows(turn: Turn, after: str) -> Page:
    """The parts that wait for an answer."""
    return _rows(turn, PLACED, after)


def working_rows(turn: Turn, after: str) -> Page:
    """The parts that were accepted and are not delivered."""
    return _rows(turn, WORKING, after)


def _rows(turn: Turn, wanted: Sequence[State], after: str) -> Page:
    found = reports.parts_of_vendor(turn.db, turn.person.vendor_ids, wanted, after_of(after), PAGE)
    return Page(tuple(_row(turn, part) for part in found.parts), str(found.after or ""))


def _row(turn: Turn, part: Part) -> Row:
    state = words(turn, f"order.state.{part.state}")
    where = quarter_name(part.quarter)
    return Row(str(part.id), part.code, words(turn, "vendor.part_detail", total=part.total, where=where, state=state))


def open_part(turn: Turn, row: str) -> Literal["opened"]:
    """Put one part on show."""
    turn.memory["shown"] = number_of(row)
    return "opened"


def open_by_notice(turn: Turn, given: str) -> Literal["opened"]:
    """The button `see` of a notice."""
    return open_part(turn, given)


def part_ways(turn: Turn, after: str) -> Page:
    """What can be done with the part on show. The ids name the part, so an old bubble stays itself."""
    part = _own(turn, turn.memory.get("shown"))
    if part is None:
        return Page(())
    ways = (*WAYS.get(part.state, ()), "others")
    return Page(tuple(Row(f"{way}.{part.id}", words(turn, f"option.{way}")) for way in ways))


def act_on_part(
    turn: Turn, row: str
) -> Literal["accept", "refuse", "ready", "handed_over", "delivered", "others", "unknown"]:
    """What the vendor wants to do with the part that the row names."""
    way, _, part_id = row.partition(".")
    if way == "others":
        return "others"
    mean(turn, number_of(part_id))
    return _WAY_OF.get(way, "unknown")


_WAY_OF: dict[str, Way] = {
    "accept": "accept",
    "refuse": "refuse",
    "ready": "ready",
    "handed_over": "handed_over",
    "delivered": "delivered",
}


def _own(turn: Turn, part_id: object) -> Part | None:
    """A part of this vendor's shops, None for any other."""
    part = reports.part(turn.db, number_of(part_id or 0))
    return part if part and part.vendor_id in turn.person.vendor_ids else None


def mean(turn: Turn, part_id: int) -> None:
    """Remember the part that is acted on; the one on show is another thing."""
    turn.memory["meant"] = part_id


def _meant(turn: Turn) -> Part | None:
    return _own(turn, turn.memory.get("meant"))


def take_this(turn: Turn, given: str) -> Literal["found", "unknown"]:
    """A notice's button or a row names the part by its id."""
    mean(turn, number_of(given))
    return "found" if _meant(turn) else "unknown"


def naming(action: Action) -> Callable[[Turn, str], Meant]:
    """The step that finds the part a command names; a bare verb means the only one it can act on."""

    def name(turn: Turn, given: str) -> Meant:
        return find(turn, given, action)

    return name


def hearing(action: Action) -> Callable[[Turn], Meant]:
    """The step that finds the part a sentence names."""

    def hear(turn: Turn) -> Meant:
        return find(turn, code_said(turn), action)

    return hear


def meant_id(turn: Turn) -> int:
    """The id of the part that is acted on, 0 when there is none."""
    return number_of(turn.memory.get("meant", 0))


def find(turn: Turn, named: str, action: Action) -> Meant:
    """The part whose code begins so; without a code the only one that the action can act on."""
    if named:
        prefix = read_prefix(named)
        found = reports.part_by_prefix(turn.db, turn.person.vendor_ids, prefix) if prefix else ()
    else:
        found = _parts(turn, action.sources, size=PAGE)
    turn.memory["choices"] = [part.id for part in found[:PAGE]]
    if not found:
        return "unknown" if named else "none"
    mean(turn, found[0].id)
    return "found" if len(found) == 1 else "several"


def choice_rows(turn: Turn, after: str) -> Page:
    """The parts among which a command or a sentence could mean one."""
    found = [part for part in (_own(turn, part_id) for part_id in turn.memory.get("choices", ())) if part]
    return Page(tuple(_row(turn, part) for part in found))


def code(turn: Turn) -> Code:
    """Values of texts about the part that is acted on."""
    part = _meant(turn)
    return {"code": part.code, "short": short(part)} if part else {"code": "", "short": ""}


def short(part: Part) -> str:
    """The letters of a code that a vendor types."""
    return part.code.removeprefix(PREFIX)[:SHORTEST]


def standing(turn: Turn) -> Standing:
    """Values of texts that say how it stands."""
    part = _meant(turn)
    return {"code": part.code if part else "", "state": part.state if part else "closed"}


def shown(turn: Turn) -> Whole:
    """Values of the part on show."""
    return _whole(_own(turn, turn.memory.get("shown")))


def meant(turn: Turn) -> Whole:
    """Values of the part that is acted on."""
    return _whole(_meant(turn))


def _whole(part: Part | None) -> Whole:
    if part is None:
        nothing: Whole = {
            "code": "", "short": "", "state": "closed", "lines": [], "goods": 0, "delivery": 0, "total": 0,
            "quarter": "", "landmark": "", "contact": [],
        }  # fmt: skip
        return nothing
    contact: list[Contact] = []
    if part.recipient_phone:
        contact = [{"recipient": part.recipient, "phone": part.recipient_phone}]
    return {
        "code": part.code,
        "short": short(part),
        "state": part.state,
        "lines": [{"quantity": line.quantity, "name": line.name, "amount": line.amount} for line in part.lines],
        "goods": part.goods,
        "delivery": part.delivery,
        "total": part.total,
        "quarter": quarter_name(part.quarter),
        "landmark": part.landmark,
        "contact": contact,
    }
