"""The last net under the logs: what looks like a phone number, an address of a person or a token is replaced, and so
is what ends a line or steers a terminal."""

import re
from typing import Final

MOST_CHARACTERS: Final = 200

# Leftmost wins: a provider's message id (Twilio's SID: two letters, 32 hex digits) is let through whole.
_SENSITIVE: Final = re.compile(
    r"(?P<sid>\b(?:SM|MM|HX|ME|WH)[0-9a-f]{32}\b)"
    r"|(?P<userinfo>(?<=://)[^\s/@]+@)"
    r"|(?P<bearer>\b(?:Bearer|Basic|OAuth)\s+[\w.~+/=-]+)"
    r"|(?P<person>\b[A-Z]{2}\.[0-9A-Za-z]{6,})"
    r"|(?P<email>[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})"
    r"|(?P<token>(?<![\w-])(?=[A-Za-z_-]{0,200}\d)[\w-]{28,})"
    r"|(?P<number>(?:whatsapp:)?\+?\d(?:[\s.()/\u00a0\u202f-]{0,2}\d){7,})"
)
_REPLACEMENTS: Final = {
    "userinfo": "[login]@",
    "bearer": "[token]",
    "person": "[person]",
    "email": "[email]",
    "token": "[token]",
    "number": "[number]",
}
_QUOTED: Final = re.compile(r"""'(?:\\.|[^'\\])*(?:'|$)|"(?:\\.|[^"\\])*(?:"|$)|«[^»]*(?:»|$)""")
_STEERING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def scrub(text: str) -> str:
    """The text without phone numbers, persons' ids, e-mail addresses, logins and long tokens, its controls as signs."""
    return _STEERING.sub(_sign, _SENSITIVE.sub(_replacement, text))


def _sign(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _replacement(match: re.Match[str]) -> str:
    return _REPLACEMENTS.get(match.lastgroup or "", match[0])


def clean_message(message: str) -> str:
    """A library's or an exception's message: its first line, quoted parts emptied, scrubbed, at most 200 characters.

    What was quoted may be what a person wrote; the lines after the first hold the row (PostgreSQL's DETAIL).
    """
    first = message.lstrip().partition("\n")[0]
    return scrub(_QUOTED.sub("'…'", first))[:MOST_CHARACTERS]
