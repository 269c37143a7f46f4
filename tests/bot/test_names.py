"""Whose a name is: new devices, recycled numbers, other names told by Meta, and names that are somebody else's."""

import json

import psycopg
import pytest

from base.clock import move_test_clock, now
from base.db import Alone, Db
from base.facts import react
from bot import accounts, contacts, happenings, inbox, locks, names, outbox, suspension, verdicts
from bot.messages import Happened, Identity, Incoming, Kept, Outgoing, Parsed, Sender
from bot.turn import Turn
from tests.bot.chat import Chat
from tests.catalog.market import make_vendor
from tests.orders.buying import advance

DAY = 86_400
PHONE, OTHER_PHONE = Identity("phone", "+22890000041"), Identity("phone", "+22890000042")
OLD, NEW = Identity("bsuid", "TG.1"), Identity("bsuid", "TG.2")


@pytest.fixture
def account(db, config):
    return accounts.ensure(db, config.channel_accounts)["simulator"]


@pytest.fixture
def twilio(db, config):
    return accounts.ensure(db, config.channel_accounts)["twilio"]


def meet(db, account, *told, name="Awa", sharing=()):
    return contacts.find_or_make_chat(db, account, Sender(told, name), (account, *sharing))


def names_of(db, chat, account=None):
    """The names of a chat's person, on one account or on all."""
    return [
        tuple(row)
        for row in db.rows(
            "select kind, value from identity where contact_id = %(id)s"
            " and (account_id = %(account)s or %(account)s is null) order by account_id, kind, value",
            id=chat.contact_id,
            account=account,
        )
    ]


def as_tuples(*told):
    return sorted((name.kind, name.value) for name in told)


def hats(db, chat):
    return contacts.people(db, [chat.conversation_id])[chat.conversation_id].hats


def why(db):
    return [(row.role, row.suspended_why) for row in db.rows("select role, suspended_why from role order by id")]


def places_an_order(db, chat):
    db.run(
        'insert into "order" (code, contact_id, conversation_id, quarter, landmark, recipient, phone, payment, total)'
        " values (%(code)s, %(contact)s, %(chat)s, 'be', '', 'Awa', '+22890000041', 'cash', 500)",
        code=f"TG-{chat.contact_id}",
        contact=chat.contact_id,
        chat=chat.conversation_id,
    )


def renamed(db, config, chat, account, *told):
    """Meta says it, in a turn by itself."""
    person = contacts.people(db, [chat.conversation_id])[chat.conversation_id]
    turn = Turn(db, config, person, chat.conversation_id, account, 1, now(db), said=Incoming("", Sender(())))
    happenings.heed(turn, Happened("renamed", told))


def test_a_phone_that_was_silent_for_90_days_and_has_another_bsuid_is_somebody_elses(db, account):
    former = meet(db, account, PHONE, OLD)
    places_an_order(db, former)
    contacts.grant(db, former.contact_id, "vendor", make_vendor(db))
    advance(db, 90 * DAY)
    new = meet(db, account, PHONE, NEW, name="Kossi")
    assert (new.contact_id != former.contact_id, new.conversation_id != former.conversation_id) == (True, True)
    assert (names_of(db, former), names_of(db, new)) == (as_tuples(OLD), as_tuples(PHONE, NEW))
    assert db.rows('select contact_id from "order"') == [(former.contact_id,)]
    assert db.value("select name from contact where id = %(id)s", id=new.contact_id) == "Kossi"
    assert hats(db, new) == ("buyer",)
    assert meet(db, account, OLD) == former
    assert (meet(db, account, PHONE, NEW), meet(db, account, NEW), meet(db, account, PHONE)) == (new, new, new)


def test_a_second_before_it_is_his_new_device_and_his_rights_wait(db, account):
    chat = meet(db, account, PHONE, OLD)
    contacts.grant(db, chat.contact_id, "organizer")
    advance(db, 90 * DAY - 1)
    assert meet(db, account, PHONE, NEW) == chat
    assert names_of(db, chat) == as_tuples(PHONE, OLD, NEW)
    assert (hats(db, chat), why(db)) == (("buyer",), [("organizer", "renamed")])


