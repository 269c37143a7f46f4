"""The outbox on a real PostgreSQL: who is claimed when, and what settles what."""

import pytest

from bot import accounts, aftermath, outbox, reports, retirement, uncertain, verdicts
from bot.messages import Found, Outgoing, Refused, StatusReport, Template, Unclear, Unknown
from bot.outbox import Lease, News, Settlement
from tests.bot.stall import AWA, KOSSI, Stall
from tests.catalog.crowd import run_together

ME, OTHER = Lease("me", 30, 75), Lease("other", 30, 75)


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    """A stall with two open chats."""
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config)
    stall.opens(AWA, KOSSI)
    yield stall
    clean_database.reactions = []


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
        uncertain.follow_refusals(stall.office, db, folded.refusals)
        return folded


def hears_of_failures(stall):
    """The notices that fail from now on: (outbox id, kind)."""
    told = []
    stall.database.reactions = [(aftermath.NoticeFailed, lambda db, fact: told.append((fact.outbox_id, fact.kind)))]
    return told


def test_a_chats_rows_go_one_by_one_in_the_order_they_were_said(stall):
    first, second = put(stall, AWA, "reply", "reply")
    (other,) = put(stall, KOSSI, "reply")
    assert claim(stall) == [first, other]
    assert claim(stall) == []  # the first is under way
    settle(stall, Settlement(first, "sent", provider_id="SM1"))
    assert claim(stall) == [second]


def test_replies_go_before_notices_and_announcements_last(stall):
    people = [f"+2289000{number:04}" for number in range(3)]
    stall.opens(*people)
    ids = {kind: put(stall, phone, kind)[0] for phone, kind in zip(people, ("bulk", "notice", "reply"), strict=True)}
    assert claim(stall, limit=1) == [ids["reply"]]
    assert claim(stall, limit=5, bulk=0) == [ids["notice"]]
    assert claim(stall) == [ids["bulk"]]


def test_a_paused_account_keeps_its_rows(stall):
    (row,) = put(stall, AWA, "reply")
    with stall.database.unit_of_work() as db:
        assert accounts.pause(db, stall.account_id, "20003")
        assert not accounts.pause(db, stall.account_id, "20003")
    assert claim(stall) == []
    with stall.database.unit_of_work() as db:
        assert accounts.resume(db, stall.account.key)
    assert claim(stall) == [row]


def test_two_claimers_never_have_the_same_row(stall):
    people = [f"+2289000{number:04}" for number in range(40)]
    stall.opens(*people)
    for phone in people:
        put(stall, phone, "reply", "reply")
    taken = run_together(lambda owner: claim(stall, Lease(owner, 30, 75), limit=20), ["a", "b", "c"])
    claimed = [row for rows in taken for row in rows]
    assert len(claimed) == len(set(claimed))
    assert len(set(claimed)) <= 40


def test_who_has_lost_his_lease_changes_nothing_under_somebody_elses(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    stall.run("update outbox set lease_owner = 'other'")
    assert settle(stall, Settlement(row, "failed", error="x")) == frozenset()
    assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == frozenset()
    assert stall.rows("select state, lease_owner, provider_id, error from outbox") == [("sending", "other", None, None)]


def test_a_late_yes_settles_what_has_become_uncertain_or_waits_for_its_resend(stall):
    (row,) = put(stall, AWA, "reply")
    for state in ("uncertain", "waiting"):
        stall.run("update outbox set state = %(state)s, lease_owner = null, provider_id = null", state=state)
        assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == {row}
        assert states(stall) == ["sent"]


def test_a_callback_that_comes_before_the_answer_keeps_its_status(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    fold(stall, ("SM1", "delivered", row))
    assert states(stall) == ["delivered"]
    assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == frozenset()  # it knows that already
    assert settle(stall, Settlement(row, "uncertain", error="timeout")) == frozenset()
    assert stall.rows("select state, provider_id from outbox") == [("delivered", "SM1")]


def test_what_was_not_tried_is_not_counted(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "waiting", wait=6, is_attempt=False))
    assert stall.value("select attempts from outbox") == 0
    assert claim(stall) == []
    stall.passes(6)
    assert claim(stall) == [row]
    assert stall.value("select attempts from outbox") == 1


def test_later_rows_wait_for_an_uncertain_one_75_seconds_and_no_longer(stall):
    first, second = put(stall, AWA, "reply", "reply")
    claim(stall)
    settle(stall, Settlement(first, "uncertain", error="timeout"))
    stall.passes(74)
    assert claim(stall) == []
    stall.passes(2)
    assert claim(stall) == [second]


def test_rows_of_a_process_that_is_gone_become_uncertain_and_announcements_fail(stall):
    put(stall, AWA, "reply")
    put(stall, KOSSI, "bulk")
    claim(stall)
    stall.passes(29)
    assert expire(stall) == 0
    stall.passes(2)
    assert expire(stall) == 2
    assert states(stall) == ["uncertain", "failed"]
    assert stall.value("select array_agg(error) from outbox") == ["lease ran out"] * 2


def expire(stall):
    with stall.database.unit_of_work() as db:
        return uncertain.expire_leases(db, 100)


def doubted(stall, *answers):
    """An uncertain row, and the provider's answers to its look-ups."""
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "uncertain", error="timeout"))
    stall.provider.look_ups = list(answers)
    return row


