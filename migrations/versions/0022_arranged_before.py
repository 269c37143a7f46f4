"""What a person had arranged, or what had left its shop, before that was kept on the part itself."""

from migrations import live

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.backfill(
        "vendor_order",
        "arranged_at = changed_at",
        "prepaid > 0 and arranged_at is null and (state in ('handed_over', 'delivered')"
        " or state in ('placed', 'accepted', 'ready') and exists (select from order_history h"
        " where h.order_id = vendor_order.order_id and h.vendor_order_id = vendor_order.id"
        " and h.fact = 'payment_arranged'))",
    )


def downgrade() -> None:
    """Nothing: the column goes with the revision before."""
