"""Possible doubles are counted where they are made: the index by which they were added up goes."""

from alembic import op

from migrations import live

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_resent", "outbox")


def downgrade() -> None:
    live.add_index("ix_outbox_resent", "outbox", "resent", where="resent > 0")
