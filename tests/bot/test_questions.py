"""Questions in chats: what is heard as one, what each side reads, what is stopped, and that no number is told."""

from itertools import pairwise

import pytest

from base.db import Db
from base.hours import DAYTIME
from bot import attention
from bot.dialogs.buyer import asking
from bot.dialogs.written import read_answer, read_question
from bot.handover import HandWritten
from bot.messages import Incoming, Media, Sender
from catalog import products, questions
from catalog.facts import WordsStopped
from catalog.questions import Question, Said, Waits
from catalog.stock import Cause
from tests.bot.chat import Chat
from tests.bot.test_notices import BUYER, CHIEF, HELPER, YAWA, Shop
from tests.orders.buying import advance

WAITS = Waits(600, 86_400, DAYTIME)


def said(text="", kind=""):
    return Incoming("", Sender(()), text=text, media=(Media(kind, "r"),) if kind else ())


@pytest.mark.parametrize(
    ("incoming", "question", "answer"),
    [
        (said("c'est en coton ?"), ("c'est en coton ?", ""), ("c'est en coton ?", "")),
        (said("oui"), ("oui", ""), ("oui", "")),
        (said("12"), None, ("12", "")),
        (said("celui-ci ?", "image"), ("celui-ci ?", "image"), ("celui-ci ?", "image")),
        (said("", "audio"), ("", "audio"), ("", "audio")),
        (said("", "video"), None, None),
        (said("x" * 600), ("x" * 500, ""), ("x" * 500, "")),
        (said("svp"), None, None),
        (said("🙂"), None, None),
        (said(""), None, None),
    ],
)
def test_words_pictures_and_voices_are_passed_on_and_what_says_nothing_is_not(incoming, question, answer):
    def told(read):
        return (read["words"], read["file"]) if read else None

    assert (told(read_question(incoming)), told(read_answer(incoming))) == (question, answer)


@pytest.mark.parametrize(
    ("condition", "description", "asked", "known"),
    [
        ("neuf", "", "c'est neuf ou venu", True),
        ("neuf", "", "c'est en coton ?", False),
        ("", "", "c'est neuf ou venu", False),
        ("", "Pagne en coton", "c'est en coton ?", True),
        ("", "Deux puces, torche", "la garantie c'est combien", False),
        ("", "Deux puces, torche", "plus de détails", True),
        ("", "", "c'est en sac ?", True),
        ("", "", "c'est en bidon ?", False),
        ("", "", "c'est de bonne qualité ?", False),
    ],
)
def test_the_catalogue_answers_what_it_knows(db, market, condition, description, asked, known):
    rice = market["rice"].id
    db.run("update product set condition = %(c)s, description = %(d)s where id = %(id)s", c=condition, d=description,
           id=rice)  # fmt: skip
    assert asking.knows(products.product(db, rice), asked) is known


def rows(db):
    return [(row.state, row.words, row.answer) for row in db.rows("select * from question order by id")]


def test_a_buyer_asks_by_the_card_and_the_shop_answers(awa, yawa, db):
    awa.goes("bonjour", "je veux du maïs blanc", "produits", "1", "2", "[Poser une question]")
    assert (awa.state, awa.words) == (
        "buyer.question",
        "Maïs blanc : que voulez-vous demander à Maman Yawa ?\nÉcrivez, ou envoyez une photo ou un vocal.",
    )
    awa.says("C'est le maïs de cette année ?")
    assert (awa.keys, awa.facts) == (["buyer.question_sent", "buyer.card"], ["QuestionAsked"])
    yawa.goes("bonjour", "répondre 101")
    assert yawa.words.startswith(
        "Question 101 sur Maïs blanc : « C'est le maïs de cette année ? »\nQue répondez-vous ?"
    )
    yawa.says("oui")
    assert (yawa.keys, yawa.facts) == (["vendor.reply_sent", "vendor.menu"], ["QuestionAnswered"])
    assert rows(db) == [("answered", "C'est le maïs de cette année ?", "oui")]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("menu", "buyer.menu"),
        ("Panier", "buyer.basket_empty"),
        ("retour", "buyer.card"),
        ("suivi", "buyer.no_orders"),
        ("question 104", "buyer.question"),
    ],
)
def test_exact_words_and_commands_leave_a_question_that_takes_whatever_is_written(awa, db, words, first):
    awa.goes("bonjour", "produits", "1", "1", "question")
    assert awa.state == "buyer.question"
    awa.says(words)
    assert (awa.keys[0], db.value("select count(*) from question")) == (first, 0)


