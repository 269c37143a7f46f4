"""What buyers ask about products: their shop answers, and when it does not in its time, the market's people do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from base import facts, hours
from base.db import Db
from base.hours import Hours
from catalog import locks
from catalog.barring import BARS
from catalog.facts import QuestionAnswered, QuestionAsked, QuestionUnanswered
from catalog.products import SHOWN, WITH_GROUP
from catalog.stock import Cause
from catalog.vendors import Vendor, vendor

State = Literal["open", "with_people", "answered", "stopped", "dropped"]
WAITING: Final = ("open", "with_people")  # its shop may answer it
MOST_OPEN: Final = 5  # of one buyer
LONGEST: Final = 500  # characters of a question, and of an answer
FIRST_NUMBER: Final = 101  # three figures, as a typed code has
Refused = Literal["before", "full", "gone"]


@dataclass(frozen=True)
class Question:
    """One question as it stands; `product` is its name, `shop` the shop's, and `is_sold` whether it is still listed."""

    id: int
    number: int
    product_id: int
    product: str
    is_sold: bool
    vendor_id: int
    shop: str
    contact_id: int
    conversation_id: int
    words: str
    file_inbox_id: int | None
    asked_at: datetime
    due_at: datetime
    state: State
    answered_at: datetime | None
    answered_by: int | None
    answer: str
    answer_inbox_id: int | None

    @property
    def is_waiting(self) -> bool:
        """Whether its shop may answer it still."""
        return self.state in WAITING


@dataclass(frozen=True)
class Said:
    """What is asked or answered: words, as they are passed on, and the inbox row of a picture or a voice note."""

    words: str
    file_inbox_id: int | None = None


@dataclass(frozen=True)
class Waits:
    """How long a shop is waited for, in seconds of opening time and in all, and the market's own hours."""

    seconds: float
    most: float
    market_hours: Hours


_BARS: Final = BARS.format(vendor="q.vendor_id", contact="q.contact_id")
_QUESTION: Final = """
select q.id, q.number, q.product_id, p.name as product, p.is_listed as is_sold, q.vendor_id, v.name as shop,
  q.contact_id, q.conversation_id, q.words, q.file_inbox_id, q.asked_at, q.due_at, q.state, q.answered_at,
  q.answered_by, q.answer, q.answer_inbox_id
from question q join product p on p.id = q.product_id join vendor v on v.id = q.vendor_id
"""


def question(db: Db, question_id: int) -> Question | None:
    """One question, or None."""
    row = db.one(f"{_QUESTION} where q.id = %(id)s", id=question_id)
    return Question(**row._asdict()) if row else None


def waiting_for(db: Db, vendor_ids: Collection[int], after: int = 0, size: int = 9) -> tuple[Question, ...]:
    """The questions that these shops may answer, behind an id, the oldest first."""
    rows = db.rows(
        f"{_QUESTION} where q.vendor_id = any(%(shops)s) and q.state in ('open', 'with_people') and q.id > %(after)s"
        f" and not {_BARS} order by q.id limit %(size)s",
        shops=list(vendor_ids),
        after=after,
        size=size,
    )
    return tuple(Question(**row._asdict()) for row in rows)


def of_number(db: Db, vendor_ids: Collection[int], number: int) -> tuple[Question, ...]:
    """The questions of this number, one at most in each of these shops."""
    rows = db.rows(
        f"{_QUESTION} where q.vendor_id = any(%(shops)s) and q.number = %(number)s and q.state <> 'stopped'"
        " order by q.id",
        shops=list(vendor_ids),
        number=number,
    )
    return tuple(Question(**row._asdict()) for row in rows)


def own_of_number(db: Db, contact_id: int, number: int) -> Question | None:
    """The newest question of a buyer that has this number in its shop."""
    row = db.one(
        f"{_QUESTION} where q.contact_id = %(contact)s and q.number = %(number)s order by q.id desc limit 1",
        contact=contact_id,
        number=number,
    )
    return Question(**row._asdict()) if row else None


