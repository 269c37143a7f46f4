"""What one side of an order passes on to the other: a word, a receipt's photo; and an errand to whoever brings it."""

import pytest

from bot.aftermath import NoticeFailed
from bot.errands import RIDER
from catalog.stock import Cause
from orders import facts as order_facts
from orders import progress, riders
from tests.bot.test_notices import HELPER, YAWA, Shop
from tests.orders import buying

KOSSI = "+22890123456"
BY = Cause(None, None)


@pytest.fixture
def shop(db, config):
    return Shop(db, config)


def keep_file(shop, row, kind, state="kept"):
    shop.db.run(
        "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
        " values (%(row)s, 1, %(chat)s, 1, %(kind)s, '', 'r', %(state)s, 'file')",
        row=row,
        chat=shop.buyer.conversation_id,
        kind=kind,
        state=state,
    )


def bodies(shop, phone):
    return [notice.bubble.body.replace("\u00a0", " ") for notice in shop.told(phone)]


def test_the_shop_reads_the_buyers_word_with_the_order_but_no_number_in_it(shop):
    shop.hires(YAWA)
    buying.fill(shop.db, (shop.rice, 1), contact=shop.buyer.contact_id)
    shop.db.run("update basket set note = 'Bien mûr, appelez le 97 12 34 56'")
    shop.orders(1)
    (asked,) = bodies(shop, YAWA)
    assert "\nMot du client : « Bien mûr, appelez le … »\nRépondez avant" in asked


@pytest.mark.parametrize(
    ("state", "words", "sounds"),
    [
        ("kept", "le client vous dit un mot dans ce vocal.", 1),
        ("waiting", "le client vous dit un mot par vocal.", 0),
        ("gone", "le client vous a parlé par vocal. Le fichier manque.", 0),
    ],
)
def test_the_shop_hears_it_when_it_was_spoken(shop, state, words, sounds):
    shop.hires(YAWA)
    keep_file(shop, 17, "audio", state)
    buying.fill(shop.db, (shop.rice, 1), contact=shop.buyer.contact_id)
    shop.db.run("update basket set note_voice_id = 17")
    shop.orders(1)
    told = shop.told(YAWA)
    assert words in told[1].bubble.body.replace("\u00a0", " ")
    assert len([one for one in told if one.bubble.audio]) == sounds
    assert len(told) == 2 + sounds


@pytest.mark.parametrize(
    ("state", "in_text_mode", "is_picture"),
    [("kept", False, True), ("kept", True, False), ("waiting", False, False)],
)
def test_the_buyer_of_a_parcel_sees_the_receipt(shop, state, in_text_mode, is_picture):
    shop.hires(YAWA)
    placed = shop.orders(1)
    keep_file(shop, 17, "image", state)
    shop.db.run("update \"order\" set way = 'parcel'")
    shop.db.run("update contact set is_in_text_mode = %(on)s", on=in_text_mode)
    shop.db.run("update vendor_order set receipt_photo_id = 17, state = 'handed_over'")
    before = len(shop.told("+22890000001"))

    shop.react(order_facts.PartHandedOver(placed.order_id, placed.vendor_order_ids[0]))

    news, receipt = shop.told("+22890000001")[before:]
    assert "Le reçu est sur la photo." in news.bubble.body
    assert receipt.bubble.body.replace("\u00a0", " ").startswith(f"{placed.code} : le reçu de la gare.")
    assert receipt.bubble.photo.startswith("https://market.example/received/") == is_picture
    assert ("/received/" in receipt.bubble.body or bool(receipt.bubble.link)) == (not is_picture)


@pytest.fixture
def errand(shop):
    """A part that is being prepared, and nobody who brings it yet."""
    yawa = shop.hires(YAWA)
    placed = shop.orders(2)
    part = placed.vendor_order_ids[0]
    progress.accept(shop.db, part, [shop.vendor], BY)
    shop.react()
    return shop, part, placed.code, yawa