def test_an_uncertain_row_is_looked_up_at_45_seconds_and_found(stall):
    doubted(stall, Found(("SM9",)))
    stall.passes(44)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0
    stall.passes(1)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, provider_id, resent from outbox") == [("sent", "SM9", 0)]
    letter, since = stall.provider.looked_up[0]
    assert (letter.to.value, since) == (AWA, stall.value("select sent_at from outbox"))


def test_a_row_that_was_never_taken_is_sent_again_after_the_second_look_as_lists_may_be_late(stall):
    row = doubted(stall)
    stall.passes(45)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, resent from outbox") == [("uncertain", 0)]
    stall.passes(30)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, error, resent from outbox") == [("waiting", "resent", 1)]
    assert claim(stall) == [row]


def test_look_ups_are_settled_ten_at_a_time_so_that_a_death_costs_those_since_then_alone(stall, monkeypatch):
    people = [f"+2289000{number:04}" for number in range(12)]
    stall.opens(*people)
    rows = [row for phone in people for row in put(stall, phone, "reply")]
    claim(stall)
    settle(stall, *[Settlement(row, "uncertain", error="timeout") for row in rows])
    stall.provider.look_ups = [Found((f"SM{row}",)) for row in rows[:11]]
    real = stall.provider.look_up

    def dies(*given):
        if not stall.provider.look_ups:
            raise SystemExit
        return real(*given)

    monkeypatch.setattr(stall.provider, "look_up", dies)
    stall.passes(45)
    with pytest.raises(SystemExit):
        uncertain.resolve(stall.office, stall.account_id, 100)
    assert states(stall) == ["sent"] * 10 + ["uncertain"] * 2


def test_a_row_that_nobody_can_tell_of_is_resent_once_and_then_given_up(stall):
    row = doubted(stall, Unknown(), Unknown(), Unknown())
    stall.passes(45)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0
    stall.passes(30)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, error, resent from outbox") == [("waiting", "resent", 1)]
    assert claim(stall) == [row]
    settle(stall, Settlement(row, "uncertain", error="timeout"))
    stall.passes(75)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, error from outbox") == [("failed", "answer lost again")]
    assert stall.rows("select kind from attention") == [("reply_lost",)]


def test_a_row_that_needs_a_template_is_sent_again_by_it_whatever_became_of_its_tries(stall, posting):
    with stall.database.unit_of_work() as db:
        accounts.remember_contents(db, stall.account_id, {"new_order_fr": "HX1"}, ["new_order_fr"])
    template = Template("new_order_fr", "fr", ("TG-4K7P2",))
    put(stall, AWA, "notice", template=template)
    busy = Refused("busy", "20429", wait=0.0)
    stall.provider.answers = [Refused("window", "63016"), busy, Unclear("timeout")]
    posting_round(stall, posting)
    assert stall.rows("select state, needs_template from outbox") == [("uncertain", True)]
    for seconds in (45, 30):
        stall.passes(seconds)
        uncertain.resolve(stall.office, stall.account_id, 10)
    posting_round(stall, posting)
    assert [letter.template for letter in stall.provider.sent] == [None, template, template, template]
    assert [letter.template for letter, _ in stall.provider.looked_up] == [template, template]
    assert stall.rows("select state, resent from outbox") == [("sent", 1)]


