"""Dead rows of the tables that every message changes go early, whatever lies in these tables; a chat's row has room.

What claims read are indexes of open rows alone. Each row that is done leaves a dead entry there, which every claim
walks past until the table is vacuumed: by a share of the table that would be after millions, so it is by a number of
rows, and so is what the planner is told. As these are less than a fiftieth of a large table's pages, a vacuum would
pass its indexes over: it must not. A chat's row is written by each turn: with a fifth of its page free, its new version
needs no new index entries.
"""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "alter table inbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,"
        " autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000, vacuum_index_cleanup = on)"
    )
    op.execute(
        "alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000,"
        " autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000, vacuum_index_cleanup = on)"
    )
    op.execute(
        "alter table status_report set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,"
        " vacuum_index_cleanup = on)"
    )
    op.execute("alter table conversation set (fillfactor = 80)")
    op.drop_index("ix_outbox_told_at", "outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_told_at", "outbox", ["made_at"], postgresql_where="kind <> 'reply'")
    op.execute("alter table conversation reset (fillfactor)")
    for table in ("inbox", "outbox", "status_report"):
        op.execute(
            f"alter table {table} reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,"
            " autovacuum_analyze_scale_factor, autovacuum_analyze_threshold, vacuum_index_cleanup)"
        )
