"""A vendor's voice note: typed by one of ours, read as the vendor's, and done only by the vendor's yes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from base import facts
from base.clock import now
from bot import attention, contacts, received, typed, voices
from bot.notices import Notices
from bot.turn import Turn
from bot.voice_news import VoiceNews, code_of
from bot.voices import VoiceRead
from bot.waiting import message_of
from catalog import adjusting, stock
from catalog.stock import JOB, Change
from tests.bot.chat import Chat
from tests.bot.stall import LIMITS
from tests.catalog.crowd import run_together
from tests.catalog.market import figures_of, make_good, make_vendor

NBSP = "\u00a0"


class House:
    """A shop's people and an organizer; a voice note is the inbox row 17, 18 and so on."""

    def __init__(self, db, config, yawa):
        self.db, self.config, self.rows = db, config, iter(range(17, 99))
        account = next(a for a in config.channel_accounts if a.kind == "simulator")
        notices = Notices(config, {yawa.account_id: account}, {"simulator": LIMITS})
        self.reactions = [(VoiceRead, VoiceNews(notices).read)]
        self.db.run("update conversation set last_in_at = market_now()")

    def speaks(self, who, state="kept"):
        """A voice note; the id of its line."""
        row = next(self.rows)
        self.db.run(
            "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference, state,"
            " file) values (%(row)s, 1, %(chat)s, 1, 'audio', 'audio/ogg', 'r', %(state)s, 'a.ogg')",
            row=row,
            chat=who.conversation_id,
            state=state,
        )
        if not who.turn:
            who.says("bonjour")
        assert voices.keep(who.turn, (row,))
        who.turn.db.facts.clear()
        return attention.line_about(self.db, voices.KIND, {"inbox": [row]})

    def types(self, line, words, who):
        """Somebody types it, and the vendor's chat has its turn; the last notice, its buttons by their titles."""
        assert voices.send(self.db, line, words, None)
        return self.hears(who)

    def hears(self, who):
        row = self.db.one("select * from inbox order by id desc limit 1")
        person = contacts.people(self.db, [who.conversation_id])[who.conversation_id]
        turn = Turn(
            self.db, self.config, person, who.conversation_id, who.account_id, row.id, now(self.db), inbox_ids=(row.id,)
        )
        self.db.facts.clear()
        typed.read(turn, message_of(row).happened)
        facts.react(self.db, self.reactions)
        bubble = self.db.one("select bubble from outbox order by id desc limit 1").bubble
        taps = {offer["title"]: offer["id"] for offer in bubble.get("offers", [])}
        return bubble["body"].replace(NBSP, " "), taps

    def open(self):
        """The open lines."""
        return [(item.kind, dict(item.about)) for item in attention.open_items(self.db)]


@pytest.fixture
def house(db, config, yawa, chief):
    return House(db, config, yawa)


@pytest.fixture
def afi(db, config, market):
    """A helper of the first shop."""
    return Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])


def said(body):
    return body.partition("\n")[0]


def proposals(db):
    return [tuple(row) for row in db.rows("select source, applied_at is not null from adjustment order by id")]


def test_what_is_typed_is_shown_and_only_a_yes_does_it(house, yawa, market, db):
    line = house.speaks(yawa)
    body, taps = house.types(line, "riz parfumé 25 kg 7", yawa)
    assert body == "🎤 Vous avez dit : « riz parfumé 25 kg 7 »\n\nRiz parfumé 25 kg : 10 → 7\n\nC'est bon ?"
    assert list(taps) == ["✅ Oui", "❌ Non"]
    assert (figures_of(db, market["rice"]), proposals(db), house.open()) == ((10, 0, 0), [("voice", False)], [])
    yawa.taps_id(taps["✅ Oui"])
    assert (yawa.keys, figures_of(db, market["rice"])) == (["vendor.stock_applied"], (7, 0, 0))
    yawa.taps_id(taps["✅ Oui"])
    assert (yawa.keys[0], figures_of(db, market["rice"])) == ("vendor.voice_passed", (7, 0, 0))
    yawa.says("annule")
    assert figures_of(db, market["rice"]) == (10, 0, 0)


def test_a_small_change_is_asked_about_even_where_small_ones_are_done_at_once(house, yawa, market, db):
    yawa.goes("bonjour", "petits changements", "oui")
    body, taps = house.types(house.speaks(yawa), "riz parfumé 25 kg 9", yawa)
    assert "10 → 9" in body
    assert figures_of(db, market["rice"]) == (10, 0, 0)
    body, taps = house.types(house.speaks(yawa), "riz 9", yawa)
    yawa.taps_id(taps["✅ Continuer"])
    assert yawa.keys == ["vendor.stock_which"]
    yawa.taps_on("Riz parfumé 25 kg")
    assert (yawa.keys, figures_of(db, market["rice"])) == (["vendor.stock_preview"], (10, 0, 0))
    assert proposals(db) == [("voice", False), ("voice", False)]


