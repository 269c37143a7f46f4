"""From now on every row has it."""

from alembic import op

from migrations import live

revision = "more3"
down_revision = "more2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_check("ck_inbox_weight", "inbox", "weight is not null")


def downgrade() -> None:
    op.drop_constraint("ck_inbox_weight", "inbox")
