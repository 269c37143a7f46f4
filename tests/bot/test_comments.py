"""Public comments: one private answer to each, as the chat would give it, which opens the chat of whoever wrote it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from base.clock import now
from bot import forgetting, inbox, uncertain
from bot.dialogs.buyer.dialog import BUYER
from bot.erasure import Leaving
from bot.holdings import whole
from bot.messages import Accepted, Identity, Incoming, Kept, Parsed, Refused, Sender, Source, Unclear
from bot.recognising import recognise
from bot.retirement import retire_people
from bot.texts import say
from catalog.links import Link
from tests.bot.stall import Stall
from tests.catalog.market import make_category, make_good, make_vendor
from tests.waiting import wait_for

WEEK = 7 * 24 * 3600
KEPT = say("fr", "first.kept", {})
PROPOSED = "2 × Pagne rouge (sac) : 9 000 F CFA.\nVendu par Maman Yawa. C'est bon ?"
PSID = "7000000000000001"
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


class Page:
    """A Page whose people comment and write; the answers are sent by a provider that records."""

    def __init__(self, stall, posting, goods):
        self.stall, self.posting, self.goods, self.said = stall, posting, goods, 0

    def comments(self, text, comment="1_1", *, psid="", old=0.0, verb="add", **told):
        """Somebody writes below a post; returns the bubbles that are to go out in answer."""
        with self.stall.database.unit_of_work() as db:
            at = now(db) - timedelta(seconds=old)
        names = (Identity("comment", comment), *([Identity("psid", psid)] if psid else []))
        self._keep(Incoming(f"{comment}:{verb}", Sender(names, "Ama"), text, comment=comment, sent_at=at, **told))
        return self._answers()

    def writes(self, text="", psid=PSID, **told):
        """The same in the Page's chat."""
        self.said += 1
        self._keep(Incoming(f"m{self.said}", Sender((Identity("psid", psid),)), text, **told))
        return [bubble["body"].replace("\u00a0", " ").replace(f"\n\n{KEPT}", "") for bubble in self._answers()]

    def _keep(self, message):
        with self.stall.database.unit_of_work() as db:
            inbox.keep(db, self.stall.keeper, Parsed((Kept(message, b"raw"),)))
            db.run("update inbox set due_at = received_at where state = 'open'")

    def _answers(self):
        last = self.stall.value("select coalesce(max(id), 0) from outbox")
        self.stall.takes()
        return [
            row.bubble for row in self.stall.rows("select bubble from outbox where id > %(id)s order by id", id=last)
        ]

    def sends(self, *answers):
        """What waits is sent; the provider answers so."""
        self.stall.provider.answers = list(answers)
        for _ in range(4):
            self.posting.round()
            while self.posting.under_way:
                self.posting.bell.wait(1)
                self.posting.bell.clear()
                self.posting.round()

    def tap(self, bubble, title):
        """The id of an offer."""
        return next(offer["id"] for offer in bubble["offers"] if offer["title"] == title)

    @property
    def basket(self):
        """contact id -> what lies in the basket."""
        return [
            (row.contact_id, row.name, row.quantity)
            for row in self.stall.rows(
                "select b.contact_id, p.name, l.quantity from basket_line l join basket b on b.id = l.basket_id"
                " join product p on p.id = l.product_id order by l.id"
            )
        ]

    def people(self):
        """(kind, value) of every name by its contact."""
        rows = self.stall.rows("select contact_id, kind, value from identity order by contact_id, kind desc, value")
        found = {}
        for row in rows:
            found.setdefault(row.contact_id, []).append((row.kind, row.value))
        return list(found.values())


@pytest.fixture
def page(clean_database, redis_url, redis, config):
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config, dialog=BUYER, recognising=recognise)
    with clean_database.unit_of_work() as db:
        shop, cloth = make_vendor(db), make_category(db, "pagnes")
        goods = {
            "red": make_good(db, shop, "Pagne rouge", price=4_500, on_hand=5, category=cloth),
            "rice": make_good(db, shop, "Riz parfumé 25 kg", price=17_500, on_hand=5, category=cloth),
        }
    posting = stall.new_posting()
    redis.hset(f"bucket:sender:{stall.account.key}", mapping={"tokens": 80, "at": 0})
    yield Page(stall, posting, goods)
    posting.threads.shutdown()