def test_a_sale_between_the_preview_and_the_yes_is_shown_first(house, yawa, market, db):
    _, taps = house.types(house.speaks(yawa), "riz parfumé 25 kg 7", yawa)
    stock.hold(db, [Change(market["rice"].stock_id, 2)], JOB)
    yawa.taps_id(taps["✅ Oui"])
    assert (yawa.keys, figures_of(db, market["rice"])) == (["vendor.stock_changed"], (10, 2, 0))
    assert "10 → 7 (dont 2 réservés)" in yawa.words.replace(NBSP, " ")
    yawa.says("oui")
    assert (yawa.keys[0], figures_of(db, market["rice"])) == ("vendor.stock_applied", (7, 2, 0))


def test_a_no_is_the_end_of_it(house, yawa, market, db):
    _, taps = house.types(house.speaks(yawa), "riz parfumé 25 kg 7", yawa)
    yawa.taps_id(taps["❌ Non"])
    assert (yawa.keys[0], proposals(db)) == ("vendor.stock_dropped", [])
    yawa.taps_id(taps["✅ Oui"])
    assert (yawa.keys[0], figures_of(db, market["rice"])) == ("vendor.voice_passed", (10, 0, 0))


def test_in_text_mode_a_code_is_typed_and_a_bare_yes_only_shows_it(house, yawa, market, db):
    db.run("update contact set is_in_text_mode = true where id = %(id)s", id=yawa.contact_id)
    body, _ = house.types(house.speaks(yawa), "riz parfumé 25 kg 7", yawa)
    id_ = db.value("select max(id) from adjustment")
    code = code_of(id_)
    assert body.endswith(f"C'est bon ?\n\nO {code} · ✅ Oui\nN {code} · ❌ Non")
    yawa.says("oui")
    assert (yawa.keys, figures_of(db, market["rice"])) == (["vendor.stock_preview"], (10, 0, 0))
    yawa.says("menu")
    yawa.says(f"O {code}")
    assert (yawa.keys[0], figures_of(db, market["rice"])) == ("vendor.stock_applied", (7, 0, 0))
    body, _ = house.types(house.speaks(yawa), "A 4K7", yawa)
    assert body == "🎤 Vous avez dit : « A 4K7 »\n\nA 4K7 · ✅ Continuer"


def test_an_answer_to_an_order_is_given_by_the_button_below_what_was_heard(house, yawa, ordered, db):
    _, part, code = ordered
    yawa.says("bonjour")
    body, taps = house.types(house.speaks(yawa), f"A {code}", yawa)
    assert (body, list(taps)) == (f"🎤 Vous avez dit : « A {code} »", ["✅ Continuer"])
    assert db.value("select state from vendor_order where id = %(id)s", id=part) == "placed"
    yawa.taps_id(taps["✅ Continuer"])
    assert db.value("select state from vendor_order where id = %(id)s", id=part) == "accepted"


def test_what_says_nothing_sure_is_a_line_for_a_person_with_what_was_typed(house, yawa, db):
    body, taps = house.types(house.speaks(yawa), "le camion est tombé en panne vers Atakpamé", yawa)
    assert body.endswith("\nUne personne s'en occupe.")
    assert taps == {}
    about = {"contact": yawa.contact_id, "inbox": [17], "typed": "le camion est tombé en panne vers Atakpamé"}
    assert house.open() == [("voice_unclear", about)]


def test_a_helper_changes_no_price_by_voice(house, afi, market, db):
    body, taps = house.types(house.speaks(afi), "riz parfumé 25 kg : 20000", afi)
    assert (body.splitlines()[1], taps, proposals(db)) == ("Seul le propriétaire peut changer cela.", {}, [])
    _, taps = house.types(house.speaks(afi), "riz parfumé 25 kg 7", afi)
    afi.taps_id(taps["✅ Oui"])
    assert figures_of(db, market["rice"]) == (7, 0, 0)


def test_who_became_a_helper_since_changes_no_price_either(house, yawa, market, db):
    _, taps = house.types(house.speaks(yawa), "riz parfumé 25 kg : 20000", yawa)
    db.run("update role set role = 'helper' where contact_id = %(id)s", id=yawa.contact_id)
    yawa.taps_id(taps["✅ Oui"])
    price = db.value("select price from product where id = %(id)s", id=market["rice"].id)
    assert (yawa.keys[0], price) == ("vendor.stock_gone", 17_500)


