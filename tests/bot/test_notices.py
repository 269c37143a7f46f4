"""Notices: what others hear of an order, where, in which words, and the truth when they cannot be told."""

import re
import threading
from dataclasses import replace

import pytest

from base import facts
from bot import accounts, aftermath, attention, contacts, outbox
from bot.aftermath import Aftermath, NoticeFailed
from bot.messages import Identity, Sender, Template
from bot.notice_words import Door
from bot.notices import Notices
from bot.reacting import reactions
from bot.taps import read_tap
from bot.verdicts import MUTED
from bot.world import LINK, PLACE, RECEIPT
from catalog import alerts
from catalog.alerts import Wish
from orders import facts as order_facts
from orders import placing, reports
from orders.terms import Terms
from tests.bot.stall import LIMITS
from tests.catalog.crowd import crowded, run_together
from tests.catalog.market import make_good, make_vendor
from tests.orders import buying

BUYER, YAWA, HELPER, CHIEF = "+22890000001", "+22890000101", "+22890000102", "+22890000999"


class Shop:
    """A buyer, an organizer and a shop whose people may be there; orders are placed by the real rooms."""

    def __init__(self, db, config):
        self.db, self.config = db, config
        account = next(a for a in config.channel_accounts if a.kind == "simulator")
        self.account_id = accounts.ensure(db, [account])["simulator"]
        self.notices = Notices(config, {self.account_id: account}, {"simulator": LIMITS})
        self.reactions = list(reactions(self.notices))
        self.vendor = make_vendor(db, "maman_yawa")
        self.rice = make_good(db, self.vendor, "Riz parfumé 25 kg", on_hand=500)
        self.buyer = self.meet(BUYER)
        contacts.grant(db, self.meet(CHIEF).contact_id, "organizer")

    def meet(self, phone):
        chat = contacts.find_or_make_chat(
            self.db, self.account_id, Sender((Identity("phone", phone),), "X"), [self.account_id]
        )
        self.db.run(
            "update conversation set last_in_at = market_now() where id = %(id)s and last_in_at is null",
            id=chat.conversation_id,
        )
        return chat

    def hires(self, phone, role="vendor"):
        chat = self.meet(phone)
        contacts.grant(self.db, chat.contact_id, role, self.vendor)
        return chat

    def orders(self, quantity=2):
        """Place an order and let the market react; returns it."""
        buying.fill(self.db, (self.rice, quantity), contact=self.buyer.contact_id)
        terms = Terms.of(self.config.lasting_key, self.config.timing, self.config.market.delivery_bands)
        buying.hold(self.db, terms, contact=self.buyer.contact_id)
        placed = placing.place_order(
            self.db, self.buyer.contact_id, self.buyer.conversation_id, buying.cause(self.buyer.contact_id), terms
        )
        self.react()
        return placed

    def react(self, *happened):
        for fact in happened:
            facts.record(self.db, fact)
        facts.react(self.db, self.reactions)

    def told(self, phone):
        """The notices to a person: rows with bubble, template and about."""
        rows = self.db.rows(
            "select o.id from outbox o join conversation c on c.id = o.conversation_id"
            " join identity i using (contact_id) where i.value = %(phone)s order by o.said_at",
            phone=phone,
        )
        read = outbox.read(self.db, [row.id for row in rows])
        return [read[row.id] for row in rows]

    def part(self):
        return reports.part(self.db, self.db.value("select max(id) from vendor_order"))


@pytest.fixture
def shop(db, config):
    return Shop(db, config)


def kinds(db):
    return [row.kind for row in db.rows("select kind from attention order by id")]


def test_each_person_of_a_shop_gets_one_notice_with_buttons_and_a_template(shop):
    shop.hires(YAWA)
    shop.hires(HELPER, "helper")
    shop.orders()
    code = shop.part().code
    for phone in (YAWA, HELPER):
        (notice,) = shop.told(phone)
        assert notice.kind == "notice"
        assert notice.bubble.body.startswith(f"Nouvelle commande {code}\n• 2 × Riz")
        assert [offer.title for offer in notice.bubble.offers] == ["Accepter", "Refuser", "Accepter une partie"]
        taps = [read_tap(offer.id) for offer in notice.bubble.offers]
        part = str(shop.part().id)
        assert [(t.is_door, t.dialog, t.name, t.choice) for t in taps] == [
            (True, "vendor", "accept", part),
            (True, "vendor", "refuse", part),
            (True, "vendor", "partly", part),
        ]
        assert {t.said for t in taps} == {notice.said_at}
        short = code.removeprefix("TG-")[:3]
        assert (notice.template.name, notice.template.language) == ("new_order_fr", "fr")
        assert notice.template.values == (code, "2 × Riz parfumé 25 kg", f"A {short}", f"R {short}")
        assert notice.about == {"order": shop.part().order_id, "vendor_order": shop.part().id}
    assert shop.told(BUYER) == []


