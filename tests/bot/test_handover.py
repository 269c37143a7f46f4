"""Who answers a chat: the bot is silent while somebody of ours does, says nothing late, and says that it is back."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from base import facts
from bot import attention, contacts, handover
from bot.answers import Reader, compose
from bot.first_words import below
from bot.handover import HandWritten, Replied
from bot.machine import advance
from bot.messages import Happened, Identity, Media, Outgoing, Sender
from bot.notices import Notices
from bot.outbox import News, put_notice
from bot.reacting import reactions
from bot.session import Session
from bot.taps import Tap, write_tap
from bot.waiting import message_of
from bot.world import Moment
from bot.worlds import ReplayWorld
from orders import complaints
from tests.bot.chat import Chat
from tests.bot.stall import AWA, KOSSI, LIMITS

TWELVE = timedelta(hours=12)
OVER = "Vous parlez de nouveau avec le robot."
LAST = "select * from turn order by id desc limit 1"
HELD = "select held_until from conversation order by id limit 1"
SENT = "select bubble->>'body' as body, state, error from outbox order by said_at, place"


def happens(stall, what, phone=AWA):
    """What a channel tells of a chat."""
    stall.says(phone, happened=Happened(what))
    assert stall.takes() == 1


def held_for(stall):
    """How long from its last turn on a person answers by hand."""
    return stall.value("select c.held_until - t.now from conversation c, turn t order by c.id, t.id desc limit 1")


def hears(stall, **said):
    """One message while nothing else is due; how it was read."""
    stall.says(AWA, **said)
    assert stall.takes() == 1
    return stall.rows(LAST)[0].read_as


def posted(posting):
    """All that can be sent now is sent."""
    while posting.round() or posting.under_way:
        posting.bell.wait(0.2)
        posting.bell.clear()


@contextmanager
def statements(stall):
    """The statements that are run meanwhile."""
    run = []
    engine = stall.database.engine

    def note(connection, cursor, statement, *rest):
        run.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_answer_by_hand_silences_the_bot_for_twelve_hours_and_each_further_one_anew(stall):
    assert stall.config.timing.handover == 12 * 3600
    happens(stall, "taken_over")
    assert (held_for(stall), stall.said(AWA)) == (TWELVE, [])
    stall.passes(3600)
    happens(stall, "taken_over")
    assert held_for(stall) == TWELVE


def test_nobody_else_is_silenced(stall):
    happens(stall, "taken_over")
    stall.says(KOSSI, "riz")
    stall.takes()
    assert (stall.noted(KOSSI), stall.value("select count(held_until) from conversation")) == (["riz"], 1)


def test_what_is_said_meanwhile_is_recorded_opens_the_window_and_changes_nothing(stall):
    happens(stall, "taken_over")
    before = stall.rows("select document, last_at, last_in_at from conversation order by id limit 1")[0]
    assert hears(stall, text="boom") == "held"
    after = stall.rows("select document, last_at, last_in_at from conversation order by id limit 1")[0]
    assert (after.document["session"], stall.noted(AWA), stall.said(AWA)) == (before.document["session"], [], [])
    assert (after.last_at, after.last_in_at > before.last_in_at) == (before.last_at, True)
    turn = stall.rows(LAST)[0]
    assert (turn.state_before, turn.state_after, turn.answers, turn.outcomes, turn.said) == (
        *("buyer.asking", "buyer.asking"),
        *([], [], []),
    )
    assert turn.reader["is_held"]


@pytest.mark.parametrize(
    "said",
    [
        {"text": "oui"},
        {"text": "1"},
        {"text": "vous êtes un bot ?"},
        {"text": "menu du jour"},
        {"text": "mes données"},
        {"text": "••••"},
        {"media": (Media("audio", "reference"),)},
        {"tap": "not one of ours"},
        {"text": "bot", "edits": "in1"},
        {"deletes": "in1"},
        {"signal": "expired"},
        {"unread": "poll"},
    ],
    ids=str,
)
def test_whatever_is_not_for_the_bot_is_held(stall, said):
    happens(stall, "taken_over")
    assert hears(stall, **said) == "held"
    assert (held_for(stall) > TWELVE - timedelta(minutes=1), stall.said(AWA)) == (True, [])


@pytest.mark.parametrize("word", ["bot", "Robot", "ROBOT !", "bot."])
def test_a_word_brings_the_bot_back_and_its_question_is_asked_again(stall, word):
    happens(stall, "taken_over")
    assert hears(stall, text=word) == "given_back"
    assert (stall.value(HELD), len(stall.said(AWA)), stall.noted(AWA)) == (None, 1, [])
    assert stall.said(AWA)[0].endswith(f"\n\n{OVER}")
    assert hears(stall, text="riz") == "answer"
    assert (stall.noted(AWA), OVER in stall.said(AWA)[1]) == (["riz"], False)


def test_a_button_brings_it_back_and_does_what_it_names(stall):
    stall.opens(AWA, state="buyer.choosing")
    stall.run("update conversation set document = jsonb_set(document, '{session,asked}', '[7]')")
    happens(stall, "taken_over")
    assert hears(stall, tap=write_tap(Tap("buyer", "choosing", "yes", 7, 1))) == "answer"
    assert (stall.value(HELD), stall.rows(LAST)[0].state_after) == (None, "buyer.asking")
    assert stall.said(AWA)[0].endswith(f"\n\n{OVER}")


def test_an_old_button_brings_it_back_too(stall):
    happens(stall, "taken_over")
    assert hears(stall, tap=write_tap(Tap("buyer", "choosing", "yes", 7, 1))) == "stale"
    assert stall.value(HELD) is None


def test_when_nobody_answers_any_more_the_next_answer_says_who_speaks(stall):
    happens(stall, "taken_over")
    happens(stall, "given_back")
    assert (stall.value(HELD), stall.said(AWA)) == (None, [])
    hears(stall, text="riz")
    hears(stall, text="huile")
    assert [OVER in words for words in stall.said(AWA)] == [True, False]


def test_twelve_hours_after_the_last_answer_the_bot_answers_and_says_so_once(stall):
    happens(stall, "taken_over")
    stall.passes(12 * 3600 - 10)
    assert hears(stall, text="riz") == "held"
    stall.passes(10)
    hears(stall, text="riz")
    hears(stall, text="huile")
    assert ([OVER in words for words in stall.said(AWA)], stall.value(HELD)) == ([True, False], None)


def test_who_was_answered_by_hand_for_hours_was_silent_to_the_bot(stall):
    happens(stall, "taken_over")
    for _ in range(2):
        stall.passes(4 * 3600)
        assert hears(stall, text="d'accord") == "held"
    hears(stall, text="robot")
    assert stall.rows(LAST)[0].reader["is_after_silence"]


def test_stop_is_obeyed_and_confirmed_and_the_person_goes_on_answering(stall, posting):
    happens(stall, "taken_over")
    assert hears(stall, text="STOP") == "consent"
    posted(posting)
    (row,) = stall.rows(SENT)
    assert (row.body.startswith("C'est noté."), row.state, OVER in row.body) == (True, "sent", False)
    assert held_for(stall) > TWELVE - timedelta(minutes=1)
    assert not stall.value("select wants_announcements from contact order by id limit 1")


def test_what_was_not_sent_when_a_person_took_over_is_left_out_but_for_news_of_orders(stall, posting):
    hears(stall, text="riz")
    happens(stall, "taken_over")
    with stall.database.unit_of_work() as db:
        chat = db.value("select id from conversation order by id limit 1")
        kinds = [("rappel", "notice", {"topic": "reminders"}), ("annonce", "bulk", None)]
        for words, kind, about in [*kinds, ("acceptée", "notice", {"vendor_order": 1})]:
            said = db.value("select nextval('said_no')")
            put_notice(db, News(chat, said, Outgoing(words), about=about, kind=kind), 3600)
    posted(posting)
    assert [(row.state, row.error) for row in stall.rows(SENT)] == [
        *[("skipped", "held")] * 3,
        ("sent", None),
    ]
    assert [letter.bubble.body for letter in stall.provider.sent] == ["acceptée"]
    assert stall.value("select count(*) from attention") == 0


def test_an_ordinary_turn_pays_nothing_for_it(stall):
    stall.says(AWA, "riz")
    with statements(stall) as ordinary:
        stall.takes()
    happens(stall, "taken_over")
    happens(stall, "given_back")
    stall.says(AWA, "riz")
    with statements(stall) as later:
        stall.takes()
    assert (len(later), [one for one in ordinary if "attention" in one]) == (len(ordinary), [])


@pytest.mark.parametrize("word", ["riz", "robot", "STOP"])
def test_a_turns_row_says_again_what_a_replay_needs(stall, word):
    happens(stall, "taken_over")
    stall.says(AWA, word)
    stall.takes()
    turn = stall.rows(LAST)[0]
    message = message_of(stall.rows("select * from inbox where id = any(%(ids)s)", ids=turn.inbox_ids)[0])
    minute = int(turn.now.timestamp() // 60)
    moment = Moment(minute, turn.reader["is_after_silence"], is_held=turn.reader["is_held"])
    world = ReplayWorld(turn.reader["hats"], turn.answers)
    turned = advance(stall.bot.dialogs, Session.from_document(turn.before), message, world, moment)
    turned = below(turned, turn.reader["footnotes"])
    reader = Reader("fr", False, LIMITS, stall.config.server.base_url)
    composed = compose(turned.bubbles, turned.session, reader, turn.reader["said"], minute)
    assert (turned.route.how, [bubble.body for bubble in composed.bubbles]) == (turn.read_as, stall.said(AWA))
    assert json.loads(json.dumps(composed.session.to_document()["state"])) == turn.after["state"]


@pytest.fixture
def line(stall):
    """Awa asks for a person, and an organizer, who is Kossi, has answered or taken over; the line's id."""
    stall.heard = []
    stall.database.reactions = [(Replied, lambda db, fact: stall.heard.append(fact))]
    with stall.database.unit_of_work() as db:
        awa, kossi = (row.id for row in db.rows("select id from contact order by id"))
        chat = db.value("select id from conversation where contact_id = %(id)s", id=awa)
        attention.ask_for_person(db, chat, awa, "person_asked")
        (item,) = attention.open_items(db)
        db.run("update attention set about = about || jsonb_build_object('answered_by', %(by)s::bigint)", by=kossi)
        db.facts.clear()
    return item.id


