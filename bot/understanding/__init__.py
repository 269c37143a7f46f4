"""Deterministic readings of what people write: whole phrases per role, without a catalog and without a database."""

from bot.understanding.hearing import understand
from bot.understanding.intents import INTENTS

__all__ = ["INTENTS", "understand"]