def test_in_text_mode_the_words_say_what_to_type_and_use_no_bare_number(shop):
    contacts.set_text_mode(shop.db, shop.hires(YAWA).contact_id, is_on=True)
    shop.orders()
    (notice,) = shop.told(YAWA)
    short = shop.part().code.removeprefix("TG-")[:3]
    assert notice.bubble.layout == "text"
    assert notice.bubble.body.endswith(
        f"\n\nA {short} · Accepter\nR {short} · Refuser\npartie {short} · Accepter une partie"
    )


def test_a_code_that_its_first_letters_do_not_tell_apart_is_typed_whole(shop):
    contacts.set_text_mode(shop.db, shop.hires(YAWA).contact_id, is_on=True)
    shop.orders()
    for code in ("TG-4K7P2", "TG-4K7M9"):
        shop.db.run('update "order" set code = %(code)s where id = (select max(id) from "order")', code=code)
        if code == "TG-4K7P2":
            shop.orders()
    part = shop.part()
    shop.react(order_facts.OrderPlaced(part.order_id, (part.id,)))
    assert shop.told(YAWA)[-1].bubble.body.endswith(
        "A 4K7M9 · Accepter\nR 4K7M9 · Refuser\npartie 4K7M9 · Accepter une partie"
    )


def test_an_order_too_long_for_buttons_is_told_whole_in_words(shop):
    shop.hires(YAWA)
    shop.notices.limits["simulator"] = replace(LIMITS, body=60)
    shop.orders()
    (notice,) = shop.told(YAWA)
    assert notice.bubble.layout == "text"
    assert notice.bubble.body.startswith(f"Nouvelle commande {shop.part().code}\n")
    assert notice.bubble.body.endswith("· Accepter une partie")
    shop.notices.limits["simulator"] = replace(LIMITS, body=60, text=120)
    shop.orders()
    body = shop.told(YAWA)[-1].bubble.body
    assert len(body) == 120
    assert body.endswith("· Accepter une partie")


def test_a_shop_that_cannot_be_reached_is_the_organizers_business_and_the_buyer_hears_the_truth(shop):
    shop.orders()
    assert kinds(shop.db) == ["vendor_unreachable"]
    (told,) = shop.told(BUYER)
    assert "n'est pas joignable" in told.bubble.body
    (asked,) = shop.told(CHIEF)
    assert asked.bubble.body == "À regarder\u00a0: Vendeur injoignable. 1 demande attend."
    assert asked.bubble.offers[0].id.startswith("organizer!attention=")


@pytest.mark.parametrize("change", ["wants_order_news = false", "name = name"])
def test_a_vendor_who_wants_no_order_news_counts_as_not_reached(shop, change):
    vendor = shop.hires(YAWA)
    shop.db.run(f"update contact set {change} where id = %(id)s", id=vendor.contact_id)
    shop.orders()
    is_told = change == "name = name"
    assert len(shop.told(YAWA)) == int(is_told)
    assert kinds(shop.db) == ([] if is_told else ["vendor_unreachable"])


def test_a_suspended_vendor_hears_of_no_order(shop):
    vendor = shop.hires(YAWA)
    shop.db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=vendor.contact_id)
    shop.orders()
    assert shop.told(YAWA) == []
    assert kinds(shop.db) == ["vendor_unreachable"]


def test_a_notice_that_could_not_be_brought_to_the_vendor_is_told_once_to_the_buyer(shop):
    shop.hires(YAWA)
    shop.orders()
    (notice,) = shop.told(YAWA)
    aftermath.follow(shop.db, [(notice, Aftermath(attention="notice_shut_out"))])
    shop.react()
    assert kinds(shop.db) == ["vendor_unreachable"]
    (told,) = shop.told(BUYER)
    assert "n'est pas joignable" in told.bubble.body
    assert len(shop.told(CHIEF)) == 1


