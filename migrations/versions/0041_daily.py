"""What a shop's days need: promotions with their dates, closing until a day, evening and morning words."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "promotion",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("vendor_id", sa.BigInteger(), sa.ForeignKey("vendor.id"), nullable=False),
        sa.Column("product_id", sa.BigInteger(), sa.ForeignKey("product.id", ondelete="cascade")),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer()),
        sa.Column("begins_at", moment, nullable=False),
        sa.Column("ends_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("replaced_by", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger()),
        sa.Column("inbox_id", sa.BigInteger()),
        sa.Column("made_at", moment, nullable=False, server_default=sa.text("market_now()")),
        sa.Column("undone_at", moment),
    )
    op.create_index("ix_promotion_vendor", "promotion", ["vendor_id", "begins_at"])
    op.create_index("ix_promotion_open", "promotion", ["state"], postgresql_where=sa.text("state <> 'ended'"))
    op.create_index("ix_promotion_contact", "promotion", ["contact_id", "id"])
    op.add_column("vendor", sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("vendor", sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("vendor", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("vendor", sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("vendor", sa.Column("wants_digest", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.add_column("vendor", sa.Column("wants_check", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.add_column("vendor", sa.Column("low_at", sa.Integer(), nullable=True))
    op.add_column("product", sa.Column("low_at", sa.Integer(), nullable=True))
    op.add_column(
        "stock",
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("market_now()")),
    )
    op.add_column("basket", sa.Column("priced_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("basket", "priced_at")
    op.drop_column("stock", "confirmed_at")
    op.drop_column("product", "low_at")
    for column in ("low_at", "wants_check", "wants_digest", "check_at", "digest_at", "closed_until", "closes_at"):
        op.drop_column("vendor", column)
    op.drop_table("promotion")