def replies(stall):
    return [len(row.about.get("replies", [])) for row in stall.rows("select about from attention order by id")]


def test_what_an_answered_person_says_is_added_to_the_line_and_told_once(stall, line):
    stall.run("update conversation set document = jsonb_set(document, '{session,state}', '\"buyer.choosing\"')")
    happens(stall, "answered")
    assert [hears(stall, text=words) for words in ("merci, à demain", "on sera deux")] == ["miss", "miss"]
    kossi = stall.value("select max(id) from contact")
    assert stall.heard == [Replied(line, kossi, "Awa", "merci, à demain")]
    assert (replies(stall), stall.value(HELD)) == ([2], None)
    assert stall.said(AWA) != []


def test_after_twelve_hours_it_belongs_to_the_bot_alone(stall, line):
    happens(stall, "answered")
    stall.passes(12 * 3600)
    hears(stall, text="riz")
    assert (stall.heard, replies(stall)) == ([], [0])


def test_what_is_said_while_an_organizer_answers_by_himself_is_added_too(stall, line):
    happens(stall, "taken_over")
    hears(stall, text="trois sacs")
    hears(stall, media=(Media("audio", "reference"),))
    with stall.database.unit_of_work() as db:
        (item,) = attention.open_items(db)
        assert attention.words_of(db, attention.replies_to(item)) == ["trois sacs"]
    assert ([fact.words for fact in stall.heard], replies(stall)) == (["trois sacs"], [2])
    assert (item.is_held, item.has_chat) == (True, True)


