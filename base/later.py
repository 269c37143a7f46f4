"""Modules that only rare work needs: each is loaded where one of its names is first asked for."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module that costs much and is seldom used, such as a writer of PDF.

    Who reads the program sees the import beside it, under TYPE_CHECKING; Python's own lock loads it once for all
    threads (its LazyLoader shows a second thread a module that is half loaded).
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def later(beginning: str, *ends: str) -> tuple[Later, ...]:
    """Several modules whose names begin alike: of one package, or of one kind in it."""
    return tuple(Later(f"{beginning}{end}") for end in ends)
