"""What is open in a chat is found by the chat, by an index that no claim is led to."""

from alembic import op

from migrations import live

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

WHERE = "state in ('waiting', 'sending', 'uncertain') and conversation_id is not null"


def upgrade() -> None:
    live.add_index("ix_outbox_ahead", "outbox", "conversation_id", "said_at", "place", where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_outbox_ahead", "outbox")
