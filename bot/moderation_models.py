"""Tables of who watches over the market: organizers' second factor."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, text

from base.db import metadata
from bot.models import MOMENT, NOW

second_factor = Table(
    "second_factor",
    metadata,
    Column("contact_id", BigInteger, ForeignKey("contact.id"), primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),  # from which, with SECRET_KEY, the shared secret is made again
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("enrolled_at", MOMENT),  # of the first right code; before that it is worth nothing
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),  # the newest 30 s whose code was used
    Column("wrong", Integer, nullable=False, server_default=text("0")),  # since the last right one or the last lock
    Column("locked_until", MOMENT),
    Column("trusted_chat", BigInteger),  # conversation in which the last right code was typed
    Column("trusted_until", MOMENT),
)
