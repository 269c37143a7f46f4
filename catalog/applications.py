"""Applications of people who want to sell: the answers so far, sent once they are whole, decided by an organizer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base import facts
from base.db import Db, jsonb
from base.spelling import words as words_of
from catalog.facts import ApplicationDecided, ApplicationSent

Question = Literal["shop", "seller", "place", "goods", "hours", "delivery", "payout", "photo"]
QUESTIONS: Final[tuple[Question, ...]] = ("shop", "seller", "place", "goods", "hours", "delivery", "payout", "photo")
NEEDED: Final[frozenset[Question]] = frozenset({"shop", "seller", "place", "payout"})
State = Literal["open", "sent", "approved", "refused"]
LONGEST_REASON: Final = 300  # characters


@dataclass(frozen=True)
class Application:
    """One application. `answers` by question; None where a question was skipped.

    shop, seller: names; place: {quarter: slug, landmark, pin: [degrees, degrees] or null}; goods: words; hours:
    base.hours, as written; delivery: {zones: {slug: F CFA}, unserved: [slug]}; payout: {phone: E.164, wallet}; photo:
    the inbox row that brought it.
    """

    id: int
    contact_id: int
    conversation_id: int
    answers: Mapping[str, Any]
    state: State
    reason: str

    @property
    def code(self) -> str:
        """What is typed behind a verb to name it: three digits or more."""
        return f"{self.id:03d}"

    @property
    def next_question(self) -> Question | None:
        """The first question that was not put yet; None when all were."""
        return next((question for question in QUESTIONS if question not in self.answers), None)

    @property
    def is_whole(self) -> bool:
        """Whether everything that a shop needs was told."""
        return all(self.answers.get(question) for question in NEEDED)


_FIELDS: Final = "select id, contact_id, conversation_id, answers, state, reason from shop_application"


def application(db: Db, application_id: int) -> Application | None:
    """One application, or None."""
    row = db.one(f"{_FIELDS} where id = %(id)s", id=application_id)
    return Application(**row._asdict()) if row else None


def latest(db: Db, contact_id: int) -> Application | None:
    """A person's newest application, whatever became of it; None when there is none."""
    row = db.one(f"{_FIELDS} where contact_id = %(contact)s order by id desc limit 1", contact=contact_id)
    return Application(**row._asdict()) if row else None


def waiting(db: Db, most: int) -> list[Application]:
    """Those that the organizers have yet to decide, the oldest first."""
    rows = db.rows(f"{_FIELDS} where state = 'sent' order by id limit %(most)s", most=most)
    return [Application(**row._asdict()) for row in rows]


def sent_named(db: Db, words: Sequence[str]) -> int | None:
    """The oldest application that waits for its decision, of a shop whose name holds all these folded words; None."""
    waiting = "select id, answers->>'shop' as name from shop_application where state = 'sent' order by id limit 500"
    wanted = set(words)
    found = (row.id for row in db.rows(waiting) if wanted <= set(words_of(row.name or "")))
    return next(found, None) if wanted else None


def start(db: Db, contact_id: int, conversation_id: int, answers: Mapping[str, Any]) -> None:
    """Begin one, with answers of an earlier one; nothing happens while another is open or sent."""
    db.run(
        "insert into shop_application (contact_id, conversation_id, answers)"
        " values (%(contact)s, %(conversation)s, %(answers)s) on conflict do nothing",
        contact=contact_id,
        conversation=conversation_id,
        answers=jsonb(dict(answers)),
    )


def keep(db: Db, contact_id: int, question: Question, answer: Any) -> bool:
    """Keep an answer, None for a question that is skipped; False when no application of this person is open."""
    return bool(
        db.run(
            "update shop_application set answers = answers || %(answer)s"
            " where contact_id = %(contact)s and state = 'open'",
            answer=jsonb({question: answer}),
            contact=contact_id,
        ).count
    )


def begin_again(db: Db, contact_id: int) -> None:
    """All questions are put anew."""
    db.run(
        "update shop_application set answers = '{}' where contact_id = %(contact)s and state = 'open'",
        contact=contact_id,
    )


def send(db: Db, contact_id: int) -> bool:
    """Put it before the organizers; False when none of this person is open and whole."""
    found = latest(db, contact_id)
    if found is None or not found.is_whole:
        return False
    sent = db.run(
        "update shop_application set state = 'sent', sent_at = market_now() where id = %(id)s and state = 'open'"
        " returning conversation_id",
        id=found.id,
    ).rows
    for row in sent:
        facts.record(db, ApplicationSent(found.id, contact_id, row.conversation_id))
    return bool(sent)


def approve(db: Db, application_id: int, organizer_id: int, vendor_id: int) -> None:
    """It has become this shop. The caller holds the applicant's lock, and has seen it as sent."""
    _decide(db, application_id, organizer_id, "approved", "", vendor_id)


def refuse(db: Db, application_id: int, organizer_id: int, reason: str) -> bool:
    """It becomes no shop, for this reason; False when it waits for nothing."""
    return _decide(db, application_id, organizer_id, "refused", reason[:LONGEST_REASON], None)


def _decide(db: Db, application_id: int, organizer_id: int, state: State, reason: str, vendor_id: int | None) -> bool:
    decided = db.run(
        "update shop_application set state = %(state)s, reason = %(reason)s, vendor_id = %(vendor)s,"
        " decided_at = market_now(), decided_by = %(by)s where id = %(id)s and state = 'sent'"
        " returning conversation_id",
        state=state,
        reason=reason,
        vendor=vendor_id,
        by=organizer_id,
        id=application_id,
    ).rows
    for row in decided:
        facts.record(db, ApplicationDecided(application_id, row.conversation_id, vendor_id))
    return bool(decided)


def hand_over(db: Db, from_contact: int, to_contact: int, begun_in: Sequence[int] | None = None) -> int:
    """What one person began is another's from now on, an open one only where he has none; returns how many.

    `begun_in`: only what was begun in these chats.
    """
    return db.run(
        "update shop_application a set contact_id = %(now)s where a.contact_id = %(former)s"
        " and (%(chats)s::bigint[] is null or a.conversation_id = any(%(chats)s))"
        " and (a.state in ('approved', 'refused') or not exists (select from shop_application o"
        " where o.contact_id = %(now)s and o.state in ('open', 'sent')))",
        now=to_contact,
        former=from_contact,
        chats=list(begun_in) if begun_in is not None else None,
    ).count


def forget_person(db: Db, contact_id: int) -> int:
    """Forget what a person told to become a seller; returns how many applications."""
    return db.run("delete from shop_application where contact_id = %(contact)s", contact=contact_id).count
