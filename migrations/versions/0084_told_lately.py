"""Whether the organizers were told of a kind lately is looked up, however many of its lines are open."""

from alembic import op

from migrations import live

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = "settled_at is null and told_at is not null"
    live.add_index("ix_attention_told", "attention", "kind", "told_at", where=where)


def downgrade() -> None:
    op.drop_index("ix_attention_told", "attention")
