"""The history checker: whatever happened to its processes, a house's books must agree with each other and with the
provider's.

Every check is a question to the tables (or to the provider) whose answer is empty when all is well.
"""

import json
import os
import re
from base64 import b64encode
from bisect import bisect
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import combinations

from base.config import ROOT, load
from base.db import FAILED
from base.invariants import violations
from bot.invariants import INVARIANTS
from bot.messages import RANKS
from bot.outbox import OPEN
from handlers.signatures import read_our_id
from orders import states
from tests.journeys import replay
from tests.waiting import Late, wait_for
from wiring import build

KEPT_AT = ROOT / "var" / "test" / "histories"
BY_AGE = {"seen": "seen_at", "identity": "made_at"}  # what tells the newest rows of a table, where it is no id
TABLES = (
    *("inbox", "seen", "turn", "outbox", "status_report", "conversation", "identity", "attention"),
    *("order", "vendor_order", "order_line", "order_history", "stock", "stock_movement"),
    *("basket", "basket_line", "basket_history"),
)
MOST_ROWS, MOST_LINES, MOST_LETTERS = 20_000, 200, 100  # of a table, of a process's life, of a file's name

# name -> rows that should not be
QUESTIONS = {
    "a message that is neither done nor dead": "select id, state, attempts, error from inbox where state = 'open'",
    "a message without its key in seen": (
        "select i.id from inbox i where provider_id not like 'wake:%%' and not exists"
        " (select from seen s where (s.account_id, s.provider_id) = (i.account_id, i.provider_id))"
    ),
    "two rows of one message": (
        "select account_id, provider_id, count(*) from inbox group by 1, 2 having count(*) > 1"
    ),
    "a message in two turns, or in none": (
        "select i.id, i.state, count(t.id) from inbox i left join (turn t cross join unnest(t.inbox_ids) as taken)"
        " on i.id = taken"
        " where i.state <> 'open' group by i.id having count(t.id) <> 1 and not (i.state = 'dead' and count(t.id) = 0)"
    ),
    # the first turn finds an empty session; nothing but a turn writes one, and no turn's row is ever removed
    "a turn that did not begin where the one before it ended": (
        "select id, conversation_id, commit_no from (select t.*, lag(after, 1, '{}') over"
        " (partition by conversation_id order by commit_no) as left_at from turn t) t where before <> left_at"
    ),
    "a conversation that is not where its last turn left it": (
        "select c.id from conversation c join lateral (select after from turn t where t.conversation_id = c.id"
        " order by commit_no desc limit 1) t on true where c.document->'session' <> t.after"
    ),
    "a bubble that is still open": (
        "select id, state, attempts, look_ups, error from outbox where state in ('waiting', 'sending', 'uncertain')"
    ),
    "a lease that ran out": "select id, lease_owner from outbox where lease_until < market_now()",
    "a turn's bubble that is missing": (
        "select t.id, jsonb_array_length(t.said), count(o.id) from turn t left join outbox o"
        " on o.conversation_id = t.conversation_id and o.said_at = (t.reader->>'said')::bigint"
        " group by t.id having jsonb_array_length(t.said) > 0 and count(o.id) = 0"
    ),
    "a basket that is not what its history left": (
        "select basket_id, product_id, l.quantity, h.quantity_after"
        " from basket_line l full join (select distinct on (basket_id, product_id) * from basket_history"
        " order by basket_id, product_id, id desc) h using (basket_id, product_id)"
        " where coalesce(l.quantity, 0) is distinct from h.quantity_after"
    ),
    "a change of a basket that did not begin where the one before it ended": (
        "select id, basket_id, product_id from (select *, lag(quantity_after, 1, 0) over"
        " (partition by basket_id, product_id order by id) as left_at from basket_history) h"
        " where quantity_before <> left_at or quantity_before = quantity_after"
    ),
    "an order whose total is not the sum of its parts": (
        'select o.id from "order" o join vendor_order v on v.order_id = o.id'
        " where not exists (select from order_history h"
        " where h.vendor_order_id = v.id and h.order_id = o.id and h.fact = 'moved') group by o.id"
        " having o.total <> sum(v.goods + v.delivery)"
    ),
    "a part whose goods are not the sum of its lines": (
        "select v.id from vendor_order v join order_line l on l.vendor_order_id = v.id group by v.id"
        " having v.goods <> sum(coalesce(l.amount, l.quantity * l.price))"
    ),
    "a movement of stock that is not what its reason moves": (
        "select m.id, m.reason, m.quantity from stock_movement m left join (values"
        " ('hold', 0, 1, 0), ('unhold', 0, -1, 0), ('allocate', 0, -1, 1), ('free', 0, 0, -1),"
        " ('hand_over', -1, 0, -1), ('return', 1, 0, 0),"
        " ('receive', 1, 0, 0), ('remove', -1, 0, 0), ('undo', 1, 0, 0)) r (reason, lying, held, allocated)"
        " using (reason)"
        " where (m.on_hand_after, m.held_after - m.held_before, m.allocated_after - m.allocated_before)"
        " is distinct from case when m.reason = 'count' then row(m.quantity, 0, 0) else"
        " row(m.on_hand_before + m.quantity * r.lying, m.quantity * r.held, m.quantity * r.allocated) end"
        " or (m.reason not in ('count', 'undo') and m.quantity <= 0)"
    ),
    "a part whose goods did not move as its history says": (
        # what a change took away was allocated once, and freed by it
        "select part, reason, told.units as as_told, moved.units as moved from ("
        " select part, stock_id, reason, sum(units) as units from ("
        " select v.id as part, l.stock_id, r.reason, l.quantity * l.factor as units from order_history h"
        " join vendor_order v on v.id = h.vendor_order_id or (h.vendor_order_id is null and v.order_id = h.order_id)"
        " join order_line l on l.vendor_order_id = v.id join (values ('placed', 'allocate'), ('refused', 'free'),"
        " ('cancelled', 'free'), ('expired', 'free'), ('handed_over', 'hand_over'), ('returned', 'return'))"
        " r (fact, reason) on r.fact = h.fact where h.details->>'is_sellable' is distinct from 'false'"
        " union all select h.vendor_order_id, (c->>'stock')::bigint, r.reason, (c->>'before')::int - (c->>'after')::int"
        " from order_history h cross join jsonb_array_elements(h.details->'lines') c"
        " cross join (values ('allocate'), ('free')) r (reason)"
        " where h.fact = 'changed' and (c->>'before')::int > (c->>'after')::int"
        ") each_one group by 1, 2, 3) told"
        " full join (select vendor_order_id as part, stock_id, reason, sum(quantity) as units from stock_movement"
        " where vendor_order_id is not null group by 1, 2, 3) moved using (part, stock_id, reason)"
        " where told.units is distinct from moved.units"
    ),
    "a movement without a part that only parts make": (
        "select id, reason from stock_movement where vendor_order_id is null"
        " and reason in ('allocate', 'free', 'hand_over', 'return')"
    ),
    "an order that two messages placed": (
        "select inbox_id, count(distinct order_id) from order_history where fact = 'placed' and inbox_id is not null"
        " group by 1 having count(distinct order_id) > 1"
    ),
}
# The books know when a bubble was last claimed; when it was settled, whoever did it, only a house's own do.
NOTING_ENDS = (
    "alter table outbox add column if not exists ended_at timestamptz",
    "create or replace function note_end() returns trigger language plpgsql as"
    " $$ begin new.ended_at = market_now(); return new; end $$",
    "create or replace trigger note_end before update of state on outbox for each row"
    f" when (old.state in {OPEN} and new.state not in {OPEN}) execute function note_end()",
)
# A recovery lasts from a kill until the last of what was open then, message or bubble, is done.
FIGURES = """
with work as materialized (
  select received_at as since, done_at as until from inbox
  union all select made_at, ended_at from outbox
)
select (select count(*) from inbox) as messages, (select coalesce(sum(resent), 0) from outbox) as resent,
  %(deadlocks)s::int as deadlocks,
  (select coalesce(max(extract(epoch from until - fall)), 0)
    from unnest(%(falls)s::timestamptz[]) fall join work on since <= fall and until > fall) as recovery,
  (select coalesce(max(extract(epoch from o.sent_at - i.received_at)), 0) from turn t
    join inbox i on i.id = t.inbox_ids[1] join outbox o on o.conversation_id = t.conversation_id
    and o.said_at = (t.reader->>'said')::bigint) as slowest
"""
ACTIONS = (
    *(states.ACCEPT, states.REFUSE, states.READY, states.HAND_OVER),
    *(states.DELIVER, states.TAKE_BACK, states.CANCEL),
)
# Turns of one conversation follow each other; news comes into it from turns of others, and of two at one moment the
# second number may be kept first. Written in the other order than numbered, they were at one moment, however long; else
# the first of them may have taken this long from its writing to its commit.
TOGETHER = timedelta(seconds=2)
SAID = "select id, conversation_id, said_at, place, kind, made_at, attempts from outbox"
WORTH = ("bulk", "notice", "reply")  # of a bubble, rising
FAR = 60  # seconds until a next try, behind which nothing waits that is worth more
TURNED = """
select t.id, before.provider_id as turned_first, own.provider_id as turned_after
from (select id, inbox_ids[1] as own, lag(inbox_ids[cardinality(inbox_ids)]) over
  (partition by conversation_id order by commit_no) as before from turn) t
join inbox own on own.id = t.own join inbox before on before.id = t.before
where t.before >= t.own
"""
PARTS = """
select v.id, v.state, array_remove(array_agg(h.fact order by h.id), null) as facts
from vendor_order v left join order_history h on h.vendor_order_id = v.id and h.fact = any(%(states)s)
group by v.id order by v.id
"""
# What confirms a copy of a bubble -> seconds until whoever would send it again must know. The answer is the sender's;
# he may have given up while the next one's request is on its way. A list is read by whoever would send. A report is
# answered when it is kept; it is folded within a poll, by a worker that may have to be started for it.
KNOWN_AFTER = {"answer": 1.0, "list": 0.0, "report": 2.0}
# the state that a fact of an order's part leads to -> the states it may come from; a part begins in none
SOURCES = {action.to: action.sources for action in ACTIONS} | {"placed": ("nothing",), "expired": ("placed",)}
BY_A_JOB_WITHIN = 20.0  # seconds until what a job has written since everybody was idle is settled too
REACHED = {**RANKS, "skipped": RANKS["failed"]}  # the rank of a bubble's state; while it is open it has none