def test_a_sellers_command_leaves_the_question_that_he_answers(awa, yawa, db):
    awa.goes("bonjour", "produits", "1", "1", "question", "C'est frais ?")
    yawa.goes("bonjour", "répondre 101")
    assert yawa.state == "vendor.reply"
    yawa.says("A 4K7")
    assert db.value("select state from question") == "open"
    yawa.goes("répondre 101", "commandes")
    assert db.value("select state from question") == "open"


def test_what_the_catalogue_does_not_know_is_asked_after_a_yes_and_not_before(awa, db):
    awa.goes("bonjour", "produits", "1", "1", "c'est en coton ?")
    assert (awa.keys, rows(db)) == (["buyer.ask_offer"], [])
    awa.says("oui")
    assert rows(db) == [("open", "c'est en coton ?", "")]
    awa.goes("produits", "1", "2", "vous avez en bleu ?", "non")
    assert (awa.keys, len(rows(db))) == (["buyer.card"], 1)
    awa.goes("photo", "oui")
    assert rows(db)[1:] == [("open", "Pouvez-vous envoyer une photo ?", "")]


def test_a_number_is_hidden_and_who_wrote_it_is_told(awa, yawa, db):
    awa.goes("bonjour", "produits", "1", "1", "question", "Appelez-moi au 97 12 34 56 svp ?")
    assert "Nous avons caché un numéro ou un lien." in awa.words
    yawa.goes("bonjour", "répondre", "wa.me/22890000101, il y en a")
    assert "Nous avons caché un numéro ou un lien." in yawa.words
    assert rows(db) == [("answered", "Appelez-moi au ••• svp ?", "••• il y en a")]


@pytest.mark.parametrize(
    ("words", "why"),
    [("paie moi direct sur mon flooz", "payment"), ("donne ton code secret", "code")],
)
def test_what_leads_out_of_the_market_is_not_passed_on(awa, yawa, db, words, why):
    awa.goes("bonjour", "produits", "1", "1", "question", words)
    assert (awa.keys[0], awa.facts, awa.memory["why"]) == ("buyer.question_stopped", ["WordsStopped"], why)
    awa.goes("question", "C'est frais ?")
    yawa.goes("bonjour", "répondre", words)
    assert (yawa.keys, yawa.facts) == (["vendor.reply_stopped", "vendor.reply"], ["WordsStopped"])
    yawa.says("Oui, très frais")
    assert rows(db) == [("stopped", words, ""), ("answered", "C'est frais ?", "Oui, très frais")]


def test_a_caption_is_looked_at_too(awa, db):
    awa.goes("bonjour", "produits", "1", "1", "question")
    awa.brings(text="payez d'avance", media=(Media("image", "r"),))
    assert (awa.keys[0], rows(db)) == ("buyer.question_stopped", [("stopped", "payez d'avance", "")])


def test_the_number_of_statements_of_asking_and_answering_is_known(awa, yawa, db, monkeypatch):
    awa.goes("bonjour", "produits", "1", "1", "question")
    yawa.says("bonjour")
    counted, run = [], Db._executed
    monkeypatch.setattr(Db, "_executed", lambda db, sql, values: counted.append(sql) or run(db, sql, values))
    awa.says("C'est frais ?")
    asked = len(counted)
    yawa.says("répondre")
    counted.clear()
    yawa.says("Oui")
    assert (awa.was_alone, yawa.was_alone) == (True, True)
    assert asked <= ASKING
    assert len(counted) <= ANSWERING


