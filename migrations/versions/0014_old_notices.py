"""Notices of long ago are found by their age, to be forgotten."""

from alembic import op

from migrations import live

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_outbox_told_at", "outbox", "made_at", where="kind <> 'reply'")


def downgrade() -> None:
    op.drop_index("ix_outbox_told_at", table_name="outbox")
