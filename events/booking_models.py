"""Tables of who takes part: bookings of workshops, and what people ask of those who speak there."""

from sqlalchemy import (
    BigInteger,
    Column,
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

from base.db import metadata
from events.models import MOMENT

booking = Table(
    "booking",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("workshop_id", BigInteger, ForeignKey("workshop.id"), nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),  # where it was made
    Column("state", Text, nullable=False),  # events.bookings.State
    Column("place", BigInteger, nullable=False),  # in the queue: drawn from booking_place when he asked last
    Column("line", Integer, nullable=False),  # on the printed list: its own for good
    Column("code", Text, nullable=False, unique=True),  # letters shown at the door
    Column("booked_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("told_at", MOMENT, nullable=False, server_default=text("market_now()")),  # when he heard its hour last
    Column("moved_up_at", MOMENT),
    Column("cancelled_at", MOMENT),
    Column("checked_in_at", MOMENT),
    Column("checked_in_by", BigInteger),  # the organizer
    Column("reminded_day", MOMENT),
    Column("reminded_hour", MOMENT),
    Column("rating_asked_at", MOMENT),
    Column("rating", SmallInteger),  # 1 to 5
    Column("rated_at", MOMENT),
    UniqueConstraint("workshop_id", "contact_id"),
    UniqueConstraint("workshop_id", "line"),
    Index("ix_booking_queue", "workshop_id", "state", "place"),
    Index("ix_booking_contact", "contact_id", "id"),
)

workshop_question = Table(
    "workshop_question",  # to those who speak at a workshop
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("workshop_id", BigInteger, ForeignKey("workshop.id"), nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),  # events.lessons.State
    Column("asked_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("answer", Text, nullable=False, server_default=""),
    Column("settled_at", MOMENT),
    Column("settled_by", BigInteger),
    Index("ix_workshop_question_workshop", "workshop_id", "id"),
    Index("ix_workshop_question_contact", "contact_id", "id"),
)
