"""Orders: baskets, orders, each vendor's part, lines and history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def make_basket() -> None:
    op.create_table(
        "basket",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("landmark", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_basket_contact_id")),
    )
    op.create_index(
        "ix_basket_held", "basket", ["held_until"], unique=False, postgresql_where=sa.text("held_until is not null")
    )
    op.create_index("ix_basket_touched", "basket", ["touched_at"], unique=False)


def make_order() -> None:
    op.create_table(
        "order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("landmark", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order")),
        sa.UniqueConstraint("code", name=op.f("uq_order_code")),
    )
    op.create_index("ix_order_contact", "order", ["contact_id", "id"], unique=False)


def make_vendor_order() -> None:
    op.create_table(
        "vendor_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="placed", nullable=False),
        sa.Column("goods", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("delivery_code", sa.Text(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_vendor_order_order_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_order_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_order")),
        sa.UniqueConstraint("order_id", "vendor_id", name=op.f("uq_vendor_order_order_id_vendor_id")),
    )
    op.create_index(
        "ix_vendor_order_expires",
        "vendor_order",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'placed'"),
    )
    op.create_index(
        "ix_vendor_order_open",
        "vendor_order",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state in ('placed', 'accepted', 'ready')"),
    )
    op.create_index("ix_vendor_order_vendor", "vendor_order", ["vendor_id", "state", "id"], unique=False)


def make_order_history() -> None:
    op.create_table(
        "order_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_order_id", sa.BigInteger(), nullable=True),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_history_order_id")),
        sa.ForeignKeyConstraint(
            ["vendor_order_id"], ["vendor_order.id"], name=op.f("fk_order_history_vendor_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_history")),
    )
    op.create_index(op.f("ix_order_history_order_id"), "order_history", ["order_id"], unique=False)


def make_basket_line() -> None:
    op.create_table(
        "basket_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("basket_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_seen", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_basket_line_quantity")),
        sa.ForeignKeyConstraint(
            ["basket_id"], ["basket.id"], name=op.f("fk_basket_line_basket_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_basket_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket_line")),
        sa.UniqueConstraint("basket_id", "product_id", name=op.f("uq_basket_line_basket_id_product_id")),
    )


def make_order_line() -> None:
    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_order_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("stock_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.ForeignKeyConstraint(["stock_id"], ["stock.id"], name=op.f("fk_order_line_stock_id")),
        sa.ForeignKeyConstraint(["vendor_order_id"], ["vendor_order.id"], name=op.f("fk_order_line_vendor_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index(op.f("ix_order_line_vendor_order_id"), "order_line", ["vendor_order_id"], unique=False)


def upgrade() -> None:
    make_basket()
    make_order()
    make_vendor_order()
    make_order_history()
    make_basket_line()
    make_order_line()


def downgrade() -> None:
    op.drop_table("order_line")
    op.drop_table("basket_line")
    op.drop_table("order_history")
    op.drop_table("vendor_order")
    op.drop_table("order")
    op.drop_table("basket")
