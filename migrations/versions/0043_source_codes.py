"""Whom the links of a shop have brought is found by their codes."""

from alembic import op

from migrations import live

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_source_code", "source", "code", "at", where="code <> ''")


def downgrade() -> None:
    op.drop_index("ix_source_code", table_name="source")
