"""STOP and START as whole messages, however they are written; never inside a sentence."""

import pytest

from bot.opt_words import read_opt


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        *[(text, "stop") for text in ("STOP", "stop.", "STOP!!", "stoppp", "stop svp", "Stop s'il vous plaît")],
        *[
            (text, "stop")
            for text in ("stop merci", "stop stop", "please stop", "Arrêt", "désabonner", "🛑", "stop 🙏")
        ],
        *[(text, "stop_all") for text in ("STOP TOUT", "stop tout svp", "stop  tout !!!", "Stop all")],
        *[(text, "start") for text in ("START", "start svp", "Reprendre", "reprendre merci")],
    ],
)
def test_a_whole_message_is_heard_however_it_is_written(text, asked):
    assert read_opt(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        *("stop moustique", "au stop à gauche", "savon stop", "non stop", "start up", "stop tout de suite", "merci"),
        *("", "   ", "stop " * 30, "s t o p", "astop", "je veux le stop", "arrêtez de m'envoyer vos pub"),
    ],
)
def test_whatever_else_it_says_it_is_something_else(text):
    assert read_opt(text) is None
