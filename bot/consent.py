"""What a person agrees to: a log of exact words, the switches that follow it, and the one question before telling.

A person is told three kinds of things without having written: announcements, for who said yes to them; reminders, with
the alerts that he asked for; news of his orders. STOP ends the first two, STOP TOUT all three, START begins them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from base.db import Db
from base.secret import Secret
from base.tokens import keyed_hash
from bot import locks
from bot.messages import Identity
from bot.opt_words import read_opt
from bot.turn import Turn
from catalog import alerts
from orders import reports

Topic = Literal["announcements", "reminders", "order_news"]
Outcome = Literal["stopped", "stopped_all", "warned", "warned_shop", "started"]
TOPICS: tuple[Topic, ...] = ("announcements", "reminders", "order_news")
MARKETING: tuple[Topic, ...] = ("announcements", "reminders")
KEPT = "kept"  # what of a log's line that tells what is kept: nobody is asked
CONSENT = "consent"  # `about` of the answer to STOP and START: {"topic": CONSENT}
REMINDERS = "reminders"  # `about` of a notice that only goes to who wants those: {"topic": REMINDERS}
LONGEST_WORDS = 400  # characters of what was said, question and answer
TOLD = "told by the provider"
AS_BEFORE = "as before the erasure"
# Whether a template that its provider counts as marketing may go to the person p: no, once he has stopped those.
# Who was never asked takes what he asked for himself, as the alert that a good is there.
TAKES_MARKETING = """
coalesce((select is_given from consent where contact_id = p.id and what = 'announcements'
  order by id desc limit 1), true)