def body(bubble):
    return bubble["body"].replace("\u00a0", " ").replace(f"\n\n{KEPT}", "")


def test_words_and_quantities_get_the_proposal_of_a_chat_in_one_bubble_for_this_comment(page):
    [bubble] = page.comments("2 pagnes rouges svp", "1_7")

    assert (body(bubble), bubble["comment"]) == (PROPOSED, "1_7")
    assert [offer["title"] for offer in bubble["offers"]] == ["Oui", "Non"]
    assert page.stall.rows("select comment_id from comment_reply") == [("1_7",)]


def test_the_private_answer_tells_what_is_kept_as_any_first_answer_does(page):
    [bubble] = page.comments("2 pagnes rouges svp")

    assert bubble["body"].endswith(f"\n\n{KEPT}")


def test_a_good_that_is_named_is_shown_and_its_photo_stands_with_the_words(page):
    page.stall.run(
        "with shown as (insert into photo (hash, mime, width, height, size) values ('abc', 'image/jpeg', 1, 1, 1))"
        " update product set photo_hash = 'abc' where id = %(id)s",
        id=page.goods["rice"].id,
    )

    [bubble] = page.comments("le riz parfumé est à combien ?")

    assert body(bubble).startswith("Riz parfumé 25 kg\n17 500 F CFA (sac)\nIl en reste 5.")
    assert bubble["photo"] == "https://market.example/media/abc.jpg"


def test_what_a_chat_says_in_two_bubbles_stands_in_one(page):
    [bubble] = page.comments("vous livrez à Kpalimé ?")

    assert body(bubble).startswith("Nous envoyons un colis par car à Kpalimé : 2 000 F CFA.\n")
    assert "\n\nBonjour Ama 👋" in body(bubble)
    assert [offer["title"] for offer in bubble["offers"]] == ["Voir les produits", "Aide"]


@pytest.mark.parametrize(
    "words",
    [
        "😍😍😍",
        "wow",
        "merci",
        "bonjour",
        "Félicitations à toute l'équipe",
        "oui",
        "1",
        "STOP",
        "panier",
        "retour",
        "2 bisous à tous",
        "je cherche Kossi Mensah",
        "hjkdfs",
        "mes données",
        "annuler ma commande",
    ],
)
def test_what_asks_nothing_of_the_market_is_not_answered_and_changes_nothing(page, words):
    assert page.comments(words) == []
    assert page.stall.value("select count(*) from comment_reply") == 0
    assert page.stall.value("select count(*) from source") == 0
    assert page.stall.value("select count(*) from attention") == 0
    assert page.stall.value("select bool_and(wants_reminders and wants_order_news) from contact") is True
    assert page.stall.value("select read_as from turn") == "quiet"
    assert page.stall.value("select (document->'session') - 'pace' from conversation") == {"hat": "buyer"}


def test_one_comment_is_answered_once_however_often_it_is_edited(page):
    assert page.comments("😍", "1_1") == []
    assert len(page.comments("2 pagnes rouges svp", "1_1", verb="edited", edits="1_1")) == 1
    assert page.comments("3 pagnes rouges svp", "1_1", verb="edited2", edits="1_1") == []
    assert len(page.comments("3 pagnes rouges svp", "1_2")) == 1


def test_an_edited_comment_is_answered_as_if_it_had_been_written_so(page):
    page.comments("😍", "1_1")
    [bubble] = page.comments("2 pagnes rouges svp", "1_1", verb="edited", edits="1_1")

    assert body(bubble) == PROPOSED


def test_after_seven_days_a_comment_is_not_answered_any_more(page):
    assert page.comments("2 pagnes rouges svp", "1_1", old=WEEK) == []
    assert len(page.comments("2 pagnes rouges svp", "1_2", old=WEEK - 60)) == 1


