"""A dialog is a table: kinds of state, and the one place that says where a state leads."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ROWS_A_PAGE = 9  # the tenth row of a list is "Suite"
QUIET = "<quiet>"  # nothing is said, and everything stays as it was: only a `do` that a sign leads to may end so
RETURN = "<return>"  # the question that was open when a detour began; the start when there was none
Kind = Literal["choose", "pick", "ask", "do", "tell", "wait", "end"]
Writes = Literal["", "after_yes", "undoable"]
Joins = Literal["none", "words", "photos"]
PROMPTS = frozenset({"choose", "pick", "ask", "wait", "end"})  # the machine stops here


@dataclass(frozen=True)
class Row:
    """One thing a person can pick: its id (ASCII, no '~'), title and detail in final words.

    Of a good also a public path of its photo, and its slug. `section`: the heading that it stands below, in one line in
    the person's language; rows of one section follow each other.
    """

    id: str
    title: str
    detail: str = ""
    photo: str = ""
    product: str = ""
    section: str = ""


@dataclass(frozen=True)
class Page:
    """Up to nine rows, and the cursor after which the next page begins ('' on the last page)."""

    rows: tuple[Row, ...]
    next: str = ""


@dataclass(frozen=True)
class State:
    """One row of a dialog's table; made by `choose`, `pick`, `ask`, `do`, `tell`, `wait` and `end`."""

    kind: Kind
    goes: Mapping[str, str] = field(default_factory=dict)  # outcome -> name of the next state
    says: str = ""  # text key below the dialog's name
    shows: Callable[[Any], Mapping[str, Any]] | None = None  # turn -> the text's values; "photo" is a public path
    rows: Callable[[Any, str], Page] | None = None  # pick: what can be picked after a cursor
    reads: Callable[[Any], Any] | None = None  # ask, pick: Incoming -> value that JSON can hold, or None
    step: Callable[..., str] | None = None  # what is done with it; returns an outcome
    options: tuple[str, ...] = ()  # ask, pick: outcomes that are offered beside the answer
    spoken: tuple[str, ...] = ()  # outcomes that are not offered; plain words choose them (bot/plain_words.py)
    missed: str = ""  # ask: text key below the dialog's name, said before the question when nothing answered it
    asides: frozenset[str] = frozenset()  # outcomes after which this question is still open: RETURN comes back to it
    is_open: bool = False  # ask: any words are an answer, so sure intents and universal words go first
    is_free: bool = False  # ask: what is written is the answer, but exact words, commands and sure intents lead out
    surely: Callable[[Any], bool] | None = None  # ask, open: whether an Incoming is an answer before all of these
    writes: Writes = ""  # do: changes stock, money, orders or tells many
    stands: Callable[[Any], bool] | None = None  # choose, pick, ask: whether there is still a point in coming back
    lasting: bool = False  # choose, pick: its buttons stay good for 24 hours (browsing)
    joins: Joins = "words"  # which messages that follow each other are one
    seconds: float = 0.0  # wait: how long at most
    is_enough: bool = False  # tell: where the menu comes next, its options stand below these words, without its own

    @property
    def choices(self) -> tuple[str, ...]:
        """The outcomes that a person chooses without a step."""
        return tuple(self.goes) if self.kind == "choose" else (*self.options, *self.spoken)

    @property
    def offered(self) -> tuple[str, ...]:
        """The outcomes that stand as options below the question, in their order."""
        if self.kind == "choose":
            return tuple(outcome for outcome in self.goes if outcome not in self.spoken)
        return self.options


def choose(
    says: str,
    *,
    shows: Callable[[Any], Mapping[str, Any]] | None = None,
    stands: Callable[[Any], bool] | None = None,
    lasting: bool = False,
    spoken: Iterable[str] = (),
    asides: Iterable[str] = (),
    joins: Joins = "words",
    **goes: str,
) -> State:
    """Fixed options, offered in the order of `goes`; an option's title is the text `option.<name>`."""
    return State(
        "choose",
        goes,
        says,
        shows,
        stands=stands,
        spoken=tuple(spoken),
        lasting=lasting,
        asides=frozenset(asides),
        joins=joins,
    )