def test_whose_rights_are_suspended_nothing_is_proposed_for(house, yawa, market, db):
    _, taps = house.types(house.speaks(yawa), "riz parfumé 25 kg 7", yawa)
    line = house.speaks(yawa)
    db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=yawa.contact_id)
    yawa.taps_id(taps["✅ Oui"])
    assert figures_of(db, market["rice"]) == (10, 0, 0)
    body, taps = house.types(line, "riz parfumé 25 kg 6", yawa)
    assert (body.splitlines()[1], taps) == ("Votre boutique ne peut rien changer maintenant.", {})
    assert proposals(db) == [("voice", False)]


def test_a_button_of_another_persons_note_does_nothing(house, yawa, afi, market, db):
    _, taps = house.types(house.speaks(yawa), "riz parfumé 25 kg 7", yawa)
    afi.says("bonjour")
    afi.taps_id(taps["✅ Oui"])
    assert (afi.keys[0], figures_of(db, market["rice"])) == ("vendor.voice_passed", (10, 0, 0))
    _, taps = house.types(house.speaks(yawa), "commandes", yawa)
    afi.taps_id(taps["✅ Continuer"])
    assert afi.keys[0] == "stale"


@pytest.mark.parametrize("given", ["", "0", "-1", "x", "9" * 40, "²", "17", "v17"])
def test_a_forged_button_says_nothing(house, yawa, given):
    yawa.says("bonjour")
    for door in ("spoken", "voice_yes", "voice_no"):
        yawa.opens_door("vendor", door, given)
        assert yawa.keys[0] in ("stale", "vendor.voice_passed")


def test_an_open_question_about_stock_stays_while_a_note_is_answered(house, yawa, market, db):
    _, taps = house.types(house.speaks(yawa), "maïs blanc 8", yawa)
    yawa.goes("bonjour", "riz parfumé 25 kg 7")
    yawa.taps_id(taps["✅ Oui"])
    assert (yawa.keys, figures_of(db, market["maize"])) == (["vendor.stock_applied", "vendor.stock_preview"], (8, 0, 0))
    yawa.says("oui")
    assert figures_of(db, market["rice"]) == (7, 0, 0)


def test_a_line_is_typed_once_and_only_a_line_of_a_note(house, yawa, db):
    line = house.speaks(yawa)
    attention.ask(db, "complaint", {"contact": yawa.contact_id}, yawa.conversation_id)
    other = attention.line_about(db, "complaint", {})
    assert [voices.send(db, which, words, None) for which, words in
            ((line, " \n\x00 "), (other, "riz 2"), (999, "riz 2"), (line, "riz 2"), (line, "riz 3"))] == [
        *(False, False, False),
        *(True, False),
    ]  # fmt: skip
    assert db.value("select count(*) from inbox where provider_id like 'typed:%%'") == 1


def test_a_secret_code_is_not_kept(house, yawa, db):
    assert voices.send(db, house.speaks(yawa), "mon code secret est 1234", None)
    assert "1234" not in str(db.value("select message from inbox order by id desc limit 1"))


def test_what_is_typed_is_tidied_and_cut():
    assert voices.tidy("  riz\t 20 \r\n\n\x07savon  4\u200b\n") == "riz 20\nsavon 4"
    assert len(voices.tidy("a" * 9000)) == voices.LONGEST


def test_five_notes_of_a_chat_wait_and_further_ones_are_one_line(house, yawa, db):
    yawa.says("bonjour")
    for _ in range(7):
        yawa.sends("audio")
        db.run("update attention set about = about || jsonb_build_object('n', id) where kind = 'voice_to_type'")
    assert [kind for kind, _ in house.open()] == ["voice_to_type"] * 5 + ["voice_note"]
    assert yawa.keys[0] == "vendor.still_looking"


def test_an_organizer_hears_it_types_and_sends(house, yawa, chief, db, config):
    line = house.speaks(yawa)
    chief.goes("bonjour", "attention", "[🎤 Vocal à taper]")
    file = received.of_messages(db, [17])[0]
    assert chief.bubbles[0].audio.startswith("https://market.example/received/")
    assert received.read_token(config.secret_key, chief.bubbles[0].audio.rpartition("/")[2], now(db)) == (17, 1)
    assert file.state == "kept"
    chief.goes("[Taper]", "riz parfumé 25 kg 7")
    assert chief.bubbles[0].body.replace(NBSP, " ") == (
        "Le vendeur (Yawa Adjo) verra :\n🎤 « riz parfumé 25 kg 7 »\nC'est bon ?"
    )
    chief.says("oui")
    assert (chief.keys[0], house.open()) == ("organizer.typed_sent", [])
    assert chief.was_alone
    body, _ = house.hears(yawa)
    assert said(body) == "🎤 Vous avez dit : « riz parfumé 25 kg 7 »"
    about = attention.about_of(db, line)
    assert about["settled_by"] == chief.contact_id


