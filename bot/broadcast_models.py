"""Tables of broadcasts: what is announced to whom, each of its recipients, and who decided what of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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
from bot.models import MOMENT, NOW

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("made_by", BigInteger),  # contact; null: an operator, by cli.py
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    # draft waiting_second scheduled sending paused | stopped done cancelled
    Column("state", Text, nullable=False, server_default="draft"),
    Column("audience", JSONB, nullable=False),  # bot.broadcasts.audience.Audience
    Column("texts", JSONB, nullable=False),  # language -> words
    Column("media", JSONB),  # a photo or a voice note that came: {"kind", "inbox", "place"}
    Column("due_at", MOMENT),  # null: at once
    Column("repeat", Text, nullable=False, server_default=""),  # daily, weekly; '' once
    Column("repeat_until", Date),  # in Lomé, the last day on which it repeats; null: until it is cancelled
    Column("parent_id", BigInteger),  # the broadcast that this one repeats
    Column("override_quiet", Boolean, nullable=False, server_default=text("false")),
    Column("override_weekly", Boolean, nullable=False, server_default=text("false")),
    Column("people", Integer),  # whom it would reach, as last shown and agreed to
    Column("preview", JSONB),  # bot.broadcasts.counting.Preview that a job has counted
    Column("counted_at", MOMENT),  # when, or an OUI was given without a count; its beginning looks at them again
    Column("second_by", BigInteger),  # contact of another organizer, who agreed too
    Column("pause_reason", Text),  # errors, template, restricted, account, file, late, moved
    Column("started_at", MOMENT),
    Column("run_at", MOMENT),  # since when it is being sent: from its start, or as it was resumed
    Column("ended_at", MOMENT),  # since when nobody more is told of it; null once it goes on
    Column("counts", JSONB),  # state -> recipients who are forgotten
    UniqueConstraint("parent_id", "due_at"),
    Index("ix_broadcast_due", "due_at", postgresql_where=text("state = 'scheduled'")),
    Index("ix_broadcast_open", "id", postgresql_where=text("state in ('sending', 'paused', 'stopped')")),
)

broadcast_recipient = Table(
    "broadcast_recipient",
    metadata,
    # no foreign key: for 100,000 rows in one statement it costs a fifth of the time, and only drafts are ever deleted
    Column("broadcast_id", BigInteger, primary_key=True, autoincrement=False),
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", BigInteger),  # and the conversation: null where he has none that can be written to
    Column("conversation_id", BigInteger),
    Column("language", Text, nullable=False),
    Column("place", Integer, nullable=False),  # the order in which they are sent to
    # planned queued sent delivered read | failed skipped uncertain
    Column("state", Text, nullable=False, server_default="planned"),
    Column("way", Text, nullable=False, server_default=""),  # free, template; '' of whom nothing is sent to
    Column("reason", Text, nullable=False, server_default=""),  # why it was skipped or failed: a tail of broadcast.why
    Column("slice_on", Date),  # not before that day, in Lomé
    Column("said_at", BigInteger),  # its row of the outbox, with place 1
    Column("queued_at", MOMENT),  # when that was written
    Column("settled_at", MOMENT),  # when it was known what became of it
    Index("ix_broadcast_recipient_planned", "broadcast_id", "account_id", "place",
          postgresql_where=text("state = 'planned'")),
    Index("ix_broadcast_recipient_queued", "broadcast_id", postgresql_where=text("state = 'queued'")),
    Index("ix_broadcast_recipient_said", "said_at", postgresql_where=text("said_at is not null")),
    Index("ix_broadcast_recipient_contact", "contact_id", "queued_at"),
    Index("ix_broadcast_recipient_account", "account_id", "queued_at",
          postgresql_where=text("way = 'template' and queued_at is not null")),
    Index("ix_broadcast_recipient_settled", "broadcast_id", "settled_at",
          postgresql_where=text("settled_at is not null")),
    Index("ix_broadcast_recipient_sent", "broadcast_id", "queued_at", "place",
          postgresql_where=text("queued_at is not null")),
)  # fmt: skip

broadcast_history = Table(
    "broadcast_history",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("broadcast_id", BigInteger, ForeignKey("broadcast.id"), nullable=False, index=True),
    # made counted confirmed second_asked seconded quiet_overridden weekly_overridden scheduled started paused resumed
    # stopped cancelled done
    Column("fact", Text, nullable=False),
    Column("contact_id", BigInteger),  # null: a job, or an operator
    Column("details", JSONB, nullable=False, server_default="{}"),
    Column("at", MOMENT, nullable=False, server_default=NOW),
)
