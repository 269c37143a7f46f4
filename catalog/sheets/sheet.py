"""A price list as it was read."""

from dataclasses import dataclass

from catalog.sheets.steps import Steps


@dataclass(frozen=True)
class SheetLine:
    """One line: its number in the file, its cells as they came, what it asks for, and its faults.

    `price` in F CFA, `quantity` in units, `steps` prices for many; None where its cell is empty. `are_all_steps`: there
    are no others. `group` is the category that the nearest line
    above has in its cell, as where cells are joined, where this line has none. Faults are tails of text keys
    `sheet.fault.…`.
    """

    number: int
    cells: tuple[str, ...]
    code: str = ""
    name: str = ""
    price: int | None = None
    quantity: int | None = None
    unit: str = ""
    category: str = ""
    description: str = ""
    shop: str = ""
    faults: tuple[str, ...] = ()
    group: str = ""
    steps: Steps | None = None
    are_all_steps: bool = True


@dataclass(frozen=True)
class Sheet:
    """A whole price list."""

    header: tuple[str, ...]
    lines: tuple[SheetLine, ...]
