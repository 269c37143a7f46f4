"""Orders of a day and of a week are counted without reading all."""

from alembic import op

from migrations import live

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_order_placed", "order", "placed_at")


def downgrade() -> None:
    op.drop_index("ix_order_placed", "order")