def test_a_look_up_never_takes_what_another_row_or_an_earlier_try_is_known_by(stall):
    first, second = put(stall, AWA, "reply", "reply")
    claim(stall)
    settle(stall, Settlement(first, "sent", provider_id="SM1"))
    claim(stall)
    stall.run("update outbox set provider_id = 'SM2' where id = %(id)s", id=second)  # a try that failed late
    settle(stall, Settlement(second, "uncertain", error="timeout"))
    stall.provider.look_ups = [Found(("SM1", "SM2")), Found(("SM1", "SM2"))]
    stall.passes(45)
    uncertain.resolve(stall.office, stall.account_id, 10)
    stall.passes(30)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, resent from outbox order by id") == [("sent", 0), ("waiting", 1)]
    claim(stall)
    settle(stall, Settlement(second, "uncertain", error="timeout"))
    stall.provider.look_ups = [Found(("SM1", "SM3"))]
    stall.passes(75)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("sent", "SM3")]


def test_of_two_uncertain_rows_of_a_chat_the_first_is_looked_up_first(stall):
    first, second = put(stall, AWA, "reply", "reply")
    stall.run("update outbox set state = 'uncertain', sent_at = market_now()")
    stall.provider.look_ups = [Found(("SM1", "SM2"))] * 2
    stall.passes(45)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("uncertain", None)]
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("sent", "SM2")]
    stall.run("update outbox set state = 'uncertain', look_ups = 0 where id = %(id)s", id=second)
    stall.run("update outbox set state = 'sending' where id = %(id)s", id=first)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0  # the other one's id is not known yet


def test_uncertain_rows_of_an_account_that_is_off_are_left_alone(stall):
    doubted(stall)
    with stall.database.unit_of_work() as db:
        db.run("insert into channel_account (key, kind) values ('gone', 'simulator')")
        db.run("update outbox set account_id = (select max(id) from channel_account)")
    stall.passes(45)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0


def test_at_a_stop_what_was_not_begun_is_free_again(stall):
    put(stall, AWA, "reply")
    put(stall, KOSSI, "reply")
    claim(stall, limit=1)
    claim(stall, OTHER)
    with stall.database.unit_of_work() as db:
        assert outbox.give_back(db, "me") == 1
    rows = stall.rows("select state, attempts, lease_owner from outbox order by id")
    assert rows == [("waiting", 0, None), ("sending", 1, "other")]


def test_what_is_too_old_is_settled_on_a_paused_account_too(stall):
    for kind, phone in {"reply": AWA, "notice": KOSSI}.items():
        put(stall, phone, kind)
    put(stall, AWA, "bulk")
    put(stall, KOSSI, "reply", too_old=9000)
    with stall.database.unit_of_work() as db:
        accounts.pause(db, stall.account_id, "20003")
    stall.passes(3601)
    told = hears_of_failures(stall)
    with stall.database.unit_of_work() as db:
        assert retirement.retire_bubbles(db, "me", stall.config.timing) == 3
    assert states(stall) == ["failed", "failed", "skipped", "waiting"]
    assert told == [(2, "notice_unsent")]
    assert stall.rows("select kind from attention") == [("reply_unsent",)]


def test_payloads_are_forgotten_after_30_days_and_keys_after_60(stall):
    stall.says(AWA, "riz")
    stall.takes()
    stall.says(KOSSI, "riz")  # still open: never forgotten

    def forget(days):
        stall.passes(days * 86400)
        with stall.database.unit_of_work() as db:
            retirement.forget(db, stall.config.timing)
        return stall.value("select count(*) from inbox"), stall.value("select count(*) from seen")

    assert forget(29) == (4, 4)
    assert forget(1.001) == (1, 4)
    assert forget(28.9) == (1, 4)
    assert forget(1.1) == (1, 0)


