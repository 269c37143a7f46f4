"""The judged queries of `judged.txt`: what was typed, whether it is misspelt, and the grades of what answers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SIGNS = "=~-!"


@dataclass(frozen=True)
class Judged:
    """One query; `grades` holds 3, 2 or 1 by the slug of a good, and what is not in it is wrong."""

    words: str
    is_misspelt: bool
    grades: dict[str, int]

    @property
    def right(self) -> set[str]:
        """The goods that answer it."""
        return {slug for slug, grade in self.grades.items() if grade >= 2}


def judged() -> tuple[Judged, ...]:
    """All queries, in the order of the table."""
    return tuple(_read((Path(__file__).parent / "judged.txt").read_text("utf-8").splitlines()))


def _read(lines: list[str]) -> Iterator[Judged]:
    groups: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("@"):
            name, _, slugs = line.partition(": ")
            groups[name] = slugs.split()
        elif line[:2] in {f"{sign} " for sign in SIGNS}:
            sign, words, *columns = (column.strip() for column in line.split("|"))
            yield Judged(words, sign in "~!", dict(_grades(columns, groups)))


def _grades(columns: list[str], groups: dict[str, list[str]]) -> Iterator[tuple[str, int]]:
    """From the least to the best: a good named twice keeps its best grade."""
    for grade, column in reversed(tuple(zip((3, 2, 1), columns, strict=True))):
        for name in column.split():
            for slug in groups.get(name, [name]):
                yield slug, grade
