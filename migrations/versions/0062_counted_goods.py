"""Goods are counted for the list of categories by an index alone."""

from alembic import op

from migrations import live

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_product_counted", "product", "category_id", "vendor_id", where="is_listed and kind <> 'variant'")


def downgrade() -> None:
    op.drop_index("ix_product_counted", "product")
