"""A shop may do without a buyer: whom it has barred, by whom of it, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_block",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("blocked_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_shop_block_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_block")),
    )
    op.create_index("ix_shop_block_contact", "shop_block", ["contact_id"])
    op.create_index(
        "uq_shop_block_open",
        "shop_block",
        ["vendor_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )


def downgrade() -> None:
    op.drop_table("shop_block")
