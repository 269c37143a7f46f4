"""What tests of the outbox do: put rows, claim and settle them, hear reports, send."""

from bot import aftermath, outbox, reports, uncertain
from bot.messages import Outgoing, StatusReport
from bot.outbox import Lease, News

ME, OTHER = Lease("me", 30, 75), Lease("other", 30, 75)


def chat_of(stall, phone):
    return stall.value(
        "select c.id from conversation c join identity i using (contact_id) where i.value = %(phone)s", phone=phone
    )


def put(stall, phone, *kinds, said=None, too_old=3600, template=None):
    """Rows of these kinds in a person's outbox, one said number each; their ids."""
    ids = []
    with stall.database.unit_of_work() as db:
        for kind in kinds:
            number = said or db.value("select nextval('said_no')")
            body = Outgoing(f"{kind} {number}")
            ids.append(outbox.put_notice(db, News(chat_of(stall, phone), number, body, template), too_old))
            db.run("update outbox set kind = %(kind)s where id = %(id)s", id=ids[-1], kind=kind)
    return ids


def claim(stall, lease=ME, limit=50, bulk=50):
    with stall.database.unit_of_work() as db:
        return [row.id for row in outbox.claim(db, lease, stall.account_id, limit, bulk)]


def settle(stall, *settlements, owner="me"):
    with stall.database.unit_of_work() as db:
        return outbox.settle(db, owner, settlements)


def states(stall):
    return [row.state for row in stall.rows("select state from outbox order by id")]


def fold(stall, *said):
    """Reports (provider id, status[, outbox id[, refusal]]) come in and are folded at once."""
    with stall.database.unit_of_work() as db:
        if said:
            reports.keep(db, stall.account_id, [StatusReport(*one) for one in said])
        folded = reports.fold(db, early=600, again=5)
        too_fast = uncertain.follow_refusals(stall.office, db, folded.refusals)
    stall.office.slow_down(too_fast)
    return folded


def hears_of_failures(stall):
    """The notices that fail from now on: (outbox id, kind)."""
    told = []
    stall.database.reactions = [(aftermath.NoticeFailed, lambda db, fact: told.append((fact.outbox_id, fact.kind)))]
    return told


def posting_round(stall, posting):
    """As the worker: claim, wait for the sends, settle, until nothing is left; returns how much was done."""
    done = 0
    while True:
        posting.bell.clear()
        now = posting.round()
        done += now
        if posting.under_way:
            assert posting.bell.wait(10)
        elif not now:
            return done
