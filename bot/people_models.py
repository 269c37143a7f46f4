"""Tables of people: who they are by which names, what they may and agree to, what brought them, their end."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from base.db import metadata
from bot.models import MOMENT, NOW

contact = Table(
    "contact",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default="fr"),
    Column("is_in_text_mode", Boolean, nullable=False, server_default=text("false")),
    Column("wants_announcements", Boolean, nullable=False, server_default=text("false")),  # nobody who did not say yes
    Column("wants_reminders", Boolean, nullable=False, server_default=text("true")),  # and alerts, which he asked for
    Column("wants_order_news", Boolean, nullable=False, server_default=text("true")),
    Column("phone_told", Text),  # E.164: his own, as he corrected it; his channels' names stay what they are
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
)

identity = Table(
    "identity",
    metadata,
    Column("account_id", BigInteger, ForeignKey("channel_account.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # bot.messages.IdentityKind
    Column("value", Text, primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False, index=True),
    Column("unreachable_since", MOMENT),  # of the send that failed so; a later message of the person outdates it
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_identity_value", "kind", "value"),
)

source = Table(
    "source",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),  # of one person in the order in which they brought him
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False),
    Column("kind", Text, nullable=False),  # link, ad, post
    Column("code", Text, nullable=False, server_default=""),  # of ours: P4K7
    Column("word", Text, nullable=False, server_default=""),  # where that link was put up: affiche
    Column("ad", Text, nullable=False, server_default=""),  # the provider's id of the advertisement or post
    Column("click", Text, nullable=False, server_default=""),
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_source_contact", "contact_id", "id"),
    Index("ix_source_code", "code", "at", postgresql_where=text("code <> ''")),
)

comment_reply = Table(
    "comment_reply",  # the public comments that were answered in private, which one may do once
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("comment_id", Text, primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False),
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_comment_reply_contact", "contact_id"),
)

role = Table(
    "role",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False),
    Column("role", Text, nullable=False),  # vendor, helper, organizer, rider
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), index=True),
    Column("granted_at", MOMENT, nullable=False, server_default=NOW),
    Column("suspended_at", MOMENT),
    Column("suspended_why", Text),  # until re-verified: renamed, silent, linked; null: it was taken by a person
    UniqueConstraint("contact_id", "role", "vendor_id", postgresql_nulls_not_distinct=True),
)

helper_invitation = Table(
    "helper_invitation",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("vendor_id", BigInteger, ForeignKey("vendor.id"), nullable=False, index=True),
    Column("phone", Text, nullable=False, index=True),  # E.164: who writes with it may accept
    Column("name", Text, nullable=False, server_default=""),  # as the owner calls him
    Column("invited_by", BigInteger, nullable=False),  # contact
    Column("state", Text, nullable=False, server_default="open"),  # open, accepted, declined, withdrawn
    Column("contact_id", BigInteger),  # who accepted or declined it
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("ended_at", MOMENT),
    Index("ix_helper_invitation_open", "vendor_id", "phone", unique=True, postgresql_where=text("state = 'open'")),
)

organizer_phone = Table(
    "organizer_phone",  # of the settings, E.164, whose person was appointed: whoever has it later is not
    metadata,
    Column("phone", Text, primary_key=True),
    Column("at", MOMENT, nullable=False, server_default=NOW),
)

chat_link_code = Table(
    "chat_link_code",
    metadata,
    Column("contact_id", BigInteger, ForeignKey("contact.id"), primary_key=True, autoincrement=False),  # the newest
    Column("conversation_id", BigInteger, nullable=False),  # where it was asked for
    Column("salt", Text, nullable=False),  # from which, with LASTING_KEY, the code is made again to be shown
    Column("hash", Text, nullable=False, unique=True),  # keyed, of the code
    Column("expires_at", MOMENT, nullable=False),
)

chat_link_try = Table(
    "chat_link_try",  # a wrong code
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, nullable=False),
    Column("at", MOMENT, nullable=False, server_default=NOW, index=True),
)

chat_link = Table(
    "chat_link",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False, index=True),
    Column("from_contact_id", BigInteger, ForeignKey("contact.id"), nullable=False, unique=True),  # empty meanwhile
    Column("conversations", ARRAY(BigInteger), nullable=False),  # what came with it, to go back once it is undone
    Column("orders", ARRAY(BigInteger), nullable=False),
    Column("roles", ARRAY(BigInteger), nullable=False),
    Column("copied", JSONB, nullable=False, server_default=text("'{}'")),  # bot.linking: what the other got of it
    Column("linked_at", MOMENT, nullable=False, server_default=NOW),
)

consent = Table(
    "consent",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False, index=True),
    Column("what", Text, nullable=False),  # kept (what was told, not asked), announcements, reminders, order_news
    Column("is_given", Boolean, nullable=False),
    Column("words", Text, nullable=False),  # exactly as written
    Column("account_id", BigInteger, ForeignKey("channel_account.id"), nullable=False),
    Column("inbox_id", BigInteger),
    Column("at", MOMENT, nullable=False, server_default=NOW),
)

kept_opt_out = Table(
    "kept_opt_out",
    metadata,
    Column("hash", Text, primary_key=True),  # keyed, of a name that a channel gives: it outlives the person's data
    Column("order_news", Boolean, nullable=False, server_default=text("false")),  # whether these still may go to him
    Column("at", MOMENT, nullable=False, server_default=NOW),
)

erasure = Table(
    "erasure",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("contact_id", BigInteger, nullable=False, index=True),  # the number of a row that will be empty
    Column("why", Text, nullable=False),  # asked, inactive
    Column("asked_at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False),
    Column("kept_at", MOMENT),  # the person took it back
    Column("erased_at", MOMENT),
    Column("swept_at", MOMENT),  # since when nothing is left outside of the database either
    Column("conversations", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),  # whose caches are swept
    Column("counts", JSONB, nullable=False, server_default=text("'{}'")),  # eraser -> how many rows, and no word
    Index(
        "ix_erasure_open",
        "contact_id",
        unique=True,
        postgresql_where=text("kept_at is null and erased_at is null"),
    ),
    Index("ix_erasure_due", "due_at", postgresql_where=text("kept_at is null and swept_at is null")),
)
