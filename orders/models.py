"""Tables of orders: baskets with their holds and history, orders, a vendor's part of an order, lines and history."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from base.db import metadata

MOMENT = DateTime(timezone=True)

basket = Table(
    "basket",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, nullable=False, unique=True),  # one basket a person, whatever the chat
    Column("quarter", Text),  # slug of base.places; null until asked
    Column("landmark", Text),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("recipient", Text),
    Column("phone", Text),  # E.164 of who receives
    Column("held_until", MOMENT),  # null: nothing is held
    Column("touched_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_basket_held", "held_until", postgresql_where=text("held_until is not null")),
    Index("ix_basket_touched", "touched_at"),
)

basket_line = Table(
    "basket_line",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "basket_id",
        BigInteger,
        ForeignKey("basket.id", ondelete="cascade"),
        nullable=False,
    ),
    Column("product_id", BigInteger, ForeignKey("product.id"), nullable=False),
    Column(
        "quantity",
        Integer,
        CheckConstraint("quantity > 0", name="quantity"),
        nullable=False,
    ),
    Column("price_seen", Integer, nullable=False),  # F CFA a unit when the buyer last saw it
    Column("held", Integer, nullable=False, server_default="0"),  # units held of the product's stock for this line
    UniqueConstraint("basket_id", "product_id"),
)

basket_history = Table(
    "basket_history",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),  # drawn under the basket's lock: the history's order
    Column("basket_id", BigInteger, nullable=False),  # and the product: either may be gone
    Column("product_id", BigInteger, nullable=False),
    Column("inbox_id", BigInteger),  # the message that caused it; null: a job
    Column("quantity_before", Integer, nullable=False),  # 0: it was not in the basket
    Column("quantity_after", Integer, nullable=False),
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_basket_history_basket", "basket_id", "id"),
)

order = Table(
    "order",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("code", Text, unique=True),  # TG-4K7P2, from the id by a keyed permutation
    Column("contact_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),  # where it was placed: news goes there
    Column("quarter", Text, nullable=False),
    Column("landmark", Text, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("recipient", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("payment", Text, nullable=False),  # cash
    Column("total", Integer, nullable=False),  # F CFA, delivery included
    Column("placed_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_order_contact", "contact_id", "id"),
)

vendor_order = Table(
    "vendor_order",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", BigInteger, ForeignKey("order.id"), nullable=False),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    # placed accepted ready handed_over delivered refused cancelled expired returned
    Column("state", Text, nullable=False, server_default="placed"),
    Column("goods", Integer, nullable=False),  # F CFA, sum of the lines
    Column("delivery", Integer, nullable=False),  # F CFA
    Column("delivery_code", Text, nullable=False),  # four digits that the buyer tells at the door
    Column("wrong_codes", Integer, nullable=False, server_default="0"),
    Column("expires_at", MOMENT),  # while placed: when silence becomes expiry
    Column("changed_at", MOMENT, nullable=False, server_default=text("market_now()")),
    UniqueConstraint("order_id", "vendor_id"),
    Index("ix_vendor_order_vendor", "vendor_id", "state", "id"),
    Index(
        "ix_vendor_order_expires",
        "expires_at",
        postgresql_where=text("state = 'placed'"),
    ),
    Index("ix_vendor_order_open", "id", postgresql_where=text("state in ('placed', 'accepted', 'ready')")),
)

order_line = Table(
    "order_line",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "vendor_order_id",
        BigInteger,
        ForeignKey("vendor_order.id"),
        nullable=False,
        index=True,
    ),
    Column("product_id", BigInteger, ForeignKey("product.id"), nullable=False),
    Column("stock_id", BigInteger, ForeignKey("stock.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("price", Integer, nullable=False),  # F CFA a unit
)

order_history = Table(
    "order_history",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", BigInteger, ForeignKey("order.id"), nullable=False, index=True),
    Column("vendor_order_id", BigInteger, ForeignKey("vendor_order.id")),
    Column("fact", Text, nullable=False),  # the state reached, or what else happened
    Column("contact_id", BigInteger),  # null: a job
    Column("inbox_id", BigInteger),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
)