def test_whoever_wrote_meanwhile_was_not_silent(db, account):
    chat = meet(db, account, PHONE, OLD)
    advance(db, 60 * DAY)
    db.run("update conversation set last_in_at = market_now()")
    advance(db, 60 * DAY)
    assert meet(db, account, PHONE, NEW) == chat


def test_a_new_owner_has_the_phone_on_every_account_that_proves_it(db, account, twilio):
    former = meet(db, account, PHONE, OLD, sharing=[twilio])
    assert meet(db, twilio, PHONE, sharing=[account]).contact_id == former.contact_id
    advance(db, 90 * DAY)
    new = meet(db, account, PHONE, NEW, sharing=[twilio])
    there = meet(db, twilio, PHONE, sharing=[account])
    assert there.contact_id == new.contact_id != former.contact_id
    assert names_of(db, former) == as_tuples(OLD)


def test_the_first_bsuid_of_a_phone_contradicts_nobody(db, account):
    chat = meet(db, account, PHONE)
    advance(db, 90 * DAY - 1)
    assert meet(db, account, PHONE, OLD) == chat
    assert meet(db, account, OLD) == chat


def test_a_phone_that_was_silent_for_90_days_and_comes_alone_is_somebody_elses(db, config, account, twilio):
    former = meet(db, account, PHONE, sharing=[twilio])
    there = meet(db, twilio, PHONE, sharing=[account])
    places_an_order(db, former)
    contacts.grant(db, former.contact_id, "vendor", make_vendor(db))
    advance(db, 90 * DAY)
    assert suspension.suspend_silent(db, config.timing, 100) == 1
    new = meet(db, account, PHONE, name="Kossi", sharing=[twilio])
    assert (names_of(db, former), names_of(db, new)) == ([], as_tuples(PHONE, PHONE))
    assert db.rows('select contact_id from "order"') == [(former.contact_id,)]
    assert db.rows("select contact_id, suspended_why from role") == [(former.contact_id, "silent")]
    assert meet(db, account, PHONE, sharing=[twilio]) == new
    moved = meet(db, twilio, PHONE, sharing=[account])
    assert (moved.contact_id, moved.conversation_id != there.conversation_id) == (new.contact_id, True)


def test_the_first_bsuid_after_90_days_is_somebody_elses_too_and_any_other_name_is_not(db, account):
    former, kept = meet(db, account, PHONE), meet(db, account, OTHER_PHONE, OLD)
    advance(db, 90 * DAY)
    assert meet(db, account, PHONE, NEW).contact_id != former.contact_id
    assert meet(db, account, OTHER_PHONE, OLD) == kept


def test_a_webhook_of_a_long_silent_phone_is_not_stored_as_its_former_persons(db, config, account):
    keeper = inbox.Keeper(account, (account,), config.timing, ())
    former = meet(db, account, PHONE)
    for number, (seconds, is_known) in enumerate([(90 * DAY - 1, True), (1, False)]):
        advance(db, seconds)
        parsed = Parsed((Kept(Incoming(f"in{number}", Sender((PHONE,)), "bonjour"), b""),))
        one = inbox.Lone(parsed.messages[0])
        inbox.keep_known(db, keeper, [one])
        assert (one.stored is not None) == is_known
    assert inbox.keep(db, keeper, parsed).count == 1
    assert places(db, "inbox")[1] != former.conversation_id
    assert names_of(db, former) == []


def lines(db):
    return [(row.kind, row.about, row.conversation_id) for row in db.rows("select * from attention order by id")]


def test_who_first_wrote_without_his_phone_is_named_to_an_organizer_who_gives_him_his_shop(db, account):
    shop = make_vendor(db)
    vendor = contacts.contact_with_phone(db, account, PHONE.value, "Yawa", [account])
    contacts.grant(db, vendor, "vendor", shop)
    chat = meet(db, account, NEW)
    places_an_order(db, chat)
    for _ in range(2):
        assert meet(db, account, PHONE, NEW) == chat
        assert db.facts == [suspension.RightsElsewhere(chat.contact_id, account, vendor)]
        react(db, [(suspension.RightsElsewhere, suspension.ask_whose)])
    assert lines(db) == [("rights_suspended", {"contact": chat.contact_id, "rights_of": vendor}, chat.conversation_id)]
    assert suspension.restore(db, chat.contact_id, vendor) == 1
    assert db.rows("select contact_id, vendor_id, suspended_at from role") == [(chat.contact_id, shop, None)]
    db.facts = []
    assert meet(db, account, PHONE, NEW) == chat
    assert (names_of(db, chat), db.facts) == (as_tuples(PHONE, NEW), [])


