"""The languages that a template may go out in, when Meta does not know the first (channels.md §2.7, code 132001)."""

from collections.abc import Container, Iterator
from typing import Final

from base.templates import first_name, name_of
from bot.messages import Template

OTHERS: Final = ("fr", "en")


def versions_of(template: Template, contents: Container[str]) -> tuple[tuple[str, str], ...]:
    """(name, language) of the template itself, then of its others that the account's contents know, French first.

    A name ends in its language: `order_news_en` beside `order_news_fr`.
    """
    return tuple(_versions(template, contents))


def _versions(template: Template, contents: Container[str]) -> Iterator[tuple[str, str]]:
    yield template.name, template.language
    stem = first_name(template.name).removesuffix(f"_{template.language}")
    for language in OTHERS:
        name = name_of(stem, language)
        if language != template.language and name in contents:
            yield name, language