def test_a_shop_of_two_is_unreachable_once_the_last_of_them_is_and_the_buyer_is_told_once(shop):
    for phone in (YAWA, HELPER):
        shop.hires(phone)
    shop.orders()
    for phone in (YAWA, HELPER):
        fails(shop, phone, "notice_failed")
    assert kinds(shop.db) == ["notice_failed", "vendor_unreachable"]
    assert len(shop.told(BUYER)) == len(shop.told(CHIEF)) == 1


def fails(shop, phone, why):
    """The last notice to somebody comes to nothing."""
    notice = shop.told(phone)[-1]
    state = "skipped" if why == MUTED else "failed"
    shop.db.run("update outbox set state = %(state)s where id = %(id)s", id=notice.id, state=state)
    aftermath.follow(shop.db, [(notice, Aftermath(attention=why))])
    shop.react()


@pytest.mark.parametrize("state", ["waiting", "sending", "uncertain", "sent", "delivered", "read"])
@pytest.mark.parametrize("why", ["notice_failed", "notice_lost"])
def test_a_shop_whose_owner_is_told_is_reachable_though_its_helpers_notices_fail(shop, state, why):
    shop.hires(YAWA)
    helper = shop.hires(HELPER, "helper")
    for _ in range(2):
        shop.orders()
        shop.db.run("update outbox set state = %(state)s where state = 'waiting'", state=state)
        fails(shop, HELPER, why)
    (line,) = shop.db.rows("select kind, about, conversation_id from attention")
    assert line == (why, {"vendor": shop.vendor, "contact": helper.contact_id}, helper.conversation_id)
    assert shop.told(BUYER) == []


def test_a_shop_whose_last_member_wants_no_more_news_is_unreachable_and_the_one_before_him_is_no_line(shop):
    for phone in (YAWA, HELPER):
        shop.hires(phone)
    shop.orders()
    fails(shop, YAWA, MUTED)
    assert (kinds(shop.db), shop.told(BUYER)) == ([], [])
    fails(shop, HELPER, MUTED)
    assert kinds(shop.db) == ["vendor_unreachable"]
    (told,) = shop.told(BUYER)
    assert "n'est pas joignable" in told.bubble.body


def test_nobody_is_told_who_was_erased(shop):
    placed = shop.orders()
    shop.db.run("delete from identity where contact_id = %(id)s", id=shop.buyer.contact_id)
    before = shop.db.value("select count(*) from outbox")
    shop.react(order_facts.PartReady(placed.order_id, placed.vendor_order_ids[0]))
    assert shop.db.value("select count(*) from outbox") == before


def test_a_buyer_who_wants_no_more_news_is_no_line(shop):
    shop.hires(YAWA)
    shop.orders()
    shop.react(NoticeFailed(1, shop.buyer.conversation_id, MUTED, (("vendor_order", shop.part().id),)))
    assert kinds(shop.db) == []


def test_a_shop_of_two_whose_notices_fail_at_one_moment_is_unreachable(clean_database, database_url, config):
    with clean_database.unit_of_work() as db:
        shop = Shop(db, config)
        for phone in (YAWA, HELPER):
            shop.hires(phone)
        shop.orders()
        notices = [shop.told(phone)[-1] for phone in (YAWA, HELPER)]
    both_settled = threading.Barrier(2)

    def fail(notice):
        with crowd.unit_of_work() as db:
            db.run("update outbox set state = 'failed' where id = %(id)s", id=notice.id)
            both_settled.wait(30)
            aftermath.follow(db, [(notice, Aftermath(attention="notice_failed"))])
            facts.react(db, shop.reactions)

    with crowded(database_url) as crowd:
        run_together(fail, notices)
    with clean_database.unit_of_work() as db:
        assert kinds(db) == ["notice_failed", "vendor_unreachable"]


@pytest.mark.parametrize("state", ["failed", "skipped"])
def test_a_shop_whose_owner_was_not_told_either_is_not(shop, state):
    owner = shop.hires(YAWA)
    shop.hires(HELPER, "helper")
    shop.orders()
    theirs = "update outbox set state = %(state)s where conversation_id = %(id)s"
    shop.db.run(theirs, state=state, id=owner.conversation_id)
    fails(shop, HELPER, "notice_lost")
    assert kinds(shop.db) == ["vendor_unreachable"]
    assert len(shop.told(BUYER)) == 1


