"""What brought people here, what orders keep of it, and which public comments were answered in private."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NOW = sa.text("market_now()")


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("word", sa.Text(), server_default="", nullable=False),
        sa.Column("ad", sa.Text(), server_default="", nullable=False),
        sa.Column("click", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_source_contact", "source", ["contact_id", "id"])
    op.create_table(
        "comment_reply",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("account_id", "comment_id"),
    )
    op.create_index("ix_comment_reply_contact", "comment_reply", ["contact_id"])
    op.add_column("order", sa.Column("source", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("order", "source")
    op.drop_table("comment_reply")
    op.drop_table("source")