def refusal(db: Db, contact_id: int, product_id: int) -> Refused | None:
    """Why this buyer may ask nothing more about a product now.

    gone: it is not listed. before: his last question about it waits; full: as many as may wait do. Sure only under the
    lock of the person.
    """
    row = db.one(
        f"select {_LISTED} as is_listed, count(q.id) as waiting,"
        " coalesce(bool_or(q.product_id = p.id), false) as is_asked from product p left join question q"
        " on q.contact_id = %(contact)s and q.state in ('open', 'with_people') where p.id = %(product)s group by p.id",
        contact=contact_id,
        product=product_id,
    )
    if row is None or not row.is_listed:
        return "gone"
    if row.is_asked:
        return "before"
    return "full" if row.waiting >= MOST_OPEN else None


# Whether product p is sold at all, and by no shop that is suspended; a variant with its group; its shop may be shut.
_LISTED: Final = f"({SHOWN} and {WITH_GROUP})"


def due(shop: Vendor, waits: Waits, now: datetime) -> datetime:
    """When people answer what a shop is asked now: so much of its opening time later.

    A shop that is shut for longer than is waited, by itself or by its hours, is not waited for: then it is so much of
    the market's own opening time, as people are there.
    """
    begins = now if shop.is_open else shop.closed_until
    at = hours.after(shop.hours or waits.market_hours, max(begins, now), waits.seconds) if begins else None
    if at is not None and at <= now + timedelta(seconds=waits.most):
        return at
    return hours.after(waits.market_hours, now, waits.seconds) or now + timedelta(seconds=waits.seconds)


def ask(db: Db, product_id: int, said: Said, by: Cause, conversation_id: int, waits: Waits) -> Question | Refused:
    """Ask the shop of a product; `gone`: it is no longer listed. The caller holds the lock of the person.

    A shop that does without him hears nothing: people answer.
    Raises Alone in a batch when the shop is busy.
    """
    made = _insert(db, product_id, said, by, conversation_id, waits, "open")
    if isinstance(made, Question) and not _is_barred(db, made.id):
        facts.record(db, QuestionAsked(made.id))
    return made


def _is_barred(db: Db, question_id: int) -> bool:
    """Whether its shop does without whoever asks: then people have it at once."""
    due = f"update question q set due_at = market_now() where q.id = %(id)s and {_BARS}"
    return db.run(due, id=question_id).count > 0


def stop(db: Db, product_id: int, said: Said, by: Cause, conversation_id: int, waits: Waits) -> Question | Refused:
    """Keep a question that is not passed on, for the organizers to see; else as `ask`."""
    return _insert(db, product_id, said, by, conversation_id, waits, "stopped")


def _insert(
    db: Db, product_id: int, said: Said, by: Cause, conversation_id: int, waits: Waits, state: State
) -> Question | Refused:
    sold = db.one(
        f"select vendor_id, market_now() as now from product p where id = %(id)s and {_LISTED}", id=product_id
    )
    shop = vendor(db, sold.vendor_id) if sold else None
    if sold is None or shop is None or by.contact_id is None:
        return "gone"
    refused = refusal(db, by.contact_id, product_id) if state == "open" else None
    if refused:
        return refused
    locks.vendors(db, [shop.id])
    made = db.run(
        "insert into question (number, product_id, vendor_id, contact_id, conversation_id, words, file_inbox_id,"
        " due_at, state) select coalesce(max(number) + 1, %(first)s), %(product)s, %(vendor)s, %(contact)s, %(chat)s,"
        " %(words)s, %(file)s, %(due)s, %(state)s from question where vendor_id = %(vendor)s returning id",
        first=FIRST_NUMBER,
        product=product_id,
        vendor=shop.id,
        contact=by.contact_id,
        chat=conversation_id,
        words=said.words[:LONGEST],
        file=said.file_inbox_id,
        due=due(shop, waits, sold.now),
        state=state,
    ).rows[0]
    kept = question(db, made.id)
    if kept is None:
        raise LookupError("the question just asked is not there")
    return kept