def test_a_right_that_a_person_took_is_told_to_nobody_and_given_to_nobody(db, account):
    owner, chat = meet(db, account, PHONE), meet(db, account, NEW)
    contacts.grant(db, owner.contact_id, "organizer")
    db.run("update role set suspended_at = market_now()")
    meet(db, account, PHONE, NEW)
    assert db.facts == []
    assert suspension.restore(db, chat.contact_id, owner.contact_id) == 0
    assert db.value("select contact_id from role") == owner.contact_id


def test_a_phone_of_the_settings_appoints_its_person_once_and_no_later_owner(db, account, twilio):
    both = [account, twilio]
    contacts.appoint_organizers(db, both, [PHONE.value])
    chief = meet(db, account, PHONE, OLD, sharing=[twilio])
    assert hats(db, chief) == ("organizer", "buyer")
    assert meet(db, account, OTHER_PHONE, OLD, sharing=[twilio]) == chief
    stranger = meet(db, account, PHONE, sharing=[twilio])
    contacts.appoint_organizers(db, both, [PHONE.value])
    assert (stranger.contact_id != chief.contact_id, hats(db, stranger)) == (True, ("buyer",))
    assert db.rows("select contact_id, suspended_why from role") == [(chief.contact_id, "renamed")]
    contacts.appoint_organizers(db, both, [PHONE.value, "+22890000049"])
    assert db.value("select count(*) from role") == 2


def test_an_operator_names_a_phone_however_long_it_was_silent(db, account):
    former = meet(db, account, PHONE)
    advance(db, 400 * DAY)
    assert contacts.contact_with_phone(db, account, PHONE.value, "Yawa", [account]) == former.contact_id


def test_the_same_phone_on_two_accounts_is_one_person_with_two_chats_and_one_basket(db, account, twilio):
    here, there = meet(db, account, PHONE, OLD, sharing=[twilio]), meet(db, twilio, PHONE, NEW, sharing=[account])
    assert (here.contact_id, here.conversation_id != there.conversation_id) == (there.contact_id, True)
    assert db.value("select count(*) from contact") == 1


def test_a_phone_alone_joins_no_account_to_one_that_was_silent_for_90_days(db, account, twilio):
    here = meet(db, account, PHONE, sharing=[twilio])
    advance(db, 90 * DAY)
    assert meet(db, twilio, PHONE, sharing=[account]).contact_id != here.contact_id


def test_who_hid_his_phone_and_shows_it_is_the_same_and_loses_nothing(db, account):
    chat = meet(db, account, OLD)
    contacts.grant(db, chat.contact_id, "organizer")
    assert meet(db, account, PHONE, OLD) == chat
    assert meet(db, account, PHONE) == chat
    assert hats(db, chat) == ("organizer", "buyer")
    assert db.value("select count(*) from contact") == 1


def test_another_phone_of_a_known_bsuid_takes_the_place_of_the_first(db, account):
    chat = meet(db, account, PHONE, OLD)
    contacts.grant(db, chat.contact_id, "organizer")
    assert meet(db, account, OTHER_PHONE, OLD) == chat
    assert names_of(db, chat) == as_tuples(OTHER_PHONE, OLD)
    assert why(db) == [("organizer", "renamed")]
    assert meet(db, account, PHONE).contact_id != chat.contact_id


def test_the_bsuid_says_who_writes_where_the_phone_is_another_persons_who_buys(db, account):
    owner, chat = meet(db, account, PHONE), meet(db, account, NEW)
    places_an_order(db, owner)
    assert meet(db, account, PHONE, NEW) == chat
    assert (names_of(db, owner), names_of(db, chat)) == (as_tuples(PHONE), as_tuples(NEW))
    assert db.rows('select contact_id from "order"') == [(owner.contact_id,)]


