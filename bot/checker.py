"""The theorems: what a dialog's table must keep, proved before the program starts."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import get_args, get_type_hints

from bot.dialog import PROMPTS, QUIET, RETURN, ROWS_A_PAGE, Dialog, State
from bot.plain_words import WORDS
from bot.signs import SIGNS
from bot.texts import has

LONGEST_WAIT = 180.0  # seconds


class BrokenDialog(Exception):
    """A dialog's table breaks a theorem; the message lists every fault."""


def check(dialogs: Iterable[Dialog], intents: Mapping[str, tuple[str, ...]]) -> None:
    """Raise BrokenDialog unless every dialog keeps every theorem; `intents` lists what each role must hear."""
    found = [f"{d.name}: {fault}" for d in dialogs for fault in faults(d, intents.get(d.name, ()))]
    if found:
        raise BrokenDialog("\n".join(found))


def faults(dialog: Dialog, intents: Iterable[str] = ()) -> list[str]:
    """Every broken theorem of one table, in words. Paths are only walked when the table is whole."""
    local = [
        *_unknown_targets(dialog),
        *_outcomes(dialog),
        *_asides(dialog),
        *_spoken(dialog),
        *_crowded(dialog),
        *_deaf(dialog, intents),
        *_shapes(dialog),
    ]
    return local or sorted({*_unreachable(dialog), *_dead_ends(dialog), *_automatic(dialog)})


def missing_words(dialogs: Iterable[Dialog], languages: Iterable[str]) -> list[str]:
    """The texts that the tables ask for and a language does not have."""
    wanted = {key for dialog in dialogs for key in _keys(dialog)}
    return [
        f"{language}: no text {key!r}" for language in languages for key in sorted(wanted) if not has(language, key)
    ]


def _keys(dialog: Dialog) -> Iterator[str]:
    yield from (f"{dialog.name}.{state.says}" for state in dialog.states.values() if state.says)
    yield from (f"{dialog.name}.{state.missed}" for state in dialog.states.values() if state.missed)
    for state in dialog.states.values():
        yield from (f"option.{o}" for o in state.offered)
    yield from (f"option.{door}" for door in dialog.doors)


def _unknown_targets(dialog: Dialog) -> Iterator[str]:
    named = [(f"{a}.{why}", b) for a, why, b in dialog.edges() if b not in (RETURN, QUIET)]
    named += [("start", dialog.start), ("helper", dialog.helper)]
    for way in ("anywhere", "hears", "commands", "doors", "signs"):
        named += [(f"{way} {word!r}", state) for word, state in getattr(dialog, way).items()]
    yield from (f"{where} leads to {b!r}, which is no state" for where, b in named if b not in dialog.states)


def outcomes_of(state: State) -> set[str]:
    """The outcomes that a state's step may return, by its Literal annotation."""
    if state.step is None:
        return set()
    return set(get_args(get_type_hints(inspect.unwrap(state.step))["return"]))


def _outcomes(dialog: Dialog) -> Iterator[str]:
    for name, state in dialog.states.items():
        if state.step is None:
            continue
        mapped = set(state.goes) - {*state.options, *state.spoken} - ({"none"} if state.kind == "pick" else set())
        for outcome in sorted(outcomes_of(state) ^ mapped):
            yield f"{name}: {state.step.__name__} and the table differ on {outcome!r}"
        yield from (f"{name}: option {o!r} leads nowhere" for o in state.options if o not in state.goes)


def _asides(dialog: Dialog) -> Iterator[str]:
    for name, state in dialog.states.items():
        for outcome in sorted(state.asides):
            if outcome not in state.goes:
                yield f"{name}: aside {outcome!r} leads nowhere"


def _spoken(dialog: Dialog) -> Iterator[str]:
    """What no button offers has plain words, and no plain word means two choices of one question."""
    for name, state in dialog.states.items():
        for outcome in state.spoken:
            if outcome not in state.goes or outcome not in WORDS:
                yield f"{name}: {outcome!r} is spoken, but leads nowhere or has no plain words"
        for first, second in combinations(state.choices, 2):
            for word in sorted(WORDS.get(first, frozenset()) & WORDS.get(second, frozenset())):
                yield f"{name}: {word!r} means {first!r} and {second!r}"


def _crowded(dialog: Dialog) -> Iterator[str]:
    for name, state in dialog.states.items():
        offered = len(state.offered)
        if offered > ROWS_A_PAGE:
            yield f"{name} offers {offered} options; a page holds {ROWS_A_PAGE}"


def _deaf(dialog: Dialog, intents: Iterable[str]) -> Iterator[str]:
    yield from (f"nobody hears {intent!r}" for intent in intents if intent not in dialog.hears)
    yield from (f"there is no sign {sign!r}" for sign in dialog.signs if sign not in SIGNS)


