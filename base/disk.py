"""The disk: what must outlive a power cut, and what room is left."""

import os
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Return once the disk has a folder's entries: a renamed or deleted file stays so. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free(path: Path) -> int:
    """Bytes that are free on the disk on which this is, or would be made. Raises OSError."""
    return shutil.disk_usage(nearest(path)).free


def nearest(path: Path) -> Path:
    """The path itself, or the folder above it that is there."""
    return path if path.exists() else nearest(path.parent)
