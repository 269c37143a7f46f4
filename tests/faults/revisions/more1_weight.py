"""A column that rows of the time before do not have, and new rows do."""

import sqlalchemy as sa
from alembic import op

revision = "more1"
down_revision = "newest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("weight", sa.Integer(), nullable=True))
    op.alter_column("inbox", "weight", server_default="2")


def downgrade() -> None:
    op.drop_column("inbox", "weight")
