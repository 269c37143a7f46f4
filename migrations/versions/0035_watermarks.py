"""What somebody has not read yet, by his chat: a Page is told by a time alone what was read."""

from alembic import op

from migrations import live

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index(
        "ix_outbox_unread",
        "outbox",
        "conversation_id",
        "sent_at",
        where="state in ('sent', 'delivered') and provider_id is not null",
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_unread", table_name="outbox")
