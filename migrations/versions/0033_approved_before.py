"""What was approved before templates had states is so still: nothing that may be sent waits to be asked about."""

from migrations import live

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.fill("channel_content", "state = 'approved'", where="is_approved and state is null")


def downgrade() -> None:
    pass
