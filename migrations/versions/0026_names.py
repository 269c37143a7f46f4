"""Who is who: a phone that a person told, why rights are suspended, codes that link two chats and what they linked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("market_now()")


def upgrade() -> None:
    op.add_column("contact", sa.Column("phone_told", sa.Text(), nullable=True))
    op.add_column("role", sa.Column("suspended_why", sa.Text(), nullable=True))
    op.create_table(
        "organizer_phone",
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("phone", name="pk_organizer_phone"),
    )
    op.create_table(
        "chat_link_code",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_chat_link_code_contact_id"),
        sa.PrimaryKeyConstraint("contact_id", name="pk_chat_link_code"),
        sa.UniqueConstraint("hash", name="uq_chat_link_code_hash"),
    )
    op.create_table(
        "chat_link_try",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_link_try"),
    )
    op.create_index("ix_chat_link_try_at", "chat_link_try", ["at"])
    op.create_table(
        "chat_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("from_contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversations", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("orders", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("copied", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("linked_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_chat_link_contact_id"),
        sa.ForeignKeyConstraint(["from_contact_id"], ["contact.id"], name="fk_chat_link_from_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chat_link"),
        sa.UniqueConstraint("from_contact_id", name="uq_chat_link_from_contact_id"),
    )
    op.create_index("ix_chat_link_contact_id", "chat_link", ["contact_id"])


def downgrade() -> None:
    op.drop_table("chat_link")
    op.drop_table("chat_link_try")
    op.drop_table("chat_link_code")
    op.drop_table("organizer_phone")
    op.drop_column("role", "suspended_why")
    op.drop_column("contact", "phone_told")
