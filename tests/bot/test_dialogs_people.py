"""Organizers and people: shops judged, buyers blocked, rights given with a second factor, figures, lists, answers."""

from datetime import timedelta

import pyotp
import pytest

from base.clock import now
from bot import appointing, attention, blocks, contacts, flags, second_factor
from bot.contacts import grant
from catalog import search, standing
from catalog.vendors import vendor
from tests.bot.chat import Chat
from tests.catalog.market import make_vendor

SHOP = "Maman Yawa"


@pytest.fixture
def other(db, config, market):
    """Somebody else who organizes."""
    return Chat(db, config, "+22890000998", "Ama Sika", roles=[("organizer", None)])


class App:
    """An organizer's authenticator: each code that it tells is a new one."""

    def __init__(self, chat):
        second_factor.enrol(chat.db, chat.contact_id)
        shown = second_factor.enrolment(chat.db, chat.config.lasting_key, chat.contact_id, "Chef")
        self.totp, self.chat, self.steps = pyotp.TOTP(shown.secret), chat, 0
        second_factor.check(
            chat.db, chat.config.lasting_key, chat.contact_id, 0, self.code(), now(chat.db) - timedelta(minutes=20)
        )

    def code(self):
        """The code of now; at first that of twenty minutes ago, which enrols."""
        at = now(self.chat.db) + self.chat.later - (timedelta(minutes=20) if self.steps == 0 else timedelta())
        self.steps += 1
        return self.totp.at(at)


@pytest.fixture
def app(chief):
    return App(chief)


def stood(chief, market):
    shop = vendor(chief.db, market["rice"].vendor_id)
    return shop.level, shop.suspended_at is not None


def found(chief):
    return len(search.find(chief.db, "riz parfumé").ids)


def test_a_shop_is_suspended_with_a_reason_a_code_and_a_yes(chief, app, market, ordered):
    chief.goes("bonjour", "suspends boutique Maman Yawa plaintes")
    assert chief.keys == ["organizer.act_code"]
    assert found(chief) == 2
    chief.says(app.code())
    assert chief.words.startswith(f"Suspendre {SHOP} : ses articles disparaissent aussitôt.\nRaison : plaintes\n")
    assert f"qui continuent : TG-{ordered[2]}" in chief.words
    assert stood(chief, market) == ("new", False)
    chief.says("oui")
    assert chief.words.startswith(f"{SHOP} est suspendue. Le vendeur est prévenu.")
    assert (stood(chief, market), found(chief), chief.facts) == (("new", True), 0, ["ShopStood"])
    (kept,) = standing.history(chief.db, market["rice"].vendor_id)
    assert (kept.what, kept.words, kept.contact_id) == ("suspended", "plaintes", chief.contact_id)


def test_a_reason_is_asked_for_and_a_no_changes_nothing(chief, app, market):
    chief.goes("bonjour", "suspends boutique Maman Yawa")
    assert chief.keys == ["organizer.act_words"]
    chief.goes("trop de plaintes", app.code(), "non")
    assert chief.keys == ["organizer.act_dropped", "organizer.menu"]
    assert stood(chief, market) == ("new", False)


def test_a_suspended_shop_sells_again_and_its_goods_are_found(chief, app, market):
    standing.suspend(chief.db, market["rice"].vendor_id, "plaintes", chief.contact_id)
    assert found(chief) == 0
    chief.goes("bonjour", "rétablis la boutique Maman Yawa", app.code(), "oui")
    assert chief.words.startswith(f"{SHOP} vend de nouveau.")
    assert (stood(chief, market), found(chief)) == (("new", False), 2)


def test_a_shop_is_verified_with_its_proof_and_buyers_see_it(chief, awa, market):
    chief.goes("bonjour", "vérifie la boutique maman yawa")
    assert chief.keys == ["organizer.act_words"]
    chief.says("carte RCCM vue le 3")
    assert chief.words.startswith(f"Niveau « vérifiée » pour {SHOP}.\nPreuve : carte RCCM vue le 3\n")
    chief.says("oui")
    assert stood(chief, market) == ("verified", False)
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg")
    assert f"Vendu par {SHOP} ✓ vérifiée." in awa.words


def test_a_shop_that_is_known_otherwise_is_named_with_a_slip(chief, app, market):
    chief.goes("bonjour", "suspends boutique Maman Yava plaintes", app.code())
    assert f"Suspendre {SHOP}" in chief.words


