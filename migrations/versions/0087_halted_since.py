"""Since when an announcement is halted stands in its row, as its end does: it is forgotten some time after either."""

from migrations import live

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.backfill(
        "broadcast",
        'ended_at = coalesce((select max(h.at) from broadcast_history h where h.broadcast_id = "broadcast".id),'
        " made_at)",
        "state in ('paused', 'stopped') and ended_at is null",
    )


def downgrade() -> None:
    pass
