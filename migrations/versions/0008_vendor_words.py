"""Shops by the words of their names, for `chez maman yawa`."""

import sqlalchemy as sa
from alembic import op

from migrations import live

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_words", "vendor", sa.text("to_tsvector('simple', plain_letters(name))"), using="gin")


def downgrade() -> None:
    op.drop_index("ix_vendor_words", table_name="vendor")