def _shapes(dialog: Dialog) -> Iterator[str]:
    for name, state in dialog.states.items():
        if state.kind == "wait" and not 0 < state.seconds <= LONGEST_WAIT:
            yield f"{name} waits {state.seconds} s; three minutes are the most"
        if state.writes and state.kind != "do":
            yield f"{name} writes, but only a `do` may"
        if state.lasting and state.kind not in ("choose", "pick"):
            yield f"{name} is lasting, but offers nothing"
        if QUIET in state.goes.values() and (state.kind != "do" or state.writes or not _is_for_signs(dialog, name)):
            yield f"{name} says nothing: only a step that does not write, for a sign alone, may"


def _is_for_signs(dialog: Dialog, name: str) -> bool:
    """Whether nothing but a sign leads to a state."""
    ways = (dialog.anywhere, dialog.hears, dialog.commands, dialog.doors)
    others = {dialog.start, dialog.helper, *(b for _, _, b in dialog.edges()), *(b for w in ways for b in w.values())}
    return name in dialog.signs.values() and name not in others


def _unreachable(dialog: Dialog) -> Iterator[str]:
    seen = _walk(dialog.entries(), [(a, b) for a, _, b in dialog.edges()])
    yield from (f"{name} can never be reached" for name in dialog.states if name not in seen)


def _dead_ends(dialog: Dialog) -> Iterator[str]:
    ends = {name for name, state in dialog.states.items() if state.kind == "end"} | {RETURN, QUIET}
    out = _walk(ends, [(b, a) for a, _, b in dialog.edges()])
    yield from (f"{name} has no way to an end" for name in dialog.states if name not in out)


def _automatic(dialog: Dialog) -> Iterator[str]:
    """What happens without the person: no loop, one `tell` at most (two bubbles a turn), no write on a guess."""
    yield from _too_wordy(dialog)
    for first in sorted(dialog.entries() | {b for a, _, b in dialog.edges() if dialog.states[a].kind in PROMPTS}):
        for path in _runs(dialog, first):
            yield from _path_faults(dialog, first, path)


def _too_wordy(dialog: Dialog) -> Iterator[str]:
    """A bubble may stand before what asks a question again: the start, and what takes the place of an empty list."""
    again = {dialog.start} | {state.goes["none"] for state in dialog.states.values() if state.kind == "pick"}
    for first in sorted(again - {RETURN, QUIET}):
        for path in _runs(dialog, first):
            if any(dialog.states[name].kind == "tell" for name in path):
                yield f"{' > '.join(path)} says something where only a question may stand"


def _path_faults(dialog: Dialog, first: str, path: tuple[str, ...]) -> Iterator[str]:
    if path[-1] in path[:-1]:
        yield f"{path[-1]} can loop without the person"
    if sum(dialog.states[name].kind == "tell" for name in path) > 1:
        yield f"{' > '.join(path)} says too much in one turn"
    for name in path:
        writes = dialog.states[name].writes
        if writes == "after_yes" and not _follows_a_yes(dialog, first):
            yield f"{name} may write on a guess: {' > '.join(path)}"
        if writes == "undoable" and "undo" not in dialog.hears:
            yield f"{name} writes at once and nothing undoes it"


def _follows_a_yes(dialog: Dialog, first: str) -> bool:
    """Only from a choice that does not last, a notice's button or an exact command, and from nothing else beside.

    A choice is made by tap, number, title or the closed list of plain words: routing lets no reading make one.
    """
    sources = [dialog.states[a] for a, _, b in dialog.edges() if b == first and dialog.states[a].kind in PROMPTS]
    guessed = {dialog.start, dialog.helper, *dialog.hears.values(), *dialog.anywhere.values(), *dialog.signs.values()}
    if first in guessed or any(s.lasting or s.kind in ("ask", "wait") for s in sources):
        return False
    return bool(sources) or first in {*dialog.doors.values(), *dialog.commands.values()}


def _runs(dialog: Dialog, name: str, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The ways from a state to the next question; a `pick` without rows is passed by its edge `none`."""
    path = (*before, name)
    if name in before:
        return [path]
    stops = [before] if before else []
    if name in (RETURN, QUIET):
        return stops
    state = dialog.states[name]
    if state.kind in PROMPTS and state.kind != "pick":
        return stops
    follow = {"none": state.goes["none"]} if state.kind == "pick" else state.goes
    runs = [run for b in dict.fromkeys(follow.values()) for run in _runs(dialog, b, path)]
    return [*stops, *runs] if state.kind == "pick" else runs


def _walk(starts: set[str], edges: list[tuple[str, str]]) -> set[str]:
    seen, todo = set(starts), list(starts)
    leads: dict[str, set[str]] = {}
    for a, b in edges:
        leads.setdefault(a, set()).add(b)
    while todo:
        fresh = leads.get(todo.pop(), set()) - seen
        seen |= fresh
        todo += fresh
    return seen