def test_of_several_shops_one_is_chosen_and_a_card_shows_what_was_decided(chief, db, market):
    make_vendor(db, "maman_afi")
    standing.set_level(db, market["rice"].vendor_id, "verified", "RCCM", chief.contact_id)
    chief.goes("bonjour", "suspends boutique Maman")
    assert chief.keys == ["organizer.shop_which"]
    assert len(chief.titles) == 2


def test_a_shop_that_nobody_has_is_told(chief, market):
    chief.goes("bonjour", "suspends boutique Introuvable plaintes")
    assert chief.keys == ["organizer.shop_none", "organizer.menu"]


def test_without_a_second_factor_it_is_set_up_first_and_the_plan_goes_on(chief, market):
    chief.goes("bonjour", "suspends boutique Maman Yawa plaintes")
    assert chief.keys == ["organizer.factor_show"]
    assert "https://market.example/documents/second-factor/" in chief.words
    shown = second_factor.enrolment(chief.db, chief.config.lasting_key, chief.contact_id, "Chef")
    assert shown.secret not in str(chief.turn.memory) + chief.words
    totp = pyotp.TOTP(shown.secret)
    chief.says("000000" if totp.at(now(chief.db)) != "000000" else "111111")
    assert chief.keys == ["organizer.code_wrong", "organizer.factor_show"]
    chief.says(totp.at(now(chief.db)))
    assert chief.keys == ["organizer.factor_on", "organizer.act_sure"]
    chief.says("oui")
    assert stood(chief, market) == ("new", True)


def test_a_code_is_good_for_ten_minutes_and_a_yes_behind_them_asks_again(chief, app, market):
    chief.goes("bonjour", "suspends boutique Maman Yawa plaintes", app.code())
    chief.later = timedelta(minutes=11)
    chief.says("oui")
    assert (chief.keys, stood(chief, market)) == (["organizer.act_code"], ("new", False))
    chief.goes(app.code(), "oui")
    assert stood(chief, market) == ("new", True)


def test_five_wrong_codes_end_it(chief, app, market):
    chief.goes("bonjour", "suspends boutique Maman Yawa plaintes")
    right = {app.totp.at(now(chief.db) + timedelta(seconds=30 * step)) for step in (-1, 0, 1)}
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in right)
    chief.goes(*[wrong] * 5)
    assert chief.keys == ["organizer.code_locked", "organizer.menu"]
    chief.goes("suspends boutique Maman Yawa plaintes", app.code())
    assert (chief.keys[0], stood(chief, market)) == ("organizer.code_locked", ("new", False))


def test_a_buyer_is_blocked_heard_no_further_and_heard_again(chief, awa, app):
    awa.says("bonjour")
    chief.goes("bonjour", "bloque 90 00 00 01")
    assert chief.words.startswith("Bloquer Awa Mensah, 90 00 00 01 : plus de commande ni de question.")
    assert not blocks.is_blocked(chief.db, awa.contact_id)
    chief.says("oui")
    assert chief.words.startswith("C'est fait : Awa Mensah, 90 00 00 01 est bloqué.")
    assert blocks.is_blocked(chief.db, awa.contact_id)
    chief.goes("débloque 90 00 00 01", app.code(), "oui")
    assert chief.words.startswith("C'est fait : Awa Mensah, 90 00 00 01 n'est plus bloqué.")
    assert not blocks.is_blocked(chief.db, awa.contact_id)


def test_who_sells_is_not_blocked_and_a_stranger_neither(chief, yawa):
    yawa.says("bonjour")
    chief.goes("bonjour", "bloque 90 00 01 01", "oui")
    assert chief.words.startswith("Cette personne vend ou organise : retirez d'abord ce droit.")
    chief.says("bloque 97 00 11 22")
    assert chief.keys == ["organizer.phone_unknown", "organizer.menu"]
    assert chief.db.value("select count(*) from block") == 0


def test_an_organizer_is_appointed_with_a_code_and_dismissed_and_the_last_one_stays(chief, awa, app):
    awa.says("bonjour")
    chief.goes("bonjour", "organisateurs", "[Nommer quelqu'un]")
    assert chief.keys == ["organizer.phone_asked"]
    chief.goes("90 00 00 01", app.code())
    assert chief.words.startswith("Awa Mensah, 90 00 00 01 devient organisateur, avec tous les droits.")
    chief.says("oui")
    assert chief.facts == ["OrganizerChanged"]
    assert "organizer" in contacts.people(chief.db, [awa.conversation_id])[awa.conversation_id].hats
    chief.goes("organisateurs", "[Awa Mensah]", "oui")
    assert chief.words.startswith("Awa Mensah n'est plus organisateur et le sait.")
    chief.says("organisateurs")
    assert chief.keys == ["organizer.alone"]
    assert appointing.dismiss(chief.db, chief.contact_id, chief.contact_id) == "last"
    changes = chief.db.rows("select what, changed_by from role_change order by id")
    assert changes == [("given", chief.contact_id), ("taken", chief.contact_id)]


