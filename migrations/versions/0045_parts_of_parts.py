"""What a shop serves of a part, what its buyer says with it, the photo of its receipt, and who brings it."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("market_now()")


def upgrade() -> None:
    for table in ("basket", "order"):
        op.add_column(table, sa.Column("note", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("note_voice_id", sa.BigInteger(), nullable=True))
    op.add_column("vendor_order", sa.Column("receipt_photo_id", sa.BigInteger(), nullable=True))
    op.add_column("vendor_order", sa.Column("overpaid", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("vendor_order", sa.Column("overpaid_returned_at", MOMENT, nullable=True))
    op.create_table(
        "rider",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("used_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_rider_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rider")),
        sa.UniqueConstraint("vendor_id", "phone", name=op.f("uq_rider_vendor_id_phone")),
    )
    op.create_table(
        "order_rider",
        sa.Column("vendor_order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_order.id"], name=op.f("fk_order_rider_vendor_order_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("vendor_order_id", name=op.f("pk_order_rider")),
    )
    op.create_index("ix_order_rider_contact_id", "order_rider", ["contact_id"])


def downgrade() -> None:
    op.drop_table("order_rider")
    op.drop_table("rider")
    for column in ("overpaid_returned_at", "overpaid", "receipt_photo_id"):
        op.drop_column("vendor_order", column)
    for table in ("order", "basket"):
        op.drop_column(table, "note_voice_id")
        op.drop_column(table, "note")
