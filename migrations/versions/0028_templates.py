"""How each template stands at its provider, why, and in which words it is there; earlier code keeps `is_approved`."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_content", sa.Column("state", sa.Text(), nullable=True))
    op.add_column("channel_content", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("channel_content", sa.Column("text", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("channel_content", "text")
    op.drop_column("channel_content", "reason")
    op.drop_column("channel_content", "state")