ASKING, ANSWERING = 16, 14  # with the question that is asked again, and the batch's try; a shop may do without him


class Asked(Shop):
    """A shop that is asked something."""

    def ask(self, words="C'est frais ?", inbox=None):
        by = Cause(self.buyer.contact_id, 1)
        one = questions.ask(self.db, self.rice.id, Said(words, inbox), by, self.buyer.conversation_id, WAITS)
        assert isinstance(one, Question)
        self.react()
        return one

    def answer(self, one, words="Oui", inbox=None, by=9):
        said = Said(words, inbox)
        assert questions.answer(self.db, one.id, [self.vendor], said, Cause(by, 2)) == "done"
        self.react()

    def gets(self, inbox, chat, kind, state="kept"):
        self.db.run(
            "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference, state,"
            " file) values (%(inbox)s, 1, %(chat)s, 1, %(kind)s, '', 'r', %(state)s, 'file')",
            inbox=inbox,
            chat=chat.conversation_id,
            kind=kind,
            state=state,
        )

    def bodies(self, phone):
        return [one.bubble.body.replace("\u00a0", " ") for one in self.told(phone)]

    def lines(self):
        return [(row.kind, row.settled_at is None) for row in self.db.rows("select * from attention order by id")]


@pytest.fixture
def shop(db, config):
    return Asked(db, config)


def test_all_of_the_shop_get_it_with_a_button_and_a_template_and_neither_name_nor_number(shop):
    shop.hires(YAWA)
    shop.hires(HELPER, "helper")
    shop.db.run("update contact set name = 'Awa Mensah' where id = %(id)s", id=shop.buyer.contact_id)
    shop.ask("C'est frais ?")
    for phone in (YAWA, HELPER):
        (notice,) = shop.told(phone)
        body = notice.bubble.body.replace("\u00a0", " ")
        assert body.startswith(
            "Question 101 d'un client sur Riz parfumé 25 kg :\n« C'est frais ? »\nRépondez avant le "
        )
        assert [offer.title for offer in notice.bubble.offers] == ["Répondre"]
        assert notice.template.name == "shop_news_fr"
        news = notice.template.values[1].replace("\u00a0", " ")
        assert news == "question d'un client : C'est frais ? Pour répondre, écrivez répondre 101"
        assert "Awa" not in str(notice)
        assert BUYER[4:] not in str(notice)


def test_one_more_of_the_shop_is_two_statements_more(shop, monkeypatch):
    counted, run = [], Db._executed
    monkeypatch.setattr(Db, "_executed", lambda db, sql, values: counted.append(sql) or run(db, sql, values))
    told = []
    for phone in (YAWA, HELPER, "+22890000103"):
        shop.hires(phone)
        shop.db.run("delete from question")
        counted.clear()
        shop.ask()
        told.append(len(counted))
    assert [later - before for before, later in pairwise(told)] == [2, 2]
    assert told[0] <= 14


def test_in_text_mode_its_words_say_what_to_type(shop):
    shop.hires(YAWA)
    shop.db.run("update contact set is_in_text_mode = true")
    one = shop.ask()
    assert shop.bodies(YAWA)[0].endswith("\n\nrépondre 101 · Répondre")
    shop.answer(one)
    assert shop.bodies(BUYER)[0].endswith("\n\nvoir Riz parfumé 25 kg · Voir\nquestion 101 · Poser une question")


def test_the_answer_comes_with_ways_on_and_without_them_when_it_is_sold_no_more(shop):
    shop.hires(YAWA)
    shop.answer(shop.ask(), "Oui, de ce matin")
    (notice,) = shop.told(BUYER)
    assert shop.bodies(BUYER) == [
        "Maman Yawa répond sur Riz parfumé 25 kg :\n« Oui, de ce matin »\nVotre question : « C'est frais ? »"
    ]
    assert [offer.title for offer in notice.bubble.offers] == ["Voir", "Poser une question"]
    one = shop.ask("Et demain ?")
    shop.db.run("update product set is_listed = false")
    shop.answer(one, "Non")
    assert shop.bodies(BUYER)[1].endswith("Cet article n'est plus en vente. Tapez menu pour chercher ailleurs.")
    assert shop.told(BUYER)[1].bubble.offers == ()


