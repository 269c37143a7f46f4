"""Deterministic readings of what people write: whole phrases per role, without a catalog and without a database."""

from bot.understanding.goods import unit_named
from bot.understanding.hearing import bare_words, guessed, phrased, understand
from bot.understanding.intents import INTENTS
from bot.understanding.phrasebook import read_phrasebooks

__all__ = ["INTENTS", "bare_words", "guessed", "phrased", "read_phrasebooks", "understand", "unit_named"]
