"""Opening hours, when somebody is to be reminded of a part, until when it should leave its shop, and complaints."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("vendor", sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("vendor_order", sa.Column("late_at", MOMENT, nullable=True))
    op.create_table(
        "part_due",
        sa.Column("vendor_order_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=True),
        sa.Column("left_seconds", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"],
            ["vendor_order.id"],
            name=op.f("fk_part_due_vendor_order_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("vendor_order_id", "what", name=op.f("pk_part_due")),
    )
    op.create_index("ix_part_due_at", "part_due", ["at"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_order_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photo_inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_order.id"], name=op.f("fk_complaint_vendor_order_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_vendor_order_id", "complaint", ["vendor_order_id"], unique=False)
    op.create_index(
        "uq_complaint_open",
        "complaint",
        ["vendor_order_id"],
        unique=True,
        postgresql_where=sa.text("settled_at is null"),
    )


def downgrade() -> None:
    op.drop_table("complaint")
    op.drop_table("part_due")
    op.drop_column("vendor_order", "late_at")
    op.drop_column("vendor", "hours")
