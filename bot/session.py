"""The machine's part of a chat session: where the person is, and what can still be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.pace import STILL, Pace, pace_from

MENUS_REMEMBERED = 3  # lasting menus whose titles can still be typed
TRAIL = 9  # questions that "0" can walk back
DETOURS = 4  # questions left by detours out of detours that one can come back to


@dataclass(frozen=True)
class Choice:
    """One offer as the session remembers it: its number, its title as shown, what it chooses."""

    number: int
    title: str
    choice: str


@dataclass(frozen=True)
class Menu:
    """What one bubble of a lasting state offered, and the minute (since 1970) it was said."""

    state: str
    minute: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Session:
    """States are named `hat.state`; '' means that the next message begins at the start."""

    hat: str = ""
    state: str = ""
    resume: tuple[str, ...] = ()  # the questions that detours left, the last one on top
    trail: tuple[str, ...] = ()  # questions behind us since the last write
    misses: int = 0
    asked: tuple[int, ...] = ()  # said numbers of the bubbles that carry the open question
    menu: tuple[Choice, ...] = ()  # what the open question offers
    page: str = ""  # cursor of the page of a `pick` that is open
    lasting: tuple[Menu, ...] = ()
    pace: Pace = STILL  # of the last minute in which the person wrote

    def fresh(self) -> "Session":
        """The session of somebody who begins again: hat and lasting menus stay."""
        return Session(hat=self.hat, lasting=self.lasting)

    def left(self) -> "Session":
        """The session once its question is no longer open."""
        return replace(self, asked=(), menu=(), page="")

    def leaving(self, question: str) -> "Session":
        """The session that will come back to a question by RETURN ('' is none)."""
        if not question:
            return self
        return replace(self, resume=(*self.arrived(question).resume, question)[-DETOURS:])

    def arrived(self, question: str) -> "Session":
        """The session once a question is asked again, however one came there: what was left after it is forgotten."""
        if question not in self.resume:
            return self
        return replace(self, resume=self.resume[: self.resume.index(question)])

    def to_document(self) -> dict[str, Any]:
        """As JSON holds it: what is empty is left out, a choice is `[number, title, choice]`."""
        document = {key: value for key in _PLAIN if (value := getattr(self, key))}
        if self.menu:
            document["menu"] = _listed(self.menu)
        if self.lasting:
            document["lasting"] = [[menu.state, menu.minute, _listed(menu.choices)] for menu in self.lasting]
        if self.pace.turns:
            document["pace"] = self.pace.to_document()
        return document

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> "Session":
        """Read what `to_document` wrote; keys of other versions are passed over."""
        known = {key: document[key] for key in Session.__dataclass_fields__ if key in document}
        known["menu"] = tuple(Choice(*c) for c in known.get("menu", ()))
        known["lasting"] = tuple(_menu(m) for m in known.get("lasting", ()))
        if "pace" in known:
            known["pace"] = pace_from(known["pace"])
        for key in ("trail", "asked", "resume"):
            known[key] = tuple(known.get(key, ()))
        return Session(**known)


_PLAIN = ("hat", "state", "resume", "trail", "misses", "asked", "page")


def _listed(choices: tuple[Choice, ...]) -> list[list[Any]]:
    return [[c.number, c.title, c.choice] for c in choices]


def _menu(document: Sequence[Any]) -> Menu:
    state, minute, choices = document
    return Menu(state, minute, tuple(Choice(*c) for c in choices))