def test_a_line_holds_twenty_replies_and_a_settled_one_none(stall, line):
    happens(stall, "taken_over")
    for number in range(22):
        hears(stall, text=f"mot {number}")
    assert replies(stall) == [20]
    stall.run("update attention set settled_at = market_now(), about = about - 'replies'")
    hears(stall, text="encore")
    assert replies(stall) == [0]


def test_a_line_that_is_just_settled_keeps_nobody_waiting(stall, line):
    happens(stall, "taken_over")
    with stall.holding("select id from attention order by id for no key update"):
        hears(stall, text="trois sacs")
    assert replies(stall) == [0]


def test_words_of_a_person_are_looked_for_when_he_leaves(stall, line):
    happens(stall, "taken_over")
    hears(stall, text="ma soeur Dédé passera samedi\noui")
    with stall.database.unit_of_work() as db:
        chat = db.value("select id from conversation order by id limit 1")
        lines = attention.lines_replied(db, [chat])
        assert lines == {"ma soeur Dédé passera samedi", "oui"}
        assert attention.lines_replied(db, [chat + 1]) == set()
    assert [piece for one in sorted(lines) for piece in complaints.pieces(one)] == ["ma soeur Dédé passera samedi"]


def test_an_organizer_writes_to_the_person_of_a_line(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Répondre]")
    assert chief.words == "Vos mots partiront tels quels.\nQue voulez-vous répondre (Awa Mensah) ?"
    assert chief.titles == ["Voir la liste"]
    chief.says("Votre riz arrive demain, à 9h.")
    assert (chief.keys, chief.facts) == (["organizer.answered", "organizer.item"], ["HandWritten"])
    row = chief.db.one("select conversation_id, message from inbox order by id desc limit 1")
    assert row.conversation_id == awa.conversation_id
    assert row.message["happened"] == {"what": "answered"}
    (item,) = attention.open_items(chief.db)
    assert item.about == {"contact": awa.contact_id, "answered_by": chief.contact_id, "is_told": False}


