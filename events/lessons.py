"""What is said of workshops by those who come: questions to who speaks there, and how it was, from one to five."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from events import locks
from events.booking_facts import LessonAnswered

State = Literal["open", "read", "answered"]
Asked = Literal["asked", "full", "over"]
Rated = Literal["rated", "early", "stranger"]
MOST_OPEN: Final = 3  # of one person for one workshop
LONGEST: Final = 500  # characters


@dataclass(frozen=True)
class Question:
    """One question to a workshop, as it stands."""

    id: int
    workshop_id: int
    number: int
    title: str
    contact_id: int
    conversation_id: int
    words: str
    state: State
    asked_at: datetime
    answer: str

    @property
    def code(self) -> str:
        """What it is called where nobody knows its person's name."""
        return f"{self.number}.{self.id}"


_QUESTION: Final = """
select q.id, q.workshop_id, w.number, w.title, q.contact_id, q.conversation_id, q.words, q.state, q.asked_at, q.answer
from workshop_question q join workshop w on w.id = q.workshop_id
"""


def ask(db: Db, workshop_id: int, contact_id: int, conversation_id: int, words: str) -> Asked:
    """Ask those who speak at a workshop; `full`: as many of his wait as may. Raises Alone in a batch.

    over: it has ended, or does not take place.
    """
    locks.workshops(db, [workshop_id])  # of two messages at once the second sees the first
    made = db.run(
        "insert into workshop_question (workshop_id, contact_id, conversation_id, words)"
        " select w.id, %(contact)s, %(conversation)s, %(words)s from workshop w where w.id = %(workshop)s"
        " and w.ends_at > market_now() and w.state <> 'cancelled' and (select count(*) from workshop_question q"
        " where q.workshop_id = w.id and q.contact_id = %(contact)s and q.state = 'open') < %(most)s returning id",
        workshop=workshop_id,
        contact=contact_id,
        conversation=conversation_id,
        words=words[:LONGEST],
        most=MOST_OPEN,
    ).rows
    if made:
        return "asked"
    is_over = "select ends_at <= market_now() or state = 'cancelled' from workshop where id = %(id)s"
    return "over" if db.value(is_over, id=workshop_id) in (True, None) else "full"


def question(db: Db, question_id: int) -> Question | None:
    """One question, or None."""
    return next(iter(_read(db.rows(f"{_QUESTION} where q.id = %(id)s", id=question_id))), None)


def waiting(db: Db, workshop_id: int, after: int = 0, size: int = 9) -> tuple[Question, ...]:
    """The questions to a workshop that nobody has seen to, the oldest first, behind an id."""
    return _read(
        db.rows(
            f"{_QUESTION} where q.workshop_id = %(workshop)s and q.state = 'open' and q.id > %(after)s"
            " order by q.id limit %(size)s",
            workshop=workshop_id,
            after=after,
            size=size,
        )
    )


def settle(db: Db, question_id: int, by: int, answer: str = "") -> bool:
    """A question was read out, or is answered in these words; False when somebody was first. Raises Alone."""
    locks.questions(db, [question_id])
    state = "answered" if answer else "read"
    done = db.run(
        "update workshop_question set state = %(state)s, answer = %(answer)s, settled_at = market_now(),"
        " settled_by = %(by)s where id = %(id)s and state = 'open'",
        state=state,
        answer=answer[:LONGEST],
        by=by,
        id=question_id,
    ).count
    if done and answer:
        facts.record(db, LessonAnswered(question_id))
    return bool(done)


def rate(db: Db, workshop_id: int, contact_id: int, rating: int) -> Rated:
    """How it was, 1 to 5, the last word counts; early: it has not ended. stranger: he had no place there."""
    found = db.one(
        "select b.id, w.ends_at > market_now() and b.state <> 'attended' as is_early from booking b"
        " join workshop w on w.id = b.workshop_id where w.id = %(workshop)s and b.contact_id = %(contact)s"
        " and b.state in ('booked', 'attended', 'absent')",
        workshop=workshop_id,
        contact=contact_id,
    )
    if found is None or found.is_early:
        return "early" if found else "stranger"
    locks.bookings(db, [found.id])
    db.run(
        "update booking set rating = %(rating)s, rated_at = market_now() where id = %(id)s",
        id=found.id,
        rating=max(1, min(5, rating)),
    )
    return "rated"


@dataclass(frozen=True)
class Ratings:
    """What was said of a workshop: how many did, and the average, in tenths (43: 4.3)."""

    count: int
    tenths: int


def ratings(db: Db, workshop_ids: Iterable[int]) -> dict[int, Ratings]:
    """Of each of these workshops that somebody has rated."""
    rows = db.rows(
        "select workshop_id, count(rating) as count, round(avg(rating) * 10)::int as tenths from booking"
        " where workshop_id = any(%(ids)s) and rating is not null group by workshop_id",
        ids=sorted(set(workshop_ids)),
    )
    return {row.workshop_id: Ratings(row.count, row.tenths) for row in rows}


def forget_person(db: Db, contact_id: int) -> int:
    """Forget what a person asked, and that it was he who answered; how many he asked."""
    db.run("update workshop_question set settled_by = null where settled_by = %(id)s", id=contact_id)
    return db.run("delete from workshop_question where contact_id = %(id)s", id=contact_id).count


def hand_over(db: Db, former: int, now: int, chats: Sequence[int] | None = None) -> int:
    """What one person asked, in these chats or (None) in all, is another's from now on; how many."""
    return db.run(
        "update workshop_question set contact_id = %(now)s where contact_id = %(former)s"
        " and (%(chats)s::bigint[] is null or conversation_id = any(%(chats)s))",
        now=now,
        former=former,
        chats=list(chats) if chats is not None else None,
    ).count


def _read(rows: Iterable[Any]) -> tuple[Question, ...]:
    return tuple(Question(**row._asdict()) for row in rows)