def answer(
    db: Db, question_id: int, vendor_ids: Collection[int], said: Said, by: Cause
) -> Literal["done", "before", "unknown"]:
    """The shop answers; `before`: somebody has, or nobody waits any more. Raises Alone in a batch when it is busy."""
    locks.questions(db, [question_id])
    known = question(db, question_id)
    if known is None or known.vendor_id not in vendor_ids or known.state == "stopped":
        return "unknown"
    if not _close(db, question_id, said, by):
        return "before"
    facts.record(db, QuestionAnswered(question_id))
    return "done"


def answered_by_people(db: Db, question_id: int, words: str, by: Cause) -> bool:
    """One of the market's people has written the answer himself; False when it was answered before."""
    return _close(db, question_id, Said(words), by)


def _close(db: Db, question_id: int, said: Said, by: Cause) -> bool:
    return bool(
        db.run(
            "update question set state = 'answered', answered_at = market_now(), answered_by = %(by)s,"
            " answer = %(words)s, answer_inbox_id = %(file)s where id = %(id)s and state in ('open', 'with_people')",
            id=question_id,
            by=by.contact_id,
            words=said.words[:LONGEST],
            file=said.file_inbox_id,
        ).count
    )


def drop(db: Db, question_id: int) -> bool:
    """Nobody waits for an answer any more; False when it was answered before."""
    return bool(
        db.run(
            "update question set state = 'dropped' where id = %(id)s and state in ('open', 'with_people')",
            id=question_id,
        ).count
    )


def give_to_people(db: Db, question_id: int) -> bool:
    """People answer it at once, as nobody of its shop can be told; False when it is theirs already."""
    given = "update question set state = 'with_people' where id = %(id)s and state = 'open'"
    return bool(db.run(given, id=question_id).count)


def pass_on(db: Db, limit: int) -> int:
    """A job: what shops have not answered in their time goes to people, each once; how many. Two statements at most."""
    late = locks.questions_due(db, limit)
    if late:
        db.run("update question set state = 'with_people' where id = any(%(ids)s)", ids=late)
    for question_id in late:
        facts.record(db, QuestionUnanswered(question_id))
    return len(late)


def hand_over(db: Db, from_contact: int, to_contact: int, asked_in: Sequence[int] | None = None) -> int:
    """What one person asked and answered is another's from now on; how many he asked.

    `asked_in`: only what was asked in these chats, and no answer. Open ones may then be more than five: none is lost.
    """
    chats = list(asked_in) if asked_in is not None else None
    if chats is None:
        db.run(
            "update question set answered_by = %(now)s where answered_by = %(former)s",
            now=to_contact,
            former=from_contact,
        )
    return db.run(
        "update question set contact_id = %(now)s where contact_id = %(former)s"
        " and (%(chats)s::bigint[] is null or conversation_id = any(%(chats)s))",
        now=to_contact,
        former=from_contact,
        chats=chats,
    ).count


def forget_person(db: Db, contact_id: int) -> int:
    """Forget what a person asked, and that it was he who answered; how many he asked."""
    db.run("update question set answered_by = null where answered_by = %(contact)s", contact=contact_id)
    return db.run("delete from question where contact_id = %(contact)s", contact=contact_id).count


def words_of(db: Db, contact_id: int) -> tuple[str, ...]:
    """Every line that a person asked, and was answered."""
    rows: Sequence[Any] = db.rows(
        "select words, answer from question where contact_id = %(contact)s order by id", contact=contact_id
    )
    return tuple(line for row in rows for said in (row.words, row.answer) for line in said.splitlines() if line)


def shops_of(db: Db, contact_id: int) -> tuple[int, ...]:
    """The shops that a person has asked something."""
    rows = db.rows("select distinct vendor_id as id from question where contact_id = %(id)s order by 1", id=contact_id)
    return tuple(row.id for row in rows)


def forget_old(db: Db, seconds: float, limit: int) -> int:
    """A job: what was asked so long ago; how many."""
    return db.run(
        "delete from question where id in (select id from question"
        " where asked_at < market_now() - make_interval(secs => %(seconds)s) order by asked_at limit %(limit)s)",
        seconds=seconds,
        limit=limit,
    ).count