def test_the_answer_may_go_out_until_seven_days_after_the_comment(page):
    page.comments("2 pagnes rouges svp", old=3600)

    assert page.stall.value("select round(extract(epoch from too_old_at - made_at)) from outbox") == WEEK - 3600


def test_a_comment_opens_no_window_and_nothing_else_may_be_sent(page):
    page.comments("2 pagnes rouges svp")

    assert page.stall.value("select last_in_at from conversation") is None


def test_the_answer_goes_to_the_comment_though_no_window_is_open(page):
    page.comments("2 pagnes rouges svp", "1_7", psid=PSID)
    page.sends(Accepted("m_1"))

    [letter] = page.stall.provider.sent
    assert (letter.to, letter.bubble.comment) == (Identity("comment", "1_7"), "1_7")
    assert page.stall.rows("select state, provider_id from outbox") == [("sent", "m_1")]


def test_who_wrote_it_is_told_with_the_answer_and_his_yes_fills_the_basket(page):
    [bubble] = page.comments("2 pagnes rouges svp", "1_7")
    page.sends(Accepted("m_1", (Identity("psid", PSID),)))

    assert page.people() == [[("psid", PSID), ("comment", "1_7")]]
    [added] = page.writes(tap=page.tap(bubble, "Oui"))
    assert added.startswith("C'est dans le panier : 2 × Pagne rouge.")
    assert [line[1:] for line in page.basket] == [("Pagne rouge", 2)]


def test_he_may_answer_in_words_and_days_later(page):
    page.comments("2 pagnes rouges svp", "1_7")
    page.sends(Accepted("m_1", (Identity("psid", PSID),)))
    page.stall.passes(3 * 24 * 3600)

    assert page.writes("oui")[0].startswith("C'est dans le panier : 2 × Pagne rouge.")
    page.stall.passes(7 * 3600)
    assert page.writes("bonjour")[0].startswith("Bonjour Ama 👋 Votre panier vous attend")


def test_somebody_who_is_known_by_his_comment_s_author_is_asked_in_his_own_chat(page):
    page.writes("bonjour")
    [bubble] = page.comments("2 pagnes rouges svp", "1_7", psid=PSID)
    page.sends(Accepted("m_2", (Identity("psid", PSID),)))

    assert page.people() == [[("psid", PSID), ("comment", "1_7")]]
    assert page.stall.value("select count(*) from conversation") == 1
    assert page.writes(tap=page.tap(bubble, "Oui"))[0].startswith("C'est dans le panier : 2 × Pagne rouge.")


def test_a_comment_answers_no_open_question_which_comes_back_after_it(page):
    page.writes("je veux 3 riz parfumé 25 kg")
    assert page.comments("oui", "1_6", psid=PSID) == []
    assert page.basket == []

    page.comments("vous livrez à Kpalimé ?", "1_7", psid=PSID)
    assert page.writes("oui")[0].startswith("C'est dans le panier : 3 × Riz parfumé 25 kg.")


def test_somebody_known_who_is_only_recognised_by_the_answer_finds_the_question_in_his_chat(page):
    page.writes("bonjour")
    page.sends(Accepted("m_1"))
    [bubble] = page.comments("2 pagnes rouges svp", "1_7")
    assert len(page.people()) == 2
    page.sends(Accepted("m_2", (Identity("psid", PSID),)))

    assert page.people() == [[("psid", PSID), ("comment", "1_7")]]
    assert page.writes(tap=page.tap(bubble, "Oui"))[0].startswith("C'est dans le panier : 2 × Pagne rouge.")
    [(contact, _, _)] = page.basket
    assert page.stall.value("select contact_id from identity where kind = 'psid'") == contact
    chat = page.stall.value("select id from conversation where contact_id = %(id)s", id=contact)
    for table in ("turn", "inbox", "outbox"):
        assert page.stall.rows(f"select distinct conversation_id from {table}") == [(chat,)]
    for table in ("comment_reply", "source", "consent"):
        assert page.stall.rows(f"select distinct contact_id from {table}") == [(contact,)]
    assert page.stall.value("select count(*) from contact where name = 'Ama'") == 0


