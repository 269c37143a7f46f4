"""How each template stands at its provider, why, and in which words it is there; what providers say of an account.

The column `is_approved` stays, which earlier code reads.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_content", sa.Column("state", sa.Text(), nullable=True))
    op.add_column("channel_content", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("channel_content", sa.Column("text", sa.Text(), server_default="", nullable=False))
    op.add_column("channel_content", sa.Column("told_state", sa.Text(), nullable=True))
    op.create_table(
        "account_warning",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("account_warning")
    op.drop_column("channel_content", "told_state")
    op.drop_column("channel_content", "text")
    op.drop_column("channel_content", "reason")
    op.drop_column("channel_content", "state")
