"""The organizer's event, its workshops, and what is changed of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("market_now()")


def upgrade() -> None:
    make_event()
    make_parts_of_an_event()
    make_workshop()
    make_changes()
    make_files()


def make_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), server_default="", nullable=False),
        sa.Column("organiser", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("cloned_from", sa.BigInteger(), nullable=True),
        sa.Column("made_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["cloned_from"], ["event.id"], name=op.f("fk_event_cloned_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    op.create_index("ix_event_open", "event", ["state"], unique=True, postgresql_where=sa.text("state = 'open'"))


def make_parts_of_an_event() -> None:
    op.create_table(
        "event_phase",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_phase_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_phase")),
        sa.UniqueConstraint("event_id", "position", name=op.f("uq_event_phase_event_id_position")),
    )
    op.create_table(
        "event_partner",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_partner_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_partner")),
        sa.UniqueConstraint("event_id", "position", name=op.f("uq_event_partner_event_id_position")),
    )


def make_workshop() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="workshop", nullable=False),
        sa.Column("theme", sa.Text(), server_default="", nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("room", sa.Text(), server_default="", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("speakers", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="fr", nullable=False),
        sa.Column("level", sa.Text(), server_default="", nullable=False),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("is_closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_workshop_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_workshop_event_id_number")),
    )
    op.create_index("ix_workshop_day", "workshop", ["event_id", "starts_at", "id"])


def make_changes() -> None:
    op.create_table(
        "programme_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_programme_change_event_id")),
        sa.ForeignKeyConstraint(["undoes"], ["programme_change.id"], name=op.f("fk_programme_change_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_change")),
        sa.UniqueConstraint("undoes", name=op.f("uq_programme_change_undoes")),
    )
    op.create_index("ix_programme_change_contact", "programme_change", ["contact_id", "id"])
    waiting = sa.text("applied_at is null")
    op.create_index("ix_programme_change_open", "programme_change", ["made_at"], postgresql_where=waiting)
    op.create_table(
        "workshop_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_history_workshop_id")),
        sa.ForeignKeyConstraint(["change_id"], ["programme_change.id"], name=op.f("fk_workshop_history_change_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_history")),
    )
    op.create_index("ix_workshop_history_workshop", "workshop_history", ["workshop_id", "id"])
    op.create_index("ix_workshop_history_change", "workshop_history", ["change_id"])


def make_files() -> None:
    op.create_table(
        "programme_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("inbox_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("header", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("lines", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("made_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("due_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_file")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_programme_file_due", "programme_file", ["due_at"], postgresql_where=waiting)
    op.create_index("ix_programme_file_contact", "programme_file", ["contact_id", "id"])
    op.create_index("ix_programme_file_made", "programme_file", ["made_at"])


def downgrade() -> None:
    op.drop_table("programme_file")
    for table in ("workshop_history", "programme_change", "workshop", "event_partner", "event_phase", "event"):
        op.drop_table(table)
