"""Unclear words are found by their person, whom they leave with."""

from alembic import op

from migrations import live

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_unclear_contact_id", "unclear", "contact_id")


def downgrade() -> None:
    op.drop_index("ix_unclear_contact_id", "unclear")
