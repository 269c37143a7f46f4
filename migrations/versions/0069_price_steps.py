"""A vendor's change may be of the price from so many units on, which is told apart by their number."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("adjustment_line", sa.Column("quantity", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("adjustment_line", "quantity")
