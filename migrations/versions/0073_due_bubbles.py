"""The index of due bubbles that another one has replaced goes."""

from alembic import op
from sqlalchemy import text

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_due", "outbox", [text("kind desc"), "due_at"], postgresql_where="state = 'waiting'")
