"""How an order reaches its buyer: brought, sent by bus or fetched; each shop's zones and terms; wishes of payment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NO = sa.text("false")
YES = sa.text("true")


def upgrade() -> None:
    op.add_column("category", sa.Column("is_perishable", sa.Boolean(), server_default=NO, nullable=False))
    op.add_column("product", sa.Column("is_perishable", sa.Boolean(), nullable=True))
    op.add_column("vendor", sa.Column("delivery_zones", JSONB(), nullable=True))
    op.add_column("vendor", sa.Column("unserved", JSONB(), nullable=True))
    op.add_column("vendor", sa.Column("free_above", sa.Integer(), nullable=True))
    op.add_column("vendor", sa.Column("parcel_fee", sa.Integer(), nullable=True))
    op.add_column("vendor", sa.Column("has_pickup", sa.Boolean(), server_default=YES, nullable=False))
    op.add_column("vendor", sa.Column("cod_max", sa.Integer(), nullable=True))
    op.add_column("vendor", sa.Column("deposit_percent", sa.Integer(), nullable=True))
    op.add_column("basket", sa.Column("way", sa.Text(), server_default="delivery", nullable=False))
    op.add_column("basket", sa.Column("payment", sa.Text(), nullable=True))
    op.add_column("basket", sa.Column("payment_phone", sa.Text(), nullable=True))
    op.add_column("order", sa.Column("way", sa.Text(), server_default="delivery", nullable=False))
    op.add_column("order", sa.Column("payment_phone", sa.Text(), nullable=True))
    op.add_column("vendor_order", sa.Column("prepaid", sa.Integer(), server_default="0", nullable=False))
    op.add_column("vendor_order", sa.Column("carrier", sa.Text(), nullable=True))
    op.add_column("vendor_order", sa.Column("receipt", sa.Text(), nullable=True))


def downgrade() -> None:
    for table, columns in {
        "vendor_order": ("receipt", "carrier", "prepaid"),
        "order": ("payment_phone", "way"),
        "basket": ("payment_phone", "payment", "way"),
        "vendor": (
            "deposit_percent", "cod_max", "has_pickup", "parcel_fee", "free_above", "unserved", "delivery_zones",
        ),
        "product": ("is_perishable",),
        "category": ("is_perishable",),
    }.items():  # fmt: skip
        for column in columns:
            op.drop_column(table, column)
