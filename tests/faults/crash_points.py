"""Named places where a process can be made to end as by kill -9: `CRASH_AT=name:nth` in its environment.

`granian … tests.faults.crash_points:app` is a door, `python -m tests.faults.crash_points` a worker; without the
variable they are as any other. The points are hung around the functions of the program from outside: what is shipped
knows nothing of them, so they cost nothing there.
"""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from importlib import import_module
from itertools import count
from typing import Literal

import webhooks
import worker
from base.statements import SEEN, statements_of
from bot.engine import Taker
from bot.posting import NOTHING_FOLLOWS

VARIABLE = "CRASH_AT"
FREEZES = "FREEZES"  # a process with this variable stands still there, until it is told to go on
LEAVES_TURNS = "LEAVES_TURNS"  # a process with this variable takes no turns
DEADLY = {"web_app": "tests.faults.crash_points:app", "worker": ("-m", "tests.faults.crash_points")}  # of a house
POISON = "zoblopoison"  # of a message that kills whoever takes it


def always(*_):
    return True


def of_somebody_known(given, _result):
    """Whether a webhook's message is of a person who has written before."""
    names = given[2][0].kept.message.sender.identities
    return given[0].value(
        "select exists (select from identity where value = any(%(names)s))", names=[name.value for name in names]
    )


def a_body(given, _result):
    """Whether a connection sends a request's body, and not its head."""
    return b"\r\n" not in given[1]


def messages_wait(given, _result):
    """Whether a taker has something to take."""
    with given[0].bot.database.autocommit() as db:
        return db.value("select exists (select from inbox where state = 'open' and due_at <= market_now())")


def something(_given, result):
    """Whether the call gave something: rows, a number, a list."""
    return bool(result)


def left_something(_given, result):
    """Whether turns were written."""
    return bool(result.held)


def some_rows(given, _result):
    """Whether the last argument holds rows."""
    return bool(given[-1])


def of_poison(given, _result):
    """Whether the step's turn holds the word that kills."""
    return POISON in given[0].turn.words


def folded_some(_given, result):
    return bool(result.count)


def something_follows(given, _result):
    """Whether one of the verdicts asks for more than its own row."""
    return any(after != NOTHING_FOLLOWS for _, after in given[-1])


@dataclass(frozen=True)
class Point:
    """Before, amid or after a call of `module:name`, in a door or a worker, where `counts` says that work is in hand.

    `catalogue` is its number among the crash points that a chat's market has. Turns are taken in `both`. Amid is when
    half of what a call is given to send is out. Where it ends `unheard` the call has a `Db`, and the process goes on
    until that one's next words to the server are out; it never reads the answer.
    """

    catalogue: str
    where: str
    moment: Literal["before", "amid", "after"]
    role: Literal["web", "worker", "both"]
    counts: Callable = always
    unheard: bool = False


