"""The bot: accounts, people, conversations, inbox, turns, outbox, reports, consents, attention, figures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def make_attention() -> None:
    op.create_table(
        "attention",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention")),
    )
    op.create_index(
        "ix_attention_open", "attention", ["id"], unique=False, postgresql_where=sa.text("settled_at is null")
    )


def make_channel_account() -> None:
    op.create_table(
        "channel_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_account")),
        sa.UniqueConstraint("key", name=op.f("uq_channel_account_key")),
    )


def make_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="fr", nullable=False),
        sa.Column("is_in_text_mode", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("wants_announcements", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("wants_order_news", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )


def make_heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeat")),
    )


def make_figure() -> None:
    op.create_table(
        "figure",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_figure")),
    )


def make_seen() -> None:
    op.create_table(
        "seen",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "provider_id", name=op.f("pk_seen")),
    )
    op.create_index(op.f("ix_seen_seen_at"), "seen", ["seen_at"], unique=False)


def make_status_report() -> None:
    op.create_table(
        "status_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("refusal", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_report")),
    )
    op.create_index("ix_status_report_due", "status_report", ["due_at"], unique=False)


def make_channel_content() -> None:
    op.create_table(
        "channel_content",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("fk_channel_content_account_id")),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_channel_content")),
    )


def make_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("fk_consent_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_consent_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_contact_id"), "consent", ["contact_id"], unique=False)


def make_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joins", sa.Text(), server_default="words", nullable=False),
        sa.Column("wakes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("fk_conversation_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_conversation_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("account_id", "contact_id", name=op.f("uq_conversation_account_id_contact_id")),
    )
    op.create_index(op.f("ix_conversation_contact_id"), "conversation", ["contact_id"], unique=False)
    op.create_index(
        "ix_conversation_wakes",
        "conversation",
        ["wakes_at"],
        unique=False,
        postgresql_where=sa.text("wakes_at is not null"),
    )


def make_identity() -> None:
    op.create_table(
        "identity",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name=op.f("fk_identity_account_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_identity_contact_id")),
        sa.PrimaryKeyConstraint("account_id", "kind", "value", name=op.f("pk_identity")),
    )
    op.create_index(op.f("ix_identity_contact_id"), "identity", ["contact_id"], unique=False)
    op.create_index("ix_identity_value", "identity", ["kind", "value"], unique=False)


def make_role() -> None:
    op.create_table(
        "role",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_role_contact_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_role_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint(
            "contact_id",
            "role",
            "vendor_id",
            name=op.f("uq_role_contact_id_role_vendor_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_role_vendor_id"), "role", ["vendor_id"], unique=False)


def make_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("message", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_inbox_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_due", "inbox", ["due_at"], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index(
        "ix_inbox_open", "inbox", ["conversation_id", "id"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index("ix_inbox_dead", "inbox", ["id"], unique=False, postgresql_where=sa.text("state = 'dead'"))


def make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("bubble", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("template", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("needs_template", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False),
        sa.Column("too_old_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_ups", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("resent", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_outbox_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("said_at", "place", name=op.f("uq_outbox_said_at_place")),
    )


def index_outbox() -> None:
    op.create_index(
        "ix_outbox_due",
        "outbox",
        [sa.literal_column("kind desc"), "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_leased",
        "outbox",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("state in ('sending', 'uncertain')"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["conversation_id", "said_at", "place"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting', 'sending', 'uncertain')"),
    )
    op.create_index(
        "ix_outbox_provider",
        "outbox",
        ["account_id", "provider_id"],
        unique=False,
        postgresql_where=sa.text("provider_id is not null"),
    )
    op.create_index(
        "ix_outbox_refused",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting' and attempts > 0"),
    )
    op.create_index("ix_outbox_resent", "outbox", ["resent"], unique=False, postgresql_where=sa.text("resent > 0"))


def make_turn() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("inbox_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("hat", sa.Text(), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=False),
        sa.Column("state_after", sa.Text(), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=False),
        sa.Column("outcomes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reader", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("now", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_turn_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    op.create_index("ix_turn_conversation", "turn", ["conversation_id", "id"], unique=False)


def upgrade() -> None:
    op.execute("create sequence commit_no")
    op.execute("create sequence said_no")
    make_attention()
    make_channel_account()
    make_contact()
    make_heartbeat()
    make_figure()
    make_seen()
    make_status_report()
    make_channel_content()
    make_consent()
    make_conversation()
    make_identity()
    make_role()
    make_inbox()
    make_outbox()
    index_outbox()
    make_turn()


def downgrade() -> None:
    op.drop_table("turn")
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("role")
    op.drop_table("identity")
    op.drop_table("conversation")
    op.drop_table("consent")
    op.drop_table("channel_content")
    op.drop_table("status_report")
    op.drop_table("seen")
    op.drop_table("figure")
    op.drop_table("heartbeat")
    op.drop_table("contact")
    op.drop_table("channel_account")
    op.drop_table("attention")
    op.execute("drop sequence said_no")
    op.execute("drop sequence commit_no")
