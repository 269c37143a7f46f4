"""The languages that a template may go out in, when Meta does not know the first (channels.md §2.7, code 132001)."""

from collections.abc import Container
from typing import Final

from bot.messages import Template

FIRST: Final = "fr"
OTHERS: Final = ("fr", "fr_FR", "en")


def name_in(name: str, language: str) -> str:
    """What an account's contents call a template's version in a language: its name alone for the first one."""
    return name if language == FIRST else f"{name}:{language}"


def languages_of(template: Template, contents: Container[str]) -> tuple[str, ...]:
    """The template's own language, then the others that the account's contents know, French before English."""
    others = (one for one in OTHERS if one != template.language and name_in(template.name, one) in contents)
    return (template.language, *others)