@pytest.mark.parametrize("state", ["gone", "refused"])
def test_a_note_that_is_no_longer_kept_is_told_so(house, yawa, chief, state):
    house.speaks(yawa, state)
    chief.goes("bonjour", "attention", "[🎤 Vocal à taper]")
    assert (chief.bubbles[0].audio, "Le fichier n'est plus là." in chief.words) == ("", True)


def test_words_typed_of_one_line_are_not_sent_of_another(house, yawa, chief, db):
    first, second = house.speaks(yawa), house.speaks(yawa)
    chief.goes("bonjour", "attention")
    chief.opens_door("organizer", "attention", str(first))
    chief.goes("[Taper]", "riz parfumé 25 kg 7")
    yes = chief.taps["Oui"]
    attention.settle(db, [first], 7)
    chief.taps_id(yes)
    assert chief.keys[0] == "organizer.settled_before"
    chief.opens_door("organizer", "attention", str(second))
    chief.taps_id(yes)
    assert db.value("select count(*) from inbox where provider_id like 'typed:%%'") == 0


def test_a_note_that_its_vendor_takes_back_is_typed_by_nobody(house, yawa, db):
    yawa.says("bonjour")
    row = db.value(
        "insert into inbox (account_id, conversation_id, provider_id, message, raw)"
        " values (%(account)s, %(chat)s, 'note', '{}', '') returning id",
        account=yawa.account_id,
        chat=yawa.conversation_id,
    )
    assert voices.keep(yawa.turn, (row,))
    turn = replace(yawa.turn, db=db)
    voices.take_back(turn, "another")
    voices.take_back(replace(turn, conversation_id=yawa.conversation_id + 1), "note")
    assert len(house.open()) == 1
    voices.take_back(turn, "note")
    assert house.open() == []


def test_of_many_who_type_one_note_at_once_one_is_heard(crowd):
    with crowd.unit_of_work() as db:
        account = db.value("insert into channel_account (key, kind) values ('test', 'simulator') returning id")
        contact = db.value("insert into contact (name) values ('Yawa') returning id")
        chat = db.value(
            "insert into conversation (account_id, contact_id) values (%(a)s, %(c)s) returning id", a=account, c=contact
        )
        attention.ask(db, voices.KIND, {"contact": contact, "inbox": [17]}, chat)
        line = attention.line_about(db, voices.KIND, {})

    def types(n):
        with crowd.unit_of_work() as db:
            return voices.send(db, line, f"riz {n}", None)

    assert sorted(run_together(types, range(8))) == [False] * 7 + [True]
    with crowd.unit_of_work() as db:
        assert db.value("select count(*) from inbox") == 1


def test_a_yes_and_a_no_at_once_are_one_of_them(crowd):
    with crowd.unit_of_work() as db:
        vendor = make_vendor(db)
        rice = make_good(db, vendor, "Riz", on_hand=10)

    def answers(proposal):
        def answer(is_yes):
            with crowd.unit_of_work() as db:
                if is_yes:
                    return adjusting.apply(db, proposal, [vendor], JOB)
                return adjusting.drop(db, proposal)

        return answer

    for _ in range(10):
        with crowd.unit_of_work() as db:
            before = figures_of(db, rice)[0]
            proposal = adjusting.propose(db, [vendor], [adjusting.Line(rice.id, "more", 1)], JOB, "voice")
        outcome = run_together(answers(proposal), [True, False])
        with crowd.unit_of_work() as db:
            after = figures_of(db, rice)[0]
        assert (outcome, after - before) in ((["done", False], 1), (["unknown", True], 0))


def test_unanswered_proposals_are_forgotten_in_batches_and_applied_ones_stay(db, market):
    good = market["rice"]
    line = [adjusting.Line(good.id, "more", 1)]
    ids = [adjusting.propose(db, [good.vendor_id], line, JOB, "message") for _ in range(5)]
    assert adjusting.apply(db, ids[0], [good.vendor_id], JOB) == "done"
    db.run("update adjustment set made_at = market_now() - interval '8 days' where id <> %(id)s", id=ids[4])
    week = timedelta(days=7).total_seconds()
    assert [adjusting.forget_unanswered(db, week, 2) for _ in range(3)] == [2, 1, 0]
    assert [row.id for row in db.rows("select id from adjustment order by id")] == [ids[0], ids[4]]
    assert db.value("select count(*) from adjustment_line") == 2