def test_a_failed_notice_of_an_order_that_moved_on_is_a_line_of_its_own_and_the_buyer_hears_nothing(shop):
    chat = shop.hires(YAWA)
    shop.orders()
    part = shop.part()
    buying.set_state(shop.db, part.id, "accepted")
    shop.react(NoticeFailed(1, chat.conversation_id, "notice_lost", (("vendor_order", part.id),)))
    assert shop.told(BUYER) == []
    line = shop.db.one("select kind, about, conversation_id from attention")
    assert line == ("notice_lost", {"vendor_order": part.id, "outbox": 1}, chat.conversation_id)


def test_a_failed_notice_to_a_buyer_whose_vendor_is_silent_is_a_line_of_its_own(shop):
    shop.hires(YAWA)
    shop.orders()
    about = (("vendor_order", shop.part().id),)
    shop.react(NoticeFailed(1, shop.buyer.conversation_id, "notice_shut_out", about))
    assert kinds(shop.db) == ["notice_shut_out"]
    assert shop.told(BUYER) == []
    assert shop.told(CHIEF)[0].bubble.body == "À regarder\u00a0: Avis hors fenêtre. 1 demande attend."


def test_a_notice_is_written_in_its_readers_language_and_in_the_others(shop):
    shop.hires(YAWA)
    shop.db.run("update contact set language = 'en' where id = %(id)s", id=shop.meet(YAWA).contact_id)
    shop.orders()
    part = shop.part()
    code = part.code.removeprefix("TG-")[:3]
    shop.react(order_facts.PartCancelled(part.order_id, part.id))
    asked, cancelled = (one.template for one in shop.told(YAWA))
    goods = (part.code, "2 × Riz parfumé 25 kg", f"A {code}", f"R {code}")
    french = Template("new_order_fr", "fr", goods)
    assert asked == Template("new_order_en", "en", goods, others=(french,))
    assert (cancelled.name, cancelled.values[2]) == ("order_news_en", "cancelled by the buyer, do not prepare it")
    assert cancelled.others[0].values[2] == "annulée par l'acheteur, ne la préparez plus"


def test_an_organizer_whose_window_is_shut_hears_of_a_line_by_its_template(shop):
    shop.orders()  # nobody in the shop
    (told,) = shop.told(CHIEF)
    english = Template("attention_en", "en", ("Vendor unreachable", "1"))
    assert told.template == Template("attention_fr", "fr", ("Vendeur injoignable", "1"), others=(english,))


def test_a_failed_notice_to_an_organizer_adds_no_line_to_the_one_it_was_about(shop):
    shop.orders()  # nobody in the shop: the chief is told
    (asked,) = shop.told(CHIEF)
    aftermath.follow(shop.db, [(asked, Aftermath(attention="notice_failed"))])
    shop.react()
    assert len(shop.told(CHIEF)) == 1
    assert kinds(shop.db) == ["vendor_unreachable"]


BUYERS_NEWS = [
    (order_facts.PartAccepted, True, "acceptée"),
    (order_facts.PartRefused, True, "refusée par la boutique, rien à payer"),
    (order_facts.PartReady, False, "prête"),
    (order_facts.PartHandedOver, True, "en route"),
    (order_facts.PartDelivered, False, "livrée"),
    (order_facts.PartExpired, True, "annulée faute de réponse, rien à payer"),
    (order_facts.PartReturned, True, "reprise par la boutique"),
]


@pytest.mark.parametrize("fact, has_door, in_short", BUYERS_NEWS)
def test_the_buyer_hears_what_became_of_his_order(shop, fact, has_door, in_short):
    shop.hires(YAWA)
    shop.orders()
    part = shop.part()
    shop.react(fact(part.order_id, part.id))
    (told,) = shop.told(BUYER)
    assert part.code in told.bubble.body
    assert bool(told.bubble.offers) is has_door
    assert told.conversation_id == shop.buyer.conversation_id
    assert replace(told.template, others=()) == Template("order_news_fr", "fr", (part.code, part.vendor_name, in_short))
    assert told.about == {"order": part.order_id, "vendor_order": part.id}


