"""The rows of the time before get it too."""

from migrations import live

revision = "more2"
down_revision = "more1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.backfill("inbox", "weight = 1", "weight is null")


def downgrade() -> None:
    pass
