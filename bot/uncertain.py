"""Sends whose answer was lost: leases that ran out, look-ups at the provider, few resends."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from base.db import Database, Db
from base.log import logger
from base.templates import texts_of
from base.timing import Timing
from bot import accounts, aftermath, figures, outbox, templates, verdicts
from bot.accounts import Content
from bot.messages import Letter
from bot.outbox import JOINED, OPEN, PERSON, Claimed, Settlement
from bot.posting import Office
from bot.provider_answers import Found, LookedUp, NotTaken, Unknown
from bot.reports import LateRefusal
from bot.verdicts import Aftermath, Verdict

log = logger(__name__)
AT_ONCE = 10  # look-ups between two settlements: each takes a while, and the lease or the process may end meanwhile
MOST_LOOK_UPS = 1000  # that are counted
MOST_RESENDS = 5  # of a row that the provider's list never shows
# The limit stands in front: in a subquery a plan may look again for each row, and end more than so many.
EXPIRE = """
with ended as materialized (
  select id, lease_owner as owner, extract(epoch from market_now() - lease_until) as late
  from outbox where state = 'sending' and lease_until < market_now()
  order by id limit %(limit)s for no key update skip locked
)
update outbox o set state = case kind when 'bulk' then 'failed' else 'uncertain' end,
  error = 'lease ran out', lease_owner = null, lease_until = null
from ended e where o.id = e.id returning e.owner, e.late
"""
# What its provider had taken is sent, its id unknown; what was begun beside that is in doubt as if its lease had run
# out; the rest was sent by nobody, and an attempt less.
LET_GO = """
with held as (
  select id, id = any(%(taken)s) as is_taken, id = any(%(begun)s) and not id = any(%(taken)s) as is_begun
  from outbox where state = 'sending' and lease_owner = %(owner)s order by id for no key update
)
update outbox o set lease_owner = null, lease_until = null,
  state = case when h.is_taken then 'sent' when not h.is_begun then 'waiting' when o.kind = 'bulk' then 'failed'
    else 'uncertain' end,
  error = case when h.is_taken then null when h.is_begun then 'lease ran out' else o.error end,
  attempts = o.attempts - case when h.is_taken or h.is_begun then 0 else 1 end
from held h where o.id = h.id returning h.is_begun
"""
# One row of a conversation at a time, the first one first, and none while another is being sent: of two with equal
# words, each then finds what the other one does not hold.
CLAIM = f"""
with due as (
  select o.id from outbox o where o.state = 'uncertain' and o.account_id = %(account)s
    and (o.lease_until is null or o.lease_until < market_now())
    and o.sent_at + make_interval(secs => (%(steps)s::float8[])[least(o.look_ups + 1, %(most)s)]) <= market_now()
    and not exists (select from (select e.state, e.said_at, e.place from outbox e
        where e.conversation_id = o.conversation_id and e.state in {OPEN} offset 0) e
      where e.state = 'sending' or e.state = 'uncertain' and (e.said_at, e.place) < (o.said_at, o.place))
  order by o.id limit %(limit)s for no key update of o skip locked
), claimed as (
  update outbox o set lease_owner = %(owner)s, look_ups = least(look_ups + 1, {MOST_LOOK_UPS}),
    lease_until = market_now() + make_interval(secs => %(lease)s)
  from due where o.id = due.id returning o.*
)
{PERSON} from claimed c {JOINED}
"""


@dataclass(frozen=True)
class Doubt:
    """An uncertain row under a look-up's lease."""

    row: Claimed
    sent_at: datetime
    look_ups: int


def expire_leases(db: Db, limit: int) -> int:
    """A job: rows whose process is gone become uncertain (announcements: failed); returns how many."""
    lost = db.run(EXPIRE, limit=limit).rows
    if lost:
        owners, late = sorted({row.owner for row in lost}), round(float(max(row.late for row in lost)), 3)
        log.warning("leases_ran_out", process=" ".join(owners), count=len(lost), late_seconds=late)
        figures.add(db, figures.LEASES_LOST, len(lost))
    return len(lost)


def let_go_of_the_dead(database: Database, dead: Iterable[tuple[str, Collection[int]]]) -> int:
    """A job: free what dead processes had in hand; what each had begun is in doubt; returns how many processes."""
    count = 0
    for owner, begun in dead:
        with database.unit_of_work() as db:
            let_go(db, owner, begun)
        count += 1
    return count


def let_go(db: Db, owner: str, begun: Collection[int]) -> int:
    """The same of one of them: its rows that were not begun wait again, announcements that were begun have failed."""
    taken = [-number for number in begun if number < 0]
    rows = db.run(LET_GO, owner=owner, begun=[number for number in begun if number > 0], taken=taken).rows
    if lost := sum(row.is_begun for row in rows):
        figures.add(db, figures.LEASES_LOST, lost)
    if rows:
        log.warning("let_go_of_the_dead", process=owner, count=len(rows), begun_count=lost)
    return len(rows)


def resolve(office: Office, account_id: int, limit: int) -> int:
    """A job: look up an account's uncertain rows that are due: found, resent, or given up; returns how many."""
    with office.database.unit_of_work() as db:
        doubts = _claim(db, office, account_id, limit)
        contents = accounts.contents(db).get(account_id, {}) if doubts else {}
    for place in range(0, len(doubts), AT_ONCE):
        some = doubts[place : place + AT_ONCE]
        _settle(office, [(doubt, _look_up(office, doubt, contents)) for doubt in some])
    return len(doubts)