def test_a_refusal_of_our_credentials_pauses_once_and_tells_the_organizers_once(stall):
    for phone in (AWA, KOSSI):
        put(stall, phone, "reply")
    with stall.database.unit_of_work() as db:
        rows = outbox.claim(db, ME, stall.account_id, 5, 5)
        aftermath.follow(db, [(row, aftermath.Aftermath(pauses="20003")) for row in rows])
    assert stall.rows("select kind, about from attention") == [("account_paused", {"account": stall.account_id})]
    assert stall.value("select pause_reason from channel_account") == "20003"


def test_an_opt_out_told_by_the_provider_is_logged_and_obeyed_until_the_person_starts_again(stall, posting):
    stall.provider.answers = [Refused("opted_out", "21610"), Refused("opted_out", "21610")]
    put(stall, AWA, "bulk", "reply", "notice")
    told = hears_of_failures(stall)
    posting_round(stall, posting)
    assert stall.rows("select state, error from outbox order by id") == [
        ("failed", "opted_out 21610"),
        ("failed", "opted_out 21610"),
        ("skipped", "not wanted"),
    ]
    assert len(stall.provider.sent) == 2
    assert told == [(3, "notice_muted")]
    switches = "select wants_announcements, wants_order_news from contact order by id limit 1"
    assert stall.rows(switches) == [(False, False)]
    log = stall.rows("select what, is_given, words from consent order by id")
    assert log == [("announcements", False, "told by the provider"), ("order_news", False, "told by the provider")]

    stall.says(AWA, "START")
    stall.takes()
    assert stall.rows(switches) == [(True, True)]
    put(stall, AWA, "notice")
    posting_round(stall, posting)
    assert stall.value("select state from outbox where kind = 'notice' order by id desc limit 1") == "sent"


@pytest.mark.parametrize("is_late", [False, True])
def test_nothing_is_tried_where_nobody_is_reached_until_he_writes_again(stall, posting, is_late):
    nobody = Refused("unreachable", "63024")
    stall.provider.answers = [] if is_late else [nobody]
    put(stall, AWA, "notice", "notice", "bulk")
    put(stall, KOSSI, "notice")
    told = hears_of_failures(stall)
    if is_late:
        claim(stall, limit=1)
        settle(stall, Settlement(1, "sent", provider_id="SM1"))
        fold(stall, ("SM1", "failed", 1, nobody))
    posting_round(stall, posting)
    assert [letter.to.value for letter in stall.provider.sent] == ([KOSSI] if is_late else [AWA, KOSSI])
    assert stall.rows("select state, error from outbox order by id") == [
        ("failed", "unreachable 63024"),
        ("failed", "unreachable"),
        ("skipped", "unreachable"),
        ("sent", None),
    ]
    assert told == [(1, "notice_failed"), (2, "notice_failed")]

    stall.says(AWA, "bonjour")
    stall.takes()
    posting_round(stall, posting)
    assert stall.provider.sent[-1].to.value == AWA


