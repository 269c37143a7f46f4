"""Public comments below the Page's posts, which are answered once and in private (channels.md §3.2, §3.3)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from base.accounts import MessengerAccount
from bot.messages import Identity, Incoming, Sender, Source
from handlers.graph import object_in
from handlers.messenger.events import Event, Unusable
from handlers.messenger.fields import moment_of, number_in
from handlers.words import line_in, text_in

FEED: Final = "feed"
VERBS: Final = ("add", "edited")
# `<post>_<comment>`, before them the Page where Meta names it too
ID: Final = re.compile(r"[0-9]{1,32}(_[0-9]{1,32}){0,2}")


def comment_id_in(value: Any) -> str:
    """The id of a comment or a post, whole or not at all."""
    return value if isinstance(value, str) and ID.fullmatch(value) else ""


def read_comment(event: Event, account: MessengerAccount) -> Incoming | None:
    """The words of a person below a post, or below another's comment; an edit is a message of its own.

    None for what the Page itself writes, for words taken back or hidden, and for a picture without words: there is
    nothing to answer. Raises Unusable for a damaged one.
    """
    value = event.value
    if event.document.get("field") != FEED or value.get("item") != "comment" or value.get("verb") not in VERBS:
        return None
    comment = comment_id_in(value.get("comment_id"))
    if not comment:
        raise Unusable("no_comment_id")
    told, text = object_in(value, "from"), text_in(value.get("message"))
    author = number_in(told.get("id"))
    # without permission nobody is named, and what we said below a comment comes back like anybody's
    is_own = author == event.page if author else text == account.public_reply.strip()
    if is_own or not text:
        return None
    post = comment_id_in(value.get("post_id"))
    return Incoming(
        provider_id=f"comment:{comment}:{value['verb']}",
        sender=Sender((Identity("comment", comment), *_chat_of(author, account)), line_in(told.get("name"))),
        text=text,
        comment=comment,
        sent_at=moment_of(event.at),
        source=Source("post", ad=post) if post else None,
    )


def _chat_of(author: str, account: MessengerAccount) -> Iterator[Identity]:
    """The chat of who comments, where its id is the comment's author's (unconfirmed, §3.2)."""
    if author and account.comment_author_is_psid:
        yield Identity("psid", author)
