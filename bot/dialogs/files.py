"""Files that only a person understands: kept for one, who is called; and the light words that lead on."""

from collections.abc import Callable, Sequence
from typing import Literal, TypedDict, TypeVar

from base.spelling import normalise
from bot import attention, received
from bot.dialog import RETURN, State, do, tell
from bot.dialogs.calling import is_reachable
from bot.lately import said_lately
from bot.messages import MediaKind
from bot.turn import Turn

LIGHT = 3  # ways to answer a smile: option `.0` to `.2` of its text
LATELY, LAST_TURNS = 3600.0, 3  # seconds and turns in which a payment that was spoken of is still meant
PAYING = frozenset(
    "paye payes payee payer paiement payement tmoney flooz mixx moov transfert transaction capture paid payment".split()
)
Kept = Literal["kept", "again"]
Shown = Literal["kept", "claim", "again"]
KeptOrHidden = Literal["kept", "again", "unreachable"]
ShownOrHidden = Literal["kept", "claim", "again", "unreachable"]
Outcome = TypeVar("Outcome", Kept, Shown)


class Light(TypedDict):
    """Which of the ways to smile back."""

    which: int


def keeping(kind: str) -> Callable[[Turn], Kept]:
    """The step that puts a message with files on the organizers' list; `again` when such a line is open already."""

    def keep(turn: Turn) -> Kept:
        return "kept" if _is_new(turn, kind) else "again"

    return keep


def showing(kind: str) -> Callable[[Turn], Shown]:
    """The same for what may prove a payment: it is believed by a person only, and changes no order (`claim`)."""

    def show(turn: Turn) -> Shown:
        is_claim = speaks_of_payment(turn)
        is_new = _is_new(turn, "payment_claim" if is_claim else kind)
        return "again" if not is_new else "claim" if is_claim else "kept"

    return show


def keeping_back(kind: str) -> Callable[[Turn], KeptOrHidden]:
    """`keeping` of who may hide his phone: `unreachable` when a person could not call back about a new line."""
    keep = keeping(kind)

    def keep_back(turn: Turn) -> KeptOrHidden:
        return _unless_hidden(turn, keep(turn))

    return keep_back


def showing_back(kind: str) -> Callable[[Turn], ShownOrHidden]:
    """`showing` of the same."""
    show = showing(kind)

    def show_back(turn: Turn) -> ShownOrHidden:
        return _unless_hidden(turn, show(turn))

    return show_back


def _unless_hidden(turn: Turn, outcome: Outcome) -> Outcome | Literal["unreachable"]:
    return outcome if outcome == "again" or is_reachable(turn) else "unreachable"


def _is_new(turn: Turn, kind: str) -> bool:
    person = turn.person.contact_id
    return attention.ask_to_look(turn.db, kind, turn.conversation_id, person, rows_of(turn))


def rows_of(turn: Turn) -> tuple[int, ...]:
    """The inbox rows of this turn's message."""
    return turn.inbox_ids or tuple(one for one in (turn.inbox_id,) if one)


def speaks_of_payment(turn: Turn) -> bool:
    """Whether the words below a file name a payment, or one of the last answers did."""
    if any("payment" in heard.intent for heard in turn.heard):
        return True
    if not PAYING.isdisjoint(normalise(turn.words[:200]).split()):
        return True
    return any("payment" in key for key in said_lately(turn.db, turn.conversation_id, LATELY, LAST_TURNS))


def voice_of(turn: Turn) -> int | None:
    """The inbox row of the voice note in this turn's message."""
    return row_of(turn, "audio")


def row_of(turn: Turn, kind: MediaKind) -> int | None:
    """The inbox row of the file of that kind in this turn's message."""
    rows = rows_of(turn)
    if len(rows) < 2:
        return next(iter(rows), None)
    return next((file.inbox_id for file in received.of_messages(turn.db, rows) if file.kind == kind), rows[-1])


def sound_of(turn: Turn, inbox_ids: Sequence[int]) -> str:
    """The address of the first sound that is kept of these inbox rows; '' without one."""
    files = received.of_messages(turn.db, inbox_ids) if inbox_ids else []
    kept = [file for file in files if (file.kind, file.state) == ("audio", "kept")]
    return received.link(turn.config, kept[0], turn.now) if kept else ""


def light(turn: Turn) -> Light:
    """Values of a light word: not the same one each time."""
    return {"which": (turn.inbox_id or 0) % LIGHT}


def kept_files() -> dict[str, State]:
    """The states behind files and smiles that every dialog has; each has texts of its own for them."""
    return {
        "voice": do(keeping("voice_note"), kept="voice_kept", again="still_looking"),
        "voice_kept": tell("voice_kept", RETURN),
        "film": do(keeping("file_query"), kept="film_kept", again="still_looking"),
        "film_kept": tell("film_kept", RETURN),
        "still_looking": tell("still_looking", RETURN, shows=light),
        "smile": tell("smile", RETURN, shows=light),
        "unread": tell("unread", RETURN),
    }
