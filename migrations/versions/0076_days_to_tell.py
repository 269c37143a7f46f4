"""Shops whose day is to be told are found by their time."""

from alembic import op

from migrations import live

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_digest", "vendor", "digest_at")


def downgrade() -> None:
    op.drop_index("ix_vendor_digest", "vendor")