def ask(shop, part, name="Kossi"):
    assert riders.ask(shop.db, part, [shop.vendor], KOSSI, name, BY) == "asked"
    shop.react()


def test_a_rider_whom_nobody_knew_is_met_and_told_by_a_template_too(errand):
    shop, part, code, _ = errand
    ask(shop, part)
    (told,) = shop.told(KOSSI)
    body = told.bubble.body.replace("\u00a0", " ")
    assert body.startswith(f"Course pour {shop.part().vendor_name}")
    assert "À encaisser : " in body
    assert "Pour : Awa Mensah, 90 11 22 33\nLieu : Bè-Kpota, derrière la pharmacie" in body
    assert f"Puis écrivez : livre {code} et ce code" in body
    assert told.template.name == "errand_fr"
    assert told.template.values[0] == code
    assert told.template.values[4:] == ("Awa Mensah, 90 11 22 33", "Bè-Kpota, derrière la pharmacie")
    assert riders.bearer(shop.db, part).is_told
    assert "1234" not in body
    assert shop.db.value("select count(*) from role r join identity i using (contact_id) where i.value = %(p)s",
                         p=KOSSI) == 0  # fmt: skip


def test_a_notice_that_does_not_reach_him_leaves_it_to_the_shop_once(errand):
    shop, part, code, _ = errand
    ask(shop, part)
    (told,) = shop.told(KOSSI)
    before = len(shop.told(YAWA))
    chat = shop.db.value("select conversation_id from outbox order by id desc limit 1")
    fact = NoticeFailed(1, chat, "unreachable", tuple(told.about.items()))
    shop.react(fact)
    news, forward = bodies(shop, YAWA)[before:]
    assert news == (
        f"Commande {code} : nous ne pouvons pas écrire à Kossi 90 12 34 56.\nTransférez-lui vous-même le message qui"
        " suit."
    )
    assert forward.startswith("Course pour ")
    assert "Awa Mensah, 90 11 22 33" in forward
    assert not riders.bearer(shop.db, part).is_told
    shop.react(fact)
    assert len(shop.told(YAWA)) == before + 2
    assert shop.db.value("select count(*) from attention where kind = 'unreachable'") == 0


def test_who_wants_no_news_is_not_written_to(errand):
    shop, part, *_ = errand
    chat = shop.meet(KOSSI)
    shop.db.run("update contact set wants_order_news = false where id = %(id)s", id=chat.contact_id)
    before = len(shop.told(YAWA))
    ask(shop, part)
    assert shop.told(KOSSI) == []
    assert len(shop.told(YAWA)) == before + 2


def test_whoever_was_to_bring_it_before_hears_that_he_need_not(errand):
    shop, part, code, _ = errand
    ask(shop, part)
    riders.ask(shop.db, part, [shop.vendor], HELPER, "Ama", BY)
    shop.react()
    assert bodies(shop, KOSSI)[-1] == f"Commande {code} de {shop.part().vendor_name} : vous n'avez plus rien à livrer."
    assert shop.told(KOSSI)[-1].about == {RIDER: shop.meet(KOSSI).contact_id}
    progress.refuse(shop.db, part, [shop.vendor], "other", BY)
    shop.react()
    assert "vous n'avez plus rien à livrer" in bodies(shop, HELPER)[-1]
    assert len(shop.told(KOSSI)) == 2


def test_a_pin_is_shown_on_a_map_and_the_middle_of_a_quarter_is_not(errand):
    shop, part, *_ = errand
    shop.db.run('update "order" set latitude = 6.17001')
    ask(shop, part)
    link = shop.told(KOSSI)[0].bubble
    assert "6.17001" in (link.link.url if link.link else link.body)
    shop.db.run('update "order" set latitude = 6.1624')
    ask(shop, part)
    again = shop.told(KOSSI)[-1].bubble
    assert again.link is None
    assert "maps" not in again.body