def test_a_seller_is_invited_and_nobody_writes_to_him_until_he_comes(chief, db, config):
    chief.goes("bonjour", "ajoute vendeur Afi boutique Afi Mode 90 12 34 56")
    assert chief.words.startswith("Inviter à vendre : 90 12 34 56.\nNom : Afi. Boutique : Afi Mode.\n")
    chief.says("oui")
    assert chief.db.rows("select phone, name, shop from seller_invitation") == [("+22890123456", "Afi", "Afi Mode")]
    assert db.value("select count(*) from outbox") == 0
    afi = Chat(db, config, "+22890123456", "Afi K")
    afi.goes("bonjour", "vendre", "[Commencer]")
    kept = db.value("select answers from shop_application")
    assert kept == {"shop": "Afi Mode", "seller": "Afi"}
    assert db.value("select count(*) from seller_invitation where used_at is null") == 0


def test_several_numbers_are_invited_at_once_and_none_twice(chief):
    chief.goes("bonjour", "ajoute ces numeros\n90112233\n97112233\n70112233", "oui")
    chief.goes("ajoute ces numeros\n90112233\n97112233\n70112233", "oui")
    assert chief.words.startswith("C'était déjà fait.")
    assert chief.db.value("select count(*) from seller_invitation") == 3


def test_the_buyer_of_an_order_is_answered_after_a_yes(chief, ordered):
    chief.db.run("update \"order\" set code = 'TG-4K7P2'")
    chief.goes("bonjour", "réponds au client de la commande 4K7: on rembourse demain")
    assert chief.words.startswith("Commande TG-4K7P2 (Awa Mensah). Le client lira :\n« on rembourse demain »")
    assert chief.facts == []
    chief.says("oui")
    assert (chief.keys[0], chief.facts) == ("organizer.act_told", ["BuyerAnswered"])
    chief.says("réponds au client de la commande 4Z9: bonjour")
    assert chief.keys == ["organizer.order_none", "organizer.menu"]


def test_a_report_of_a_shop_is_warned_about_and_its_reporter_hears_that_somebody_looked(chief, awa, market):
    awa.goes("bonjour", "riz parfumé 25 kg", "signaler", "[Maman Yawa]", "il m'a insulté", "oui")
    assert awa.words.startswith("Merci. Les organisateurs lisent votre signalement.")
    chief.goes("bonjour", "attention", "1")
    assert "Boutique signalée : Maman Yawa" in chief.words
    assert "« il m'a insulté »" in chief.words
    assert chief.titles[:2] == ["Avertir", "Suspendre"]
    chief.goes("[Avertir]", "oui")
    assert chief.facts == ["FlagDecided", "AttentionSettled"]
    assert chief.db.value("select outcome from flag") == "warned"
    assert attention.open_items(chief.db) == []


def test_a_shop_reports_a_buyer_who_is_blocked(chief, awa, yawa, ordered):
    yawa.goes("bonjour", "signaler", "1", "il ne paie jamais", "oui")
    chief.goes("bonjour", "attention", "1")
    assert "Client signalé : Awa Mensah" in chief.words
    chief.goes("[Bloquer]", "oui")
    assert blocks.is_blocked(chief.db, awa.contact_id)
    assert chief.db.value("select outcome from flag") == "blocked"


def test_a_report_is_made_once_and_three_at_most(db, awa, market):
    awa.says("bonjour")
    by = (awa.contact_id, awa.conversation_id)
    shops = [row.id for row in db.rows("select id from vendor order by id")]
    assert flags.make(db, *by, "a", vendor_id=shops[0]) == "made"
    assert flags.make(db, *by, "b", vendor_id=shops[0]) == "before"
    assert flags.make(db, *by, "c", vendor_id=shops[1]) == "made"
    assert flags.make(db, *by, "d", about_id=awa.contact_id) == "made"
    assert flags.make(db, *by, "e", about_id=awa.contact_id + 100_000) == "full"


