"""A programme as it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SheetLine:
    """One line: its number in the file, its cells as they came, and by column the words that it tells.

    `told` has columns that the file has; '' where its cell is empty. Faults are tails of text keys `sheet.fault.…`.
    """

    number: int
    cells: tuple[str, ...]
    told: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A whole programme."""

    header: tuple[str, ...]
    lines: tuple[SheetLine, ...]