class Torn(AssertionError):
    """The books contradict each other; the text names how."""


def note_ends(house):
    """From now on the house's books note when each bubble was settled, as `figures_of` asks."""
    for statement in NOTING_ENDS:
        house.run(statement)


def figures_of(house):
    """messages, resent, deadlocks, recovery and slowest (seconds: the longest of each) of a house's books."""
    falls = [*house.falls, *(moment for _, moment in house.server_falls)]
    (row,) = house.rows(FIGURES, deadlocks=house.deadlocks(), falls=falls)
    return row


def check(house, since=0):
    """Raise Torn with every fault of an idle house's history.

    Turns up to the commit number `since` are not made again; returns the number for the next check.
    """
    house.is_checked = False
    _let_jobs_end(house)
    _check_books(house)
    last = _check_replay(house, since)
    house.is_checked = True
    return last


def _let_jobs_end(house):
    """What is open now is settled in time: a job may have written it. What is not, the books tell."""
    with suppress(Late):
        wait_for(house.is_done, "", BY_A_JOB_WITHIN)


def _check_books(house):
    """What the tables and the provider say; no turn is made again. Raises Torn."""
    found = [*_of_tables(house), *_of_orders(house), *_of_turns(house), *_of_webhooks(house), *_of_reports(house)]
    found += [*_of_provider(house), *_of_cache(house)]
    if found:
        raise Torn("\n".join(found))