def test_what_was_open_in_that_chat_comes_back_after_it(page):
    page.writes("je veux 3 riz parfumé 25 kg")
    page.sends(Accepted("m_1"))
    page.comments("vous livrez à Kpalimé ?", "1_7")
    page.sends(Accepted("m_2", (Identity("psid", PSID),)))

    session = page.stall.value(
        "select document->'session' from conversation c join identity i using (contact_id) where i.kind = 'psid'"
    )
    assert (session["state"], session["resume"]) == ("buyer.first", ["buyer.proposal"])


def test_while_his_chat_is_in_a_turn_nothing_is_moved(page):
    page.writes("bonjour")
    page.sends(Accepted("m_1"))
    page.comments("2 pagnes rouges svp", "1_7")
    chat = page.stall.value("select min(id) from conversation")
    with page.stall.holding("select 1 from conversation where id = %(id)s for no key update", id=chat):
        page.sends(Accepted("m_2", (Identity("psid", PSID),)))

    assert page.people() == [[("psid", PSID)], [("comment", "1_7")]]
    assert page.stall.value("select count(*) from outbox where state = 'sent'") == 2


@pytest.mark.parametrize("kind", ["comment", "psid"])
def test_a_comments_chat_becomes_its_writers_under_the_locks_of_both_people(page, kind):
    page.writes("bonjour")
    page.sends(Accepted("m_1"))
    page.comments("2 pagnes rouges svp", "1_7")
    held = page.stall.value("select contact_id from identity where kind = %(kind)s", kind=kind)
    with ThreadPoolExecutor() as threads:
        with page.stall.holding("select 1 from contact where id = %(id)s for no key update", id=held):
            sent = threads.submit(page.sends, Accepted("m_2", (Identity("psid", PSID),)))
            wait_for(lambda: page.stall.value(WAITING), "nobody waits for the person")
            assert len(page.people()) == 2
        sent.result()
    assert page.people() == [[("psid", PSID), ("comment", "1_7")]]


def test_two_people_are_never_made_one(page):
    page.writes("bonjour")
    page.comments("2 pagnes rouges svp", "1_7", psid="7000000000000002")
    page.sends(Accepted("m_2"), Accepted("m_3", (Identity("psid", PSID),)))

    assert page.people() == [[("psid", PSID)], [("psid", "7000000000000002"), ("comment", "1_7")]]


def test_an_answer_that_was_lost_is_never_sent_again(page):
    page.comments("2 pagnes rouges svp")
    page.sends(Unclear("answer_lost"))
    assert page.stall.value("select state from outbox") == "uncertain"

    for _ in range(3):
        page.stall.passes(76)
        uncertain.resolve(page.stall.office, page.stall.account_id, 10)
    page.sends()

    assert page.stall.rows("select state, error, resent from outbox") == [("failed", "answer lost", 0)]
    assert len(page.stall.provider.sent) == 1
    assert page.stall.value("select count(*) from attention") == 0


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (Refused("final", "10900"), "sent"),  # it was replied to before
        (Refused("final", "10900/2018001"), "sent"),
        (Refused("final", "10901"), "failed"),
        (Refused("window", "10/2018278"), "failed"),
        (Refused("unreachable", "551"), "failed"),
    ],
)
def test_what_meta_refuses_for_good_is_settled_without_a_line_for_the_organizers(page, refusal, state):
    page.comments("2 pagnes rouges svp")
    page.sends(refusal)

    assert page.stall.value("select state from outbox") == state
    assert page.stall.value("select count(*) from attention") == 0


def test_who_is_busy_is_asked_again(page):
    page.comments("2 pagnes rouges svp")
    page.sends(Refused("busy", "613", 1.0))
    page.stall.passes(2)
    page.sends(Accepted("m_1"))

    assert page.stall.value("select state from outbox") == "sent"


def test_who_wrote_stop_tout_is_not_answered_and_who_wrote_stop_is(page):
    page.writes("stop")
    assert len(page.comments("2 pagnes rouges svp", "1_1", psid=PSID)) == 1
    page.sends()
    page.writes("stop tout")
    assert page.comments("2 pagnes rouges svp", "1_2", psid=PSID) == []