VENDORS_NEWS = [
    (order_facts.PartExpired, "expirée sans votre réponse"),
    (order_facts.PartCancelled, "annulée par l'acheteur, ne la préparez plus"),
    (order_facts.CodeUnlocked, "vous pouvez réessayer le code"),
]


@pytest.mark.parametrize("fact, in_short", VENDORS_NEWS)
def test_the_vendor_hears_what_others_did_with_his_part(shop, fact, in_short):
    shop.hires(YAWA)
    shop.orders()
    part = shop.part()
    shop.react(fact(part.order_id, part.id))
    assert part.code in shop.told(YAWA)[-1].bubble.body
    values = (part.code, part.vendor_name, in_short)
    assert replace(shop.told(YAWA)[-1].template, others=()) == Template("order_news_fr", "fr", values)
    assert len(shop.told(YAWA)) == 2


def test_an_unlocked_code_can_be_tried_by_a_button_or_by_a_command(shop):
    vendor = shop.hires(YAWA)
    shop.orders()
    part = shop.part()
    typed = f"livre {part.code.removeprefix('TG-')[:3]} · Livré"
    for is_on in (False, True):
        contacts.set_text_mode(shop.db, vendor.contact_id, is_on=is_on)
        shop.react(order_facts.CodeUnlocked(part.order_id, part.id))
        bubble = shop.told(YAWA)[-1].bubble
        assert bubble.body.splitlines()[-1] == (typed if is_on else "Demandez le code à l'acheteur.")
        assert read_tap(bubble.offers[0].id).name == "delivered"


def test_no_notice_to_a_vendor_ever_holds_the_delivery_code(shop):
    shop.hires(YAWA)
    shop.orders()
    part = shop.part()
    buying.set_state(shop.db, part.id, "accepted")
    for fact in (
        order_facts.PartAccepted,
        order_facts.PartExpired,
        order_facts.PartCancelled,
        order_facts.CodeUnlocked,
    ):
        shop.react(fact(part.order_id, part.id))
    (own,) = reports.order(shop.db, part.order_id).parts
    assert re.fullmatch(r"\d{4}", own.delivery_code)
    assert not [told for told in shop.told(YAWA) if own.delivery_code in told.bubble.body]
    assert own.delivery_code in shop.told(BUYER)[0].bubble.body


def test_news_go_where_the_order_was_placed_or_where_alone_the_window_is_open(shop):
    shop.hires(YAWA)
    other = next(a for a in shop.config.channel_accounts if a.kind != "simulator")
    other_id = accounts.ensure(shop.db, [other])[other.key]
    shop.notices.accounts[other_id] = other
    shop.notices.limits[other.kind] = LIMITS
    chat = contacts.find_or_make_chat(
        shop.db, other_id, Sender((Identity("phone", BUYER),)), [shop.account_id, other_id]
    )
    assert chat.contact_id == shop.buyer.contact_id
    shop.orders()
    part = shop.part()

    def goes_to(own, others):
        for conversation, hours in ((shop.buyer.conversation_id, own), (chat.conversation_id, others)):
            shop.db.run(
                "update conversation set last_in_at = market_now() - make_interval(hours => %(h)s) where id = %(id)s",
                h=hours,
                id=conversation,
            )
        shop.react(order_facts.PartReady(part.order_id, part.id))
        return shop.told(BUYER)[-1].conversation_id

    own, others = shop.buyer.conversation_id, chat.conversation_id
    assert [goes_to(1, 1), goes_to(2, 1), goes_to(25, 1), goes_to(25, 25)] == [own, own, others, own]
    own_kind = shop.notices.accounts[shop.account_id].kind
    shop.notices.limits[own_kind] = replace(LIMITS, window=7200.0)
    assert [goes_to(2, 1), goes_to(3, 1), goes_to(3, 25)] == [own, others, own]
    shop.notices.limits[own_kind] = replace(LIMITS, window=None)
    assert goes_to(25, 1) == own


def test_a_notice_locks_and_changes_no_conversation(shop):
    shop.hires(YAWA)
    before = shop.db.rows("select * from conversation order by id")
    shop.orders()
    assert shop.db.rows("select * from conversation order by id") == before


