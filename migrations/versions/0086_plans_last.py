"""Small tables that every turn changes are looked after by a number of rows, not each minute.

After a vacuum and after an analyze each connection makes all plans on that table anew. A table of a few hundred rows is
due again after the next few hundred turns: every minute all plans of a market were made anew, several times over, and
who wrote then waited. What a large table is due for stays a share of it.
"""

from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None
HOT = (
    *("conversation", "basket", "basket_line", "basket_reminder", "basket_history", "turn", "stock", "stock_movement"),
    *("seen",),
)


def upgrade() -> None:
    op.execute(
        "alter table conversation set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table basket set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table basket_line set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table basket_reminder set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table basket_history set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table turn set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table stock set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table stock_movement set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute(
        "alter table seen set (autovacuum_vacuum_threshold = 20000,"
        " autovacuum_vacuum_insert_threshold = 50000, autovacuum_analyze_threshold = 50000)"
    )
    op.execute("alter table status_report set (autovacuum_analyze_threshold = 50000)")


def downgrade() -> None:
    op.execute("alter table status_report reset (autovacuum_analyze_threshold)")
    for table in HOT:
        op.execute(
            f"alter table {table} reset (autovacuum_vacuum_threshold, autovacuum_vacuum_insert_threshold,"
            " autovacuum_analyze_threshold)"
        )
