"""A price list tells prices for many too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("price_list_line", sa.Column("steps", postgresql.JSONB(), nullable=True))
    op.add_column("price_list_line", sa.Column("steps_before", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("price_list_line", "steps_before")
    op.drop_column("price_list_line", "steps")
