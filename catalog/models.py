"""Tables of the catalog: categories, vendors, products, their variants and prices, photos, stock and its ledger."""

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
    UniqueConstraint,
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
    Column("is_perishable", Boolean, nullable=False, server_default=text("false")),  # no withdrawal, no long way
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
    Column("delivery_zones", JSONB),  # {slug of a quarter or town: F CFA}, before any band
    Column("unserved", JSONB),  # [slug of a quarter or town, …]
    Column("free_above", Integer),  # F CFA of goods from which bringing them inside Grand Lomé is free
    Column("parcel_fee", Integer),  # F CFA to bring a parcel to the bus and pay it, null: the market's own
    Column("has_pickup", Boolean, nullable=False, server_default=text("true")),  # the buyer may fetch it himself
    Column("cod_max", Integer),  # F CFA of an order that is paid at the door at most, null: any
    Column("deposit_percent", Integer),  # of what is above cod_max: paid before, null: all of it
    Column("delay", Text, nullable=False, server_default="24h"),  # text key delay.<value>
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    Column("hours", JSONB),  # base.hours, null: the market's own
    Column("closes_at", MOMENT),  # from when it is to be shut for a while; null: nothing is planned
    Column("closed_until", MOMENT),  # when a shop that is shut, or is to be, opens again by itself
    Column("digest_at", MOMENT),  # when its day is next told; null: not reckoned since its hours changed
    Column("check_at", MOMENT),  # when it is next asked whether its figures are right still
    Column("wants_digest", Boolean, nullable=False, server_default=text("true")),
    Column("wants_check", Boolean, nullable=False, server_default=text("true")),
    Column("low_at", Integer),  # so many units left of a good are few; null: the market's own
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("level", Text, nullable=False, server_default="new"),  # catalog.standing.LEVELS
    Column("suspended_at", MOMENT),  # an organizer keeps it from selling since then; null: it may
    Column("small_at_once", Boolean, nullable=False, server_default=text("false")),  # few units, without a yes
    Index("ix_vendor_suspended", "id", postgresql_where=text("suspended_at is not null")),
    Index("ix_vendor_closes", "closes_at", postgresql_where=text("closes_at is not null")),
    Index("ix_vendor_reopens", "closed_until", postgresql_where=text("not is_open and closed_until is not null")),
    Index("ix_vendor_digest", "digest_at"),
    Index("ix_vendor_check", "check_at"),
    Index("ix_vendor_made", "made_at"),
    Index("ix_vendor_words", text("to_tsvector('simple', plain_letters(name))"), postgresql_using="gin"),
)

vendor_standing = Table(
    "vendor_standing",  # what organizers decided about a shop
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    Column("what", Text, nullable=False),  # suspended, restored, or the level that it was given
    Column("words", Text, nullable=False, server_default=""),  # why, or what proves it
    Column("contact_id", BigInteger),  # who decided
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_vendor_standing_vendor", "vendor_id", "id"),
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
    Column("on_hand", Integer, CheckConstraint("on_hand >= 0", name="on_hand"), nullable=False, server_default="0"),
    Column("held", Integer, CheckConstraint("held >= 0", name="held"), nullable=False, server_default="0"),
    Column(
        "allocated", Integer, CheckConstraint("allocated >= 0", name="allocated"), nullable=False, server_default="0"
    ),
    # when its vendor last said what lies there
    Column("confirmed_at", MOMENT, nullable=False, server_default=text("market_now()")),
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
    Column("is_perishable", Boolean),  # null: as its category
    Column("sales", Integer, nullable=False, server_default="0"),  # units delivered
    # single; group: what is listed and asked about, sold by its variants; variant: in no list, sold like a single one
    Column("kind", Text, nullable=False, server_default="single"),
    Column("factor", Integer, nullable=False, server_default="1"),  # units of its stock that one of its own takes
    Column("low_at", Integer),  # so many units left are few; null: its shop's own
    Column("condition", Text, nullable=False, server_default=""),  # neuf, venu, occasion; '' where it goes unsaid
    Index("ix_product_browse", "category_id", "id", postgresql_where=text("is_listed")),
    Index("ix_product_counted", "category_id", "vendor_id", postgresql_where=text("is_listed and kind <> 'variant'")),
    Index("ix_product_vendor", "vendor_id", "id"),
    Index("ix_product_stock", "stock_id"),
    Index(
        "ix_product_words",
        text("to_tsvector('simple', folded)"),
        postgresql_using="gin",
        postgresql_where=text("is_listed"),
    ),
    Index(
        "ix_product_search",
        text("product_words(folded, description)"),
        postgresql_using="gin",
        postgresql_where=text("is_listed"),
    ),
)

variant = Table(
    "variant",
    metadata,
    Column("product_id", BigInteger, ForeignKey("product.id"), primary_key=True),
    Column("good_id", BigInteger, ForeignKey("product.id"), nullable=False, index=True),  # the group
    Column("choice", JSONB, nullable=False),  # [["taille", "42"], …], the same names in each variant of a group
)

