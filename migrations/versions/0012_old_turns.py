"""What was said long ago is found by its age, to be forgotten."""

from alembic import op

from migrations import live

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_turn_now", "turn", "now")


def downgrade() -> None:
    op.drop_index("ix_turn_now", table_name="turn")
