"""Orders that still hold a place on the map are found, so that it can be forgotten."""

from alembic import op

from migrations import live

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_order_pinned", "order", "placed_at", where="latitude is not null")


def downgrade() -> None:
    op.drop_index("ix_order_pinned", table_name="order")
