"""A request's headers where a web server's gateway (WSGI) keeps them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

PREFIX: Final = "HTTP_"
UNPREFIXED: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
NAMED: Final = {name: header for header, name in UNPREFIXED.items()}


class Headers(Mapping[str, str]):
    """Header name in lower case -> its text, looked up as it is asked for: of a webhook's dozen two or three are."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, header: str) -> str:
        name = UNPREFIXED.get(header)
        if name is None:
            text: str = self._environ[PREFIX + header.replace("-", "_").upper()]
            return text
        given: str = self._environ[name]
        if not given:  # an empty one is none
            raise KeyError(header)
        return given

    def __iter__(self) -> Iterator[str]:
        for name, text in self._environ.items():
            if name.startswith(PREFIX):
                yield name[len(PREFIX) :].replace("_", "-").lower()
            elif name in NAMED and text:
                yield NAMED[name]

    def __len__(self) -> int:
        return sum(1 for _ in self)