def _check_replay(house, since=0):
    """Every turn again, by the machine alone: it leaves the same session and the same words."""
    market = build(load(environ=house.environ), role="replay")
    try:
        return replay.check_every_turn(market, since)
    finally:
        market.database.close()


def _of_tables(house):
    for name, question in QUESTIONS.items():
        rows = house.rows(question)
        if rows:
            yield f"{name}: {[tuple(row) for row in rows[:5]]} ({len(rows)} in all)"
    with house.database.unit_of_work() as db:
        for broken in violations(db, INVARIANTS):
            yield f"{broken.invariant}: {broken.row}: {broken.says}"
    if deadlocks := house.deadlocks():
        yield f"{deadlocks} deadlocks (SQLSTATE 40P01)"


def _of_orders(house):
    """Each part of an order is where the facts of its history lead, one after the other."""
    for part in house.rows(PARTS, states=list(states.STATES)):
        state = "nothing"
        for fact in part.facts:
            if state not in SOURCES[fact]:
                yield f"a part of an order went from {state} to {fact}: part {part.id}"
            state = fact
        if state != part.state:
            yield f"a part of an order is {part.state} and its history ends with {state}: part {part.id}"


def _of_turns(house):
    """Turns follow the order of their messages; messages that were under way at the same time have none."""
    for turn in house.rows(TURNED):
        both = turn.turned_first, turn.turned_after
        if not any(_were_together(provider.under_way, *both) for provider in house.providers):
            yield f"turned after a later message: {turn.turned_after}, after {turn.turned_first} (turn {turn.id})"


