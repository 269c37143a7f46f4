"""What the machine and the world tell each other: readings, pages, values and outcomes in; routes and bubbles out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.dialog import Dialog, Page, State
from bot.messages import Heard, Incoming
from bot.pace import BOUNDLESS, Allowed
from bot.session import Session
from bot.signs import Sign

SORRY, PLAIN_SORRY = "sorry", "plain sorry"  # signals of a turn that failed for good
PHOTO = "photo"  # the value that is a public path of a picture
DOCUMENT, DOCUMENT_NAME = (
    "document",
    "document_name",
)  # the values that are the public path of a PDF or a workbook, and its name
AUDIO = "audio"  # the value that is a public path of a sound
FILES = frozenset({PHOTO, DOCUMENT, DOCUMENT_NAME, AUDIO})
LINK, LINK_TITLE = "url", "url_title"  # the values that are a public path or address to open, and its button's label
ASKS = "asks"  # the value that names what a channel's own button may answer with: location, phone or catalogue
PLACE = "place"  # the value that is a pin: latitude and longitude in degrees, label, address
RECEIPT = "order_receipt"  # the value that is a bot.messages.Receipt, as a document
BESIDE = FILES | {LINK, LINK_TITLE, ASKS, PLACE, RECEIPT}  # the values that no text says
SEEN_ONCE = FILES | {PLACE, RECEIPT}  # of these, what stands a bubble above when a question is only said again
PRODUCT = "product"  # the value that is the id of the product that a bubble is about
MORE = "+"  # a choice that begins so is the next page, with its cursor
How = Literal[
    "answer",
    "page",
    "go",
    "detour",
    "door",
    "back",
    "hat",
    "other_hat",
    "consent",
    "secret",
    "stale",
    "signal",
    "sorry",
    "quiet",
    "miss",
    "hurried",
    "held",
    "given_back",
    "blocked",
]
Blocked = Literal["", "new", "told"]
Dialogs = Mapping[str, Dialog]


@dataclass(frozen=True)
class Quoted:
    """What an answer to an older bubble means: one of its offers (a tap), or readings about its product."""

    tap: str = ""
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Spoken:
    """What somebody of ours typed of a person's voice note, '' where there is none such, and what it says."""

    words: str = ""
    heard: tuple[Heard, ...] = ()


class World(Protocol):
    """Whatever the machine cannot know by itself. A live one asks rooms and database, a replayed one the turn's row."""

    @property
    def hats(self) -> tuple[str, ...]:
        """The roles the person holds, the highest first."""

    def understand(self, hat: str, text: str) -> tuple[Heard, ...]:
        """The readings of a text for a role."""

    def quoted(self, hat: str, said: Incoming, asked: Collection[int]) -> Quoted:
        """What a message means as an answer to the bubble it quotes; `asked` are the open question's."""

    def spoken(self, hat: str, given: str) -> Spoken:
        """The voice note that the button of a notice is about, as the words of a message."""

    def rows(self, name: str, state: State, after: str) -> Page:
        """A page of what can be picked."""

    def shows(self, name: str, state: State) -> Mapping[str, Any]:
        """The values of a state's text."""

    def stands(self, name: str, state: State) -> bool:
        """Whether there is still a point in asking a question that was left."""

    def reads(self, name: str, state: State, said: Incoming) -> Any:
        """What an answer says, or None."""

    def step(self, name: str, state: State, given: Any, heard: tuple[Heard, ...]) -> str:
        """Do a state's step; `given` is the answer, the row picked, the door's argument or the command's codes."""

    def consent(self, words: str) -> str:
        """Record an opt-out or opt-in; returns stopped, stopped_all, warned or started."""


@dataclass(frozen=True)
class Option:
    """An option of a bubble: what it chooses; its title in words, or by the text key `option.<choice>` when ''.

    Of a good also a public path of its photo, and its slug. `section` is the heading that it stands below.
    """

    choice: str
    title: str = ""
    detail: str = ""
    photo: str = ""
    product: str = ""
    section: str = ""


@dataclass(frozen=True)
class Bubble:
    """One thing to say: a text key with values, and the options of the question `state` that it asks ('' asks none)."""

    key: str
    values: Mapping[str, Any]
    state: str = ""
    options: tuple[Option, ...] = ()
    is_lasting: bool = False
    names_hat: str = ""
    is_correction: bool = False  # it answers words that were corrected
    door: str = ""  # dialog!door that the options open, when they belong to no question
    footnotes: tuple[str, ...] = ()  # text keys of what stands below it, said once in a person's life


@dataclass(frozen=True)
class Route:
    """How a message was understood: what it answers or where it leads; `at` the state whose question it answers.

    `sign` is what it was where that alone led there (bot/signs.py): then it was no miss, and forgives none.
    """

    how: How
    what: Any = None
    at: str = ""
    heard: tuple[Heard, ...] = ()
    sign: Sign = ""


@dataclass(frozen=True)
class Moment:
    """When a turn happens for the machine: minutes since 1970, whether the person was silent long, his pace.

    `is_held`: somebody of ours answers him by hand, and the bot does not. `is_late`: what he says now was said before
    the last answer was given, so that it is about no question that is open now. `blocked`: he may not buy, and hears it
    now (`new`) or has heard it.
    """

    minute: int
    is_after_silence: bool = False
    allowed: Allowed = BOUNDLESS
    is_held: bool = False
    is_late: bool = False
    blocked: Blocked = ""


@dataclass(frozen=True)
class Turned:
    """A turn's result: the session after it, the bubbles to say (two at most), the route, the outcomes in order."""

    session: Session
    bubbles: tuple[Bubble, ...]
    route: Route
    outcomes: tuple[str, ...]
    has_written: bool = False  # a step changed stock, money, orders or told many


def start_of(dialogs: Dialogs, hat: str) -> str:
    """The full name of the state where a hat's dialog starts."""
    return f"{hat}.{dialogs[hat].start}"


def open_question(dialogs: Dialogs, session: Session) -> tuple[Dialog, State | None]:
    """The dialog that hears the next words, and the state whose question is open (None: at the start)."""
    if not session.state:
        return dialogs[session.hat], None
    hat, _, name = session.state.partition(".")
    return dialogs[hat], dialogs[hat].states[name]