# A process answers what it takes: turns and sends die in a door and in a worker, each while the other leaves turns.
POINTS = {
    "request_read": Point("P1", "handlers.twilio_whatsapp.channel:TwilioWhatsapp.verify", "before", "web"),
    "request_verified": Point("P2", "bot.storing:Storing.keep", "before", "web"),
    "stranger_inserted": Point("P3", "bot.inbox:keep", "after", "web"),
    "storing": Point("P4", "bot.inbox:keep_known", "before", "web", of_somebody_known, unheard=True),
    "stranger_committing": Point("P4", "bot.inbox:keep", "after", "web", unheard=True),
    "kept": Point("P5", "bot.storing:Storing.keep", "after", "web"),
    "taking": Point("P6", "bot.engine:Taker.take_waiting", "before", "both", messages_wait),
    "conversation_locked": Point("P7", "bot.waiting:read", "before", "both"),
    "marking": Point("P9", "bot.engine:Taker._mark", "before", "both"),
    "marked": Point("P9", "bot.engine:Taker._mark", "after", "both"),
    "session_read": Point("P8", "bot.engine:prepare", "after", "both", something),
    "in_a_step": Point("P9", "bot.worlds:LiveWorld.step", "before", "both"),
    "step_done": Point("P9", "bot.worlds:LiveWorld.step", "after", "both"),
    "turn_made": Point("P10", "bot.engine:run", "after", "both"),
    "turn_written": Point("P11", "bot.engine:write", "after", "both", left_something),
    "turn_committing": Point("P12", "bot.engine:write", "after", "both", left_something, unheard=True),
    "turn_committed": Point("P13", "bot.sessions:Sessions.write", "before", "both"),
    "session_saved": Point("P14", "bot.sessions:Sessions.write", "after", "both"),
    "claimed": Point("P15", "bot.posting:Posting._begin", "before", "both", some_rows),
    "sending": Point("P15", "handlers.twilio_whatsapp.channel:TwilioWhatsapp.send", "before", "both"),
    "half_sent": Point("P16", "urllib3.connection:HTTPConnection.send", "amid", "both", a_body),
    "sent": Point("P17", "urllib3.connection:HTTPConnection.send", "after", "both", a_body),
    "accepted": Point("P18", "handlers.twilio_whatsapp.channel:TwilioWhatsapp.send", "after", "both"),
    "settled_not_committed": Point("P18", "bot.outbox:settle", "after", "both", some_rows),
    "settled": Point("P19", "bot.posting:Posting.settle", "after", "both", some_rows),
    "report_kept": Point("P21", "bot.reports:keep", "after", "web"),
    "reports_folded": Point("P21", "bot.reports:fold", "after", "worker", folded_some),
}
# with the database away
SPOOL_POINTS = {
    "spool_begun": Point("P22", "bot.spool:Spool._write", "before", "web"),
    "spool_written": Point("P22", "bot.spool:os.fsync", "before", "web"),
    "spool_renamed": Point("P22", "bot.spool:sync_folder", "before", "web"),
    "spooled": Point("P22", "bot.spool:Spool.put", "after", "web"),
}
DRAIN_POINTS = {
    "spool_stored": Point("P22", "bot.storing:Storing._store_spooled", "after", "worker"),
    "spool_drained": Point("P22", "bot.spool:Spool.drain", "after", "worker", something),
}
# jobs that come round by themselves
SWEEP_POINTS = {
    "holds_ended": Point("P25", "orders.expiry:expire_holds", "after", "worker", something),
    "silence_ended": Point("P25", "orders.expiry:expire_unanswered", "after", "worker", something),
    "hands_freed": Point("P25", "bot.uncertain:let_go", "after", "worker", something),
    "leases_ended": Point("P25", "bot.uncertain:expire_leases", "after", "worker", something),
    "looked_up": Point("P25", "bot.uncertain:_settle", "before", "worker", some_rows),
    "bubbles_retired": Point("P25", "bot.retirement:retire_bubbles", "after", "worker", something),
    "forgotten": Point("P25", "bot.forgetting:_forget_turns", "after", "worker", something),
    "baskets_dropped": Point("P25", "orders.expiry:drop_old_baskets", "after", "worker", something),
    "woken": Point("P25", "bot.inbox:wake_waiting", "after", "worker", something),
    "broadcast_begun": Point("P25", "bot.broadcasts.sending:begin_due", "after", "worker", something),
    "broadcast_moved": Point("P25", "bot.broadcasts.sending:move_on", "after", "worker", something),
    "invariant_counted": Point("P25", "base.invariants:count", "after", "worker"),
}
# a worker finds what came to nothing
FAILURE_POINTS = {
    "burying": Point("P9", "bot.burial:_settle", "before", "worker"),
    "buried": Point("P9", "bot.burial:bury", "after", "worker", left_something),
    "settled_not_followed": Point("P18", "bot.aftermath:follow", "before", "worker", something_follows),
    "followed": Point("P18", "bot.aftermath:follow", "after", "worker", something_follows),
}
POISONED = {"poisoned_step": Point("P9", "bot.worlds:LiveWorld.step", "before", "web", of_poison)}
# of a house whose channels are Meta's
GRAPH_POINTS = {
    "taken_on_whatsapp": Point("P18", "handlers.whatsapp_cloud.channel:WhatsappCloud.send", "after", "worker"),
    "taken_on_messenger": Point("P18", "handlers.messenger.channel:Messenger.send", "after", "worker"),
}
ALL = POINTS | SPOOL_POINTS | DRAIN_POINTS | SWEEP_POINTS | FAILURE_POINTS | POISONED | GRAPH_POINTS


def last_words(told):
    """What a process writes into its log before it ends at the point that `CRASH_AT` has told."""
    return f"dies at {told}"


def end_here(told):
    """kill -9; other threads may live a moment longer, this one does nothing more."""
    os.write(2, f"{last_words(told)}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def stand_still(_told):
    """Every thread, until SIGCONT; told to this one, which else would go on until another has taken the signal."""
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def end_unheard(connection, end):
    """The next words that a connection to PostgreSQL has for its server are out when this ends; nobody reads on."""
    statements = statements_of(connection)
    statements._name = lambda *_: SEEN  # else it may ask something before it speaks
    statements._line = Unheard(connection.pgconn, end)


class Unheard:
    """A line of libpq that ends when a statement is out, before its answer is read."""

    def __init__(self, line, end):
        self.line, self.end = line, end

    def __getattr__(self, name):
        return getattr(self.line, name)

    def exec_params(self, *given):
        self.line.send_query_params(*given)
        self.line.flush()
        self.end()

    def exec_(self, query):
        self.line.send_query(query)
        self.line.flush()
        self.end()

    def flush(self):
        """Of several statements in one go."""
        self.line.flush()
        self.end()


def hang(point, nth, end):
    """Let the nth passage of a point be the last thing that is done."""
    owner, name = owner_of(point.where)
    call, passages = getattr(owner, name), count(1)

    def is_last(moment, given, result=None):
        return point.moment == moment and point.counts(given, result) and next(passages) == nth

    def finish(given):
        end_unheard(given[0].connection, end) if point.unheard else end()

    @wraps(call)
    def deadly(*given, **named):
        if is_last("amid", given):
            *others, words = given
            call(*others, words[: len(words) // 2])
            finish(given)
        if is_last("before", given):
            finish(given)
        result = call(*given, **named)
        if is_last("after", given, result):
            finish(given)
        return result

    setattr(owner, name, deadly)


def owner_of(where):
    """`module:Class.name` or `module:name` as (what holds it, its name)."""
    module, _, path = where.partition(":")
    owner = import_module(module)
    *classes, name = path.split(".")
    for one in classes:
        owner = getattr(owner, one)
    return owner, name


def arm():
    """Hang the point that the environment names; take no turns when it says so."""
    if os.environ.get(LEAVES_TURNS):
        Taker.take_waiting = lambda *_: 0
    told = os.environ.get(VARIABLE)
    if told:
        name, _, nth = told.partition(":")
        hang(ALL[name], int(nth or 1), partial(stand_still if os.environ.get(FREEZES) else end_here, told))


def app():
    """A door."""
    arm()
    return webhooks.app()


if __name__ == "__main__":
    arm()
    worker.main()
