"""What a chat was about a short while ago."""

from base.db import Db


def said_lately(db: Db, conversation_id: int, seconds: float, most: int) -> list[str]:
    """The text keys of a conversation's last turns, the newest first."""
    rows = db.rows(
        "select said from (select said, now from turn where conversation_id = %(conversation)s"
        " order by id desc limit %(most)s) lately where now > market_now() - make_interval(secs => %(seconds)s)",
        conversation=conversation_id,
        most=most,
        seconds=seconds,
    )
    return [key for row in rows for key, _ in row.said]
