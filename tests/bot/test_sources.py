"""What brought somebody: kept for him first and last, told by his orders, counted for the organizers, his to see."""

import pytest

from bot import sources
from bot.holdings import whole
from bot.links_report import NoSuchLink, Wanted, links_told
from bot.messages import Incoming, Reaction, Sender, Source
from bot.retirement import retire_people
from bot.sources import Came
from catalog.links import Link
from tests.bot.chat import Chat

RICE = "Riz parfumé 25 kg"


def said(text="", **told):
    return Incoming("m1", Sender(()), text, **told)


@pytest.mark.parametrize(
    ("message", "came"),
    [
        (said("bonjour"), None),
        (said("Bonjour, je viens pour Riz (P4SK-affiche)"), Came("link", "P4SK", "affiche")),
        (said("bonjour", source=Source("link", "P4SK-affiche")), Came("link", "P4SK", "affiche")),
        (said("bonjour", source=Source("link", "été 2026")), Came("link", "", "ete2026")),
        (said("(P4SK)", source=Source("ad", "B6ZB-x", "120", "c1")), Came("ad", "P4SK", "", "120", "c1")),
        (said("c'est combien ?", source=Source("ad", ad="120", click="c1")), Came("ad", "", "", "120", "c1")),
        (said("2 riz", comment="1_1"), Came("post")),
        (said("2 riz", comment="1_1", source=Source("post", ad="9_1")), Came("post", ad="9_1")),
        (said("(P4SK)", edits="m0"), None),
        (said(reaction=Reaction("m0", "👍"), source=Source("ad", ad="1")), None),
        (said("riz " * 400 + "P4SK"), None),  # nobody typed it
    ],
)
def test_what_a_message_tells_of_its_way_here(message, came):
    assert sources.of(message) == came


def came(chat, link, **source):
    """Somebody comes by a link and is answered; as the engine does, what brought him is kept at the turn's end."""
    chat.brings(text="bonjour", source=Source("link", str(link), **source))
    note(chat)
    return chat


def note(chat):
    """What the last message of a chat tells."""
    sources.note(chat.turn)


@pytest.fixture
def rice(market):
    return market["rice"]


@pytest.fixture
def slug(db, rice):
    """Of the rice."""
    return db.value("select slug from product where id = %(id)s", id=rice.id)


def test_a_link_beside_the_words_opens_what_it_names_as_one_in_them_does(awa, rice):
    by_ref = came(awa, Link("product", rice.id, "affiche")).words
    assert by_ref.startswith(f"{RICE}\n17\u00a0500\u00a0F\u00a0CFA (sac)")
    assert awa.says(f"Bonjour, je viens pour {RICE} ({Link('product', rice.id)})") == by_ref
    assert awa.state == "buyer.card"


def test_a_lost_ref_is_a_greeting(awa):
    awa.brings(text="bonjour", source=Source("link", "whatever"))
    assert awa.state == "buyer.first"


@pytest.mark.parametrize(
    ("words", "quantity"),
    [
        ("2 svp {code}", 2),
        ("{code} j'en prends 3", 3),
        ("je veux deux sacs ({code})", 2),
        ("Bonjour, je viens pour Riz parfumé 25 kg ({code}) 4", 4),
        ("bonjour je viens pour riz parfume 25kg {code}", 0),
        ("riz parfumé 25 kg {code}", 0),
        ("c'est combien {code}", 0),
        ("{code}", 0),
    ],
)
def test_a_quantity_beside_a_code_is_proposed_and_the_figures_of_the_name_are_none(awa, rice, words, quantity):
    awa.says(words.format(code=Link("product", rice.id)))
    assert awa.state == ("buyer.proposal" if quantity else "buyer.card")
    assert awa.memory["wanted"] == quantity


def test_a_code_is_heard_before_words_and_after_the_open_question(awa, rice):
    awa.goes("je veux 2 sacs de riz parfumé 25 kg", "oui", "commander")
    assert awa.state == "buyer.quarter"
    awa.says(f"p4 {Link('product', rice.id)}")
    assert awa.state == "buyer.card"


def test_a_product_of_the_provider_s_catalogue_that_words_are_about_is_opened_as_by_its_link(awa, slug):
    awa.brings(text="2 svp", product=slug)
    assert awa.state == "buyer.proposal"
    awa.brings(text="c'est combien ?", product=slug)
    assert awa.state == "buyer.card"
    awa.says("menu")
    awa.brings(text="bonjour", product=slug)
    assert awa.state == "buyer.card"
    awa.brings(text="bonjour", product="no-such-good")
    assert awa.keys == ["buyer.first"]


def test_a_vendor_is_offered_his_purchases(yawa, rice):
    yawa.says(str(Link("product", rice.id)))
    assert yawa.keys == ["other_hat.buyer"]


