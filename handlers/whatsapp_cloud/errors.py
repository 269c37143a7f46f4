"""What Meta's error codes mean for a send (channels.md §2.10), told at once or later in a status."""

from typing import Final

from bot.messages import Refused
from handlers.refusals import DAY, MINUTE, Meaning, of_status, refused

HOUR: Final = 3600.0
PERMISSIONS: Final = range(200, 300)
# a code that this table does not know, on a message that failed later: as 131000, "something went wrong"
UNKNOWN_FAILURE: Final = Meaning("busy", most_tries=3)

_GROUPS: Final[tuple[tuple[Meaning, tuple[int, ...]], ...]] = (
    (Meaning("account"), (0, 190, 3, 10, 131005, *PERMISSIONS)),
    (Meaning("account"), (33, 368, 131031, 130497, 131037, 131045, 133010, 131042, 131044, 131064)),
    (Meaning("busy"), (1, 2, 131016, 133004)),
    (Meaning("busy", most_tries=3), (131000,)),
    (Meaning("busy", wait=2 * MINUTE), (4, 80007)),
    (Meaning("busy", wait=5.0), (130429,)),
    (Meaning("busy", wait=6.0), (131056,)),
    # the number is held back for what others called spam: answers may go later, and no kind freezes campaigns alone
    (Meaning("busy", wait=15 * MINUTE), (131048,)),
    (Meaning("busy", wait=HOUR), (133016, 132069)),
    (Meaning("busy", wait=90.0), (131057,)),
    (Meaning("busy", wait=DAY, most_tries=1), (131049,)),
    (Meaning("window"), (131047,)),
    (Meaning("no_marketing"), (131050,)),
    (Meaning("unreachable"), (130403, 131026, 131030, 137000)),
    # 131063: marketing templates are off; everything else may still be sent
    (Meaning("final"), (130472, 131021, 131062, 131063)),
    # 131053, 131014: our file could not be had; the words can
    (Meaning("content"), (100, 131008, 131009, 135000, 131051, 131052, 131053, 131014)),
    (Meaning("content"), (132000, 132005, 132007, 132008, 132012, 132018, 132068)),
    (Meaning("content", template="missing"), (132001,)),
    (Meaning("content", template="paused"), (132015,)),
    (Meaning("content", template="disabled"), (132016,)),
    (Meaning("content"), (134100, 134101, 134102, 131055)),
)
MEANINGS: Final = {code: meaning for meaning, codes in _GROUPS for code in codes}


def is_known(code: int | None) -> bool:
    """Whether the table has this code: then the message was certainly not taken, whatever the answer's status."""
    return code in MEANINGS


def refusal(code: int | None, status: int, wait: float | None) -> Refused:
    """The refusal of an answer: Meta's code where it told one, its HTTP status, its Retry-After in seconds."""
    meaning = (MEANINGS.get(code) if code is not None else None) or of_status(status)
    return refused(meaning, f"http_{status}" if code is None else str(code), wait)


def failure(code: int | None) -> Refused:
    """Why a message that Meta had taken failed later: the first error of a status."""
    meaning = (MEANINGS.get(code) if code is not None else None) or UNKNOWN_FAILURE
    return refused(meaning, "unknown" if code is None else str(code))