def test_a_phone_is_taken_from_who_has_another_bsuid(db, account):
    owner, chat = meet(db, account, PHONE, OLD), meet(db, account, NEW)
    places_an_order(db, owner)
    assert meet(db, account, PHONE, NEW) == chat
    assert (names_of(db, owner), names_of(db, chat)) == (as_tuples(OLD), as_tuples(PHONE, NEW))


def test_a_phone_is_taken_from_who_has_nothing_to_lose(db, account):
    owner, chat = meet(db, account, PHONE), meet(db, account, NEW)
    assert meet(db, account, PHONE, NEW) == chat
    assert (names_of(db, owner), names_of(db, chat)) == ([], as_tuples(PHONE, NEW))


def test_two_webhooks_of_somebody_new_make_one_person(db, account):
    """The second has looked before the first came."""
    chat = meet(db, account, PHONE, NEW)
    met = names.Meeting(account, (PHONE, NEW), (account,))
    assert contacts._make_contact(db, met, Sender((PHONE, NEW), "Awa"), {}) == chat.contact_id
    assert db.value("select count(*) from contact") == 1


def test_a_number_that_changed_at_the_provider_is_the_same_persons_and_his_rights_wait(db, config, account, twilio):
    chat = meet(db, account, PHONE, OLD, sharing=[twilio])
    there = meet(db, twilio, PHONE, sharing=[account])
    contacts.grant(db, chat.contact_id, "vendor", make_vendor(db))
    renamed(db, config, chat, account, OTHER_PHONE, NEW)
    assert names_of(db, chat, account) == as_tuples(OTHER_PHONE, OLD, NEW)
    assert names_of(db, chat, twilio) == as_tuples(OTHER_PHONE)
    assert (hats(db, chat), why(db)) == (("buyer",), [("vendor", "renamed")])
    assert meet(db, account, OTHER_PHONE, NEW) == chat
    assert meet(db, twilio, OTHER_PHONE, sharing=[account]) == there
    assert meet(db, account, PHONE).contact_id != chat.contact_id


def test_the_same_news_twice_suspends_once(db, config, account):
    chat = meet(db, account, PHONE, OLD)
    contacts.grant(db, chat.contact_id, "organizer")
    renamed(db, config, chat, account, NEW)
    assert why(db) == [("organizer", "renamed")]
    assert suspension.restore(db, chat.contact_id) == 1
    renamed(db, config, chat, account, NEW)
    assert (hats(db, chat), why(db)) == (("organizer", "buyer"), [("organizer", None)])


def test_a_new_number_that_is_a_buyers_own_stays_his(db, config, account):
    owner, chat = meet(db, account, OTHER_PHONE), meet(db, account, PHONE, OLD)
    places_an_order(db, owner)
    renamed(db, config, chat, account, OTHER_PHONE, NEW)
    assert (names_of(db, owner), names_of(db, chat)) == (as_tuples(OTHER_PHONE), as_tuples(PHONE, OLD, NEW))
    assert meet(db, account, OTHER_PHONE, NEW) == chat
    assert db.rows('select contact_id from "order"') == [(owner.contact_id,)]


def test_a_new_name_that_wrote_before_its_news_came_is_the_same_persons(db, config, account):
    chat, early = meet(db, account, PHONE, OLD), meet(db, account, OTHER_PHONE, NEW)
    assert early != chat
    renamed(db, config, chat, account, OTHER_PHONE, NEW)
    assert (names_of(db, early), meet(db, account, OTHER_PHONE, NEW)) == ([], chat)


def test_news_of_names_are_heeded_by_a_turn_by_itself(db, config, account):
    chat = meet(db, account, PHONE, OLD)
    batch = Db(db.connection, in_batch=True)
    with pytest.raises(Alone):
        renamed(batch, config, chat, account, NEW)
    assert (batch.has_written, names_of(db, chat)) == (False, as_tuples(PHONE, OLD))


