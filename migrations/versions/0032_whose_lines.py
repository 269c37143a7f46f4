"""The organizers' lines are found by their chat."""

from alembic import op

from migrations import live

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_attention_conversation_id", "attention", "conversation_id")


def downgrade() -> None:
    op.drop_index("ix_attention_conversation_id", "attention")