def test_an_answer_makes_no_second_line_of_the_same(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Répondre]", "Bonjour !")
    assert awa.says("agent").startswith("Votre demande est déjà transmise.")
    assert len(attention.open_items(chief.db)) == 1


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("retour", ["organizer.item"]),
        ("menu", ["organizer.menu"]),
        ("attention", ["organizer.attention"]),
        ("1", ["organizer.attention"]),
        ("aide", ["organizer.help", "organizer.answering"]),
        ("mot " * 301, ["organizer.answer_missed", "organizer.answering"]),
    ],
)
def test_what_leads_out_of_the_answer_is_sent_to_nobody(chief, awa, said, keys):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Répondre]")
    chief.says(said)
    assert (chief.keys, chief.facts) == (keys, [])


def test_opting_out_is_no_answer(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Répondre]", "STOP")
    assert (chief.keys, "HandWritten" in chief.facts) == (["consent.stopped"], False)


def test_an_answer_to_a_line_that_another_settled_goes_to_nobody(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Répondre]")
    (item,) = attention.open_items(chief.db)
    attention.settle(chief.db, [item.id], None)
    chief.db.facts.clear()
    chief.says("Bonjour")
    assert (chief.keys, chief.facts) == (["organizer.settled_before", "organizer.all_quiet"], [])
    assert chief.db.value("select count(*) from inbox") == 0