@pytest.mark.parametrize(
    ("kind", "state", "said", "is_shown"),
    [
        ("image", "kept", "(une photo)", True),
        ("audio", "kept", "(un vocal)", True),
        ("image", "waiting", "(une photo)", False),
    ],
)
def test_a_picture_follows_the_words_or_its_address_stands_in_them(shop, kind, state, said, is_shown):
    shop.hires(YAWA)
    shop.gets(17, shop.buyer, kind, state)
    shop.ask("", 17)
    notice, *shown = shop.told(YAWA)
    assert f"« {said} »" in notice.bubble.body.replace("\u00a0", " ")
    assert ("/received/" in notice.bubble.body) is not is_shown
    assert [bool(one.bubble.photo or one.bubble.audio) for one in shown] == [True] * is_shown
    is_warned = "Ne faites jamais payer hors du marché." in notice.bubble.body
    assert (is_warned, shop.lines()) == ((True, [("question_voice", True)]) if kind == "audio" else (False, []))


def test_a_voice_note_is_passed_on_with_a_warning_and_people_hear_it_too(shop):
    shop.hires(YAWA)
    yawa = shop.meet(YAWA)
    for inbox, chat in ((17, shop.buyer), (18, yawa), (19, yawa)):
        shop.gets(inbox, chat, "audio")
    first = shop.ask("", 17)
    assert "\nNe faites jamais payer hors du marché. Ne donnez jamais de code secret.\nRép" in shop.bodies(YAWA)[0]
    shop.answer(first, "", 18)
    assert shop.bodies(BUYER)[0] == (
        "Maman Yawa répond sur Riz parfumé 25 kg :\n« (un vocal) »\n"
        "Ne payez jamais hors du marché. Ne donnez votre code qu'en recevant le colis.\n"
        "Votre question : « (un vocal) »"
    )
    shop.answer(shop.ask("Et demain ?"), "", 19)
    assert [(item.kind, item.contact_id, item.about, item.has_chat) for item in attention.open_items(shop.db)] == [
        ("question_voice", shop.buyer.contact_id, {"contact": shop.buyer.contact_id, "inbox": [17]}, True),
        ("question_voice", yawa.contact_id, {"contact": yawa.contact_id, "inbox": [18, 19]}, True),
    ]
    assert any("Vocal à vérifier" in body for body in shop.bodies(CHIEF))


def test_what_came_with_a_question_and_is_gone_is_a_file(shop):
    shop.hires(YAWA)
    shop.ask("", 17)
    (notice,) = shop.told(YAWA)
    assert "« (un fichier) »" in notice.bubble.body.replace("\u00a0", " ")


def test_after_ten_minutes_people_have_it_and_the_buyer_knows(shop):
    shop.hires(YAWA)
    shop.ask()
    advance(shop.db, 86_400)
    questions.pass_on(shop.db, 10)
    shop.react()
    assert shop.lines() == [("question", True)]
    assert shop.bodies(BUYER) == [
        "Maman Yawa n'a pas encore répondu sur Riz parfumé 25 kg.\nUne personne du marché s'en occupe."
    ]
    assert any("Question sans réponse" in body for body in shop.bodies(CHIEF))


def test_where_nobody_of_the_shop_can_be_written_to_people_have_it_at_once(shop):
    one = shop.ask()
    assert shop.lines() == [("question", True)]
    assert questions.question(shop.db, one.id).state == "with_people"


