"""What the handlers and the bot log can be read: no text of theirs stands under a key that is withheld."""

import ast

import pytest

from base.config import ROOT
from base.log import WITHHELD, withhold_personal

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
LOGGERS = {"log", "_log", "_logger"}
NUMBERS = {"count", "is_alone"}  # keys whose values are small numbers or yes and no, which any key may have


def keys_logged(folder):
    """Key → where it is logged."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_method and node.func.attr in LEVELS and getattr(node.func.value, "id", "") in LOGGERS:
                yield from ((keyword.arg, f"{path.name}:{node.lineno}") for keyword in node.keywords)


@pytest.mark.parametrize("folder", ["handlers", "bot"])
def test_every_key_can_be_read(folder):
    logged = [*keys_logged(folder)]
    assert len(logged) > 20
    assert [(key, where) for key, where in logged if key not in NUMBERS and is_withheld(key)] == []


def is_withheld(key):
    return key is None or withhold_personal(None, "info", {key: "content"})[key] == WITHHELD


def test_a_key_that_nobody_has_allowed_is_withheld():
    assert [key for key in ("why", "what", "sid", "reason", "code", "message_sid") if is_withheld(key)] == [
        "why",
        "what",
        "sid",
    ]
