"""A file of YAML that a person wrote, as one mapping, or the reason why it is none."""

from pathlib import Path
from typing import Any, Final

import yaml

# what PyYAML raises, beside its own errors, for a date that is none, an empty `!!int` or a thousand brackets
_BROKEN: Final = (ValueError, LookupError, AttributeError, RecursionError)


class NoMapping(Exception):
    """A file that cannot be read as a mapping; the message says why, and never what stands in it."""


def read_file(path: Path, parts: str = "sections") -> dict[str, Any]:
    """The file as a mapping, {} when it holds nothing; `parts` names what it should map. Raises NoMapping."""
    try:
        return read_mapping(path.read_bytes(), parts)
    except OSError as error:
        raise NoMapping(f"cannot be read: {error.strerror}") from error


def read_mapping(content: bytes, parts: str = "sections") -> dict[str, Any]:
    """The same of what a file holds, in UTF-8. Raises NoMapping."""
    try:
        tree = yaml.safe_load(content.decode("utf-8"))
    except (yaml.YAMLError, *_BROKEN) as error:
        raise NoMapping(f"not valid YAML: {_place(error)}") from error
    if tree is not None and not isinstance(tree, dict):
        raise NoMapping(f"should be a mapping of {parts}")
    return tree or {}


def _place(error: Exception) -> str:
    # only the place: the text around it may be a secret
    mark = getattr(error, "problem_mark", None)
    if mark:
        return f"line {mark.line + 1}, column {mark.column + 1}"
    return "its encoding is not UTF-8" if isinstance(error, UnicodeError) else "a value is not what it says to be"
