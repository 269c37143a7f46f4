"""What was said to a person unasked is found by his chat, by an index that no claim is led to."""

from alembic import op

from migrations import live

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

WHERE = "kind <> 'reply' and conversation_id is not null"


def upgrade() -> None:
    live.add_index("ix_outbox_unasked", "outbox", "conversation_id", "made_at", where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_outbox_unasked", "outbox")
