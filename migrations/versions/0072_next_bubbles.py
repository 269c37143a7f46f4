"""What waits in the outbox is found in its order, by its account and kind: a claim reads no more than it takes."""

from alembic import op

from migrations import live

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index(
        "ix_outbox_next", "outbox", "account_id", "kind", "due_at", "said_at", "place", where="state = 'waiting'"
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_next", "outbox")
