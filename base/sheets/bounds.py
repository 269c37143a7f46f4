"""What a process that reads a file may take, and how much memory one has taken."""

from pathlib import Path
from typing import Final

MEMORY: Final = 400_000_000  # bytes of addresses
CPU: Final = 12  # seconds
OUTPUT: Final = 16_000_000  # bytes of what it answers
OPEN_FILES: Final = 64
TOO_HEAVY: Final = 3  # exit code


def peak_of(process: str) -> int:
    """The most memory that a process has ever held, in bytes; 0 where the kernel does not tell.

    Its own only: what wait4(2) tells counts its parent's before it became another program.
    """
    try:
        told = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    peak = next((line.split()[1] for line in told.splitlines() if line.startswith("VmHWM:")), "0")
    return int(peak) * 1024
