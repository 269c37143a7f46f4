"""Two chats of one person, as he links them and takes them apart again."""

from typing import Literal, TypedDict

from bot import contacts, linking, locks
from bot.consent import Said
from bot.dialogs.means import take_alone, words
from bot.linking import Asked, Linked
from bot.turn import Turn

SALT = "link_hash"  # in the chat's memory: which code was typed, as the database knows it
WHY = "link_refused"


class Code(TypedDict):
    """Six digits."""

    code: str


class Sure(TypedDict):
    """With whom, on a channel of which kind; `rights` is a line of its own behind a line's end, or ''."""

    name: str
    channel: str
    rights: str


class Channel(TypedDict):
    """A kind of channel."""

    channel: str


class Refused(TypedDict):
    """Why not: names a text."""

    why: str


def begin(turn: Turn, given: str) -> Literal["drawn", "asked", "refused"]:
    """`lier` alone asks for a code, `lier 482193` is the answer in the other chat."""
    take_alone(turn)
    locks.linking(turn.db)
    secret, timing = turn.config.lasting_key, turn.config.timing
    if not given:
        linking.draw(turn.db, turn.person.contact_id, turn.conversation_id, secret, timing)
        return "drawn"
    found = linking.find(turn.db, turn.person.contact_id, given.replace(" ", ""), secret, timing)
    if not isinstance(found, Asked):
        return _refuse(turn, found)
    obstacle = linking.obstacle(turn.db, turn.person.contact_id, found)
    if obstacle:
        return _refuse(turn, obstacle)
    turn.memory[SALT] = found.hash
    return "asked"


def _refuse(turn: Turn, why: str) -> Literal["refused"]:
    turn.memory[WHY] = why
    return "refused"


def code(turn: Turn) -> Code:
    """Values of the code to be typed in the other chat."""
    return {"code": linking.code_of(turn.db, turn.person.contact_id, turn.config.lasting_key)}


def _asked(turn: Turn) -> Asked | None:
    return linking.open_code(turn.db, str(turn.memory.get(SALT, "")))


def is_asked(turn: Turn) -> bool:
    """Whether the code that was typed is still good."""
    return _asked(turn) is not None


def sure(turn: Turn) -> Sure:
    """Values of the question whether to link with this person."""
    asked = _asked(turn)
    if asked is None:
        return {"name": words(turn, "link.somebody"), "channel": "other", "rights": ""}
    has_roles = linking.has_roles(turn.db, [turn.person.contact_id, asked.contact_id])
    rights = "\n" + words(turn, "link.rights") if has_roles else ""
    return {"name": asked.name or words(turn, "link.somebody"), "channel": asked.channel, "rights": rights}


def link(turn: Turn) -> Literal["linked", "refused"]:
    """The yes: this chat and its person are the other's from now on."""
    take_alone(turn)
    locks.linking(turn.db)
    asked = _asked(turn)
    if asked is None:
        return _refuse(turn, "over")
    done = linking.link(turn.db, Said.of(turn, turn.words), turn.conversation_id, asked)
    if done != "linked":
        return _refuse(turn, done)
    _is_now(turn)
    return "linked"


def _is_now(turn: Turn) -> None:
    """Another contact's chat it is from here on."""
    turn.person = contacts.people(turn.db, [turn.conversation_id])[turn.conversation_id]


def refused(turn: Turn) -> Refused:
    """Values of `this cannot be`."""
    return {"why": str(turn.memory.get(WHY, "over"))}


def look(turn: Turn) -> Literal["standing", "none"]:
    """Whether there is anything to undo."""
    found = _standing(turn)
    turn.memory["link"] = found.id if found else 0
    return "standing" if found else "none"


def _standing(turn: Turn) -> Linked | None:
    return linking.standing(turn.db, turn.person.contact_id, turn.conversation_id)


def parting(turn: Turn) -> Channel:
    """Values of the question whether that chat shall stand alone again."""
    found = _standing(turn)
    return {"channel": found.channels[0] if found else "other"}


def is_linked(turn: Turn) -> bool:
    """Whether it is linked still."""
    return _standing(turn) is not None


def unlink(turn: Turn) -> Literal["unlinked", "refused"]:
    """The yes: each side has again what it brought."""
    take_alone(turn)
    locks.linking(turn.db)
    link_id = int(turn.memory.get("link", 0))
    done = linking.unlink(turn.db, link_id, Said.of(turn, turn.words))
    if done != "unlinked":
        return _refuse(turn, done)
    _is_now(turn)
    return "unlinked"
