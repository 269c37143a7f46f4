"""Variants, units that share a stock, lots and price steps, more photos, condition, and the reminder of a basket.

A condition on a new column of an old table would read it whole, so `factor` has none there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("kind", sa.Text(), server_default="single", nullable=False))
    op.add_column("product", sa.Column("factor", sa.Integer(), server_default="1", nullable=False))
    op.add_column("product", sa.Column("condition", sa.Text(), server_default="", nullable=False))
    op.add_column("basket_line", sa.Column("amount_seen", sa.Integer(), nullable=True))
    op.add_column("order_line", sa.Column("factor", sa.Integer(), server_default="1", nullable=False))
    op.add_column("order_line", sa.Column("amount", sa.Integer(), nullable=True))
    _kinds_and_prices()
    _photos_and_reminders()


def _kinds_and_prices() -> None:
    op.create_table(
        "variant",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("good_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_variant_product_id_product")),
        sa.ForeignKeyConstraint(["good_id"], ["product.id"], name=op.f("fk_variant_good_id_product")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_variant")),
    )
    op.create_index(op.f("ix_variant_good_id"), "variant", ["good_id"], unique=False)
    op.create_table(
        "price_rule",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 1", name=op.f("ck_price_rule_quantity")),
        sa.CheckConstraint("price > 0", name=op.f("ck_price_rule_price")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_price_rule_product_id_product")),
        sa.PrimaryKeyConstraint("product_id", "kind", "quantity", name=op.f("pk_price_rule")),
    )


def _photos_and_reminders() -> None:
    op.create_table(
        "product_photo",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("photo_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_photo_product_id_product")),
        sa.ForeignKeyConstraint(["photo_hash"], ["photo.hash"], name=op.f("fk_product_photo_photo_hash_photo")),
        sa.PrimaryKeyConstraint("product_id", "place", name=op.f("pk_product_photo")),
    )
    op.create_table(
        "basket_reminder",
        sa.Column("basket_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["basket_id"], ["basket.id"], name=op.f("fk_basket_reminder_basket_id_basket"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("basket_id", name=op.f("pk_basket_reminder")),
    )
    op.create_index(
        "ix_basket_reminder_due",
        "basket_reminder",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at is not null"),
    )


def downgrade() -> None:
    for table in ("basket_reminder", "product_photo", "price_rule", "variant"):
        op.drop_table(table)
    for table, column in (
        ("order_line", "amount"),
        ("order_line", "factor"),
        ("basket_line", "amount_seen"),
        ("product", "condition"),
        ("product", "factor"),
        ("product", "kind"),
    ):
        op.drop_column(table, column)