def need(shop, kind, number):
    """A line of the list, and what follows from it; the words that the chief has been told by now."""
    attention.ask(shop.db, kind, {"vendor_order": number})
    shop.react()
    return [notice.bubble.body for notice in shop.told(CHIEF)]


def all_sent(shop):
    shop.db.run("update outbox set state = 'sent'")


def test_organizers_whose_last_notice_of_a_line_is_unsent_get_no_other_until_it_is_sent(shop):
    assert need(shop, "notice_failed", 1) == ["À regarder\u00a0: Avis refusé. 1 demande attend."]
    for number in range(2, 50):
        buying.advance(shop.db, 3600)
        assert len(need(shop, "notice_failed" if number % 2 else "complaint", number)) == 1
    all_sent(shop)
    buying.advance(shop.db, 3600)
    assert need(shop, "notice_failed", 50)[1:] == ["À regarder\u00a0: Avis refusé. 50 demandes attendent."]


def test_of_a_wave_of_one_kind_organizers_are_told_once_a_minute(shop):
    for number in range(1, 31):
        need(shop, "notice_failed", number)
        all_sent(shop)
        buying.advance(shop.db, 5)
    assert [notice.bubble.body for notice in shop.told(CHIEF)] == [
        "À regarder\u00a0: Avis refusé. 1 demande attend.",
        "À regarder\u00a0: Avis refusé. 13 demandes attendent.",
        "À regarder\u00a0: Avis refusé. 25 demandes attendent.",
    ]
    assert need(shop, "complaint", 1)[3:] == ["À regarder\u00a0: Réclamation. 31 demandes attendent."]


def test_a_line_that_comes_when_all_are_settled_is_told_at_once(shop):
    need(shop, "code_locked", 1)
    all_sent(shop)
    for item in attention.open_items(shop.db):
        attention.settle(shop.db, [item.id], 7)
    assert need(shop, "code_locked", 2) == ["À regarder\u00a0: Code bloqué. 1 demande attend."] * 2


def test_a_line_that_is_open_already_is_told_once(shop):
    assert attention.ask(shop.db, "code_locked", {"vendor_order": 1})
    assert not attention.ask(shop.db, "code_locked", {"vendor_order": 1})
    shop.react()
    assert len(shop.told(CHIEF)) == 1
    line = shop.db.value("select min(id) from attention")
    assert attention.settle(shop.db, [line], 7)
    assert not attention.settle(shop.db, [line], 7)
    assert attention.ask(shop.db, "code_locked", {"vendor_order": 1})


WAYS = [
    ("kept", ["notice.vendor.way", "sound"]),
    ("waiting", ["notice.vendor.way_later"]),
    ("refused", ["notice.vendor.way_lost"]),
    ("gone", ["notice.vendor.way_lost"]),
    (None, ["notice.vendor.way_lost"]),
]


@pytest.mark.parametrize(("state", "told"), WAYS)
def test_the_shop_hears_the_way_with_its_yes_or_that_the_voice_note_is_lost(shop, state, told):
    shop.hires(YAWA)
    placed = shop.orders()
    shop.db.run('update "order" set voice_id = 17')
    if state:
        shop.db.run(
            "insert into received_media"
            " (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
            " values (17, 1, %(chat)s, 1, 'audio', 'audio/ogg', 'r', %(state)s, '17-1.ogg')",
            chat=shop.buyer.conversation_id,
            state=state,
        )
    before = len(shop.told(YAWA))

    shop.react(order_facts.PartAccepted(placed.order_id, placed.vendor_order_ids[0]))

    fresh = shop.told(YAWA)[before:]
    code = placed.code
    words = {
        "notice.vendor.way": f"{code} : le client explique le chemin dans ce vocal.",
        "notice.vendor.way_later": f"{code} : le client explique le chemin par vocal.\nIl s'ouvre ici dans un instant",
        "notice.vendor.way_lost": f"{code} : le client a expliqué le chemin par vocal, mais le fichier manque.",
        "sound": "",
    }
    assert len(fresh) == len(told)
    for notice, key in zip(fresh, told, strict=True):
        assert notice.bubble.body.replace("\u00a0", " ").startswith(words[key])
        assert bool(notice.bubble.audio) == (key == "sound")
        assert notice.about == {"order": placed.order_id, "vendor_order": placed.vendor_order_ids[0]}
    if state == "kept":
        assert fresh[1].bubble.audio.startswith("https://market.example/received/")


