"""What Twilio's error codes mean for a send (channels.md §1.7)."""

from typing import Final

from bot.messages import Refused
from handlers.refusals import DAY, MINUTE, Meaning, of_status, refused

# a code that this table does not know, on a message that failed later: as 30008, "unknown"
UNKNOWN_FAILURE: Final = Meaning("busy", most_tries=3)

_GROUPS: Final[tuple[tuple[Meaning, tuple[int, ...]], ...]] = (
    (Meaning("busy"), (20429,)),
    (Meaning("busy", wait=MINUTE), (21611, 30001)),
    (Meaning("busy", most_tries=3), (30008, 63009, 63010, 63012, 63023, 63037)),
    (Meaning("busy", most_tries=1), (30410, 63029)),
    # one message per 6 s and person; the same code stands for the sender's own rate
    (Meaning("busy", wait=6.0), (63017, 63018)),
    (Meaning("busy", wait=DAY), (63038,)),
    (Meaning("busy", wait=DAY, most_tries=1), (63049,)),
    (Meaning("window"), (63016,)),
    (Meaning("opted_out"), (21610,)),
    (Meaning("unreachable"), (21211, 21614, 63003, 63014, 63015, 63024, 63033)),
    (Meaning("content"), (20404, 21617, 21620, 63019, 21655, 21656)),
    (Meaning("content"), (63005, 63006, 63021, 63028)),
    (Meaning("content", template="missing"), (63027,)),
    (Meaning("content", template="rejected"), (63040,)),
    (Meaning("content", template="paused"), (63041,)),
    (Meaning("content", template="disabled"), (63042,)),
    (Meaning("content"), (63030, 63031, 63034, 11751)),
    (Meaning("final"), (30007, 63013, 63026, 63032)),
    (Meaning("account"), (20003, 21408, 21703, 21705, 63007, 63002, 63008, 21910)),
    (Meaning("account"), (30002, 63051, 63001, 63020, 63022, 63062)),
)
MEANINGS: Final = {code: meaning for meaning, codes in _GROUPS for code in codes}


def refusal(code: int | None, status: int, wait: float | None) -> Refused:
    """The refusal of an answer 3xx or 4xx: Twilio's code where it told one, its HTTP status, its Retry-After."""
    meaning = MEANINGS.get(code or 0) or of_status(status)
    return refused(meaning, str(code) if code else f"http_{status}", wait)


CANCELED: Final = Refused("final", "canceled")


def failure(code: int | None) -> Refused:
    """Why a message that Twilio had taken failed later: the ErrorCode of a status callback."""
    return refused(MEANINGS.get(code or 0, UNKNOWN_FAILURE), str(code or "unknown"))