def test_an_order_keeps_what_brought_its_buyer_first_and_last(db, awa, rice):
    came(awa, Link("market", 0, "radio"))
    came(awa, Link("product", rice.id, "affiche"), click="c1")
    awa.goes("je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "be kpota derriere la pharmacie")
    awa.goes("[Moi-même]", "[Mon numéro]", "[Confirmer]")

    assert db.value('select source from "order"') == {
        "first": {"kind": "link", "code": "M22Y", "word": "radio"},
        "last": {"kind": "link", "code": Link("product", rice.id).code, "word": "affiche"},
    }


def test_an_order_of_somebody_whom_nothing_brought_keeps_nothing(db, ordered):
    assert db.value('select source from "order"') is None


def test_people_and_orders_are_counted_by_what_brought_them(db, config, awa, rice):
    came(awa, Link("market", 0, "radio"))
    came(awa, Link("product", rice.id, "affiche"))
    came(Chat(db, config, "+22890000002"), Link("market", 0, "radio"))
    awa.goes("je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "be kpota derriere la pharmacie")
    awa.goes("[Moi-même]", "[Mon numéro]", "[Confirmer]")
    total = db.value('select total from "order"')

    code = Link("product", rice.id).code
    told = [[*line[:5], line[5].replace("\u00a0", " ")] for line in links_told(db, [], Wanted())[1]]
    assert told == [
        ["link affiche", f"{code} {RICE}", "0", "1", "1", f"{total:,} F".replace(",", " ")],
        ["link radio", "M22Y", "2", "1", "0", ""],
    ]


def test_a_person_sees_it_among_what_is_kept(db, awa, rice):
    came(awa, Link("product", rice.id, "affiche"), ad="12", click="c1")

    [one] = whole(db, awa.contact_id)["came_by"]
    one.pop("at")
    code = Link("product", rice.id).code
    assert one == {"kind": "link", "code": code, "word": "affiche", "ad": "12", "click": "c1"}


def test_between_the_first_and_the_last_nothing_is_kept_longer_than_a_chat(db, config, awa):
    for word in ("radio", "affiche", "flyer", "page"):
        came(awa, Link("market", 0, word))
    db.run("update source set at = at - make_interval(secs => %(s)s)", s=config.timing.chat_kept + 60)

    retire_people(db, config.timing, 0)

    assert [row.word for row in db.rows("select word from source order by id")] == ["radio", "page"]


@pytest.fixture
def accounts(config):
    """A number at Twilio and at the Cloud API, a Page and the simulator, all on."""
    return [
        account.model_copy(
            update={"sender": "whatsapp:+22870000000", "number": "+22871111111", "page_id": "100000000000001"}
        )
        for account in config.channel_accounts
    ]


def test_links_to_a_good_on_every_account(db, accounts, rice, slug):
    code = f"{Link('product', rice.id)}-affiche"
    found, _ = links_told(db, accounts, Wanted(product=slug, source="Affiche !"))
    text = f"Bonjour%2C%20je%20viens%20pour%20Riz%20parfum%C3%A9%2025%20kg%20%28{code}%29"
    assert found == {
        "twilio": f"https://wa.me/22870000000?text={text}",
        "whatsapp": f"https://wa.me/22871111111?text={text}",
        "messenger": f"https://m.me/100000000000001?ref={code}",
    }


def test_links_to_a_shop_and_to_the_market(db, accounts, rice):
    shop, of_shop = db.one("select id, slug from vendor where id = %(id)s", id=rice.vendor_id)
    found, _ = links_told(db, accounts[:1], Wanted(shop=of_shop))
    assert found["twilio"].endswith(f"%28{Link('shop', shop)}%29")
    found, _ = links_told(db, accounts, Wanted(source="radio"))
    assert found["messenger"] == "https://m.me/100000000000001?ref=M22Y-radio"
    assert found["twilio"] == "https://wa.me/22870000000?text=Bonjour%20%28M22Y-radio%29"


@pytest.mark.parametrize(("ending", "first"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_link_is_drawn_for_a_poster(db, accounts, slug, tmp_path, ending, first):
    file = tmp_path / f"riz.{ending}"
    links_told(db, accounts, Wanted(product=slug, source="affiche", qr=file))
    assert file.read_bytes().startswith(first)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"product": "nothing"}, "no product has the slug nothing"),
        ({"shop": "nobody"}, "no shop has the slug nobody"),
        ({"source": "!!"}, "a source is letters and digits: '!!' has none"),
        ({"qr": "riz.gif"}, "riz.gif: a QR code is written as .svg or .png"),
        ({"qr": "riz.png", "account": "other"}, "no account with links has the key other"),
    ],
)
def test_what_cannot_be_linked_to_or_drawn_is_said(db, accounts, rice, tmp_path, wanted, why):
    if "qr" in wanted:
        wanted = {**wanted, "qr": tmp_path / wanted["qr"]}
    with pytest.raises(NoSuchLink) as refused:
        links_told(db, accounts, Wanted(**wanted))
    assert str(refused.value) == why
    assert list(tmp_path.iterdir()) == []


def test_without_an_account_there_is_nothing_to_draw(db, accounts, tmp_path):
    with pytest.raises(NoSuchLink, match="no account with links is on"):
        links_told(db, [accounts[-1]], Wanted(qr=tmp_path / "x.svg"))
