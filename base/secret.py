"""A value that must never be printed, and a comparison that tells nothing by its duration."""

import hmac
from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

MASK: Final = "***"


class SecretNotSet(RuntimeError):
    """An empty secret was asked for its value."""


class Secret:
    """A secret text: printed as `***`, equal to nothing that is plain text, false when it is not set.

    While it is being changed, what those `beside` it sign is believed too (`believed`); it alone signs.
    """

    __slots__ = ("_beside", "_value")
    _value: str
    _beside: tuple[str, ...]

    def __init__(self, value: str, *beside: str) -> None:
        object.__setattr__(self, "_value", value)
        object.__setattr__(self, "_beside", beside)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Secret does not change")

    def reveal(self) -> str:
        """The secret itself; raises SecretNotSet when it is empty, so that nothing is ever signed with ''."""
        if not self._value:
            raise SecretNotSet("this secret is not set")
        return self._value

    @property
    def believed(self) -> "tuple[Secret, ...]":
        """Each secret whose signatures count, the one that signs first."""
        return (self, *(Secret(value) for value in self._beside))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, format_spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and constant_time_equal(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Secret is not pickled")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from_text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda _: MASK),
        )


def constant_time_equal(left: str | bytes, right: str | bytes) -> bool:
    """Compare two texts or byte strings of any content in a time that depends on their lengths only."""
    return hmac.compare_digest(_as_bytes(left), _as_bytes(right))


def _as_bytes(value: str | bytes) -> bytes:
    # hmac refuses non-ASCII text, and a header may hold anything, lone surrogates too
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
