"""Who watches over the market: levels and suspensions of shops, reports, blocks, rights given, sellers invited."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0051"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _id() -> "sa.Column[Any]":
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _at(name: str = "at") -> "sa.Column[Any]":
    return sa.Column(name, MOMENT, server_default=sa.text("market_now()"), nullable=False)


def upgrade() -> None:
    _make_vendor_standing()
    _make_flag()
    _make_block()
    _make_role_change()
    _make_seller_invitation()


def _make_vendor_standing() -> None:
    op.add_column("vendor", sa.Column("level", sa.Text(), server_default="new", nullable=False))
    op.add_column("vendor", sa.Column("suspended_at", MOMENT, nullable=True))
    op.create_table(
        "vendor_standing",
        _id(),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        _at(),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_standing_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_standing")),
    )
    op.create_index("ix_vendor_standing_vendor", "vendor_standing", ["vendor_id", "id"])


def _make_flag() -> None:
    op.create_table(
        "flag",
        _id(),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("vendor_order_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _at(),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_flag_contact_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_flag_vendor_id")),
        sa.ForeignKeyConstraint(["about_id"], ["contact.id"], name=op.f("fk_flag_about_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
    )
    op.create_index("ix_flag_contact", "flag", ["contact_id", "id"])
    op.create_index("ix_flag_about", "flag", ["about_id"], postgresql_where=sa.text("about_id is not null"))
    op.create_index("ix_flag_vendor", "flag", ["vendor_id"], postgresql_where=sa.text("vendor_id is not null"))


def _make_block() -> None:
    op.create_table(
        "block",
        _id(),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("blocked_by", sa.BigInteger(), nullable=True),
        _at(),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_block_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_index("ix_block_contact", "block", ["contact_id"])
    op.create_index("uq_block_open", "block", ["contact_id"], unique=True, postgresql_where=sa.text("ended_at is null"))


def _make_role_change() -> None:
    op.create_table(
        "role_change",
        _id(),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        _at(),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_role_change_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_change")),
    )
    op.create_index("ix_role_change_contact", "role_change", ["contact_id", "id"])


def _make_seller_invitation() -> None:
    op.create_table(
        "seller_invitation",
        _id(),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("shop", sa.Text(), server_default="", nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        _at("made_at"),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_invitation")),
    )
    op.create_index(
        "uq_seller_invitation_open",
        "seller_invitation",
        ["phone"],
        unique=True,
        postgresql_where=sa.text("used_at is null"),
    )


def downgrade() -> None:
    for table in ("seller_invitation", "role_change", "block", "flag", "vendor_standing"):
        op.drop_table(table)
    op.drop_column("vendor", "suspended_at")
    op.drop_column("vendor", "level")