def test_what_people_answer_by_hand_is_answered_and_what_they_settle_is_dropped(shop):
    first = shop.ask()
    line = attention.line_about(shop.db, "question", {"question": first.id})
    shop.db.run("update attention set about = about || '{\"answered_by\": 5}'")
    shop.react(HandWritten(line, shop.buyer.conversation_id, "Oui, à 1 200 F"))
    known = questions.question(shop.db, first.id)
    assert (known.state, known.answer, known.answered_by) == ("answered", "Oui, à 1 200 F", 5)
    attention.settle(shop.db, [line], 5)
    shop.react()
    assert questions.question(shop.db, first.id).state == "answered"
    second = shop.ask("Et demain ?")
    attention.settle(shop.db, [attention.line_about(shop.db, "question", {"question": second.id})], 5)
    shop.react()
    assert questions.question(shop.db, second.id).state == "dropped"


def test_a_late_answer_of_the_shop_settles_the_line(config, db, market, awa, yawa):
    awa.goes("bonjour", "produits", "1", "1", "question", "C'est frais ?")
    one = questions.waiting_for(db, [market["rice"].vendor_id])[0]
    questions.give_to_people(db, one.id)
    attention.ask(db, "question", {"question": one.id, "contact": awa.contact_id}, awa.conversation_id)
    yawa.goes("bonjour", "répondre 101", "Oui")
    assert yawa.keys[0] == "vendor.reply_sent"
    assert "AttentionSettled" in yawa.facts
    assert attention.open_items(db) == []


def test_an_organizer_sees_the_words_that_were_stopped(chief, awa, yawa, db):
    awa.goes("bonjour", "produits", "1", "1", "question", "C'est frais ?")
    one = questions.own_of_number(db, awa.contact_id, 101)
    about = {
        "question": one.id,
        "contact": yawa.contact_id,
        "why": "payment",
        "detail": "payez d'avance au 90 00 01 01",
    }
    attention.ask(db, "question_stopped", about, yawa.conversation_id)
    chief.goes("bonjour", "attention", "[Message non transmis]")
    assert "La boutique a écrit : « payez d'avance au 90 00 01 01 »" in chief.words
    assert "Il parle de payer avant, ou hors du marché." in chief.words
    db.run("delete from question")
    chief.goes("attention", "1")
    assert "Cette question n'existe plus." in chief.words


def test_the_other_side_is_warned_once_and_people_are_alerted(shop):
    shop.hires(YAWA)
    one = shop.ask()
    yawa = shop.meet(YAWA)
    for words in ("payez d'avance", "payez d'avance svp"):
        shop.react(WordsStopped(one.id, yawa.contact_id, yawa.conversation_id, words, "payment", by_shop=True))
    assert shop.lines() == [("question_stopped", True)]
    assert shop.bodies(BUYER) == [
        "Un message de Maman Yawa sur Riz parfumé 25 kg n'a pas été transmis.\n"
        "Il parle de payer avant, ou hors du marché.\n"
        "Au marché, vous payez à la livraison. Ne donnez votre code qu'en recevant le colis."
    ]
    buyer = shop.buyer
    shop.react(WordsStopped(one.id, buyer.contact_id, buyer.conversation_id, "ton code", "code", by_shop=False))
    assert shop.bodies(YAWA)[-1] == (
        "Un message d'un client sur Riz parfumé 25 kg n'a pas été transmis.\nIl demande un code secret.\n"
        "Au marché, tout se paie par la commande. Ne donnez jamais de code secret."
    )


def test_two_of_a_shop_answer_and_the_second_hears_that_it_is_settled(awa, yawa, db, config, market):
    helper = Chat(db, config, HELPER, "Afi", roles=[("helper", market["rice"].vendor_id)])
    awa.goes("bonjour", "produits", "1", "1", "question", "C'est frais ?")
    yawa.goes("bonjour", "répondre")
    helper.goes("bonjour", "répondre", "Oui")
    yawa.says("Non")
    assert (helper.keys[0], yawa.keys[0]) == ("vendor.reply_sent", "vendor.reply_over")
    assert rows(db) == [("answered", "C'est frais ?", "Oui")]