"""
WANTS = "select wants_announcements as announcements, wants_reminders as reminders, wants_order_news as order_news"


@dataclass(frozen=True)
class Said:
    """By whom and where something was agreed to or stopped, in which words."""

    contact_id: int
    account_id: int
    words: str
    inbox_id: int | None = None

    @classmethod
    def of(cls, turn: Turn, words: str) -> "Said":
        """The person of a turn says it in his chat."""
        return cls(turn.person.contact_id, turn.account_id, words, turn.inbox_id)


def may_tell(db: Db, contact_id: int, what: Topic) -> bool:
    """Whether this person may be told something of this kind without having written: the one place that says so.

    Whoever writes a notice of that kind asks here first; the sender looks at the same switches again at its claim,
    where a reminder or alert says `{"topic": REMINDERS}` in `about`, and other rows of kind bulk are announcements.
    """
    wants = db.one(f"{WANTS} from contact where id = %(id)s", id=contact_id)
    return bool(wants and getattr(wants, what))


def obey(turn: Turn, words: str) -> Outcome:
    """STOP, STOP TOUT and START; a shop, or an open order, decides what STOP TOUT is answered."""
    return record(turn, words, has_open_order=reports.is_open_for(turn.db, turn.person.contact_id))


def record(turn: Turn, words: str, *, has_open_order: bool) -> Outcome:
    """Obey STOP (announcements, reminders, alerts), STOP TOUT (order news too) and START, at once.

    `warned`: order news ended while an order is open; `warned_shop`: of somebody whose shop may get orders any time.
    """
    opt = read_opt(words)
    if opt == "start":
        give(turn, words, TOPICS)
        return "started"
    if opt == "stop_all":
        take_back(turn, words, TOPICS)
        return "warned_shop" if turn.person.vendor_ids else "warned" if has_open_order else "stopped_all"
    take_back(turn, words, MARKETING)
    return "stopped"


def give(turn: Turn, words: str, topics: Sequence[Topic]) -> None:
    """The person of this turn agrees to these, in these words."""
    _decide(turn, words, topics, is_given=True)


def take_back(turn: Turn, words: str, topics: Sequence[Topic]) -> None:
    """The person of this turn wants these no longer, or not at all, in these words."""
    _decide(turn, words, topics, is_given=False)


def _decide(turn: Turn, words: str, topics: Sequence[Topic], *, is_given: bool) -> None:
    locks.contact(turn.db, turn.person.contact_id)
    _obey(turn.db, Said.of(turn, words), dict.fromkeys(topics, is_given))


def keep_stricter(db: Db, said: Said, other_id: int) -> None:
    """Two people are one from now on: what the other one did not want, this one, who is locked, wants no longer."""
    wants = {row.id: row for row in db.rows(f"{WANTS}, id from contact where id = any(%(ids)s)",
                                            ids=[said.contact_id, other_id])}  # fmt: skip
    ended = [t for t in TOPICS if getattr(wants[said.contact_id], t) and not getattr(wants[other_id], t)]
    if ended:
        _obey(db, said, dict.fromkeys(ended, False))


def is_logged(db: Db, contact_id: int, what: str) -> bool:
    """Whether the log has a line of this kind about this person: he said yes or no to it, or was told what is KEPT."""
    found = "select exists (select from consent where contact_id = %(id)s and what = %(what)s)"
    return bool(db.value(found, id=contact_id, what=what))


def log_told(turn: Turn, words: str) -> None:
    """Remember that the person of this turn is told what is kept, in these words of ours."""
    _log(turn.db, Said.of(turn, words), {KEPT: True})


def log_yes(turn: Turn, what: str, words: str) -> None:
    """Remember that the person of this turn agreed to something of its own kind, in these words of question and yes."""
    _log(turn.db, Said.of(turn, words), {what: True})


def unsubscribe(db: Db, contact_id: int, account_id: int, topics: Sequence[Topic] = TOPICS) -> None:
    """The provider says that this person wants none of these from us: as STOP TOUT, or STOP, until START.

    Once is enough.
    """
    wants = db.one(f"{WANTS} from contact where id = %(id)s", id=contact_id)
    if wants and any(getattr(wants, topic) for topic in topics):
        _obey(db, Said(contact_id, account_id, TOLD), dict.fromkeys(topics, False))


def switch_announcements(turn: Turn, *, is_on: bool) -> None:
    """The person has switched announcements on or off at the provider, whose page said what that means."""
    switch = give if is_on else take_back
    switch(turn, TOLD, ("announcements",))


def _obey(db: Db, said: Said, given: Mapping[Topic, bool]) -> None:
    """Log what is given or taken back, and turn the switches; a switch that is not spoken of stays."""
    _log(db, said, given)
    db.run(
        "update contact set wants_announcements = coalesce(%(announcements)s, wants_announcements),"
        " wants_reminders = coalesce(%(reminders)s, wants_reminders),"
        " wants_order_news = coalesce(%(order_news)s, wants_order_news) where id = %(id)s",
        id=said.contact_id,
        **{topic: given.get(topic) for topic in TOPICS},
    )
    if given.get("reminders") is False:
        alerts.stop(db, said.contact_id)


def _log(db: Db, said: Said, given: Mapping[str, bool] | Mapping[Topic, bool]) -> None:
    db.run(
        "insert into consent (contact_id, what, is_given, words, account_id, inbox_id)"
        " select %(contact)s, what, is_given, %(words)s, %(account)s, %(inbox)s"
        " from unnest(%(whats)s::text[], %(givens)s::bool[]) as c(what, is_given)",
        contact=said.contact_id,
        words=said.words[:LONGEST_WORDS],
        account=said.account_id,
        inbox=said.inbox_id,
        whats=list(given),
        givens=list(given.values()),
    )


def keep_beyond(db: Db, contact_id: int, secret: Secret) -> int:
    """Before an erasure: who wants no reminders is known by keyed hashes of his names, and of nothing else of him.

    Returns how many. Announcements need none: nobody gets those without a yes. With another LASTING_KEY the hashes are
    worth nothing.
    """
    names = db.rows("select kind, value from identity where contact_id = %(id)s", id=contact_id)
    hashes = _hashes(secret, [Identity(row.kind, row.value) for row in names])
    db.run("delete from kept_opt_out where hash = any(%(hashes)s)", hashes=hashes)
    return db.run(
        "insert into kept_opt_out (hash, order_news)"
        " select hash, p.wants_order_news from contact p, unnest(%(hashes)s::text[]) as hash"
        " where p.id = %(id)s and not p.wants_reminders",
        hashes=hashes,
        id=contact_id,
    ).count


def kept_for(db: Db, secret: Secret, names: Sequence[Identity]) -> Sequence[Topic]:
    """What somebody of these names had stopped before he was erased; he is here again."""
    row = db.one(
        "select bool_and(order_news) as order_news from kept_opt_out where hash = any(%(hashes)s) having count(*) > 0",
        hashes=_hashes(secret, names),
    )
    if row is None:
        return ()
    return MARKETING if row.order_news else TOPICS


def _hashes(secret: Secret, names: Sequence[Identity]) -> list[str]:
    return [keyed_hash(secret, "opt-out", f"{name.kind}:{name.value}") for name in names]
