"""Files that people send, kept apart from their messages; and voice notes that tell a rider the way."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "received_media",
        sa.Column("inbox_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("inbox_id", "place", name=op.f("pk_received_media")),
    )
    op.create_index(
        "ix_received_media_due",
        "received_media",
        ["account_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_received_media_conversation", "received_media", ["conversation_id"], unique=False)
    op.create_index(
        "ix_received_media_old",
        "received_media",
        ["kind", "at"],
        unique=False,
        postgresql_where=sa.text("reference <> ''"),
    )
    op.create_index(
        "ix_received_media_forgotten",
        "received_media",
        ["inbox_id", "place"],
        unique=False,
        postgresql_where=sa.text("reference = ''"),
    )
    op.add_column("basket", sa.Column("voice_id", sa.BigInteger(), nullable=True))
    op.add_column("order", sa.Column("voice_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("order", "voice_id")
    op.drop_column("basket", "voice_id")
    op.drop_table("received_media")