def test_rights_of_who_was_silent_for_90_days_are_suspended_by_a_job_and_no_others(db, config, account):
    silent, lively, restored = (meet(db, account, Identity("phone", f"+2289000005{n}")) for n in range(3))
    for chat in (silent, lively, restored):
        contacts.grant(db, chat.contact_id, "organizer")
    advance(db, 90 * DAY - 1)
    assert suspension.suspend_silent(db, config.timing, 100) == 0
    db.run("update conversation set last_in_at = market_now() where id = %(id)s", id=lively.conversation_id)
    advance(db, 1)
    contacts.grant(db, restored.contact_id, "organizer")
    assert suspension.suspend_silent(db, config.timing, 100) == 1
    assert why(db) == [("organizer", "silent"), ("organizer", None), ("organizer", None)]
    assert suspension.suspend_silent(db, config.timing, 100) == 0


def test_a_right_that_was_taken_is_not_given_back_with_the_suspended_ones(db, account):
    chat = meet(db, account, PHONE, OLD)
    kept, taken = make_vendor(db, "kept"), make_vendor(db, "taken")
    contacts.grant(db, chat.contact_id, "vendor", taken)
    db.run("update role set suspended_at = market_now()")
    contacts.grant(db, chat.contact_id, "vendor", kept)
    meet(db, account, PHONE, NEW)
    assert contacts.people(db, [chat.conversation_id])[chat.conversation_id].vendor_ids == ()
    assert suspension.restore_by_phone(db, "90 00 00 41") == 1
    assert contacts.people(db, [chat.conversation_id])[chat.conversation_id].vendor_ids == (kept,)
    assert suspension.restore_by_phone(db, "90 00 00 41") == suspension.restore_by_phone(db, "bof") == 0


def test_a_number_told_by_its_person_outlives_the_chat_and_leaves_with_him(db, config, market):
    awa = Chat(db, config, "+22890000041")
    awa.goes("bonjour", "corriger", "[Le téléphone]", "91 22 33 44")
    assert contacts.phone_of(db, awa.contact_id) == "+22891223344"
    assert names_of(db, awa) == [("phone", "+22890000041")]
    awa.memory = {}
    assert "Téléphone : 91 22 33 44" in awa.says("mes données")
    assert "own_phone" not in awa.memory


def hears(db, chat, account, words, **document):
    """A message that waits for its turn."""
    return db.value(
        "insert into inbox (account_id, conversation_id, provider_id, message, raw)"
        " values (%(account)s, %(chat)s, %(words)s, %(message)s::jsonb, ''::bytea) returning id",
        account=account,
        chat=chat.conversation_id,
        words=words,
        message=json.dumps({"text": words, **document}),
    )


def tells(db, chat, words):
    """A bubble that waits for its sending."""
    said = db.value("select nextval('said_no')")
    return outbox.put_notice(db, outbox.News(chat.conversation_id, said, Outgoing(words)), 3600)


def places(db, table):
    return [row.conversation_id for row in db.rows(f"select conversation_id from {table} order by id")]


def test_whoever_loses_his_last_name_to_himself_is_answered_in_the_chat_that_has_it(db, account):
    owner, chat = meet(db, account, PHONE), meet(db, account, NEW)
    hears(db, owner, account, "bonjour")
    hears(db, owner, account, "wake", signal="expired")
    done = hears(db, owner, account, "avant")
    db.run("update inbox set state = 'done' where id = %(id)s", id=done)
    tells(db, owner, "Bonjour Awa")
    db.run(
        "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference)"
        " select min(id), 1, %(chat)s, %(account)s, 'image', '', 'x' from inbox",
        chat=owner.conversation_id,
        account=account,
    )
    assert meet(db, account, PHONE, NEW) == chat
    own, other = owner.conversation_id, chat.conversation_id
    assert places(db, "inbox") == [other, own, own]
    assert (places(db, "outbox"), db.value("select conversation_id from received_media")) == ([other], other)


