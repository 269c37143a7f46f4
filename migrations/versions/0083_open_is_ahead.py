"""The index that stood in its place goes."""

from alembic import op

from migrations import live

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_open", "outbox")


def downgrade() -> None:
    where = "state in ('waiting', 'sending', 'uncertain')"
    live.add_index("ix_outbox_open", "outbox", "conversation_id", "said_at", "place", where=where)
