"""Who had said STOP, which ended reminders and alerts too, gets none of them now that they have their own switch."""

from migrations import live

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LAST_WORD = "select is_given from consent where contact_id = contact.id and what = 'announcements'"


def upgrade() -> None:
    live.backfill(
        "contact",
        "wants_reminders = false",
        f"wants_reminders and not wants_announcements and not ({LAST_WORD} order by id desc limit 1)",
    )


def downgrade() -> None:
    """The switch goes with its column."""