def _were_together(under_way, *both):
    """Whether each of two messages was first tried before the other was answered."""
    if not under_way.keys() >= set(both):
        return False
    (began, ended), (other_began, other_ended) = (under_way[one] for one in both)
    return began < other_ended and other_began < ended


def _of_webhooks(house):
    """Each message that was acknowledged has its row."""
    rows = {row.provider_id for row in house.rows("select provider_id from inbox")}
    acknowledged = {provider.id_of(inbound) for provider in house.providers for inbound in provider.acknowledged}
    lost = sorted(acknowledged - rows)
    if lost:
        yield f"acknowledged and lost: {lost[:5]} ({len(lost)} in all)"


def _of_reports(house):
    """Each report of the providers' own that was acknowledged has raised its bubble at least so far.

    The failure of a copy says nothing once the bubble was taken again.
    """
    secret = load(environ=house.environ).secret_key
    states = {row.id: row.state for row in house.rows("select id, state from outbox")}
    for provider in house.providers:
        bubbles = {message.sid: our_id(message, secret) for message in provider.messages}
        copies = Counter(bubbles.values())
        for sid, status, answer in list(provider.posted):
            bubble = bubbles[sid]
            if bubble in house.forgotten and bubble not in states:
                continue
            is_outdated = status == "failed" and copies[bubble] > 1
            if answer == 200 and not is_outdated and REACHED.get(states.get(bubble), 0) < RANKS[status]:
                yield f"a report was acknowledged and lost: outbox {bubble} is {states.get(bubble)}, not {status}"


def _of_provider(house):
    """What the outbox calls sent was taken once; what was taken once is called sent; the order is that of saying."""
    sent = _called_sent(house)
    config, messages = load(environ=house.environ), house.messages  # after the rows: a job may say something meanwhile
    secret = config.secret_key
    copies = defaultdict(list)  # outbox id -> what the provider took of it
    for message in messages:
        copies[our_id(message, secret)].append(message)
    yield from _unsent(house, sent, copies)
    yield from _doubled(house, {outbox: took for outbox, took in copies.items() if len(took) > 1})
    yield from _out_of_order(house, messages, config)


def _doubled(house, copies):
    """Bulk goes out once; anything else again only while none of the copies before is confirmed, and it is counted."""
    rows = {row.id: row for row in house.rows("select id, kind, resent from outbox where resent > 0")}
    unread = house.logged_values("twilio_list_unread", "outbox_id")  # the list came too late for its time-out
    for outbox, took in copies.items():
        row = rows.get(outbox)
        if row is None or row.kind == "bulk" or row.resent < len(took) - 1:
            yield f"sent twice: outbox {outbox}, {len(took)} times"
        elif how := next(_confirmations(took, {"list"} if str(outbox) in unread else set()), ""):
            yield f"sent again though the {how} had confirmed it: outbox {outbox}, {len(took)} times"


def _confirmations(took, without):
    """What had confirmed a copy, so long ago that it was known, when a later copy was taken."""
    for earlier, later in combinations(took, 2):
        for how, moment in earlier.confirmed.items():
            if how not in without and later.received_at.timestamp() > moment + KNOWN_AFTER[how]:
                yield how


def _called_sent(house):
    return house.rows("select id, provider_id from outbox where state in ('sent', 'delivered', 'read')")


def _unsent(house, sent, taken):
    lost = {row.id: row.provider_id for row in sent if row.id not in taken}
    if lost:
        copies = {message.sid: outbox for outbox, took in taken.items() for message in took}
        instead = {outbox: copies.get(provider_id) for outbox, provider_id in list(lost.items())[:5]}
        yield f"called sent, and never taken, as a copy of another was: {instead} ({len(lost)} in all)"
    failed = house.rows("select id, kind, error from outbox where state in ('failed', 'skipped')")
    for row in failed:
        if row.kind != "bulk" and row.error not in house.may_fail_for and row.id not in house.unheard:
            yield f"nobody hears it: outbox {row.id}, a {row.kind}, for {row.error}"
    known = {row.id for row in (*_called_sent(house), *failed)}
    strange = [outbox for outbox in taken if outbox not in known | house.forgotten]
    if strange:
        yield f"taken, and not in the books: {strange[:5]}"