def test_stop_tout_that_comes_after_the_comment_holds_its_answer_back(page):
    page.comments("2 pagnes rouges svp", psid=PSID)
    page.writes("stop tout")
    page.sends()

    states = page.stall.rows("select state, bubble ? 'comment' as is_private from outbox order by id")
    assert [row.state for row in states if row.is_private] == ["skipped"]


def test_other_answers_never_go_to_a_comment(page):
    page.comments("2 pagnes rouges svp", "1_7", psid=PSID)
    page.comments("3 pagnes rouges svp", "1_8", psid=PSID)
    page.writes("bonjour")
    page.sends()

    assert Counter(letter.to for letter in page.stall.provider.sent) == {  # no row waits for an answer to a comment
        Identity("comment", "1_7"): 1,
        Identity("comment", "1_8"): 1,
        Identity("psid", PSID): 1,
    }


def test_too_many_comments_of_one_person_are_passed_over_in_silence(page):
    page.stall.bot = replace(
        page.stall.bot,
        accounts={
            page.stall.account_id: page.stall.account.model_copy(
                update={"rates": page.stall.account.rates.model_copy(update={"turns": 2, "equal_answers": 5})}
            )
        },
    )
    page.stall.taker = page.stall.new_taker()

    told = [len(page.comments("2 pagnes rouges svp", f"1_{n}", psid=PSID)) for n in range(5)]

    assert told == [1, 1, 0, 0, 0]


def test_somebody_who_sells_or_organizes_here_is_not_answered_as_a_buyer(yawa, chief, awa):
    for person, answers in ((yawa, 0), (chief, 0), (awa, 1)):
        person.brings(text="2 riz parfumé 25 kg", comment="1_1")
        assert (len(person.bubbles), person.turned.route.how) == (answers, "detour" if answers else "quiet")


def test_a_link_in_a_comment_opens_what_it_names(page):
    [bubble] = page.comments(f"2 svp {Link('product', page.goods['red'].id)}")

    assert body(bubble) == PROPOSED


def test_what_brought_him_is_the_post(page):
    page.comments("2 pagnes rouges svp", source=Source("post", ad="99_5"))

    assert page.stall.rows("select kind, ad from source") == [("post", "99_5")]


def test_what_is_known_of_comments_is_shown_and_erased(page):
    page.comments("2 pagnes rouges svp", "1_7", psid=PSID)
    contact = page.stall.value("select contact_id from identity where kind = 'psid'")
    with page.stall.database.unit_of_work() as db:
        held = whole(db, contact)
        assert [one["comment_id"] for one in held["answered_comments"]] == ["1_7"]
        assert [one["kind"] for one in held["came_by"]] == ["post"]
        assert sorted((one["value"] for one in held["names"]), reverse=True) == [PSID, "1_7"]
        chats = tuple(row.id for row in db.rows("select id from conversation"))
        leaving = Leaving(contact, chats, ("1_7", PSID), ())
        forgetting.forget_own_chats(db, leaving)
        forgetting.forget_person(db, leaving)
    for table in ("identity", "comment_reply", "source", "inbox", "outbox", "turn"):
        assert page.stall.value(f"select count(*) from {table}") == 0


def test_comments_are_forgotten_after_ninety_days_and_who_is_known_by_them_alone_with_them(page):
    page.comments("2 pagnes rouges svp", "1_7")
    page.comments("2 pagnes rouges svp", "1_8", psid=PSID)
    timing = page.stall.config.timing
    with page.stall.database.unit_of_work() as db:
        retire_people(db, timing, 0)
    assert (page.stall.value("select count(*) from erasure"), len(page.people()[1])) == (0, 2)

    page.stall.passes(91 * 24 * 3600)
    with page.stall.database.unit_of_work() as db:
        retire_people(db, timing, 0)

    alone = page.stall.value("select contact_id from identity where value = '1_7'")
    assert page.stall.rows("select contact_id, why from erasure") == [(alone, "inactive")]
    assert page.people() == [[("comment", "1_7")], [("psid", PSID)]]
    assert page.stall.value("select count(*) from comment_reply") == 0
