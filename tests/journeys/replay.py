"""The replay check: a turn's row, given its own answers again, leads to the session and the words that it left."""

import json

from bot.answers import Reader, compose
from bot.documents import outgoing_to_json
from bot.engine import MOST_TRIES
from bot.machine import advance
from bot.messages import Incoming
from bot.pace import Allowed
from bot.session import Session
from bot.waiting import _joined, message_of
from bot.world import PLAIN_SORRY, SORRY, Moment
from bot.worlds import ReplayWorld, said_of

TURNS = """
select t.*, c.account_id from turn t join conversation c on c.id = t.conversation_id where t.commit_no > %(since)s
order by t.commit_no
"""
MESSAGES = "select * from inbox where id = any(%(ids)s) order by id"
BUBBLES = "select bubble from outbox where conversation_id = %(conversation)s and said_at = %(said)s order by place"


def check_every_turn(market, since=0):
    """Every turn of a market after a commit number, by the machine alone; the words are those in the outbox.

    Returns the last turn's commit number.
    """
    bot = market.bot
    with market.database.unit_of_work() as db:
        turns = db.rows(TURNS, since=since)
        for turn in turns:
            message = message_of_turn(db.rows(MESSAGES, ids=turn.inbox_ids))
            bubbles = db.rows(BUBBLES, conversation=turn.conversation_id, said=turn.reader["said"])
            check(bot, turn, message, [row.bubble for row in bubbles])
    assert turns
    return turns[-1].commit_no


def message_of_turn(rows):
    """What these inbox rows were to their turn; of a dead one's that was an apology, plain when it had failed once."""
    message = _joined([message_of(row) for row in rows])
    if rows[0].state != "dead":
        return message
    tries_before = rows[0].attempts - 1  # the burial was counted too
    return Incoming(message.provider_id, message.sender, signal=PLAIN_SORRY if tries_before > MOST_TRIES else SORRY)


def check(bot, turn, message, bubbles):
    """One turn."""
    minute, allowed = int(turn.now.timestamp() // 60), Allowed(*turn.reader["allowed"])
    moment = Moment(minute, turn.reader["is_after_silence"], allowed)
    world = ReplayWorld(turn.reader["hats"], turn.answers)
    turned = advance(bot.dialogs, Session.from_document(turn.before), message, world, moment)
    limits = bot.limits[bot.accounts[turn.account_id].kind]
    reader = Reader(turn.reader["language"], turn.reader["is_in_text_mode"], limits, bot.config.server.base_url)
    composed = compose(turned.bubbles, turned.session, reader, turn.reader["said"], moment.minute)
    assert next(world._answers, None) is None, "answers are left over"
    assert (turned.route.how, list(turned.outcomes)) == (turn.read_as, turn.outcomes)
    assert as_json(said_of(turned.bubbles)) == turn.said
    assert as_json(composed.session.to_document()) == turn.after
    assert [json.loads(outgoing_to_json(bubble)) for bubble in composed.bubbles] == bubbles


def as_json(value):
    """A value as a column holds it."""
    return json.loads(json.dumps(value))