def test_where_the_window_is_shut_the_words_have_the_address_of_the_voice_note(shop):
    yawa, helper = shop.hires(YAWA), shop.hires(HELPER, "helper")
    placed = shop.orders()
    shop.db.run('update "order" set voice_id = 17')
    shop.db.run(
        "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
        " values (17, 1, %(chat)s, 1, 'audio', 'audio/ogg', 'r', 'kept', '17-1.ogg')",
        chat=shop.buyer.conversation_id,
    )
    shop.db.run(
        "update conversation set last_in_at = market_now() - interval '25 hours' where id = %(id)s",
        id=helper.conversation_id,
    )
    before = {phone: len(shop.told(phone)) for phone in (YAWA, HELPER)}
    shop.react(order_facts.PartAccepted(placed.order_id, placed.vendor_order_ids[0]))
    words, sound = shop.told(YAWA)[before[YAWA] :]
    (later,) = shop.told(HELPER)[before[HELPER] :]
    assert (words.conversation_id, sound.bubble.body, later.bubble.audio) == (yawa.conversation_id, "", "")
    assert later.template is not None
    assert sound.bubble.audio in later.bubble.body


@pytest.mark.parametrize("value", [{PLACE: (6.1, 1.2, "", "")}, {RECEIPT: {}}, {PLACE: None}], ids=str)
def test_a_notice_with_what_stands_apart_is_refused(shop, value):
    with pytest.raises(ValueError, match="a notice is one bubble"):
        shop.notices.tell_chat(shop.db, shop.buyer.conversation_id, "notice.vendor.way", {"code": "TG-4K7", **value})
    assert shop.told(BUYER) == []


def test_a_notice_with_buttons_and_a_link_is_refused_as_the_link_would_be_lost(shop):
    doors, values = [Door("buyer", "track", "1", "TG-4K7")], {"code": "TG-4K7", LINK: "https://x.example/1"}
    with pytest.raises(ValueError, match="a notice is one bubble, without url"):
        shop.notices.tell_person(shop.db, shop.buyer.contact_id, "notice.vendor.way", values, doors, {})
    assert shop.told(BUYER) == []


def test_an_order_without_a_voice_note_says_nothing_of_one(shop):
    shop.hires(YAWA)
    placed = shop.orders()
    before = len(shop.told(YAWA))
    shop.react(order_facts.PartAccepted(placed.order_id, placed.vendor_order_ids[0]))
    assert len(shop.told(YAWA)) == before


def arrival(shop):
    """Somebody waits for gari, and it comes; the notices that follow, newest last."""
    alerts.ask(shop.db, shop.buyer.contact_id, shop.buyer.conversation_id, Wish("gari"))
    make_good(shop.db, shop.vendor, "Gari fin", price=1100)
    shop.db.run("update alert set looked_at = market_now() - interval '20 seconds'")
    alerts.look(shop.db, 10)
    facts.react(shop.db, shop.reactions)
    return shop.db.rows("select kind, bubble, template, about from outbox order by id")


def test_who_waited_for_a_good_is_told_once_that_it_is_there(shop):
    told = arrival(shop)
    assert [row.kind for row in told] == ["bulk"]  # STOP ends it, and it is never sent twice
    assert told[0].bubble["body"].replace("\u00a0", " ") == (
        "Bonne nouvelle : Gari fin est disponible.\n1 100 F CFA (sac), chez Maman Yawa, Bè.\n"
        "Pour ne plus être prévenu, tapez STOP."
    )
    assert told[0].template["name"] == "arrived_fr"
    assert (list(told[0].about), told[0].about["topic"]) == (["alert", "topic"], "reminders")
    shop.db.run("update alert set looked_at = market_now() - interval '20 seconds'")
    alerts.look(shop.db, 10)
    facts.react(shop.db, shop.reactions)
    assert shop.db.value("select count(*) from outbox") == 1


def test_who_has_said_stop_is_told_of_no_arrival(shop):
    alerts.ask(shop.db, shop.buyer.contact_id, shop.buyer.conversation_id, Wish("gari"))
    shop.db.run("update contact set wants_reminders = false where id = %(id)s", id=shop.buyer.contact_id)
    assert arrival(shop) == []
