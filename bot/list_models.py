"""Tables of price lists that vendors send as files: each list, and its lines."""

from sqlalchemy import ARRAY, BigInteger, Column, ForeignKey, Identity, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from base.db import metadata
from bot.models import MOMENT, NOW

price_list = Table(
    "price_list",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_ids", ARRAY(BigInteger), nullable=False),  # the shops it may change
    Column("contact_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("inbox_id", BigInteger, nullable=False),  # with `place`: its file
    Column("place", SmallInteger, nullable=False),
    # waiting asked applying applied undoing | refused empty dropped passed undone
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("reason", Text),  # why it is refused
    Column("header", ARRAY(Text)),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False, server_default=NOW),
    Column("asked_at", MOMENT),
    Column("applied_at", MOMENT),
    Index("ix_price_list_due", "due_at", postgresql_where=text("state in ('waiting', 'applying', 'undoing')")),
    Index("ix_price_list_contact", "contact_id", "id"),
    Index("ix_price_list_made", "made_at"),
)

price_list_line = Table(
    "price_list_line",
    metadata,
    Column("list_id", BigInteger, ForeignKey("price_list.id", ondelete="cascade"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # in the file
    Column("cells", ARRAY(Text), nullable=False),  # as they came
    Column("status", Text, nullable=False),  # new, changed, same, faulty
    Column("faults", ARRAY(Text), nullable=False),  # tails of text keys sheet.fault.…
    Column("vendor_id", BigInteger),
    Column("product_id", BigInteger),  # of a new one: once it is made
    Column("name", Text, nullable=False),
    Column("price", Integer),  # F CFA, null: it stays
    Column("quantity", Integer),  # units, null: they stay
    Column("unit", Text, nullable=False),
    Column("category_id", BigInteger),
    Column("description", Text, nullable=False),
    Column("price_before", Integer),
    Column("quantity_before", Integer),
    Column("steps", JSONB),  # pairs of units and F CFA, null: they stay
    Column("steps_before", JSONB),
    Column("outcome", Text),  # done; stale: it had changed meanwhile; undone; kept: it could not be taken back
    Column("adjustment_id", BigInteger),
)

programme_file = Table(
    "programme_file",  # a programme that an organizer sent as a file
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("inbox_id", BigInteger, nullable=False),  # with `place`: its file
    Column("place", SmallInteger, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),  # bot.programme_files.State
    Column("reason", Text),  # why it is refused
    Column("header", ARRAY(Text)),
    Column("lines", JSONB, nullable=False, server_default=text("'[]'")),  # events.sheets.comparing.Compared
    Column("change_id", BigInteger),  # what it would change, and has changed
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_programme_file_due", "due_at", postgresql_where=text("state = 'waiting'")),
    Index("ix_programme_file_contact", "contact_id", "id"),
    Index("ix_programme_file_made", "made_at"),
)
