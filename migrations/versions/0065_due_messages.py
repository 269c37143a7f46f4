"""The index of due messages that another one has replaced goes."""

from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_inbox_due", "inbox")


def downgrade() -> None:
    op.create_index("ix_inbox_due", "inbox", ["due_at"], postgresql_where="state = 'open'")