def test_a_paused_account_sends_again_and_a_dead_message_is_taken_again(chief, awa):
    awa.says("bonjour")
    chief.db.run("update channel_account set paused_at = market_now()")
    attention.ask(chief.db, "account_paused", {"account": chief.account_id})
    chief.goes("bonjour", "attention", "1", "[Reprendre l'envoi]", "oui")
    assert chief.words.startswith("Le compte test envoie de nouveau.")
    assert chief.db.value("select paused_at from channel_account") is None
    dead = (
        chief.db.run(
            "insert into inbox (account_id, conversation_id, provider_id, message, raw, state)"
            " values (%(account)s, %(chat)s, 'x', '{}', '', 'dead') returning id",
            account=awa.account_id,
            chat=awa.conversation_id,
        )
        .rows[0]
        .id
    )
    attention.ask(chief.db, "message_dead", {"inbox": dead}, awa.conversation_id)
    chief.goes("attention", "1", "[Relancer]", "oui")
    assert chief.words.startswith("Le message est repris.")
    assert chief.db.value("select state from inbox where id = %(id)s", id=dead) == "open"
    assert attention.open_items(chief.db) == []


def test_the_figures_of_a_day_fit_a_phone(chief, ordered):
    chief.goes("bonjour", "bilan du jour")
    assert chief.words.replace("\u00a0", " ").startswith(
        "Bilan, aujourd'hui 📊\nMessages : 0. Personnes : 0\nCommandes : 1, 35 500 F CFA\n"
        "Panier moyen : 35 500 F CFA\nPayé : 0 %. Annulé : 0 %\nNouvelles boutiques : 2, ouvertes : 2\n"
        "Inscriptions : 0, personnes inscrites : 0\n"
        "Demandes en attente : 0\n"
        "Plus vendus : 2 × Riz parfumé 25 kg\nQuartiers : Bè-Kpota (1)"
    )


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("liste des vendeurs", ["organizer.shops"]),
        ("qui n'a pas encore mis ses produits", ["organizer.list_empty"]),
        ("point des livraisons en retard", ["organizer.list_empty"]),
        ("lien d'inscription svp", ["organizer.registering", "organizer.menu"]),
        ("liste des acheteurs", ["organizer.list_unknown", "organizer.menu"]),
        ("export excel ventes", ["organizer.table", "organizer.menu"]),
        ("réglages", ["organizer.own_settings", "organizer.menu"]),
        ("suspendre une boutique", ["organizer.shop_asked"]),
        ("bloque un numéro", ["organizer.phone_asked"]),
    ],
)
def test_each_word_leads_to_its_answer(chief, said, keys):
    chief.goes("bonjour", said)
    assert chief.keys == keys


def test_a_shop_is_looked_at_from_the_list_and_raised_from_its_card(chief, market):
    chief.goes("bonjour", "liste des vendeurs", f"[{SHOP}]")
    assert chief.words.startswith(f"{SHOP}, ")
    assert "Niveau : nouvelle. État : ouverte." in chief.words
    chief.goes("[Vérifiée]", "RCCM vu", "oui")
    assert stood(chief, market) == ("verified", False)
    chief.goes("liste des vendeurs", f"[{SHOP}]")
    assert "vérifiée (Chef) RCCM vu" in chief.words
    assert chief.titles == ["Confirmée", "Retirer le signe", "Suspendre", "Menu"]


def test_who_is_no_organizer_reaches_none_of_it(awa, market):
    for said in ("organisateurs", "second facteur", "suspends boutique Maman Yawa plaintes", "bloque 90 00 00 02"):
        awa.goes("bonjour", said)
        assert not [key for key in awa.keys if key.startswith("organizer.")]
    assert awa.db.value("select count(*) from vendor_standing") == 0


def test_a_role_that_is_taken_takes_the_words_away(chief, awa):
    awa.says("bonjour")
    grant(chief.db, awa.contact_id, "organizer")
    chief.says("bonjour")
    chief.db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=chief.contact_id)
    chief.says("organisateurs")
    assert not [key for key in chief.keys if key.startswith("organizer.")]


def test_an_organizer_is_named_and_removed_by_his_number_in_one_sentence(chief, awa, app):
    awa.says("bonjour")
    chief.goes("bonjour", "nomme organisateur 90 00 00 01", app.code(), "oui")
    assert chief.facts == ["OrganizerChanged"]
    chief.goes("retire organisateur 90 00 00 01")
    assert chief.words.startswith("Awa Mensah, 90 00 00 01 n'est plus organisateur.")
    chief.says("oui")
    assert [one.contact_id for one in appointing.organizers(chief.db)] == [chief.contact_id]
    chief.goes("retire organisateur 90 00 00 01", "oui")
    assert chief.words.startswith("C'était déjà fait.")
