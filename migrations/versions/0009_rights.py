"""People's rights: announcements only for who said yes, reminders apart, erasures, and opt-outs that outlive them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.alter_column("contact", "wants_announcements", server_default=sa.text("false"))
    op.add_column("contact", sa.Column("wants_reminders", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.create_table(
        "kept_opt_out",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("order_news", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", MOMENT, server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_kept_opt_out")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("swept_at", MOMENT, nullable=True),
        sa.Column("conversations", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_contact_id"), "erasure", ["contact_id"], unique=False)
    op.create_index(
        "ix_erasure_open",
        "erasure",
        ["contact_id"],
        unique=True,
        postgresql_where=sa.text("kept_at is null and erased_at is null"),
    )
    op.create_index(
        "ix_erasure_due",
        "erasure",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("kept_at is null and swept_at is null"),
    )


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("kept_opt_out")
    op.drop_column("contact", "wants_reminders")
    op.alter_column("contact", "wants_announcements", server_default=sa.text("true"))
