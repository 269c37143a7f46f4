"""The languages that a template may go out in, when Meta does not know the first (channels.md §2.7, code 132001)."""

from collections.abc import Container, Iterator
from typing import Final

from bot.messages import Template

OTHERS: Final = ("fr", "fr_FR", "en")


def versions_of(template: Template, contents: Container[str]) -> tuple[tuple[str, str], ...]:
    """(name, language) of the template itself, then of its others that the account's contents know, French first.

    These know another language by `name:language`, where the name is the same there, or by the name's own end
    (`order_news_en` beside `order_news_fr`).
    """
    return tuple(dict.fromkeys(_versions(template, contents)))


def _versions(template: Template, contents: Container[str]) -> Iterator[tuple[str, str]]:
    yield template.name, template.language
    stem = template.name.removesuffix(f"_{template.language}")
    for language in OTHERS:
        if f"{template.name}:{language}" in contents:
            yield template.name, language
        if f"{stem}_{language}" in contents:
            yield f"{stem}_{language}", language
