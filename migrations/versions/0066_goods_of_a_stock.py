"""The goods of a stock are found by an index: a count, and news of what came in, read every product for them."""

from alembic import op

from migrations import live

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_product_stock", "product", "stock_id")


def downgrade() -> None:
    op.drop_index("ix_product_stock", "product")
