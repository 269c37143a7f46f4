"""Tables of the events: the event, its phases and partners, its workshops, and what was changed of them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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

event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("theme", Text, nullable=False, server_default=""),
    Column("organiser", Text, nullable=False, server_default=""),
    Column("city", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False, server_default=""),  # where workshops are that name no other place
    Column("latitude", Double),
    Column("longitude", Double),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("note", Text, nullable=False, server_default=""),  # shown with it, as that its timetable is invented
    Column("state", Text, nullable=False, server_default="draft"),  # events.programme.EventState
    Column("cloned_from", BigInteger, ForeignKey("event.id")),
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_event_open", "state", unique=True, postgresql_where=text("state = 'open'")),  # one is the open one
)

event_phase = Table(
    "event_phase",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("event.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    UniqueConstraint("event_id", "position"),
)

event_partner = Table(
    "event_partner",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("event.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=""),
    Column("position", SmallInteger, nullable=False),
    UniqueConstraint("event_id", "position"),
)

workshop = Table(
    "workshop",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("event.id"), nullable=False),
    Column("number", Integer, nullable=False),  # what people type: ATELIER 3
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="workshop"),  # events.programme.Kind
    Column("theme", Text, nullable=False, server_default=""),  # events.programme.Theme, '': none
    Column("starts_at", MOMENT, nullable=False),
    Column("ends_at", MOMENT, nullable=False),
    Column("place", Text, nullable=False, server_default=""),  # '': the event's own
    Column("latitude", Double),  # of the place, when it is not the event's own
    Column("longitude", Double),
    Column("room", Text, nullable=False, server_default=""),
    Column("capacity", Integer),  # places, null: any number
    Column("speakers", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default="fr"),
    Column("level", Text, nullable=False, server_default=""),
    Column("link", Text, nullable=False, server_default=""),  # https://…, for whoever follows it from afar
    Column("state", Text, nullable=False, server_default="planned"),  # events.programme.State
    Column("is_closed", Boolean, nullable=False, server_default=text("false")),  # takes nobody more, free places or not
    Column("reason", Text, nullable=False, server_default=""),  # why it is cancelled
    Column("revision", Integer, nullable=False, server_default=text("0")),  # one more with each change: calendars ask
    Column("changed_at", MOMENT, nullable=False, server_default=text("market_now()")),
    UniqueConstraint("event_id", "number"),
    Index("ix_workshop_day", "event_id", "starts_at", "id"),
)

programme_change = Table(
    "programme_change",  # one message that changes a programme: proposed, and written after a yes
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", BigInteger, ForeignKey("event.id"), nullable=False),
    Column("contact_id", BigInteger),  # who asked for it, null: the command line
    Column("inbox_id", BigInteger),  # the message that did
    Column("lines", JSONB, nullable=False),  # events.changing.Line, one a workshop: as it was, as it is to be
    Column("made_at", MOMENT, nullable=False, server_default=text("market_now()")),
    Column("applied_at", MOMENT),
    Column("undoes", BigInteger, ForeignKey("programme_change.id"), unique=True),
    Index("ix_programme_change_contact", "contact_id", "id"),
    Index("ix_programme_change_open", "made_at", postgresql_where=text("applied_at is null")),
)

workshop_history = Table(
    "workshop_history",  # what was written of one workshop
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("workshop_id", BigInteger, ForeignKey("workshop.id"), nullable=False),
    Column("change_id", BigInteger, ForeignKey("programme_change.id"), nullable=False),  # by whom, by which message
    Column("before", JSONB, nullable=False),  # {column: value} of what it changed; {} when it made the workshop
    Column("after", JSONB, nullable=False),
    Column("at", MOMENT, nullable=False, server_default=text("market_now()")),
    Index("ix_workshop_history_workshop", "workshop_id", "id"),
    Index("ix_workshop_history_change", "change_id"),
)
