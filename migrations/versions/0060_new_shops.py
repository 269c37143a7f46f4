"""Shops are counted by when they came."""

from alembic import op

from migrations import live

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_made", "vendor", "made_at")


def downgrade() -> None:
    op.drop_index("ix_vendor_made", "vendor")
