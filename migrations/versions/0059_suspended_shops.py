"""The few shops that are suspended are found at once."""

from alembic import op

from migrations import live

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index("ix_vendor_suspended", "vendor", "id", where="suspended_at is not null")


def downgrade() -> None:
    op.drop_index("ix_vendor_suspended", "vendor")
