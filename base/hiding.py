"""What leads out of the market, hidden in words that one side passes on to the other: phones, addresses, links."""

import re
from typing import Final

from base.disguised import without_disguised
from base.phones import without_phones

SIGN: Final = "•••"
_LINK: Final = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"
    r"|(?<![\w@])(?:[\w-]{1,40}\.){0,3}(?:wa\.me|whatsapp\.com|t\.me|telegram\.me|m\.me|fb\.me|fb\.com|facebook\.com"
    r"|instagram\.com|tiktok\.com|snapchat\.com|bit\.ly)(?:/\S*)?"
    r"|(?<![\w@])@[a-z][\w.]{3,30}",
    re.IGNORECASE,
)
_EDGES: Final = re.compile(r"^[\s,;:./()-]+|[\s,;:./(-]+$")


def hidden(text: str) -> str:
    """Return `text` with a sign where a phone, an e-mail address, a link or a name on a network stood.

    What has none of these is returned as it is. Never raises.
    """
    return without_disguised(without_phones(_LINK.sub(SIGN, text), SIGN), SIGN)


def without_ways_out(text: str) -> str:
    """Return `text` without these and their signs, for what all buyers read: the name of a good."""
    shown = hidden(text)
    return text if shown == text else _EDGES.sub("", " ".join(shown.replace(SIGN, " ").split()))
