"""Tables of who watches over the market: second factors, reports, blocks, invitations of sellers, rights given."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, Table, Text, text

from base.db import metadata
from bot.models import MOMENT, NOW

second_factor = Table(
    "second_factor",
    metadata,
    Column("contact_id", BigInteger, ForeignKey("contact.id"), primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),  # from which, with LASTING_KEY, the shared secret is made again
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("enrolled_at", MOMENT),  # of the first right code; before that it is worth nothing
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),  # the newest 30 s whose code was used
    Column("wrong", Integer, nullable=False, server_default=text("0")),  # since the last right one or the last lock
    Column("locked_until", MOMENT),
    Column("trusted_chat", BigInteger),  # conversation in which the last right code was typed
    Column("trusted_until", MOMENT),
)

flag = Table(
    "flag",  # somebody reports a shop or a buyer to the organizers
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False),  # who reports
    Column("conversation_id", BigInteger, nullable=False),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id")),  # the shop that is reported; null: a buyer is
    Column("about_id", BigInteger, ForeignKey("contact.id")),  # the buyer
    Column("vendor_order_id", BigInteger),  # of which part, where one is spoken of
    Column("words", Text, nullable=False),  # as written
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Column("outcome", Text),  # warned, suspended, blocked, nothing; null: nobody has decided
    Column("decided_at", MOMENT),
    Column("decided_by", BigInteger),
    Index("ix_flag_contact", "contact_id", "id"),
    Index("ix_flag_about", "about_id", postgresql_where=text("about_id is not null")),
    Index("ix_flag_vendor", "vendor_id", postgresql_where=text("vendor_id is not null")),
)

block = Table(
    "block",  # who may not buy, ask nor book
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("blocked_by", BigInteger),
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Column("ended_at", MOMENT),
    Column("ended_by", BigInteger),
    Index("ix_block_contact", "contact_id"),
    Index("uq_block_open", "contact_id", unique=True, postgresql_where=text("ended_at is null")),
)

role_change = Table(
    "role_change",  # who gave or took which right
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("what", Text, nullable=False),  # given, taken
    Column("changed_by", BigInteger),
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_role_change_contact", "contact_id", "id"),
)

seller_invitation = Table(
    "seller_invitation",  # somebody whom an organizer would have sell: nobody writes to him, he comes by himself
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("phone", Text, nullable=False),  # E.164: who writes with it begins with what was told
    Column("name", Text, nullable=False, server_default=""),
    Column("shop", Text, nullable=False, server_default=""),
    Column("invited_by", BigInteger, nullable=False),  # contact
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("used_at", MOMENT),  # since when he tells of his shop himself
    Index("uq_seller_invitation_open", "phone", unique=True, postgresql_where=text("used_at is null")),
)
