"""In which category a provider counts each template: it may be another one than we declared."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_content", sa.Column("category", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("channel_content", "category")
