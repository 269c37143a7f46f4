"""The disk: what must outlive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Return once the disk has a folder's entries: a renamed or deleted file stays so. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
