"""The replay check: a turn's row, given its own answers again, leads to the session and the words that it left."""

import json
from collections import defaultdict
from dataclasses import replace

from bot.answers import Reader, compose
from bot.comments import in_private
from bot.documents import outgoing_to_json
from bot.engine import MOST_TRIES
from bot.first_words import below
from bot.machine import advance
from bot.messages import Incoming
from bot.pace import Allowed
from bot.quoting import answering
from bot.running import limits_of
from bot.session import Session
from bot.waiting import _joined, message_of
from bot.world import PLAIN_SORRY, SORRY, Moment
from bot.worlds import ReplayWorld, said_of

TURNS = """
select t.*, i.account_id from turn t join inbox i on i.id = t.inbox_ids[1] where t.commit_no > %(since)s
  and t.version <> '…' -- words about somebody who was erased were cut out of it
order by t.commit_no
"""
MESSAGES = "select * from inbox where id = any(%(ids)s) order by id"
BUBBLES = """
select conversation_id, said_at, bubble from outbox
join unnest(%(conversations)s::bigint[], %(said)s::bigint[]) t(conversation_id, said_at)
  using (conversation_id, said_at)
order by place
"""
AT_ONCE = 200  # turns whose rows are read together


def check_every_turn(market, since=0):
    """Every turn of a market after a commit number, by the machine alone; the words are those in the outbox.

    Returns the last turn's commit number.
    """
    bot = market.bot
    with market.database.unit_of_work() as db:
        turns = db.rows(TURNS, since=since)
        for begin in range(0, len(turns), AT_ONCE):
            _check_together(bot, db, turns[begin : begin + AT_ONCE])
    assert turns
    return turns[-1].commit_no


def _check_together(bot, db, turns):
    ids = [inbox_id for turn in turns for inbox_id in turn.inbox_ids]
    rows = {row.id: row for row in db.rows(MESSAGES, ids=ids)}
    conversations, said = zip(*((turn.conversation_id, turn.reader["said"]) for turn in turns), strict=True)
    bubbles = defaultdict(list)
    for row in db.rows(BUBBLES, conversations=list(conversations), said=list(said)):
        bubbles[row.conversation_id, row.said_at].append(row.bubble)
    for turn in turns:
        message = message_of_turn([rows[inbox_id] for inbox_id in sorted(turn.inbox_ids)])
        check(bot, turn, message, bubbles[turn.conversation_id, turn.reader["said"]])


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
    moment = Moment(minute, turn.reader["is_after_silence"], allowed, turn.reader["is_held"], turn.reader["is_late"])
    moment = replace(moment, blocked=turn.reader.get("blocked", ""))
    world = ReplayWorld(turn.reader["hats"], turn.answers)
    turned = advance(bot.dialogs, Session.from_document(turn.before), message, world, moment)
    turned = below(turned, turn.reader["footnotes"])
    limits = limits_of(bot, turn.account_id)
    reader = Reader(turn.reader["language"], turn.reader["is_in_text_mode"], limits, bot.config.server.base_url)
    composed = compose(turned.bubbles, turned.session, reader, turn.reader["said"], moment.minute)
    composed = in_private(answering(composed, message, turned, moment), message.comment, limits)
    assert next(world._answers, None) is None, "answers are left over"
    assert (turned.route.how, list(turned.outcomes)) == (turn.read_as, turn.outcomes)
    assert as_json(said_of(turned.bubbles)) == turn.said
    assert as_json(composed.session.to_document()) == turn.after
    assert [json.loads(outgoing_to_json(bubble)) for bubble in composed.bubbles] == bubbles


def as_json(value):
    """A value as a column holds it."""
    return json.loads(json.dumps(value))
