"""Rights that were suspended before the reason was kept: it was a new name, and an organizer may give them back."""

from migrations import live

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.backfill("role", "suspended_why = 'renamed'", "suspended_at is not null and suspended_why is null")


def downgrade() -> None:
    """Nothing: the column goes with its own revision."""