def test_a_failure_says_nothing_of_who_has_written_since_that_send(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    stall.passes(1)
    stall.says(AWA, "bonjour")
    stall.takes()
    fold(stall, ("SM1", "failed", row, Refused("unreachable", "63024")))
    with stall.database.unit_of_work() as db:
        assert not verdicts.is_cut_off(outbox.read(db, row))


def test_replies_dropped_as_too_old_are_one_line_for_each_chat(stall):
    put(stall, AWA, "reply", "reply", "reply")
    put(stall, KOSSI, "reply")
    stall.passes(3601)
    with stall.database.unit_of_work() as db:
        assert retirement.retire_bubbles(db, "me", stall.config.timing) == 4
    contacts = stall.rows("select kind, about->>'contact', conversation_id from attention order by id")
    people = stall.rows("select contact_id::text, id from conversation order by id")
    assert contacts == [("reply_unsent", *person) for person in people]


def test_late_refusals_are_counted_too(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    fold(stall, ("SM1", "failed", row, Refused("final", "63013")))
    assert stall.office.tally.told.keys() == {(stall.account.key, "63013")}


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


@pytest.fixture
def posting(stall, redis):
    """A sending side whose sender's bucket is full."""
    redis.hset(f"bucket:sender:{stall.account.key}", mapping={"tokens": 80, "at": 0})
    redis.hset(f"bucket:sender:{stall.account.key}:bulk", mapping={"tokens": 56, "at": 0})
    posting = stall.new_posting()
    yield posting
    posting.threads.shutdown()


def test_a_round_sends_settles_and_sends_what_comes_next(stall, posting):
    put(stall, AWA, "reply", "reply")
    assert posting_round(stall, posting) == 4  # two claimed, two settled
    assert [letter.outbox_id for letter in stall.provider.sent] == [1, 2]
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("sent", "SM2")]


def test_what_may_not_go_is_settled_without_a_send(stall, posting):
    put(stall, AWA, "notice")
    stall.run("update conversation set last_in_at = market_now() - interval '25 hours'")
    told = hears_of_failures(stall)
    posting_round(stall, posting)
    assert stall.provider.sent == []
    assert stall.rows("select state, error, attempts from outbox") == [("failed", "window shut", 0)]
    assert told == [(1, "notice_shut_out")]


def test_a_template_goes_where_the_window_is_shut_and_it_is_approved(stall, posting):
    put(stall, AWA, "notice", template=Template("new_order_fr", "fr", ("TG-4K7P2",)))
    stall.run("update conversation set last_in_at = null")
    with stall.database.unit_of_work() as db:
        accounts.remember_contents(db, stall.account_id, {"new_order_fr": "HX1"}, ["new_order_fr"])
    posting_round(stall, posting)
    (letter,) = stall.provider.sent
    assert (letter.template.values, dict(letter.contents)) == (("TG-4K7P2",), {"new_order_fr": "HX1"})


def test_an_eleventh_bubble_within_a_minute_waits_for_the_recipients_rate(stall, posting, redis):
    redis.hset(f"bucket:recipient:{stall.account.key}:{chat_of(stall, AWA)}", mapping={"tokens": 0, "at": 2e10})
    put(stall, AWA, "reply")
    posting.round()
    assert stall.provider.sent == []
    wait = stall.value("select extract(epoch from due_at - market_now()) from outbox")
    assert 5 < float(wait) <= 6
    assert stall.rows("select state, attempts from outbox") == [("waiting", 0)]


def test_results_that_the_database_could_not_take_are_settled_when_it_is_back(stall, posting):
    put(stall, AWA, "reply")
    posting.round()
    assert posting.bell.wait(10)
    real, posting.office = posting.office, OfficeWithoutDatabase(posting.office)
    with pytest.raises(TimeoutError):
        posting.round()
    posting.office = real
    posting.round()
    assert stall.rows("select state, provider_id from outbox") == [("sent", "SM1")]


class OfficeWithoutDatabase:
    """The office while the pool of connections is dry."""

    def __init__(self, office):
        self.config, self.owner = office.config, office.owner
        self.accounts, self.tally = office.accounts, office.tally

    @property
    def database(self):
        raise TimeoutError


def test_a_send_that_outlasts_the_stop_is_uncertain_and_not_given_back(stall, posting):
    stall.provider.may_answer.clear()
    put(stall, AWA, "reply")
    posting.round()
    posting.drain(0.0)
    stall.provider.may_answer.set()
    with stall.database.unit_of_work() as db:
        assert outbox.give_back(db, "me") == 0
    assert stall.rows("select state, error from outbox") == [("uncertain", "stopped")]


def test_a_stale_owners_refusal_pauses_nothing(stall, posting):
    stall.provider.answers = [Refused("account", "20003")]
    stall.provider.may_answer.clear()
    put(stall, AWA, "reply")
    posting.round()
    stall.run("update outbox set lease_owner = 'other'")
    stall.provider.may_answer.set()
    posting_round(stall, posting)
    assert stall.rows("select paused_at from channel_account") == [(None,)]
    assert states(stall) == ["sending"]


def test_a_lost_answer_is_uncertain(stall, posting):
    stall.provider.answers = [Unclear("answer_lost")]
    put(stall, AWA, "reply")
    posting_round(stall, posting)
    assert states(stall) == ["uncertain"]
