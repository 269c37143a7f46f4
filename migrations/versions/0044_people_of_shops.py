"""Who wants to sell, who helps in a shop, and where a shop is paid."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("market_now()")


def upgrade() -> None:
    _applications()
    _payout_numbers()
    _payout_history()
    _invitations()


def _applications() -> None:
    op.create_table(
        "shop_application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("made_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_shop_application_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_application")),
    )
    op.create_index(op.f("ix_shop_application_contact_id"), "shop_application", ["contact_id"], unique=False)
    op.create_index(
        "ix_shop_application_open",
        "shop_application",
        ["contact_id"],
        unique=True,
        postgresql_where=sa.text("state in ('open', 'sent')"),
    )


def _payout_numbers() -> None:
    op.create_table(
        "payout_number",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("in_force_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_payout_number_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_number")),
    )
    op.create_index(op.f("ix_payout_number_vendor_id"), "payout_number", ["vendor_id"], unique=False)
    op.create_index(
        "ix_payout_number_waiting",
        "payout_number",
        ["vendor_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_payout_number_in_force",
        "payout_number",
        ["vendor_id"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )


def _payout_history() -> None:
    op.create_table(
        "payout_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payout_id", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout_number.id"], name=op.f("fk_payout_history_payout_id_payout_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_history")),
    )
    op.create_index(op.f("ix_payout_history_payout_id"), "payout_history", ["payout_id"], unique=False)


def _invitations() -> None:
    op.create_table(
        "helper_invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_helper_invitation_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helper_invitation")),
    )
    op.create_index(op.f("ix_helper_invitation_vendor_id"), "helper_invitation", ["vendor_id"], unique=False)
    op.create_index(op.f("ix_helper_invitation_phone"), "helper_invitation", ["phone"], unique=False)
    op.create_index(
        "ix_helper_invitation_open",
        "helper_invitation",
        ["vendor_id", "phone"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_table("helper_invitation")
    op.drop_table("payout_history")
    op.drop_table("payout_number")
    op.drop_table("shop_application")
