"""Who wants a received file: the same bytes are kept once, until nobody does."""

from alembic import op

from migrations import live

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_received_media_file", "received_media", "file", where="file is not null")


def downgrade() -> None:
    op.drop_index("ix_received_media_file", table_name="received_media")
