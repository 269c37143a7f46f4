"""What grows with each message names its conversation without a key that is looked up, and locked, for each row."""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

TABLES = ("inbox", "turn", "outbox")


def upgrade() -> None:
    op.execute("lock table conversation in access exclusive mode")  # first, as a turn does; then what it writes
    for table in TABLES:
        op.drop_constraint(f"fk_{table}_conversation_id", table, type_="foreignkey")


def downgrade() -> None:
    op.execute("lock table conversation in access exclusive mode")
    for table in TABLES:
        op.create_foreign_key(f"fk_{table}_conversation_id", table, "conversation", ["conversation_id"], ["id"])
