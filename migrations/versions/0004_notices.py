"""What notices ask: when the organizers were told of a line, and who of a shop was told of its part of an order."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attention", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_outbox_vendor_order",
        "outbox",
        [sa.text("(about ->> 'vendor_order')")],
        unique=False,
        postgresql_where=sa.text("about is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_vendor_order", table_name="outbox", postgresql_where=sa.text("about is not null"))
    op.drop_column("attention", "told_at")
