"""Messages at every question that stories open: what they would write there, and take back."""

import re
from collections import Counter
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from time import monotonic

from base.clock import move_test_clock
from base.spelling import fold
from bot import contacts
from bot.dialogs import DIALOGS
from bot.documents import incoming_from
from bot.messages import Incoming
from bot.opt_words import read_opt
from bot.plain_words import meant
from bot.readings import number_typed, read_command
from bot.routing import BACK_WORDS
from bot.running import prepare, run
from bot.waiting import Waiting
from catalog import adjusting
from tests.journeys.ground import SEQUENCES

TABLES = Path(__file__).parents[1] / "bot" / "understanding"
OF_HATS = {
    "buyer": ("buyers.txt", "buyers_seen.txt"),
    "vendor": ("vendors.txt", "vendors_market.txt"),
    "organizer": ("organizers.txt",),
}
DIALOG = {dialog.name: dialog for dialog in DIALOGS}
# what a chat is about, what is proposed or drafted, what one person asks and another answers (also what an organizer
# types to a person, which comes in as a message), a second factor that is offered, and what is told to us: no goods, no
# money, no order and no right of anybody changes by it; `table`, or `table:ins`, `table:upd`, `table:gone`. What makes
# a draft count (an announcement that is sent, a programme that is changed) is a step that writes, which is looked for.
FREE = frozenset(
    "adjustment:ins adjustment_line adjustment_line:ins basket basket_line basket_history basket_reminder conversation"
    " wish unclear search_log told source comment_reply outbox attention complaint shop_application:upd"
    " broadcast:ins broadcast:upd broadcast_history:ins programme_change:ins question:ins question:upd"
    " workshop_question:ins workshop_question:upd inbox:ins second_factor:ins".split()
)
FIGURES = re.compile(r"\d+")
HELD, HOLDS = {"stock:upd", "stock_movement:ins"}, {"hold", "unhold"}  # a basket's hold ends with what is in it
MOVED = "select stock_id, reason, quantity from stock_movement where id > %(last)s"
OF_COMPLAINTS = "order_history:ins"  # a complaint stands in its order's history
A_STEP_THAT_WRITES = "step:writes"
OPENED = """
select c.id, c.account_id, c.revision, c.last_at, market_now() as now, c.document,
  i.id as inbox_id, i.message
from conversation c cross join lateral (
  select id, message from inbox where conversation_id = c.id and not message ? 'happened' order by id desc limit 1) i
where c.held_until is null order by c.id
"""
# as the view pg_stat_xact_user_tables has it, which joins all indexes to count what nobody asks here
CHANGES = """
select * from (
  select relname as name, pg_stat_get_xact_tuples_inserted(oid) as ins, pg_stat_get_xact_tuples_updated(oid) as upd,
    pg_stat_get_xact_tuples_deleted(oid) as gone
  from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
) changed where ins + upd + gone > 0
"""


@cache
def messages(hat):
    """The messages of the tables that understanding is held to for a hat, each once."""
    lines = [line for name in OF_HATS[hat] for line in (TABLES / name).read_text("utf-8").splitlines()]
    typed = [re.split(r" \| ", line)[0].replace("\\n", "\n") for line in lines if line and not line.startswith("#")]
    return tuple(dict.fromkeys(typed))


@dataclass(frozen=True)
class Answer:
    """What one message did: how it was read, where it led, what it wrote, as `table:ins`, and how stock moved by it.

    `moves` are (stock, reason, units), without what a basket holds.
    """

    how: str
    after: str
    outcomes: tuple[str, ...]
    writes: frozenset[str]
    moves: frozenset[tuple[int, str, int]]


