"""A message in normalised words, each tied to the place where it was typed."""

from dataclasses import dataclass

from base.spelling import Word, kept_places, spelled


@dataclass(frozen=True, slots=True)
class Span:
    """The words `first` to `end` (not included) of a message, and the text they were typed in."""

    text: str
    words: tuple[Word, ...]

    @property
    def normal(self) -> tuple[str, ...]:
        """The normalised words."""
        return tuple(word.normal for word in self.words)

    @property
    def typed(self) -> str:
        """The words as typed, accents kept, without the blanks and marks around them."""
        if not self.words:
            return ""
        return " ".join(self.text[self.words[0].start : self.words[-1].end].split())

    def part(self, first: int, end: int | None = None) -> "Span":
        """The words from `first` to `end` of this span."""
        return Span(self.text, self.words[first:end])

    def gap_before(self, index: int) -> str:
        """What was typed between word `index - 1` and word `index`: blanks, commas, line breaks."""
        return self.text[self.words[index - 1].end : self.words[index].start] if index else ""

    def joined(self) -> str:
        """The normalised words, each followed by a blank: what patterns match."""
        return "".join(f"{word.normal} " for word in self.words)


def read_message(text: str, most_words: int) -> Span | None:
    """Return the words of `text`, or None when there are none or more than `most_words`."""
    typed = spelled(text) if len(text.split()) <= most_words else ()
    return Span(text, typed) if 0 < len(typed) <= most_words else None


def without_politeness(said: Span) -> Span:
    """Return the message without the words that carry no intent."""
    return Span(said.text, tuple(said.words[place] for place in kept_places(said.normal)))
