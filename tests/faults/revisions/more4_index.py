"""It is looked for."""

from alembic import op

from migrations import live

revision = "more4"
down_revision = "more3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_inbox_weight", "inbox", "weight", "id", where="weight > 0")


def downgrade() -> None:
    op.drop_index("ix_inbox_weight", "inbox")