@dataclass
class Crossing:
    """`chosen(state, hats, is_at_once)` are the pairs (right, mistyped) to try at a question that is met for the first
    time; so it is again by whoever has small changes done without being asked.
    """

    market: object
    chosen: object
    met: set = field(default_factory=set)
    wrong: list = field(default_factory=list)
    parted: dict = field(default_factory=dict)  # stories that were told otherwise
    counts: Counter = field(default_factory=Counter)

    def look(self):
        """Try all that was chosen at each question that is open now and was not before; nothing of it stays."""
        with self.market.database.transaction() as db:
            db.run("set local idle_in_transaction_session_timeout = 0")  # many messages are read in it
            drawn = db.rows(SEQUENCES)
            for row in db.rows(OPENED):
                self._look_at(db, row)
            db.connection.rollback()
        with self.market.database.autocommit() as db:  # numbers that were drawn are not given back by themselves
            for name, value, is_called in drawn:
                db.run("select setval(%(name)s, %(value)s, %(is_called)s)", name=name, value=value, is_called=is_called)

    def _look_at(self, db, row):
        session = row.document.get("session", {})
        state = session.get("state") or f"{session.get('hat', 'buyer')}."
        person = contacts.people(db, [row.id])[row.id]
        hats = person.hats
        is_at_once = bool(person.vendor_ids) and adjusting.takes_small_at_once(db, person.vendor_ids)
        if (state, hats, is_at_once) in self.met:
            return
        self.met.add((state, hats, is_at_once))
        said = incoming_from(row.message)
        waiting = Waiting(
            row.id, row.account_id, person, row.revision, row.last_at, row.now, (row.inbox_id,),
            Incoming("", said.sender), 0, row.now, row.now,
        )  # fmt: skip
        (prepared,) = prepare(db, self.market.bot.sessions, [waiting])
        known = {}
        for right, slip in self.chosen(state, hats, is_at_once):
            for text in (right, slip):
                if text not in known:
                    known[text] = self._answer(db, prepared, text)
            self._judge(state, prepared.document, right, slip, known)

    def _answer(self, db, prepared, text):
        """One turn as the engine makes it, in a savepoint that is left."""
        message = Incoming("", prepared.waiting.message.sender, text)
        fresh = replace(
            prepared, waiting=replace(prepared.waiting, message=message), document=deepcopy(prepared.document)
        )
        last = db.value("select coalesce(max(id), 0) from stock_movement")
        db.run("savepoint crossed")
        before = changes(db)
        ran = run(self.market.bot, db, fresh)
        writes = changes(db) - before
        moved = {(row.stock_id, row.reason, row.quantity) for row in db.rows(MOVED, last=last)}
        db.run("rollback to savepoint crossed")
        db.facts.clear()
        return Answer(
            ran.turned.route.how,
            ran.composed.session.state,
            tuple(ran.turned.outcomes),
            forbidden(writes, has_written=ran.turned.has_written)
            - (HELD if {reason for _, reason, _ in moved} <= HOLDS else set()),
            frozenset(one for one in moved if one[1] not in HOLDS),
        )

    def _judge(self, state, document, right, slip, known):
        meant_to, did = known[right], known[slip]
        self.counts["turns"] += 1
        self.counts[f"read as {did.how}"] += 1
        self.counts["asked"] += not did.writes and did.how not in ("answer", "go", "door")
        more = did.writes - meant_to.writes or otherwise(meant_to.moves, did.moves, right, slip)
        self.counts["moved stock"] += bool(did.moves)
        self.counts["moved by the right one"] += bool(meant_to.moves)
        self.counts["wrote as meant"] += bool(did.writes and not more)
        if more and is_given(document, state, slip):
            self.counts["chosen letter by letter"] += 1
        elif more:
            self.wrong.append((state, right, slip, did.how, did.outcomes, sorted(more)))


def forbidden(writes, *, has_written):
    """Of what was written that which needs a yes; a step that writes is one, whatever it wrote."""
    found = {one for one in writes if one not in FREE and one.partition(":")[0] not in FREE}
    if "complaint:ins" in writes:
        found.discard(OF_COMPLAINTS)
    return frozenset(found | ({A_STEP_THAT_WRITES} if has_written else set()))


def otherwise(meant_to, did, right, slip):
    """How stock moved that the right message does not move, or not so; by how many only where the figures are right."""
    if FIGURES.findall(right) == FIGURES.findall(slip):
        return did - meant_to
    return {one[:2] for one in did} - {one[:2] for one in meant_to}


def is_given(document, state, text):
    """Whether a message is, letter by letter, an option's number or title, a plain word or a command: a real yes."""
    hat, _, name = state.partition(".")
    dialog, word = DIALOG[hat], fold(text)
    here = dialog.states.get(name)
    session = document.get("session", {})
    offers = session.get("menu", ())
    numbers = {number for number, _, _ in offers}
    titles = {
        fold(title) for _, title, _ in (*offers, *(one for menu in session.get("lasting", ()) for one in menu[2]))
    }
    return bool(
        number_typed(text) in numbers
        or word in titles
        or word in BACK_WORDS
        or (here and meant(text, here.choices))
        or word in dialog.anywhere
        or any(read_command(one.commands, text) for one in DIALOGS)
        or read_opt(text)
    )


def changes(db):
    """`table:ins` of this transaction, as often as rows changed so; what was rolled back counts on."""
    rows = db.rows(CHANGES)
    return Counter({f"{row.name}:{kind}": getattr(row, kind) for row in rows for kind in ("ins", "upd", "gone")})


@contextmanager
def crossed(stage, crossing):
    """A story whose every new question is crossed as soon as all is settled."""
    settle, crossing.market = stage.settle, stage.market

    def settled():
        settle()
        began = monotonic()
        crossing.look()
        move_test_clock(stage.market.database, began - monotonic())  # what is tried takes none of the story's time

    stage.settle = settled
    yield
    stage.settle = settle
