"""What somebody lately told of his stocks is found by an index, which a buyer's hold and order do not write to."""

from alembic import op

from migrations import live

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.add_index(
        "ix_stock_movement_told",
        "stock_movement",
        "contact_id",
        "at",
        where="reason in ('count', 'receive', 'remove')",
    )


def downgrade() -> None:
    op.drop_index("ix_stock_movement_told", "stock_movement")