def pick(
    says: str,
    rows: Callable[[Any, str], Page],
    step: Callable[..., str],
    *,
    none: str,
    shows: Callable[[Any], Mapping[str, Any]] | None = None,
    stands: Callable[[Any], bool] | None = None,
    lasting: bool = False,
    reads: Callable[[Any], Any] | None = None,
    options: Iterable[str] = (),
    spoken: Iterable[str] = (),
    asides: Iterable[str] = (),
    **goes: str,
) -> State:
    """Rows from the database; pages and numbers are the machine's; `none` when there is no row at all.

    `reads`: words that are an answer too, where they name no row; what it returns goes to the step in a row's place.
    """
    return State(
        "pick",
        {**goes, "none": none},
        says,
        shows,
        reads=reads,
        rows=rows,
        step=step,
        stands=stands,
        lasting=lasting,
        options=tuple(options),
        spoken=tuple(spoken),
        asides=frozenset(asides),
    )


def ask(
    says: str,
    reads: Callable[[Any], Any],
    step: Callable[..., str],
    *,
    shows: Callable[[Any], Mapping[str, Any]] | None = None,
    stands: Callable[[Any], bool] | None = None,
    is_open: bool = False,
    is_free: bool = False,
    surely: Callable[[Any], bool] | None = None,
    options: Iterable[str] = (),
    spoken: Iterable[str] = (),
    missed: str = "",
    asides: Iterable[str] = (),
    joins: Joins = "words",
    **goes: str,
) -> State:
    """One answer: `reads` understands it (None: not an answer), `step` uses the value."""
    return State(
        "ask",
        goes,
        says,
        shows,
        reads=reads,
        step=step,
        stands=stands,
        is_open=is_open,
        is_free=is_free,
        surely=surely,
        options=tuple(options),
        spoken=tuple(spoken),
        missed=missed,
        asides=frozenset(asides),
        joins=joins,
    )


def do(step: Callable[..., str], *, writes: Writes = "", **goes: str) -> State:
    """A step without words."""
    return State("do", goes, step=step, writes=writes)


def tell(
    says: str, then: str, *, shows: Callable[[Any], Mapping[str, Any]] | None = None, is_enough: bool = False
) -> State:
    """Say something and go on at once; `is_enough`: the menu that comes next is offered below it, in one bubble."""
    return State("tell", {"then": then}, says, shows, is_enough=is_enough)


def wait(says: str, *, seconds: float, expired: str, **goes: str) -> State:
    """At most three minutes; a signal of ours names the outcome. What takes hours is a row and a notice with a door."""
    return State("wait", {**goes, "expired": expired}, says, seconds=seconds, joins="none")


def end(says: str, *, shows: Callable[[Any], Mapping[str, Any]] | None = None) -> State:
    """A last word; the next message begins at the start."""
    return State("end", says=says, shows=shows)


@dataclass(frozen=True)
class Dialog:
    """The table of one role: its states, and how one comes into them from elsewhere."""

    name: str  # buyer, vendor, organizer: the hat
    start: str
    states: Mapping[str, State]
    helper: str  # where three misses lead
    anywhere: Mapping[str, str] = field(default_factory=dict)  # folded whole message -> state
    hears: Mapping[str, str] = field(default_factory=dict)  # intent -> state, from every state
    commands: Mapping[str, str] = field(default_factory=dict)  # folded verb, with a code behind it -> state
    doors: Mapping[str, str] = field(default_factory=dict)  # button of a notice -> state
    signs: Mapping[str, str] = field(default_factory=dict)  # what is no text (bot/signs.py) -> state, from every state
    captions: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)  # sign -> whether words are of its file
    public: frozenset[str] = frozenset()  # intents that a public comment is answered for, in private

    def edges(self) -> list[tuple[str, str, str]]:
        """All (state, outcome, next state) of the table."""
        return [(a, why, b) for a, state in self.states.items() for why, b in state.goes.items()]

    def entries(self) -> set[str]:
        """The states one can enter without an edge."""
        ways = (self.anywhere, self.hears, self.commands, self.doors, self.signs)
        return {self.start, self.helper, *(state for way in ways for state in way.values())}

    def version(self) -> str:
        """Twelve hex digits that change when the table does."""
        table = repr([(a, why, b, self.states[a].kind, self.states[a].says) for a, why, b in self.edges()])
        entered = (self.anywhere, self.hears, self.commands, self.doors, self.signs)
        ways = repr([sorted(way.items()) for way in entered])
        return hashlib.sha256((table + ways).encode()).hexdigest()[:12]
