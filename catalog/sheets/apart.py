"""A price list is read in a process apart: whatever its file holds, this process learns a list or a reason."""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from base.sheets import apart
from base.sheets.apart import WITHIN, Reading
from catalog.sheets.sheet import Sheet

MODULE: Final = "catalog.sheets.process"
SHAPE: Final = TypeAdapter(Sheet)


def read_apart(path: Path, within: float = WITHIN) -> Reading[Sheet]:
    """Read a list in a process of its own. Raises OSError when there is no such file."""
    return apart.read_apart(path, MODULE, SHAPE, within)