def test_an_organizer_takes_a_chat_over_and_gives_it_back(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1", "[Je réponds moi-même]")
    assert chief.keys == ["organizer.held", "organizer.attention"]
    chief.db.run("update conversation set held_until = market_now() + interval '1 h' where id = %(id)s",
                 id=awa.conversation_id)  # fmt: skip
    chief.says("1")
    assert chief.titles == ["Répondre", "Rendre au robot", "C'est réglé", "Voir la liste"]
    chief.taps_on("Rendre au robot")
    assert chief.keys == ["organizer.released", "organizer.attention"]
    told = chief.db.rows("select message->'happened'->>'what' as what from inbox order by id")
    assert [row.what for row in told] == ["taken_over", "given_back"]


def test_a_line_of_no_chat_has_no_such_ways(chief):
    attention.ask(chief.db, "account_paused", {"account": 1})
    chief.goes("bonjour", "attention", "1")
    assert chief.titles == ["Reprendre l'envoi", "C'est réglé", "Voir la liste"]


@pytest.fixture
def told(db, config, chief, awa):
    """What follows from a fact; `awa` and `chief` write on an account that is on."""
    account = next(a for a in config.channel_accounts if a.kind == "simulator")
    hung = list(reactions(Notices(config, {awa.account_id: account}, {"simulator": LIMITS})))

    def react(*found):
        for one in found:
            facts.record(db, one)
        facts.react(db, hung)
        return db.rows("select conversation_id, kind, bubble, about from outbox order by id")

    return react


def test_his_words_are_brought_as_a_persons(told, awa):
    (row,) = told(HandWritten(5, awa.conversation_id, "Le riz {name} arrive."))
    assert (row.conversation_id, row.kind, row.about) == (awa.conversation_id, "notice", {"answered": 5})
    assert row.bubble == {
        "body": "Une personne du marché vous répond\u00a0:\nLe riz {name} arrive.",
        "is_by_a_person": True,
    }


def test_they_are_introduced_in_the_persons_language(told, awa):
    awa.db.run("update contact set language = 'en' where id = %(id)s", id=awa.contact_id)
    (row,) = told(HandWritten(5, awa.conversation_id, "Welcome"))
    assert row.bubble["body"] == "A person of the market answers you:\nWelcome"


@pytest.mark.parametrize(
    ("words", "body"),
    [("trois sacs", "Awa a répondu\u00a0: «\u00a0trois sacs\u00a0»"), ("", "Awa a répondu par un fichier.")],
)
def test_who_answered_hears_of_the_reply_with_a_door_to_the_line(told, chief, words, body):
    (row,) = told(Replied(5, chief.contact_id, "Awa", words))
    assert (row.conversation_id, row.bubble["body"], row.about) == (chief.conversation_id, body, {"attention": 5})
    assert [offer["title"] for offer in row.bubble["offers"]] == ["Voir la liste"]
    assert row.bubble["offers"][0]["id"].startswith("organizer!attention=5~")


def test_of_who_answered_and_is_no_organizer_any_more_all_others_hear_the_reply(db, config, told, chief):
    other = Chat(db, config, "+22890000998", "Cheffe", roles=[("organizer", None)])
    db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=chief.contact_id)
    (row,) = told(Replied(5, chief.contact_id, "Awa", "trois sacs"))
    assert (row.conversation_id, row.about) == (other.conversation_id, {"attention": 5})


def test_an_event_of_ours_is_read_back(stall):
    with stall.database.unit_of_work() as db:
        chat = contacts.find_or_make_chat(db, stall.account_id, Sender((Identity("phone", AWA),)), [])
        attention.ask_for_person(db, chat.conversation_id, chat.contact_id, "person_asked")
        (item,) = attention.open_items(db)
        db.facts.clear()
        turn = type("Chief", (), {"db": db, "inbox_id": 9, "person": type("P", (), {"contact_id": 2})})
        assert handover.hold(turn, item.id)
        assert not handover.hold(turn, item.id + 1)
        db.facts.clear()
    assert stall.takes() == 1
    assert held_for(stall) == TWELVE


@pytest.mark.parametrize(
    ("about", "quotes"),
    [("inbox", "first"), ("replies", "second"), ("one", "first"), ("elsewhere", ""), ("nothing", "")],
)
def test_his_words_quote_what_the_line_knows_that_was_said(told, awa, about, quotes):
    rows = {}
    for said in ("first", "second"):
        rows[said] = awa.db.value(
            "insert into inbox (account_id, conversation_id, provider_id, message, raw)"
            " select account_id, id, %(said)s, '{}', '' from conversation where id = %(chat)s returning id",
            said=said,
            chat=awa.conversation_id,
        )
    known = {
        "inbox": {"inbox": [rows["first"]]},
        "replies": {"inbox": [rows["first"]], "replies": [rows["second"]]},
        "one": {"inbox": rows["first"]},
        "elsewhere": {"inbox": [10**9]},
        "nothing": {},
    }[about]
    attention.ask(awa.db, "voice_note", known, awa.conversation_id)
    (item,) = attention.open_items(awa.db)
    rows = told(HandWritten(item.id, awa.conversation_id, "Oui, dix sacs."))
    (bubble,) = [row.bubble for row in rows if row.bubble.get("is_by_a_person")]
    assert bubble.get("quotes", "") == quotes
