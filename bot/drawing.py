"""Pictures of the dialogs, drawn from their tables as Mermaid flowcharts, and kept in this room's README."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.dialog import QUIET, RETURN, Dialog, State

README: Final = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- drawn by cli.py draw -->", "<!-- end of the drawing -->"
SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    "choose": ("{{", "}}"),
    "pick": ("[/", "/]"),
    "ask": (">", "]"),
    "do": ("[", "]"),
    "tell": ("(", ")"),
    "wait": ("[[", "]]"),
    "end": ("((", "))"),
}


class NoPlaceForPicture(Exception):
    """The README lacks the two marks between which the picture stands."""


def draw(dialogs: Iterable[Dialog]) -> str:
    """All dialogs as Markdown: a heading, a flowchart and the ways in from anywhere, for each."""
    return "\n\n".join(_drawn(dialog) for dialog in dialogs)


def _drawn(dialog: Dialog) -> str:
    lines = ["flowchart LR", *_nodes(dialog), *_edges(dialog), *_marks(dialog)]
    chart = "\n".join(f"    {line}" if number else line for number, line in enumerate(lines))
    return f"### {dialog.name}\n\n```mermaid\n{chart}\n```\n\n{_ways_in(dialog)}"


def _nodes(dialog: Dialog) -> Iterator[str]:
    yield f'begin(["{dialog.name}"]) --> {_name(dialog.start)}'
    yield f'begin -. "three misses" .-> {_name(dialog.helper)}'
    for name, state in dialog.states.items():
        left, right = SHAPES[state.kind]
        yield f'{_name(name)}{left}"{name}"{right}'
    yield 'return_(["back to the open question"])'
    if QUIET in {target for _, _, target in dialog.edges()}:
        yield 'quiet_(["nothing is said"])'


def _edges(dialog: Dialog) -> Iterator[str]:
    """One arrow for each pair of states, with the outcomes that lead that way."""
    for name, state in dialog.states.items():
        for target in dict.fromkeys(state.goes.values()):
            yield f'{_name(name)} -- "{_outcomes(state, target)}" --> {_name(target)}'


def _outcomes(state: State, target: str) -> str:
    return ", ".join(outcome for outcome, leads_to in state.goes.items() if leads_to == target)


def _marks(dialog: Dialog) -> Iterator[str]:
    """What writes stands out, and so does what may be tapped for a day."""
    yield "classDef writes stroke-width:3px,stroke:#b3261e"
    yield "classDef lasting stroke-dasharray:4 3"
    writing = [_name(name) for name, state in dialog.states.items() if state.writes]
    lasting = [_name(name) for name, state in dialog.states.items() if state.lasting]
    if writing:
        yield f"class {','.join(writing)} writes"
    if lasting:
        yield f"class {','.join(lasting)} lasting"


def _name(state: str) -> str:
    """A state's name in the chart; some words mean something to Mermaid itself."""
    return {RETURN: "return_", QUIET: "quiet_"}.get(state, f"s_{state}")


def _ways_in(dialog: Dialog) -> str:
    ways = {
        "words": dialog.anywhere,
        "intents": dialog.hears,
        "commands": dialog.commands,
        "buttons of notices": dialog.doors,
        "what is no text": dialog.signs,
    }
    rows = [f"| {kind} | {_listed(way)} |" for kind, way in ways.items() if way]
    return "\n".join(["| from anywhere | leads to |", "|---|---|", *rows])


def _listed(way: Mapping[str, str]) -> str:
    """The states that are entered so, each with all that leads to it."""
    by_state: dict[str, list[str]] = {}
    for said, state in way.items():
        by_state.setdefault(state, []).append(f"`{said}`")
    return " · ".join(f"{' '.join(said)} → {state}" for state, said in by_state.items())


def in_readme(dialogs: Iterable[Dialog], readme: str) -> str:
    """The README with today's picture between its marks. Raises NoPlaceForPicture."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoPlaceForPicture(README.name)
    return f"{before}{BEGIN}\n\n{draw(dialogs)}\n\n{END}{after}"


def write(dialogs: Iterable[Dialog]) -> None:
    """Draw the tables into the README."""
    README.write_text(in_readme(dialogs, README.read_text(encoding="utf-8")), encoding="utf-8")


def is_stale(dialogs: Iterable[Dialog]) -> bool:
    """Whether the README shows other tables than these."""
    readme = README.read_text(encoding="utf-8")
    return in_readme(dialogs, readme) != readme
