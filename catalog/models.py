"""Tables of the catalog: categories, vendors, products, photos, stock and its ledger."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from base.db import metadata

MOMENT = DateTime(timezone=True)

category = Table(
    "category",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("names", JSONB, nullable=False),  # {"fr": "Céréales", "en": "Cereals"}
    Column("place", SmallInteger, nullable=False),  # order in lists
)

vendor = Table(
    "vendor",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),  # E.164, shown to a buyer whose order was accepted
    Column("quarter", Text, nullable=False),  # slug of base.places
    Column("landmark", Text, nullable=False, server_default=""),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
    Column("delivery_bands", JSONB),  # [[km, F CFA], …], null: the market's own
    Column("delay", Text, nullable=False, server_default="24h"),  # text key delay.<value>
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
)

photo = Table(
    "photo",
    metadata,
    Column("hash", Text, primary_key=True),  # sha-256 of the bytes, hex; the file is var/media/<hash>.jpg
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
)

stock = Table(
    "stock",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False, index=True),
    Column(
        "on_hand",
        Integer,
        CheckConstraint("on_hand >= 0", name="on_hand"),
        nullable=False,
        server_default="0",
    ),
    Column(
        "held",
        Integer,
        CheckConstraint("held >= 0", name="held"),
        nullable=False,
        server_default="0",
    ),
    Column(
        "allocated",
        Integer,
        CheckConstraint("allocated >= 0", name="allocated"),
        nullable=False,
        server_default="0",
    ),
)

product = Table(
    "product",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    Column("category_id", BigInteger, ForeignKey("category.id"), nullable=False),
    Column("stock_id", BigInteger, ForeignKey("stock.id"), nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),  # base.spelling.fold(name), for look-ups by words
    Column("unit", Text, nullable=False),  # sac, bol, pièce …
    Column("description", Text, nullable=False, server_default=""),
    Column("price", Integer, CheckConstraint("price > 0", name="price"), nullable=False),  # F CFA
    Column("photo_hash", Text, ForeignKey("photo.hash")),
    Column("is_listed", Boolean, nullable=False, server_default=text("true")),
    Column("sales", Integer, nullable=False, server_default="0"),  # units delivered
    Index("ix_product_browse", "category_id", "id", postgresql_where=text("is_listed")),
    Index("ix_product_vendor", "vendor_id", "id"),
    Index(
        "ix_product_words",
        text("to_tsvector('simple', folded)"),
        postgresql_using="gin",
        postgresql_where=text("is_listed"),
    ),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),  # drawn under the stock row's lock: the ledger's order
    Column("stock_id", BigInteger, ForeignKey("stock.id"), nullable=False),
    Column("reason", Text, nullable=False),  # hold, unhold, allocate, free, hand_over, return, count
    Column("contact_id", BigInteger),  # who caused it; null: a job
    Column("inbox_id", BigInteger),  # the message that caused it
    Column("vendor_order_id", BigInteger),
    Column("quantity", Integer, nullable=False),
    Column("on_hand_before", Integer, nullable=False),
    Column("on_hand_after", Integer, nullable=False),
    Column("held_before", Integer, nullable=False),
    Column("held_after", Integer, nullable=False),
    Column("allocated_before", Integer, nullable=False),
    Column("allocated_after", Integer, nullable=False),
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_stock_movement_stock", "stock_id", "id"),
)
