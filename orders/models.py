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
    Column("way", Text, nullable=False, server_default="delivery"),  # delivery, parcel (by bus), pickup
    Column("quarter", Text),  # slug of base.places, a town's for a parcel; null until asked
    Column("landmark", Text),
    Column("voice_id", BigInteger),  # the inbox row of a voice note that tells the way
    Column("latitude", Double),
    Column("longitude", Double),
    Column("recipient", Text),
    Column("phone", Text),  # E.164 of who receives
    Column("payment", Text),  # how the buyer wishes to pay: cash, flooz, tmoney; null: he did not say
    Column("payment_phone", Text),  # E.164 he wishes to pay from
    Column("note", Text),  # a word to whoever sells, in the buyer's words
    Column("note_voice_id", BigInteger),  # the inbox row of a voice note that says it
    Column("held_until", MOMENT),  # null: nothing is held
    Column("priced_at", MOMENT),  # of which moment the prices are while something is held
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
    Column("amount_seen", Integer),  # F CFA of the line as last seen; null: the unit price so many times
    Column("held", Integer, nullable=False, server_default="0"),  # units held of the product's stock for this line
    UniqueConstraint("basket_id", "product_id"),
)

basket_reminder = Table(
    "basket_reminder",
    metadata,
    Column("basket_id", BigInteger, ForeignKey("basket.id", ondelete="cascade"), primary_key=True),
    Column("due_at", MOMENT),  # null: nothing is to be said of this basket
    Column("reminded_at", MOMENT),  # once is enough until the basket is another
    Index("ix_basket_reminder_due", "due_at", postgresql_where=text("due_at is not null")),
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
    Column("way", Text, nullable=False, server_default="delivery"),  # delivery, parcel (by bus), pickup
    Column("quarter", Text, nullable=False),  # slug of base.places, a town's for a parcel, '' for a pickup
    Column("landmark", Text, nullable=False),  # '' but for a delivery
    Column("latitude", Double),
    Column("longitude", Double),
    Column("recipient", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("payment", Text, nullable=False),  # the buyer's wish: cash, flooz, tmoney
    Column("payment_phone", Text),  # E.164 he wishes to pay from
    Column("total", Integer, nullable=False),  # F CFA, delivery included
    Column("placed_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("voice_id", BigInteger),  # the inbox row of a voice note that tells the way
    Column("note", Text),  # the buyer's word to whoever sells
    Column("note_voice_id", BigInteger),  # the inbox row of a voice note that says it
    Column("source", JSONB),  # what brought the buyer {"first": …, "last": …}; null: nothing that is known
    Index("ix_order_contact", "contact_id", "id"),
    Index("ix_order_placed", "placed_at"),
    Index("ix_order_pinned", "placed_at", postgresql_where=text("latitude is not null")),
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
    Column("prepaid", Integer, nullable=False, server_default="0"),  # F CFA of both that are paid before it leaves
    Column("arranged_at", MOMENT),  # a person settled that: it may leave
    Column("refunded_at", MOMENT),  # a person gave back what was paid for it, as it is over
    Column("carrier", Text),  # a parcel's bus company, as the vendor named it
    Column("receipt", Text),  # the number of its receipt
    Column("receipt_photo_id", BigInteger),  # the inbox row of a photo of it
    Column("overpaid", Integer, nullable=False, server_default="0"),  # F CFA paid for what its shop can't serve of it
    Column("overpaid_returned_at", MOMENT),  # a person gave that back
    Column("delivery_code", Text, nullable=False),  # four digits that the buyer tells at the door
    Column("wrong_codes", Integer, nullable=False, server_default="0"),
    Column("expires_at", MOMENT),  # while placed: when silence becomes expiry
    Column("late_at", MOMENT),  # from the acceptance on: until when it should leave its shop; null while that is shut
    Column("changed_at", MOMENT, nullable=False, server_default=text("market_now()")),
    UniqueConstraint("order_id", "vendor_id"),
    Index("ix_vendor_order_vendor", "vendor_id", "state", "id"),
    Index("ix_vendor_order_changed", "vendor_id", "changed_at"),
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
    Column("amount", Integer),  # F CFA of the line as confirmed; null: the unit price so many times
    Column("factor", Integer, nullable=False, server_default="1"),  # units of the stock that one took
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

part_due = Table(
    "part_due",
    metadata,
    Column(
        "vendor_order_id",
        BigInteger,
        ForeignKey("vendor_order.id", ondelete="cascade"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("what", Text, primary_key=True),  # remind, offer, choice, late, very_late (orders.due)
    Column("at", MOMENT),  # null while the shop is shut
    Column("left_seconds", Double),  # and then the opening time that is left
    Index("ix_part_due_at", "at"),
)

complaint = Table(
    "complaint",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "vendor_order_id",
        BigInteger,
        ForeignKey("vendor_order.id", ondelete="cascade"),
        nullable=False,
        index=True,
    ),
    Column("contact_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),  # orders.complaints.Reason: guessed, only to sort by
    Column("words", Text, nullable=False),  # the buyer's own
    Column("photo_inbox_id", BigInteger),  # the message that brought a photo
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("settled_at", MOMENT),
    Index("uq_complaint_open", "vendor_order_id", unique=True, postgresql_where=text("settled_at is null")),
)

rider = Table(
    "rider",  # whom a shop sends, as it names them: its own list, which gives them no right
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    Column("phone", Text, nullable=False),  # E.164
    Column("name", Text, nullable=False),
    Column("used_at", MOMENT, nullable=False, server_default=text("market_now()")),
    UniqueConstraint("vendor_id", "phone"),
)

order_rider = Table(
    "order_rider",  # who brings one part: he may see where it goes and tell its buyer's code, of nothing else
    metadata,
    Column(
        "vendor_order_id",
        BigInteger,
        ForeignKey("vendor_order.id", ondelete="cascade"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("phone", Text, nullable=False),  # E.164, as the shop told it
    Column("name", Text, nullable=False),
    Column("contact_id", BigInteger, index=True),  # whose chat has that phone
    Column("asked_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("told_at", MOMENT),  # he was written to; null: nobody can
)
