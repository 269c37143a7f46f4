"""The index that stood in its place goes."""

from alembic import op

from migrations import live

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_told", "outbox")


def downgrade() -> None:
    live.add_index("ix_outbox_told", "outbox", "conversation_id", "made_at", where="kind <> 'reply'")
