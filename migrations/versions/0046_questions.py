"""What buyers ask about products."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("file_inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", MOMENT, server_default=sa.text("market_now()"), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answer_inbox_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_question_product_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_question_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("vendor_id", "number", name=op.f("uq_question_vendor_id_number")),
    )
    op.create_index("ix_question_due", "question", ["due_at"], postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_question_contact", "question", ["contact_id", "id"])
    waiting = sa.text("state in ('open', 'with_people')")
    op.create_index("ix_question_waiting", "question", ["vendor_id", "id"], postgresql_where=waiting)
    op.create_index("ix_question_asked", "question", ["asked_at"])


def downgrade() -> None:
    op.drop_table("question")
