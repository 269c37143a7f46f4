"""Announcements were everybody's until he stopped them: now they are for who said START, and he keeps them."""

from migrations import live

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LAST_WORD = "select is_given from consent where contact_id = contact.id and what = 'announcements'"


def upgrade() -> None:
    live.backfill(
        "contact",
        "wants_announcements = false",
        f"wants_announcements and ({LAST_WORD} order by id desc limit 1) is not true",
    )


def downgrade() -> None:
    """Who never said yes is not asked back in."""
