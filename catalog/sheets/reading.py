"""A price list read: its header, and what each of its lines asks for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from base.hiding import without_ways_out
from base.money import read_amount
from base.sheets.cells import cell_of, header_of, is_formula, lines_of, refuse_formulas
from base.sheets.refusals import MOST_ROWS, SheetRefused
from base.sheets.sniffing import kind_of
from base.spelling import fold
from catalog.bounds import LEAST_OF_STEP, MOST_OF_STEP, MOST_PRICE
from catalog.sheets.columns import Field, columns_of, known_columns, least_of
from catalog.sheets.sheet import Sheet, SheetLine
from catalog.sheets.steps import NONE, Steps, read_step, read_steps

MOST_QUANTITY: Final = 99_999
MOST_NAME, MOST_UNIT, SHORTEST_NAME = 120, 30, 2  # characters
WITH_A_UNIT: Final = re.compile(r"([0-9][0-9 .\u00a0\u202f]*) ?[a-z][a-z ]{0,20}")
NONE_LEFT: Final = frozenset("rupture fini finie finis aucun zero epuise none".split())
TOTALS: Final = frozenset({"total", "totaux", "total general", "sous total", "grand total"})


def read_sheet(content: bytes) -> Sheet:
    """Read a file; a text's line with more cells than its header may have been cut within a number, and is at fault.

    Raises SheetRefused, and for a broken workbook whatever openpyxl raises: call it apart.
    """
    lines = lines_of(content, known_columns)
    header, columns = header_of(lines, columns_of)
    most = 0 if kind_of(content) == "xlsx" else len(header)
    least = least_of(header[columns["steps"]]) if "steps" in columns else 0
    found: list[SheetLine] = []
    group = ""
    for number, cells in lines:
        refuse_formulas(cells)
        line = _line(number, cells, columns, least)
        if line is None:
            continue
        if most and len(cells) > most:
            line = replace(line, faults=(*line.faults, "cells_more"))
        group = line.category or group
        found.append(replace(line, group="" if line.category else group))
        if len(found) > MOST_ROWS:
            raise SheetRefused("too_many_rows")
    if not found:
        raise SheetRefused("empty")
    if "steps" in columns and _tells_two_prices(found):
        raise SheetRefused("two_columns")
    return Sheet(header, tuple(found))


def _line(number: int, cells: tuple[str, ...], columns: Mapping[Field, int], least: int) -> SheetLine | None:
    """None for a line that names no good and tells nothing of one: a blank, a total."""
    told = {field: cell_of(cells, place) for field, place in columns.items()}
    raw_price, raw_quantity = told.get("price", ""), told.get("quantity", "")
    name, code = without_ways_out(told.get("name", "")), told.get("code", "")
    if not any((name, code, raw_price, raw_quantity)) or (not code and fold(name) in TOTALS):
        return None
    computed = [field for field, place in columns.items() if place < len(cells) and is_formula(cells[place])]
    faults = ["formula"] if set(computed) - {"price", "quantity"} else []
    price = _number(raw_price, "price", read_amount(raw_price), MOST_PRICE, computed, faults)
    quantity = _number(raw_quantity, "quantity", read_count(raw_quantity), MOST_QUANTITY, computed, faults)
    steps, are_all = _steps(told, least)
    if steps is None and told.get("steps"):
        faults.append("steps_unread")
    if price == 0:
        faults.append("price_nothing")
    if not name and not code:
        faults.append("nameless")
    if name and (len(name) < SHORTEST_NAME or not fold(name)):
        faults.append("name_short")
    if len(name) > MOST_NAME:
        faults.append("name_long")
    return SheetLine(
        number=number,
        cells=cells,
        code=code[:MOST_NAME],
        name=name,
        price=price or None,
        quantity=quantity,
        unit=told.get("unit", "")[:MOST_UNIT],
        category=told.get("category", ""),
        description=without_ways_out(told.get("description", "")),
        shop=told.get("shop", ""),
        faults=tuple(faults),
        steps=steps,
        are_all_steps=are_all,
    )


def _tells_two_prices(lines: Sequence[SheetLine]) -> bool:
    """`prix détail` and `prix de gros`, of which nothing says from how many units on it counts."""
    return any("steps_unread" in line.faults for line in lines) and not any(line.steps for line in lines)


def _steps(told: Mapping[Field, str], least: int) -> tuple[Steps | None, bool]:
    """Prices for many, and whether they are all: of a column that is of one number of units, only that one is told."""
    raw, units = told.get("steps", ""), least or read_count(told.get("least", "")) or 0
    if not raw or not units:
        return (read_steps(raw) if raw else None), True
    is_none = fold(raw) in NONE and LEAST_OF_STEP <= units <= MOST_OF_STEP
    one = (units, 0) if is_none else read_step(units, raw)
    return ((one,) if one else read_steps(raw)), one is None


def _number(raw: str, what: str, value: int | None, most: int, computed: list[Field], faults: list[str]) -> int | None:
    """The number of a cell; what cannot be read, or is beyond all measure, is a fault of its line."""
    if not raw:
        return None
    if what in computed:
        faults.append(f"{what}_signed" if re.fullmatch(r"[+-]\s*[0-9 .,]+", raw) else "formula")
    elif value is None:
        faults.append(f"{what}_unread")
    elif value > most:
        faults.append(f"{what}_huge")
    else:
        return value
    return None


def read_count(raw: str) -> int | None:
    """Whole units: `12`, `1 500`, `12,0`, `12 sacs`, `rupture`; None for anything else."""
    plain = " ".join(fold(raw).split())
    if plain in NONE_LEFT:
        return 0
    value = read_amount(raw)
    if value is not None:
        return value
    counted = WITH_A_UNIT.fullmatch(raw.strip().lower())
    return read_amount(counted[1].strip()) if counted else None
