"""The messages for shut windows that config.yaml declares, and how each stands under its name at a provider."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_TEXT: Final = 1024  # characters (channels.md §2.7)
PLACE: Final = re.compile(r"\{\{\s*(\w*)\s*\}\}")
BEGINS: Final = re.compile(r"\s*\{\{")
ENDS: Final = re.compile(r"\}\}\s*\Z")
TOUCHES: Final = re.compile(r"\}\}\s*\{\{")
RUNS: Final = re.compile(r"\t| {4}|\n\n\n")
OTHER_NAME: Final = re.compile(r"(.+_[a-z]{2})_[0-9a-f]{8}")

# providers take 512 characters, of which the language and the mark of changed words need twelve
TemplateName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,499}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class Variable(BaseModel):
    """A value that a message is sent with; who approves it is shown the sample."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    sample: str = Field(min_length=1, max_length=200, pattern=r"^\S.*$")


@dataclass(frozen=True)
class TemplateText:
    """A message in one language as providers take it: its name there, its text with {{1}}…, a sample of each value."""

    name: str
    language: str
    category: Literal["utility", "marketing"]
    text: str
    samples: tuple[str, ...]

    @property
    def renamed(self) -> "TemplateText":
        """The same for an account where other words have its name: those stay in use until these are approved."""
        mark = hashlib.sha256(self.text.encode()).hexdigest()[:8]
        return replace(self, name=f"{self.name}_{mark}")


class DeclaredTemplate(BaseModel):
    """A message in all its languages, whose variables are written {{name}}, or {{1}}… in the order of `variables`.

    What WhatsApp refuses is refused here (channels.md §1.5, §2.7). Raises ValueError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Literal["utility", "marketing"]
    variables: tuple[Variable, ...] = ()
    languages: Mapping[Language, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_approved(self) -> Self:
        found = [*self._doubled()]
        for language, text in self.languages.items():
            found += [f"{language}: {fault}" for fault in self._faults(text)]
        if found:
            raise ValueError("; ".join(found))
        return self

    def _doubled(self) -> Iterator[str]:
        names = [variable.name for variable in self.variables]
        yield from (f"the variable {name} is named twice" for name in dict.fromkeys(names) if names.count(name) > 1)

    def _faults(self, text: str) -> Iterator[str]:
        """What nobody would approve in one language's text."""
        known = self._places
        used = PLACE.findall(text)
        yield from (f"{{{{{name}}}}} is no variable" for name in dict.fromkeys(used) if name not in known)
        places = {known.get(name) for name in used}
        yield from (f"{one.name} is not used" for place, one in enumerate(self.variables, 1) if place not in places)
        if "{{" in PLACE.sub("", text) or "}}" in PLACE.sub("", text):
            yield "braces stand where no variable is"
        if BEGINS.match(text):
            yield "begins with a variable"
        if ENDS.search(text):
            yield "ends with a variable"
        if TOUCHES.search(text):
            yield "two variables touch"
        if RUNS.search(text):
            yield "has a tab, four spaces or three line breaks in a row"
        if not text.strip():
            yield "is empty"
        if len(self._numbered(text)) > MOST_TEXT:
            yield f"is longer than {MOST_TEXT} characters"

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """Name or number → place, from 1."""
        return {key: place for place, one in enumerate(self.variables, 1) for key in (one.name, str(place))}

    def _numbered(self, text: str) -> str:
        return PLACE.sub(lambda found: f"{{{{{self._places.get(found[1], found[1])}}}}}", text.strip())

    def texts(self, name: str) -> Iterator[TemplateText]:
        """Each language as providers take it."""
        samples = tuple(variable.sample for variable in self.variables)
        for language, text in self.languages.items():
            yield TemplateText(name_of(name, language), language, self.category, self._numbered(text), samples)


def texts_of(templates: Mapping[str, DeclaredTemplate]) -> Mapping[str, TemplateText]:
    """All messages in all languages, by their first names at the providers."""
    return {text.name: text for name, declared in templates.items() for text in declared.texts(name)}


def name_of(name: str, language: str) -> str:
    """The first name at a provider of a message in a language: `new_order_fr`."""
    return f"{name}_{language}"


def first_name(name: str) -> str:
    """`new_order_fr` of `new_order_fr_1a2b3c4d`, which are the same message in other words; else the name itself."""
    found = OTHER_NAME.fullmatch(name)
    return found[1] if found else name


def language_of(name: str) -> str:
    """`fr` of `new_order_fr`, and of `new_order_fr_1a2b3c4d`."""
    return first_name(name)[-2:]


def count_of(text: str) -> int:
    """How many values a text with {{1}}… needs."""
    return max((int(one) for one in PLACE.findall(text) if one.isascii() and one.isdigit() and len(one) < 4), default=0)
