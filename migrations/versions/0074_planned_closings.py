"""Shops whose planned closing has come are found by its time."""

from alembic import op

from migrations import live

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_closes", "vendor", "closes_at", where="closes_at is not null")


def downgrade() -> None:
    op.drop_index("ix_vendor_closes", "vendor")
