"""Price lists that vendors send as files."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    now = sa.text("market_now()")
    op.create_table(
        "price_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("inbox_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("header", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("made_at", moment, server_default=now, nullable=False),
        sa.Column("due_at", moment, server_default=now, nullable=False),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("applied_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
    )
    working = sa.text("state in ('waiting', 'applying', 'undoing')")
    op.create_index("ix_price_list_due", "price_list", ["due_at"], postgresql_where=working)
    op.create_index("ix_price_list_contact", "price_list", ["contact_id", "id"])
    op.create_index("ix_price_list_made", "price_list", ["made_at"])
    op.create_table(
        "price_list_line",
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("faults", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("price_before", sa.Integer(), nullable=True),
        sa.Column("quantity_before", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("adjustment_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["price_list.id"], name=op.f("fk_price_list_line_list_id_price_list"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f("pk_price_list_line")),
    )


def downgrade() -> None:
    op.drop_table("price_list_line")
    op.drop_table("price_list")
