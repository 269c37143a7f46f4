"""Shut shops that open again by themselves are found by their time."""

from alembic import op

from migrations import live

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_reopens", "vendor", "closed_until", where="not is_open and closed_until is not null")


def downgrade() -> None:
    op.drop_index("ix_vendor_reopens", "vendor")
