"""What a vendor's message changes of his shop's terms of delivery is kept with what it was, and can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_terms_change_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_change")),
    )
    op.create_index(op.f("ix_terms_change_vendor_id"), "terms_change", ["vendor_id"])
    op.create_index("ix_terms_change_contact", "terms_change", ["contact_id", "id"])


def downgrade() -> None:
    op.drop_table("terms_change")
