"""What takes longer to count than a turn may is counted by a job: who waits for it, and what it found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None
NOW = sa.text("market_now()")


def upgrade() -> None:
    op.create_table(
        "long_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_count")),
        sa.UniqueConstraint("kind", "about", "conversation_id", name=op.f("uq_long_count_kind_about_conversation_id")),
    )
    op.create_index("ix_long_count_due_at", "long_count", ["due_at"])
    op.add_column("broadcast", sa.Column("preview", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("broadcast", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("broadcast", "counted_at")
    op.drop_column("broadcast", "preview")
    op.drop_table("long_count")
