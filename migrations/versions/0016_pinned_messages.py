"""Messages that hold a place on the map are found, so that it can be forgotten."""

from alembic import op

from migrations import live

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_inbox_pinned", "inbox", "received_at", where="message ? 'location'")


def downgrade() -> None:
    op.drop_index("ix_inbox_pinned", table_name="inbox")