price_rule = Table(
    "price_rule",
    metadata,
    Column("product_id", BigInteger, ForeignKey("product.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # lot: so many together cost `price`; step: from so many on, each does
    Column("quantity", Integer, CheckConstraint("quantity > 1", name="quantity"), primary_key=True),
    Column("price", Integer, CheckConstraint("price > 0", name="price"), nullable=False),  # F CFA
)

promotion = Table(
    "promotion",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    Column("product_id", BigInteger, ForeignKey("product.id", ondelete="cascade")),  # null: all goods of the shop
    Column("kind", Text, nullable=False),  # price, percent, lot
    Column("value", Integer, nullable=False),  # F CFA a unit; percent less; F CFA of `quantity` units together
    Column("quantity", Integer),
    Column("begins_at", MOMENT, nullable=False),
    Column("ends_at", MOMENT),  # as planned; null: until it is ended
    Column("ended_at", MOMENT),  # before its time
    Column("replaced_by", BigInteger),  # the promotion that ended it
    Column("state", Text, nullable=False),  # waiting, running, ended: what has been told of it
    Column("contact_id", BigInteger),
    Column("inbox_id", BigInteger),
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("undone_at", MOMENT),
    Index("ix_promotion_vendor", "vendor_id", "begins_at"),
    Index("ix_promotion_open", "state", postgresql_where=text("state <> 'ended'")),
    Index("ix_promotion_contact", "contact_id", "id"),
)

product_photo = Table(
    "product_photo",
    metadata,
    Column("product_id", BigInteger, ForeignKey("product.id"), primary_key=True),
    Column("place", SmallInteger, primary_key=True),  # from 2: the first one is the product's own
    Column("photo_hash", Text, ForeignKey("photo.hash"), nullable=False),
)

stock_movement = Table(
    "stock_movement",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),  # drawn under the stock row's lock: the ledger's order
    Column("stock_id", BigInteger, ForeignKey("stock.id"), nullable=False),
    Column("reason", Text, nullable=False),  # catalog.stock.Reason
    Column("contact_id", BigInteger),  # who caused it; null: a job
    Column("inbox_id", BigInteger),  # the message that caused it
    Column("vendor_order_id", BigInteger),
    Column("quantity", Integer, nullable=False),  # of count: what lies there; of undo: what is added, or below zero
    Column("on_hand_before", Integer, nullable=False),
    Column("on_hand_after", Integer, nullable=False),
    Column("held_before", Integer, nullable=False),
    Column("held_after", Integer, nullable=False),
    Column("allocated_before", Integer, nullable=False),
    Column("allocated_after", Integer, nullable=False),
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("adjustment_id", BigInteger),  # of count, receive, remove and undo
    Index("ix_stock_movement_stock", "stock_id", "id"),
    Index(
        "ix_stock_movement_told",  # by a person, of what lies there: buyers' holds pay nothing for it
        "contact_id",
        "at",
        postgresql_where=text("reason in ('count', 'receive', 'remove')"),
    ),
)

adjustment = Table(
    "adjustment",  # what a vendor changes by one message, file or voice note
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),  # of its first line
    Column("contact_id", BigInteger),
    Column("inbox_id", BigInteger),
    Column("source", Text, nullable=False),  # catalog.adjusting.Source
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("applied_at", MOMENT),
    Column("undone_at", MOMENT),
    Index("ix_adjustment_applied", "contact_id", "id", postgresql_where=text("applied_at is not null")),
    Index("ix_adjustment_open", "made_at", postgresql_where=text("applied_at is null")),
)

adjustment_line = Table(
    "adjustment_line",
    metadata,
    Column("adjustment_id", BigInteger, ForeignKey("adjustment.id"), primary_key=True),
    Column("place", SmallInteger, primary_key=True),
    Column("product_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),  # catalog.adjusting.Kind
    Column("value", Integer, nullable=False),  # as asked: units of the product's own, F CFA, 1 or 0 for listed
    Column("before", Integer, nullable=False),  # as shown, and so are the next two: of stock in units of the stock
    Column("after", Integer, nullable=False),
    Column("promised", Integer, nullable=False),  # units; of a step: F CFA below which it has to stay
    Column("quantity", Integer, nullable=False, server_default="0"),  # of a step: from so many units on; 0 of all else
)

terms_change = Table(
    "terms_change",  # of a shop's own terms of delivery, by its vendor's message
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False, index=True),
    Column("what", Text, nullable=False),  # catalog.terms.What
    Column("before", JSONB, nullable=False),  # {slug of base.places: F CFA, -1 not served, null}, {"cod_max": F CFA}
    Column("after", JSONB, nullable=False),
    Column("contact_id", BigInteger),
    Column("inbox_id", BigInteger),
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("undone_at", MOMENT),
    Index("ix_terms_change_contact", "contact_id", "id"),
)

