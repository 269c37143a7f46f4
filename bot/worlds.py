"""The two worlds a turn can run in: the live one that asks and records, and the one that replays a turn's row."""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import quoting, voices
from bot.dialog import Page, Row, State
from bot.messages import Heard, Incoming
from bot.turn import Turn
from bot.world import Bubble, Quoted, Spoken

Consenting = Callable[[Turn, str], str]
Recognising = Callable[[Turn, str, str], tuple[Heard, ...]]  # turn, hat, text


@dataclass
class LiveWorld:
    """Calls the dialogs' functions and the rooms behind them, and keeps every answer in order."""

    turn: Turn
    consenting: Consenting
    recognising: Recognising
    answers: list[list[Any]] = field(default_factory=list)

    @property
    def hats(self) -> tuple[str, ...]:
        """The roles the person holds."""
        return self.turn.person.hats

    def understand(self, hat: str, text: str) -> tuple[Heard, ...]:
        """Ask what the words say in this market."""
        heard = self.recognising(self.turn, hat, text)
        self._keep("understand", hat, [[h.intent, dict(h.slots), h.confidence] for h in heard])
        return heard

    def quoted(self, hat: str, said: Incoming, asked: Collection[int]) -> Quoted:
        """Ask the outbox what the quoted bubble was."""
        quoted = quoting.read(self.turn, hat, said, asked)
        self._keep("quoted", hat, [quoted.tap, [[h.intent, dict(h.slots), h.confidence] for h in quoted.heard]])
        return quoted

    def spoken(self, hat: str, given: str) -> Spoken:
        """Ask the inbox what was typed; it is what the turn says from now on."""
        words = voices.words_of(self.turn.db, self.turn.person.contact_id, given)
        heard = self.recognising(self.turn, hat, words) if words else ()
        if words:
            self.turn.words, self.turn.is_by_voice = words, True
        self._keep("spoken", hat, [words, [[h.intent, dict(h.slots), h.confidence] for h in heard]])
        return Spoken(words, heard)

    def rows(self, name: str, state: State, after: str) -> Page:
        """Ask a state's `rows`."""
        if state.rows is None:
            raise TypeError(f"{name} has no rows")
        page = state.rows(self.turn, after)
        self._keep("rows", name, [[_row(r) for r in page.rows], page.next])
        return page

    def shows(self, name: str, state: State) -> Mapping[str, Any]:
        """Ask a state's `shows`."""
        values = dict(state.shows(self.turn)) if state.shows else {}
        self._keep("shows", name, values)
        return values

    def stands(self, name: str, state: State) -> bool:
        """Ask a state's `stands`."""
        answer = state.stands(self.turn) if state.stands else True
        self._keep("stands", name, answer)
        return answer

    def reads(self, name: str, state: State, said: Incoming) -> Any:
        """Ask a state's reader."""
        value = state.reads(said) if state.reads else None
        self._keep("reads", name, value)
        return value

    def step(self, name: str, state: State, given: Any, heard: tuple[Heard, ...]) -> str:
        """Do a state's step."""
        if state.step is None:
            raise TypeError(f"{name} has no step")
        self.turn.heard = heard
        outcome = state.step(self.turn, given) if takes_value(state.step) else state.step(self.turn)
        self._keep("step", name, outcome)
        return outcome

    def consent(self, words: str) -> str:
        """Record an opt-out or opt-in."""
        outcome = self.consenting(self.turn, words)
        self._keep("consent", "", outcome)
        return outcome

    def _keep(self, what: str, name: str, answer: Any) -> None:
        self.answers.append([what, name, answer])


def _row(row: Row) -> list[str]:
    """A row as a turn keeps it: of a good with its photo and its slug, and with its section where it has one."""
    more = (row.photo, row.product, row.section)
    return [row.id, row.title, row.detail, *(more if row.section else more[:2] if row.product else ())]


_TAKES: dict[Any, bool] = {}


def takes_value(step: Callable[..., str]) -> bool:
    """Whether a step wants what was given (answer, row, door's argument) beside its turn."""
    if step not in _TAKES:
        _TAKES[step] = len(inspect.signature(step).parameters) > 1
    return _TAKES[step]


class Astray(Exception):
    """The machine asked something else than the recorded turn did."""


class ReplayWorld:
    """Gives the answers of a `turn` row, in their order."""

    def __init__(self, hats: Sequence[str], answers: Sequence[Sequence[Any]]) -> None:
        self.hats = tuple(hats)
        self._answers: Iterator[Sequence[Any]] = iter(answers)

    def _next(self, what: str, name: str) -> Any:
        recorded = next(self._answers, None)
        if recorded is None or list(recorded[:2]) != [what, name]:
            raise Astray(f"asked {what} {name}, recorded {recorded and recorded[:2]}")
        return recorded[2]

    def understand(self, hat: str, text: str) -> tuple[Heard, ...]:
        """As recorded."""
        return tuple(Heard(i, slots, confidence) for i, slots, confidence in self._next("understand", hat))

    def quoted(self, hat: str, said: Incoming, asked: Collection[int]) -> Quoted:
        """As recorded."""
        tap, heard = self._next("quoted", hat)
        return Quoted(tap, tuple(Heard(*one) for one in heard))

    def spoken(self, hat: str, given: str) -> Spoken:
        """As recorded."""
        words, heard = self._next("spoken", hat)
        return Spoken(words, tuple(Heard(*one) for one in heard))

    def rows(self, name: str, state: State, after: str) -> Page:
        """As recorded."""
        rows, following = self._next("rows", name)
        return Page(tuple(Row(*row) for row in rows), following)

    def shows(self, name: str, state: State) -> Mapping[str, Any]:
        """As recorded."""
        values: Mapping[str, Any] = self._next("shows", name)
        return values

    def stands(self, name: str, state: State) -> bool:
        """As recorded."""
        return bool(self._next("stands", name))

    def reads(self, name: str, state: State, said: Incoming) -> Any:
        """As recorded."""
        return self._next("reads", name)

    def step(self, name: str, state: State, given: Any, heard: tuple[Heard, ...]) -> str:
        """As recorded."""
        return str(self._next("step", name))

    def consent(self, words: str) -> str:
        """As recorded."""
        return str(self._next("consent", ""))


def said_of(bubbles: Sequence[Bubble]) -> list[list[str]]:
    """Bubbles as a turn's row keeps them: text key and question; their values and options stand among the answers."""
    return [[bubble.key, bubble.state] for bubble in bubbles]
