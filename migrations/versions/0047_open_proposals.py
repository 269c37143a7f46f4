"""What was proposed and never answered is found by its age."""

from alembic import op

from migrations import live

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_adjustment_open", "adjustment", "made_at", where="applied_at is null")


def downgrade() -> None:
    op.drop_index("ix_adjustment_open", "adjustment")
