"""Tables of the bot: accounts, conversations, inbox, files, turns, outbox, figures; those of people stand apart."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from base.db import metadata

MOMENT = DateTime(timezone=True)
NOW = text("market_now()")

commit_no = Sequence("commit_no", metadata=metadata)  # drawn after a turn's last row lock
said_no = Sequence("said_no", metadata=metadata)  # one per turn or notice: the order of a conversation's bubbles

channel_account = Table(
    "channel_account",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # as in config.yaml
    Column("kind", Text, nullable=False),
    Column("paused_at", MOMENT),
    Column("pause_reason", Text),
)

channel_content = Table(
    "channel_content",
    metadata,
    Column("account_id", BigInteger, ForeignKey("channel_account.id"), primary_key=True),
    Column("name", Text, primary_key=True),  # fr_qr_2, fr_list_10, new_order_fr …
    Column("provider_id", Text, nullable=False),
    # whether state is approved: read by the code before `state` alone, and dropped with it in the next release
    Column("is_approved", Boolean, nullable=False, server_default="false"),
    Column("state", Text),  # of a template: approved, pending, rejected, paused, disabled, missing; null: not asked yet
    Column("told_state", Text),  # that the organizers' list knows
    Column("reason", Text, nullable=False, server_default=""),  # of the state, in the provider's words
    Column("text", Text, nullable=False, server_default=""),  # of a template there, with {{1}}…; '': not known
    Column("category", Text, nullable=False, server_default=""),  # that its provider counts it in; '': not known
    Column("checked_at", MOMENT, nullable=False, server_default=NOW),
)

account_warning = Table(
    "account_warning",  # what a provider has said of an account, until it is on the organizers' list
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("account_id", BigInteger, ForeignKey("channel_account.id"), nullable=False),
    Column("contact_id", BigInteger, ForeignKey("contact.id"), nullable=False, index=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),  # random, drawn by each turn
    Column("document", JSONB, nullable=False, server_default="{}"),  # the session: truth, Redis holds a copy
    Column("last_at", MOMENT),  # of the last turn that the bot had a part in
    Column("last_in_at", MOMENT),  # the person's last message: opens the provider's window
    Column("joins", Text, nullable=False, server_default="words"),  # none, words, photos
    Column("wakes_at", MOMENT),  # while a `wait` state is open
    Column("held_until", MOMENT),  # until then a person answers by hand, and the bot is silent
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    UniqueConstraint("account_id", "contact_id"),
    Index(
        "ix_conversation_wakes",
        "wakes_at",
        postgresql_where=text("wakes_at is not null"),
    ),
)

seen = Table(
    "seen",
    metadata,
    Column("account_id", BigInteger, primary_key=True),
    Column("provider_id", Text, primary_key=True),
    Column("seen_at", MOMENT, nullable=False, server_default=NOW, index=True),
)

reconcile = Table(
    "reconcile",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("looked_until", MOMENT, nullable=False),  # messages until then have been compared with the provider's
    Column("begun_at", MOMENT, nullable=False),  # when a look last began
)

# What grows with each message names its conversation without a key: each row's would be a query and a lock of the
# conversation, of which none is ever deleted, and whose row the statement that writes has just read.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("message", JSONB, nullable=False),  # bot.messages.Incoming
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False, server_default=NOW),
    Column("state", Text, nullable=False, server_default="open"),  # open, done, dead
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text),  # class and place of the last failure, no words of a person
    Column("done_at", MOMENT),
    # only what asks for `due_at` is led to it: a plan made with few open rows would read it through for each chat
    Index("ix_inbox_ready", "due_at", postgresql_where=text("state = 'open' and due_at is not null")),
    Index(
        "ix_inbox_open",
        "conversation_id",
        "id",
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_inbox_dead", "id", postgresql_where=text("state = 'dead'")),
    Index("ix_inbox_pinned", "received_at", postgresql_where=text("message ? 'location'")),
)

received_media = Table(
    "received_media",  # one row per file of an inbox row, which it outlives
    metadata,
    Column("inbox_id", BigInteger, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),  # in its message, from 1
    Column("conversation_id", BigInteger, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),  # bot.messages.MediaKind
    Column("mime", Text, nullable=False),  # as told; once kept, as found
    Column("reference", Text, nullable=False),  # at the provider; '': forgotten, and swept soon
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting, kept, refused, gone
    Column("reason", Text),  # why it was not kept, or not yet
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("bytes", Integer),
    Column("sha256", Text),  # hex
    Column("file", Text),  # its name under var/received/
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_received_media_due", "account_id", "due_at", postgresql_where=text("state = 'waiting'")),
    Index("ix_received_media_conversation", "conversation_id"),
    Index("ix_received_media_old", "kind", "at", postgresql_where=text("reference <> ''")),
    Index("ix_received_media_file", "file", postgresql_where=text("file is not null")),
    Index("ix_received_media_forgotten", "inbox_id", "place", postgresql_where=text("reference = ''")),
)

good_picture = Table(
    "good_picture",  # a photo that a vendor sent of a product: its file may be with the provider still
    metadata,
    Column("product_id", BigInteger, ForeignKey("product.id"), primary_key=True),
    Column("inbox_id", BigInteger, primary_key=True, autoincrement=False),  # and place: of received_media
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("said_id", BigInteger, nullable=False),  # inbox row by which it became the product's: newer ones stand first
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting, shown, lost
    Column("photo_hash", Text),  # once shown
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_good_picture_waiting", "at", postgresql_where=text("state = 'waiting'")),
)

turn = Table(
    "turn",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("commit_no", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("inbox_ids", ARRAY(BigInteger), nullable=False),
    Column("hat", Text, nullable=False),
    Column("state_before", Text, nullable=False),
    Column("state_after", Text, nullable=False),
    Column("read_as", Text, nullable=False),  # the route: answer, detour, miss …
    Column("outcomes", JSONB, nullable=False),
    Column("answers", JSONB, nullable=False),  # what rows, shows, readers, steps and understanding returned, in order
    Column("reader", JSONB, nullable=False),  # hats held, language, text mode, said number, whether long silent
    Column("before", JSONB, nullable=False),  # the machine's session before, as a document
    Column("after", JSONB, nullable=False),
    Column("said", JSONB, nullable=False),  # text keys with their values
    Column("version", Text, nullable=False),  # of the dialog tables
    Column("now", MOMENT, nullable=False),
    Index("ix_turn_conversation", "conversation_id", "id"),
    Index("ix_turn_now", "now"),  # what is old is found without a look at the rest; a turn's row is never changed
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", BigInteger, nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),  # reply, notice, bulk
    Column("said_at", BigInteger, nullable=False),  # with `place`: the order in the conversation
    Column("place", SmallInteger, nullable=False),
    Column("bubble", JSONB, nullable=False),  # bot.messages.Outgoing, offers included
    Column("template", JSONB),  # bot.messages.Template, for a shut window
    Column("needs_template", Boolean, nullable=False, server_default=text("false")),  # the provider said: it is shut
    # waiting sending uncertain sent delivered read | failed skipped
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("made_at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False, server_default=NOW),
    Column("too_old_at", MOMENT, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("lease_owner", Text),
    Column("lease_until", MOMENT),
    Column("sent_at", MOMENT),  # of the last try
    Column("look_ups", SmallInteger, nullable=False, server_default="0"),
    Column("resent", SmallInteger, nullable=False, server_default="0"),  # possible doubles
    Column("provider_id", Text),
    Column("error", Text),  # provider's code or our reason
    Column("about", JSONB),  # {"order": id …}: what it is news of, for the organizer's list
    UniqueConstraint("said_at", "place"),
    # only what asks for `conversation_id` is led to these two: a claim planned while nothing waited would read them
    # through, and sort
    Index(
        "ix_outbox_ahead",
        "conversation_id",
        "said_at",
        "place",
        postgresql_where=text("state in ('waiting', 'sending', 'uncertain') and conversation_id is not null"),
    ),
    Index(
        "ix_outbox_unasked",
        "conversation_id",
        "made_at",
        postgresql_where=text("kind <> 'reply' and conversation_id is not null"),
    ),
    Index(
        "ix_outbox_next",
        "account_id",
        "kind",
        "due_at",
        "said_at",
        "place",
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_leased",
        "lease_until",
        postgresql_where=text("state in ('sending', 'uncertain')"),
    ),
    Index(
        "ix_outbox_provider",
        "account_id",
        "provider_id",
        postgresql_where=text("provider_id is not null"),
    ),
    Index("ix_outbox_vendor_order", text("(about ->> 'vendor_order')"), postgresql_where=text("about is not null")),
    Index(
        "ix_outbox_unread",
        "conversation_id",
        "sent_at",
        postgresql_where=text("state in ('sent', 'delivered') and provider_id is not null"),
    ),
    Index("ix_outbox_refused", "id", postgresql_where=text("state = 'waiting' and attempts > 0")),
)

status_report = Table(
    "status_report",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("outbox_id", BigInteger),
    Column("status", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("refusal", JSONB),  # bot.messages.Refused
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Column("due_at", MOMENT, nullable=False, server_default=NOW),  # early ones are looked at again
    Index("ix_status_report_due", "due_at"),
)

attention = Table(
    "attention",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),  # person_asked, vendor_unreachable, notice_unsent, account_paused …
    Column("about", JSONB, nullable=False),  # ids only
    Column("conversation_id", BigInteger, index=True),
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Column("settled_at", MOMENT),
    Column("told_at", MOMENT),  # null: another of its kind had just been told
    Index("ix_attention_open", "id", postgresql_where=text("settled_at is null")),
    Index("ix_attention_told", "kind", "told_at", postgresql_where=text("settled_at is null and told_at is not null")),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("process", Text, primary_key=True),  # host:pid:role
    Column("role", Text, nullable=False),  # web, worker
    Column("at", MOMENT, nullable=False),
    Column("has_spool", Boolean, nullable=False, server_default=text("false")),  # webhooks wait on its machine's disk
)

figure = Table(
    "figure",
    metadata,
    Column("name", Text, primary_key=True),  # bot.figures says which there are
    Column("value", BigInteger, nullable=False),
    Column("at", MOMENT, nullable=False, server_default=NOW),  # when it was found
)

unclear = Table(
    "unclear",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("role", Text, nullable=False),  # the hat worn
    Column("kind", Text, nullable=False),  # miss, or nothing: words that no good answers
    Column("words", Text, nullable=False),  # as typed, figures masked
    Column("folded", Text, nullable=False),  # what groups them
    Column("contact_id", BigInteger, index=True),  # whose they are: they leave with him
    Column("at", MOMENT, nullable=False, server_default=NOW),
    Index("ix_unclear_at", "at"),
)

long_count = Table(
    "long_count",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),  # announcement, figures
    Column("about", JSONB, nullable=False),  # {"broadcast": id}, {"period": word}
    Column("conversation_id", BigInteger, nullable=False),  # where it is told
    Column("due_at", MOMENT, nullable=False, server_default=NOW),
    UniqueConstraint("kind", "about", "conversation_id"),
    Index("ix_long_count_due_at", "due_at"),
)
