"""A secret code that somebody writes is taken out before anything is stored: nobody here ever needs one."""

import re
from typing import Final

MASK: Final = "••••"
_NAMED: Final = (
    r"(?:code\s+(?:secret|pin|flooz|t\s?-?money|mixx|moov)|codes?\s+secrets?|(?<!\w)pin|mot\s+de\s+passe|mdp|password"
    r"|secret\s+code)(?!\w)"
)
_SECRET: Final = re.compile(rf"({_NAMED}[^\d\n]{{0,30}}?)(?<!\d)(\d(?:[ .-]?\d){{3,5}})(?![ .-]?\d)", re.IGNORECASE)
_BEFORE: Final = re.compile(
    rf"(?<!\d)(\d(?:[ .-]?\d){{3,5}})(\s+(?:est|c'?est|is)\s+[^\d\n]{{0,12}}?{_NAMED})", re.IGNORECASE
)
_AT_THE_DOOR: Final = re.compile(r"\s*(?:livre|livré|livree|livrée|delivered)\b", re.IGNORECASE)


def secrets_in(text: str) -> tuple[str, ...]:
    """The figures of secret codes in a text, as typed; a rider's `livré TG-4K7P2 1234` has none."""
    if _AT_THE_DOOR.match(text):
        return ()
    return (*(found[2] for found in _SECRET.finditer(text)), *(found[1] for found in _BEFORE.finditer(text)))


def masked(text: str) -> str:
    """The text with every secret code masked; unchanged without one."""
    if _AT_THE_DOOR.match(text):
        return text
    return _BEFORE.sub(rf"{MASK}\2", _SECRET.sub(rf"\1{MASK}", text))


def masked_bytes(raw: bytes, secrets: tuple[str, ...]) -> bytes:
    """What a provider sent with the figures of these codes blotted out, each by as many stars."""
    for secret in secrets:
        for typed in (secret, secret.replace(" ", "+"), secret.replace(" ", "%20")):
            raw = raw.replace(typed.encode(), b"*" * len(typed))
    return raw


def is_masked(text: str) -> bool:
    """Whether a secret code stood in it."""
    return MASK in text
