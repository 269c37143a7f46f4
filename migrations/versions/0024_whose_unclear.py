"""Whose words were not understood, so that they leave with their person."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unclear", sa.Column("contact_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("unclear", "contact_id")
