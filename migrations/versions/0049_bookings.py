"""Who has a place in a workshop or waits for one, and what people ask there."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("market_now()")


def upgrade() -> None:
    op.execute("create sequence booking_place")
    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("booked_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("told_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("moved_up_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("checked_in_at", MOMENT, nullable=True),
        sa.Column("checked_in_by", sa.BigInteger(), nullable=True),
        sa.Column("reminded_day", MOMENT, nullable=True),
        sa.Column("reminded_hour", MOMENT, nullable=True),
        sa.Column("rating_asked_at", MOMENT, nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("rated_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_booking_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("code", name=op.f("uq_booking_code")),
        sa.UniqueConstraint("workshop_id", "contact_id", name=op.f("uq_booking_workshop_id_contact_id")),
        sa.UniqueConstraint("workshop_id", "line", name=op.f("uq_booking_workshop_id_line")),
    )
    op.create_index("ix_booking_queue", "booking", ["workshop_id", "state", "place"])
    op.create_index("ix_booking_contact", "booking", ["contact_id", "id"])
    op.create_table(
        "workshop_question",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workshop_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("asked_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_question_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_question")),
    )
    op.create_index("ix_workshop_question_workshop", "workshop_question", ["workshop_id", "id"])
    op.create_index("ix_workshop_question_contact", "workshop_question", ["contact_id", "id"])


def downgrade() -> None:
    op.drop_table("workshop_question")
    op.drop_table("booking")
    op.execute("drop sequence booking_place")
