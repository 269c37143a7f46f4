"""The last figures, kept in README between two marks, so that nobody copies a figure by hand."""

from pathlib import Path
from typing import Final

README: Final = Path(__file__).parent.parent / "README.md"


class NoMarks(Exception):
    """README has no place for these figures."""


def write(name: str, words: str, file: Path = README) -> None:
    """Put these words between `<!-- name -->` and `<!-- /name -->` and leave all else as it is. Raises NoMarks."""
    text = file.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = text.partition(begin)
    _, is_ended, after = rest.partition(end)
    if not (found and is_ended):
        raise NoMarks(f"{file.name} has no {begin.strip()} … {end}")
    file.write_text(f"{before}{begin}{words.strip()}\n{end}{after}", encoding="utf-8")
