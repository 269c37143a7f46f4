"""Deterministic readings of what people write: whole phrases per role, without a catalog and without a database."""

from bot.understanding.goods import unit_named
from bot.understanding.guessing import read_models
from bot.understanding.hearing import bare_words, guessed, understand
from bot.understanding.intents import INTENTS
from bot.understanding.phrasebook import read_phrasebooks
from bot.understanding.remembering import phrased

__all__ = ["INTENTS", "bare_words", "guessed", "phrased", "read_models", "read_phrasebooks", "understand", "unit_named"]