def test_what_waits_for_who_was_silent_is_told_to_no_new_owner_and_his_words_are_answered(db, account):
    former = meet(db, account, PHONE)
    places_an_order(db, former)
    advance(db, 90 * DAY)
    hears(db, former, account, "bonjour")
    tells(db, former, "Commande TG-1")
    chat = meet(db, account, NEW)
    assert meet(db, account, PHONE, NEW) == chat
    assert (names_of(db, former), names_of(db, chat)) == ([], as_tuples(PHONE, NEW))
    assert (places(db, "inbox"), places(db, "outbox")) == ([chat.conversation_id], [former.conversation_id])
    (claimed,) = outbox.claim(db, outbox.Lease("me", 30, 75), account, 10, 10)
    assert (claimed.to.value, verdicts.way_out(claimed, None, "none")) == ("", "unreachable")
    settlement = verdicts.unsent(claimed, "unreachable").settlement
    assert outbox.settle(db, "me", [settlement]) == {claimed.id: False}
    assert db.rows("select state, error from outbox") == [("failed", "unreachable")]


def test_an_old_phone_stays_where_it_is_the_last_name(db, account, twilio):
    chat = meet(db, account, PHONE, OLD, sharing=[twilio])
    there = meet(db, twilio, PHONE, sharing=[account])
    owner = meet(db, twilio, OTHER_PHONE)
    places_an_order(db, owner)
    assert meet(db, account, OTHER_PHONE, OLD, sharing=[twilio]) == chat
    assert names_of(db, chat, account) == as_tuples(OTHER_PHONE, OLD)
    assert (names_of(db, there, twilio), names_of(db, owner, twilio)) == (as_tuples(PHONE), as_tuples(OTHER_PHONE))


def test_a_person_who_is_in_a_turn_keeps_no_job_waiting_and_is_suspended_by_the_next(clean_database, config):
    with clean_database.unit_of_work() as db:
        account = accounts.ensure(db, config.channel_accounts)["simulator"]
        busy, free = (meet(db, account, Identity("phone", f"+2289000005{n}")) for n in range(2))
        for chat in (busy, free):
            contacts.grant(db, chat.contact_id, "organizer")
    move_test_clock(clean_database, 90 * DAY)
    with clean_database.unit_of_work() as other:
        locks.contact(other, busy.contact_id)
        with clean_database.unit_of_work() as db:
            db.run("set local lock_timeout = '500ms'")
            assert suspension.suspend_silent(db, config.timing, 100) == 1
            assert why(db) == [("organizer", None), ("organizer", "silent")]
    with clean_database.unit_of_work() as db:
        assert suspension.suspend_silent(db, config.timing, 100) == 1


def test_names_change_hands_under_the_locks_of_their_people(clean_database, config):
    with clean_database.unit_of_work() as db:
        account = accounts.ensure(db, config.channel_accounts)["simulator"]
        owner, chat = meet(db, account, PHONE), meet(db, account, NEW)
    for held in (owner, chat):
        with clean_database.unit_of_work() as other:
            locks.contact(other, held.contact_id)
            with clean_database.transaction() as db:
                db.run("set local lock_timeout = '100ms'")
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    meet(db, account, PHONE, NEW)
    with clean_database.unit_of_work() as db:
        assert (names_of(db, owner), names_of(db, chat)) == (as_tuples(PHONE), as_tuples(NEW))
        assert meet(db, account, PHONE, NEW) == chat


def test_who_is_appointed_at_the_start_is_appointed_under_his_lock(clean_database, config):
    with clean_database.unit_of_work() as db:
        account = accounts.ensure(db, config.channel_accounts)["simulator"]
        chief = meet(db, account, PHONE)
    with clean_database.unit_of_work() as other:
        locks.contact(other, chief.contact_id)
        with clean_database.transaction() as db:
            db.run("set local lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                contacts.appoint_organizers(db, [account], [PHONE.value])
    with clean_database.unit_of_work() as db:
        contacts.appoint_organizers(db, [account], [PHONE.value])
        assert hats(db, chief) == ("organizer", "buyer")


def test_the_people_of_a_webhook_of_several_are_locked_in_one_order(db, account):
    owner, chat, other = meet(db, account, PHONE), meet(db, account, NEW), meet(db, account, OTHER_PHONE)
    senders = [(NEW, PHONE), (OTHER_PHONE,), (OTHER_PHONE, OLD), (OLD,)]
    assert names.changing(db, account, senders) == [owner.contact_id, chat.contact_id, other.contact_id]
    assert names.changing(db, account, [(OTHER_PHONE,), (OLD,)]) == []
