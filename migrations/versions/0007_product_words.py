"""Products by the words of name and description, for the search."""

import sqlalchemy as sa
from alembic import op

from migrations import live

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index(
        "ix_product_search",
        "product",
        sa.text("product_words(folded, description)"),
        where="is_listed",
        using="gin",
    )


def downgrade() -> None:
    op.drop_index("ix_product_search", table_name="product")
