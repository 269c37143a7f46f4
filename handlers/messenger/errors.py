"""What Graph's error codes mean for a send to Messenger (channels.md §3.9).

A permission that is missing for one kind of send refuses that letter alone: the Page goes on answering.
"""

from collections.abc import Mapping
from typing import Final, Literal

from bot.messages import RefusalKind, Refused
from handlers.graph import GraphError
from handlers.refusals import MINUTE, Meaning, refused

ANY: Final = 0  # every subcode that has no line of its own
Key = tuple[int, int]
# an answer as anybody may give it; by a template, as a person of ours, or to a public comment: each of these three
# needs a permission of its own
Way = Literal["plain", "utility", "human_agent", "comment"]

_GROUPS: Final[tuple[tuple[Meaning, tuple[Key, ...]], ...]] = (
    (Meaning("busy", most_tries=3), ((1, ANY), (2, ANY), (2, 2018344), (1200, ANY))),
    (Meaning("busy", wait=MINUTE), ((4, ANY), (17, ANY), (32, ANY), (341, ANY), (613, ANY), (80006, ANY))),
    (Meaning("window"), ((10, 2018278), (10, 2534022))),
    (Meaning("account"), ((3, ANY), (10, ANY), (10, 1893063), (10, 2018065), (10, 2018108))),
    (Meaning("account"), ((200, ANY), (200, 2018108), (368, ANY))),
    (Meaning("account"), ((190, ANY), (190, 460), (190, 463), (190, 467))),
    # 1545041 is also said to mean a shut window; free words only go out while the window is open by our own clock
    (Meaning("unreachable"), ((551, ANY), (551, 1545041), (200, 1545041), (100, 2018001))),
    (Meaning("content"), ((100, ANY), (100, 2018034), (100, 2018047), (100, 2018008), (100, 2018007))),
    # another app holds the thread: whoever answers there does so instead of us
    (Meaning("final"), ((10, 2018300),)),
    (Meaning("final"), ((10303, ANY), (10900, ANY), (10901, ANY), (2018218, ANY), (100, 2018218))),
)
MEANINGS: Final[Mapping[Key, Meaning]] = {key: meaning for meaning, keys in _GROUPS for key in keys}
PERMISSIONS: Final = frozenset({3, 10, 200})
RESTRICTED: Final = (10, 1893063)  # the Page itself may not send, in whatever way
WITHOUT_PERMISSION: Final[Mapping[Way, RefusalKind]] = {
    "plain": "account",
    "utility": "final",
    "human_agent": "window",
    "comment": "final",
}
OTHER_PERMISSIONS: Final = range(200, 300)
UNKNOWN: Final = Meaning("content")


def meaning_of(error: GraphError, way: Way = "plain") -> Meaning:
    """The line of the code with its subcode, else that of the code; an unknown one is taken for our words' fault.

    A missing permission stops the account where plain answers need it, and this letter elsewhere.
    """
    found = MEANINGS.get((error.code, error.subcode)) or MEANINGS.get((error.code, ANY))
    if found is None:
        return Meaning("final") if error.code in OTHER_PERMISSIONS else UNKNOWN
    is_permission = error.code in PERMISSIONS and (error.code, error.subcode) != RESTRICTED
    return Meaning(WITHOUT_PERMISSION[way]) if is_permission and found.kind == "account" else found


def is_known(error: GraphError) -> bool:
    """Whether the table has this code: then the message was certainly not taken, whatever the answer's status."""
    return (error.code, error.subcode) in MEANINGS or (error.code, ANY) in MEANINGS


def refusal(error: GraphError, wait: float | None = None, way: Way = "plain") -> Refused:
    """What an error's code (`10/2018278`) stands for; `wait` are the seconds that the answer told."""
    return refused(meaning_of(error, way), str(error), wait)
