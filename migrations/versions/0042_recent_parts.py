"""What a shop sold of late is found without reading all that it ever sold."""

from alembic import op

from migrations import live

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_order_changed", "vendor_order", "vendor_id", "changed_at")


def downgrade() -> None:
    op.drop_index("ix_vendor_order_changed", table_name="vendor_order")