def _out_of_order(house, messages, config):
    """The first copies of a conversation's bubbles go in the order of saying, but for pairs made at one moment.

    One that was in doubt for too long may be overtaken, and one that was tried so often that its next try was far may
    be by what is worth more, by the settings of the house.
    """
    near = sum(seconds <= FAR for seconds in config.timing.send_retry)
    patience = timedelta(seconds=config.timing.uncertain_most)
    said = {row.id: row for row in house.rows(SAID)}
    taken = defaultdict(list)  # conversation -> its bubbles taken so far, in the order of saying
    moments = {}  # outbox id -> when its first copy was taken
    for message in messages:
        outbox = our_id(message, config.secret_key)
        if outbox in moments or (bubble := said.get(outbox)) is None:
            continue
        moments[outbox] = message.received_at
        before = taken[bubble.conversation_id]
        place = bisect(before, _place(bubble), key=_place)
        for later in before[place:]:
            was_far = bubble.attempts > near + 1 and WORTH.index(bubble.kind) < WORTH.index(later.kind)
            if _have_an_order(bubble, later) and not was_far and moments[later.id] < bubble.made_at + patience:
                yield f"out of order: outbox {outbox} after {later.id}, which was said later"
        before.insert(place, bubble)


def _place(bubble):
    return bubble.said_at, bubble.place


def _have_an_order(first, second):
    """Whether two bubbles of a conversation, in order of saying, are both replies, of one saying, or made apart."""
    if first.kind == second.kind == "reply" or first.said_at == second.said_at:
        return True
    return first.id < second.id and abs(first.made_at - second.made_at) > TOGETHER


def _of_cache(house):
    """A cached session is the conversation's own, or of another revision and read by nobody."""
    client = house.redis
    if client is None:
        return
    for row in house.rows("select id, revision, document from conversation"):
        held = json.loads(client.get(f"session:{row.id}") or "null")
        if held and held["revision"] == row.revision and held["document"] != row.document:
            yield f"the cached session of conversation {row.id} is not its row's"


def our_id(message, secret):
    """The outbox row that a message taken by the provider belongs to, by the signed id that was sent with it."""
    return _told_by(secret, message.ours)


@lru_cache(maxsize=50_000)
def _told_by(secret, ours):
    return read_our_id(secret, ours)


def keep(house, name):
    """Write what the provider, the processes' last lines and the tables say into a file; its path. Never raises."""
    KEPT_AT.mkdir(parents=True, exist_ok=True)
    path = KEPT_AT / f"{re.sub(r'[^a-zA-Z0-9_-]+', '-', name)[:MOST_LETTERS]}-{os.getpid()}.jsonl"
    with path.open("w") as file:
        for line in (*_lines_of_providers(house), *_lines_of_logs(house), *_lines_of_tables(house)):
            file.write(json.dumps(line, default=_plain) + "\n")
    return path


def _lines_of_providers(house):
    for provider in house.providers:
        for sid, (began, ended) in provider.under_way.items():
            yield {"knocked": sid, "began": began, "ended": ended}
        yield {"acknowledged": [provider.id_of(inbound) for inbound in provider.acknowledged]}
        for message in provider.messages:
            yield {"taken": message.sid, **vars(message)}
        for sid, status, answer in list(provider.posted):
            yield {"reported": sid, "status": status, "answer": answer}


def _lines_of_logs(house):
    yield {"falls": house.falls, "server_falls": house.server_falls}
    for path in sorted(house.folder.glob("*.log")):
        for line in path.read_text(errors="replace").splitlines()[-MOST_LINES:]:
            yield {"log": path.stem, "line": line}


def _lines_of_tables(house):
    """The newest of each table, as far as the database tells it: it may be what has failed."""
    for table in TABLES:
        try:
            rows = house.rows(f'select * from "{table}" order by {BY_AGE.get(table, "id")} desc limit {MOST_ROWS}')
        except FAILED as error:
            yield {"table": table, "error": repr(error)}
        else:
            yield from ({"table": table, **row._asdict()} for row in reversed(rows))


def _plain(value):
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else str(value)
