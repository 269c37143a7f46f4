"""What was told to one person without being asked is found, to be erased."""

from alembic import op

from migrations import live

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_outbox_told", "outbox", "conversation_id", "made_at", where="kind <> 'reply'")


def downgrade() -> None:
    op.drop_index("ix_outbox_told", table_name="outbox")
