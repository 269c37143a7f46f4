"""Shops that are to be asked for their figures are found by their time."""

from alembic import op

from migrations import live

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_check", "vendor", "check_at")


def downgrade() -> None:
    op.drop_index("ix_vendor_check", "vendor")