said_unit = Table(
    "said_unit",  # what a vendor means by a unit that is not the product's own
    metadata,
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", Text, primary_key=True),  # folded, in the singular
    Column("units", Integer, nullable=False),  # of the product's own
)

alert = Table(
    "alert",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),  # where it was asked
    Column("product_id", BigInteger, ForeignKey("product.id")),  # this good; null: whatever fits the words
    Column("words", Text, nullable=False),  # as sought, or the good's name
    Column("min_price", Integer),  # F CFA
    Column("max_price", Integer),
    Column("state", Text, nullable=False, server_default="open"),  # open, told, stopped, expired
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("looked_at", MOMENT, nullable=False, server_default=text("market_now()")),  # when goods were last compared
    Column("ended_at", MOMENT),
    Index("ix_alert_open", "contact_id", "words", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_alert_contact", "contact_id"),
    Index("ix_alert_looked", "looked_at", postgresql_where=text("state = 'open'")),
)

synonym = Table(
    "synonym",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),  # a way's newest row counts
    Column("way", Text, nullable=False),  # folded
    Column("meaning", Text, nullable=False),  # folded; '': forgotten again
    Column("taught_by", Text, nullable=False),
    Column("taught_at", MOMENT, nullable=False, server_default=text("market_now()")),
)

shop_application = Table(
    "shop_application",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, nullable=False, index=True),
    Column("conversation_id", BigInteger, nullable=False),  # where it was begun, and where its end is told
    Column("answers", JSONB, nullable=False, server_default=text("'{}'")),  # catalog.applications; null: skipped
    Column("state", Text, nullable=False, server_default="open"),  # open, sent, approved, refused
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("sent_at", MOMENT),
    Column("decided_at", MOMENT),
    Column("decided_by", BigInteger),  # contact
    Column("reason", Text, nullable=False, server_default=""),  # why it was refused, in the organizer's words
    Column("vendor_id", BigInteger, ForeignKey("vendor.id")),  # what it became
    Index("ix_shop_application_open", "contact_id", unique=True, postgresql_where=text("state in ('open', 'sent')")),
)

payout_number = Table(
    "payout_number",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False, index=True),
    Column("phone", Text, nullable=False),  # E.164
    Column("wallet", Text, nullable=False),  # tmoney, flooz
    # waiting; in_force; stopped by who did not ask for it; refused; replaced by a later one, in force or waiting
    Column("state", Text, nullable=False),
    Column("contact_id", BigInteger),  # who asked for it
    Column("asked_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("due_at", MOMENT, nullable=False),  # not in force before
    Column("approved_at", MOMENT),
    Column("in_force_at", MOMENT),
    Column("ended_at", MOMENT),
    Index("ix_payout_number_waiting", "vendor_id", unique=True, postgresql_where=text("state = 'waiting'")),
    Index("ix_payout_number_in_force", "vendor_id", unique=True, postgresql_where=text("state = 'in_force'")),
)

payout_history = Table(
    "payout_history",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("payout_id", BigInteger, ForeignKey("payout_number.id"), nullable=False, index=True),
    Column("fact", Text, nullable=False),  # asked, approved, refused, stopped, in_force, replaced
    Column("contact_id", BigInteger),  # who caused it; null: a job
    Column("inbox_id", BigInteger),  # the message that caused it
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
)

question = Table(
    "question",  # of a buyer about a product, to its shop
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("number", Integer, nullable=False),  # in its shop, from 101: what is typed to answer it
    Column("product_id", BigInteger, ForeignKey("product.id"), nullable=False),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    Column("contact_id", BigInteger, nullable=False),  # who asks
    Column("conversation_id", BigInteger, nullable=False),  # where he is answered
    Column("words", Text, nullable=False),  # as passed on; of a stopped one as written
    Column("file_inbox_id", BigInteger),  # the message that brought a picture or a voice note
    Column("asked_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("due_at", MOMENT, nullable=False),  # then people answer it
    Column("state", Text, nullable=False, server_default="open"),  # catalog.questions.State
    Column("answered_at", MOMENT),
    Column("answered_by", BigInteger),  # contact
    Column("answer", Text, nullable=False, server_default=""),
    Column("answer_inbox_id", BigInteger),
    UniqueConstraint("vendor_id", "number"),
    Index("ix_question_due", "due_at", postgresql_where=text("state = 'open'")),
    Index("ix_question_contact", "contact_id", "id"),
    Index("ix_question_waiting", "vendor_id", "id", postgresql_where=text("state in ('open', 'with_people')")),
    Index("ix_question_asked", "asked_at"),
)

shop_block = Table(
    "shop_block",  # a buyer whom a shop does without
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("blocked_by", BigInteger),  # contact
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("ended_at", MOMENT),
    Index("ix_shop_block_contact", "contact_id"),
    Index("uq_shop_block_open", "vendor_id", "contact_id", unique=True, postgresql_where=text("ended_at is null")),
)
