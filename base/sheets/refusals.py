"""Why a file is not read as a price list, and how large one may be."""

from typing import Final, Literal

MOST_BYTES: Final = 4_000_000  # of a file
MOST_ROWS: Final = 2000  # besides the header
MOST_COLUMNS: Final = 30
MOST_CELL: Final = 500  # characters that are kept of a cell
MOST_ENTRIES: Final = 300  # of an archive
MOST_UNPACKED: Final = 40_000_000  # bytes of all its entries
MOST_RATIO: Final = 100  # unpacked to packed
LAST_LINE: Final = 20_000  # of a sheet: what stands below lies behind thousands of empty lines

Reason = Literal[
    "empty",
    "wrong_type",
    "locked",
    "macros",
    "links",
    "bomb",
    "broken",
    "formulas",
    "too_large",
    "too_many_rows",
    "too_many_columns",
    "no_header",
    "two_columns",
    "too_slow",
    "too_heavy",
]
"""Refusals, each told by a text of its own."""


class SheetRefused(Exception):
    """A file is not read; `reason` is one of Reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
