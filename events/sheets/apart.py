"""A programme is read in a process apart: whatever its file holds, this process learns sessions or a reason."""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from base.sheets import apart
from base.sheets.apart import WITHIN, Reading
from events.sheets.sheet import Sheet

MODULE: Final = "events.sheets.process"
SHAPE: Final = TypeAdapter(Sheet)


def read_apart(path: Path, within: float = WITHIN) -> Reading[Sheet]:
    """Read a programme in a process of its own. Raises OSError when there is no such file."""
    return apart.read_apart(path, MODULE, SHAPE, within)