def judge(doubt: Doubt, answer: LookedUp, timing: Timing) -> Verdict:
    """Found: sent. Else, at the last look: sent again, then given up.

    A provider's list may be late, so an early no is no reason to hurry. Where nobody can tell, one resend is all
    (design §3). Where the late look says no, the resend is hardly a double, and so is the next one: of twenty thousand
    sends through a provider that drops one in thirty, about twenty meet a second fault, and none may be lost (§9).
    The one private answer that a comment may have is never sent again.
    """
    row = doubt.row
    if isinstance(answer, Found):
        return Verdict(Settlement(row.id, "sent", provider_id=answer.provider_ids[0]))
    if doubt.look_ups < len(timing.uncertain_look_ups):
        return Verdict(Settlement(row.id, "uncertain", error="answer lost"))
    if row.bubble.comment:
        return Verdict(Settlement(row.id, "failed", error="answer lost"))
    if row.resent >= (MOST_RESENDS if isinstance(answer, NotTaken) else 1):
        return Verdict(Settlement(row.id, "failed", error="answer lost again"), Aftermath(attention=f"{row.kind}_lost"))
    return Verdict(Settlement(row.id, "waiting", error="resent", is_resend=True))


def _look_up(office: Office, doubt: Doubt, contents: Mapping[str, Content]) -> LookedUp:
    """Ask for the letter by its bubble and its template, as the person may have opened the window since, or shut it.

    Without its contents a letter would be sought by other words than it was sent in, not be found and go out twice.
    Where its person's last name was taken meanwhile, nobody can be asked for.
    """
    if not doubt.row.to.value:
        return Unknown()
    row, account = doubt.row, office.accounts[doubt.row.account_id]
    ids = {name: known.provider_id for name, known in contents.items()}
    template = templates.sent_as(row.template, contents, texts_of(office.config.templates))
    letter = Letter(row.id, row.to, row.bubble, template, ids)
    return office.carriers[account.kind].look_up(account, letter, doubt.sent_at)


def _settle(office: Office, answers: Sequence[tuple[Doubt, LookedUp]]) -> None:
    with office.database.unit_of_work() as db:
        judged = [(doubt, judge(doubt, _own(db, doubt, answer), office.config.timing)) for doubt, answer in answers]
        written = outbox.settle(db, office.owner, [verdict.settlement for _, verdict in judged])
        aftermath.follow(db, [(doubt.row, verdict.aftermath) for doubt, verdict in judged if doubt.row.id in written])
        if doubled := sum(verdict.settlement.is_resend for doubt, verdict in judged if doubt.row.id in written):
            figures.add(db, figures.POSSIBLE_DOUBLES, doubled)


def _own(db: Db, doubt: Doubt, answer: LookedUp) -> LookedUp:
    """What was found after the last known to be another send: of a row before, or a try of this one that failed.

    A conversation's bubbles go out one after the other, so what came before that one is a second copy of some row's.
    """
    if not isinstance(answer, Found):
        return answer
    held = outbox.held(db, doubt.row.account_id, answer.provider_ids)
    own = tuple(takewhile(lambda found: found not in held, reversed(answer.provider_ids)))[::-1]
    return Found(own) if own else NotTaken()


def _claim(db: Db, office: Office, account_id: int, limit: int) -> list[Doubt]:
    timing = office.config.timing
    steps = timing.uncertain_look_ups
    rows = db.run(
        CLAIM,
        owner=office.owner,
        account=account_id,
        steps=list(steps),
        most=len(steps),
        limit=limit,
        lease=timing.lease,
    ).rows
    return [Doubt(outbox.claimed_from(row), row.sent_at, row.look_ups) for row in rows]


def follow_refusals(office: Office, db: Db, refusals: Sequence[LateRefusal]) -> list[int]:
    """Sends that a provider took and then could not deliver: tried again where the table says so, else told.

    Returns the accounts that were too fast for their providers, once for each refusal: they are to be slowed down
    (`Office.slow_down`) once the transaction is over, as it asks Redis.
    """
    if not refusals:
        return []
    rows = _sent(office, db, refusals)
    met = [(rows[late.outbox_id], late.refusal) for late in refusals if late.outbox_id in rows]
    judged = [(row, verdicts.judge(row, refusal, office.config.timing)) for row, refusal in met]
    outbox.reopen(db, [verdict.settlement for _, verdict in judged])
    aftermath.follow(db, [(row, verdict.aftermath) for row, verdict in judged])
    for row, refusal in met:
        if account := office.accounts.get(row.account_id):
            office.tally.note(account.key, refusal)
    return [row.account_id for row, refusal in met if verdicts.is_too_fast(refusal)]


def _sent(office: Office, db: Db, refusals: Sequence[LateRefusal]) -> Mapping[int, Claimed]:
    """The rows that are there still, each with the form that it went by where its template is what was refused."""
    rows = outbox.read(db, [late.outbox_id for late in refusals])
    refused = [late.outbox_id for late in refusals if late.refusal.template and late.outbox_id in rows]
    known, declared = (accounts.contents(db), texts_of(office.config.templates)) if refused else ({}, {})
    forms = {
        one: templates.sent_as(rows[one].template, known.get(rows[one].account_id, {}), declared) for one in refused
    }
    return rows | {one: replace(rows[one], form=form) for one, form in forms.items()}
