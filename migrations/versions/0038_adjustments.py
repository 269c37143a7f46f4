"""What a vendor changes by one message is proposed, applied and undone whole, and what his units mean is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("vendor_id", sa.BigInteger(), sa.ForeignKey("vendor.id"), nullable=False),
        sa.Column("contact_id", sa.BigInteger()),
        sa.Column("inbox_id", sa.BigInteger()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("market_now()")),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "ix_adjustment_applied", "adjustment", ["contact_id", "id"], postgresql_where=sa.text("applied_at is not null")
    )
    op.create_table(
        "adjustment_line",
        sa.Column("adjustment_id", sa.BigInteger(), sa.ForeignKey("adjustment.id"), primary_key=True),
        sa.Column("place", sa.SmallInteger(), primary_key=True),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
    )
    op.create_table(
        "said_unit",
        sa.Column("product_id", sa.BigInteger(), primary_key=True),
        sa.Column("unit", sa.Text(), primary_key=True),
        sa.Column("units", sa.Integer(), nullable=False),
    )
    op.add_column("stock_movement", sa.Column("adjustment_id", sa.BigInteger(), nullable=True))
    op.add_column("vendor", sa.Column("small_at_once", sa.Boolean(), nullable=False, server_default=sa.text("false")))


def downgrade() -> None:
    op.drop_column("vendor", "small_at_once")
    op.drop_column("stock_movement", "adjustment_id")
    op.drop_table("said_unit")
    op.drop_table("adjustment_line")
    op.drop_table("adjustment")
