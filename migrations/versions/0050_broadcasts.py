"""What organizers announce, to whom, and who decided what of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("market_now()")


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.Column("media", postgresql.JSONB(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("repeat", sa.Text(), server_default="", nullable=False),
        sa.Column("repeat_until", sa.Date(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("override_quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("override_weekly", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("second_by", sa.BigInteger(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("run_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("counts", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sa.UniqueConstraint("parent_id", "due_at", name=op.f("uq_broadcast_parent_id_due_at")),
    )
    op.create_index("ix_broadcast_due", "broadcast", ["due_at"], postgresql_where=sa.text("state = 'scheduled'"))
    is_open = sa.text("state in ('sending', 'paused', 'stopped')")
    op.create_index("ix_broadcast_open", "broadcast", ["id"], postgresql_where=is_open)
    _recipients()
    op.create_table(
        "broadcast_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_history_broadcast_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_history")),
    )
    op.create_index(op.f("ix_broadcast_history_broadcast_id"), "broadcast_history", ["broadcast_id"])


def _recipients() -> None:
    op.create_table(
        "broadcast_recipient",
        sa.Column("broadcast_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("way", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("slice_on", sa.Date(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.Column("queued_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("broadcast_id", "contact_id", name=op.f("pk_broadcast_recipient")),
    )
    by_account = ["broadcast_id", "account_id", "place"]
    is_planned, is_queued = sa.text("state = 'planned'"), sa.text("state = 'queued'")
    op.create_index("ix_broadcast_recipient_planned", "broadcast_recipient", by_account, postgresql_where=is_planned)
    op.create_index(
        "ix_broadcast_recipient_queued", "broadcast_recipient", ["broadcast_id"], postgresql_where=is_queued
    )
    is_said, is_settled = sa.text("said_at is not null"), sa.text("settled_at is not null")
    op.create_index("ix_broadcast_recipient_said", "broadcast_recipient", ["said_at"], postgresql_where=is_said)
    op.create_index("ix_broadcast_recipient_contact", "broadcast_recipient", ["contact_id", "queued_at"])
    went = sa.text("way = 'template' and queued_at is not null")
    op.create_index(
        "ix_broadcast_recipient_account", "broadcast_recipient", ["account_id", "queued_at"], postgresql_where=went
    )
    op.create_index(
        "ix_broadcast_recipient_settled",
        "broadcast_recipient",
        ["broadcast_id", "settled_at"],
        postgresql_where=is_settled,
    )


def downgrade() -> None:
    op.drop_table("broadcast_history")
    op.drop_table("broadcast_recipient")
    op.drop_table("broadcast")
