"""The first recipients of a broadcast are found by when they were written to."""

from alembic import op

from migrations import live

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index(
        "ix_broadcast_recipient_sent",
        "broadcast_recipient",
        "broadcast_id",
        "queued_at",
        "place",
        where="queued_at is not null",
    )


def downgrade() -> None:
    op.drop_index("ix_broadcast_recipient_sent", "broadcast_recipient")
