"""What was proposed and never answered is found by its age."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_adjustment_open", "adjustment", ["made_at"], postgresql_where=sa.text("applied_at is null"))


def downgrade() -> None:
    op.drop_index("ix_adjustment_open", "adjustment")
