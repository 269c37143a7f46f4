"""What people look for: folding for the search, alerts for what is missing, synonyms, words nobody understood."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOW = sa.text("market_now()")


def make_functions() -> None:
    op.execute(
        r"create function plain_letters(words text) returns text language sql immutable parallel safe"
        r" return btrim(regexp_replace(translate(replace(replace("
        r"regexp_replace(normalize(lower(words), NFD), '[\u0300-\u036f]', '', 'g'), 'œ', 'oe'), 'æ', 'ae'),"
        r" 'øɖɛɔŋƒɣʋɩʊ', 'odeonfgviu'), '[^a-z0-9]+', ' ', 'g'))"
    )
    op.execute(
        "create function product_words(folded text, description text) returns tsvector language sql immutable"
        " parallel safe return setweight(to_tsvector('simple', folded), 'A')"
        " || to_tsvector('simple', plain_letters(description))"
    )


def make_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("min_price", sa.Integer(), nullable=True),
        sa.Column("max_price", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_alert_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("ix_alert_open", "alert", ["contact_id", "words"], unique=True, postgresql_where=is_open)
    op.create_index("ix_alert_contact", "alert", ["contact_id"], unique=False)
    op.create_index("ix_alert_looked", "alert", ["looked_at"], unique=False, postgresql_where=is_open)


def make_synonym() -> None:
    op.create_table(
        "synonym",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("taught_by", sa.Text(), nullable=False),
        sa.Column("taught_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
    )


def make_unclear() -> None:
    op.create_table(
        "unclear",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclear")),
    )
    op.create_index("ix_unclear_at", "unclear", ["at"], unique=False)


def upgrade() -> None:
    make_functions()
    make_alert()
    make_synonym()
    make_unclear()


def downgrade() -> None:
    op.drop_table("unclear")
    op.drop_table("synonym")
    op.drop_table("alert")
    op.execute("drop function product_words(text, text)")
    op.execute("drop function plain_letters(text)")
