"""Lines below headings: how a list with sections reads where there are only words."""

from collections.abc import Iterable
from itertools import groupby


def below_headings(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Pairs of a heading ('' for none) and a line; a heading stands once above those that follow each other below it.

    A blank line parts what stands below one heading from what comes next.
    """
    found: list[str] = []
    for heading, group in groupby(lines, key=lambda pair: pair[0]):
        found += [*([""] if found else []), *([heading] if heading else []), *(line for _, line in group)]
    return found
