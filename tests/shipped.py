"""The templates of the shipped config.yaml, and one as it is sent."""

from base.config import load
from base.templates import language_of, texts_of
from bot.messages import Template
from tests.conftest import VARIABLES

TEXTS = texts_of(load(environ=VARIABLES).templates)
NAMES = list(TEXTS)


def to_send(name, *values):
    """A template with its text and these values."""
    return Template(name, language_of(name), values, TEXTS[name].text)
