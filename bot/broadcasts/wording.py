"""How an announcement reads: the organizer's words with how to end such news, and the same as a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.documents import outgoing_to_json, template_to_json
from bot.messages import Outgoing, Template
from bot.templates import ANNOUNCEMENT, for_reader
from bot.texts import FIRST, languages, say

MOST_WORDS: Final = 800  # characters: with what stands around them they fit a caption, and a template


@dataclass(frozen=True)
class Worded:
    """An announcement for who reads one language, as the outbox holds it; `sound` is a bubble of its own, '' none."""

    language: str
    bubble: str
    template: str
    sound: str


def fault(texts: Mapping[str, str]) -> str:
    """What keeps words from being announced: none (of the first language), long, language; '' for nothing."""
    if not texts.get(FIRST, "").strip():
        return "none"
    if any(len(words) > MOST_WORDS for words in texts.values()):
        return "long"
    return "language" if texts.keys() - set(languages()) else ""


def worded(texts: Mapping[str, str], image: str = "", sound: str = "") -> list[Worded]:
    """The bubbles and templates for readers of each language; `image` and `sound` are public addresses."""
    own = [Outgoing("", audio=sound)] if sound else []
    return [
        Worded(
            language,
            outgoing_to_json(bubble(texts, language, image)),
            template_to_json(template(texts, language)) or "",
            outgoing_to_json(own[0]) if own else "",
        )
        for language in languages()
    ]


def bubble(texts: Mapping[str, str], language: str, image: str = "") -> Outgoing:
    """What a reader gets while his window is open: no number and no button, as it is no question."""
    spoken = language if texts.get(language) else FIRST
    return Outgoing(say(spoken, "broadcast.body", {"words": texts[spoken].strip()}), photo=image)


def template(texts: Mapping[str, str], language: str) -> Template:
    """What he gets outside of it: each language in its own words, of those that have some; a value has no line ends."""
    preferred = [one for one in dict.fromkeys((language, FIRST, *languages())) if texts.get(one)]
    first = for_reader(ANNOUNCEMENT, preferred[0], lambda one: (" ".join(texts.get(one, "").split()),))
    return Template(
        first.name, first.language, first.values, others=tuple(one for one in first.others if one.language in preferred)
    )
