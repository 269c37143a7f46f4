"""Who may what: every way into the vendor's dialog, tried by everybody, with exactly what comes of it.

What is told is the first text that is answered, with a star where a row of the shop changed.
"""

import pytest

from bot.dialogs.vendor.dialog import VENDOR
from bot.dialogs.workshops import WORKSHOP_COMMANDS, WORKSHOP_DOORS, WORKSHOP_HEARS, WORKSHOP_WORDS
from bot.rights import RIGHTS
from bot.voice_news import code_of
from catalog import adjusting
from catalog.adjusting import Line
from catalog.stock import Cause
from tests.bot.chat import Chat

ACTORS = ("owner", "helper", "stranger", "suspended", "elsewhere")
OWNED = (
    *("vendor_order", "stock", "vendor", "product", "role", "payout_number", "helper_invitation"),
    *("promotion", "rider", "adjustment", "question", "shop_block", "terms_change"),
)
# kind of way: name -> (how far the order is, what is typed and tapped); {code} and {pin} are those of Yawa's order;
# a leading ! opens a notice's door, a leading ~ is what he has said before
WAYS = {
    "commands": {
        "a": ("placed", ["A {code}"]),
        "accepter": ("placed", ["accepter"]),
        "accept": ("placed", ["accept {code}"]),
        "r": ("placed", ["R {code}", "rupture"]),
        "refuser": ("placed", ["refuser", "rupture"]),
        "refuse": ("placed", ["refuse {code}", "rupture"]),
        "p": ("accepted", ["P {code}"]),
        "pret": ("accepted", ["pret {code}"]),
        "ready": ("accepted", ["ready"]),
        "remis": ("accepted", ["remis {code}"]),
        "handed": ("accepted", ["handed"]),
        "livre": ("handed", ["livre {code} {pin}"]),
        "delivered": ("handed", ["delivered {code}", "{pin}", "oui"]),
        "code": ("handed", ["code {pin}"]),
        "tg": ("placed", ["TG-{code}", "1"]),
        "voir": ("placed", ["voir {code}", "3", "1"]),
        "see": ("placed", ["see {code}", "1"]),
        "detail": ("placed", ["détail", "1"]),
        "details": ("placed", ["details {code}", "1"]),
        "retour": ("handed", ["retour {code}", "oui"]),
        "return": ("handed", ["return {code}", "non"]),
        "partie": ("placed", ["partie {code}", "1", "oui"]),
        "part": ("placed", ["part", "1", "oui"]),
        "livreur": ("accepted", ["livreur {code}", "90 11 22 33 Koffi", "oui"]),
        "rider": ("accepted", ["rider", "90 11 22 33 Koffi", "oui"]),
        "appliquer": ("listed", ["appliquer"]),
        "apply": ("listed", ["apply"]),
        "laisser": ("listed", ["laisser"]),
        "leave": ("listed", ["leave"]),
        "o": ("voiced", ["O {voice}"]),
        "y": ("voiced", ["Y {voice}"]),
        "n": ("voiced", ["N {voice}"]),
        "compter": ("old", ["compter", "7", "7", "7", "oui"]),
        "count": ("old", ["count", "7", "7", "7", "oui"]),
        "repondre": ("asked", ["répondre 101", "Oui"]),
        "reponse": ("asked", ["réponse", "Oui"]),
        "reply": ("asked", ["reply 101", "Oui"]),
        "answer": ("asked", ["answer", "Oui"]),
        "rejoindre": ("placed", ["rejoindre"]),
        "join": ("placed", ["join"]),
        "decliner": ("placed", ["décliner"]),
        "decline": ("placed", ["decline"]),
        "bloquer": ("payout", ["bloquer"]),
        "block": ("payout", ["block"]),
        "debloquer": ("placed", ["~bloquer {code}", "~oui", "débloquer {code}"]),
        "debloque": ("placed", ["~bloquer {code}", "~oui", "débloque {code}"]),
        "unblock": ("placed", ["~bloquer {code}", "~oui", "unblock {code}"]),
    },
    "doors": {
        "accept": ("placed", ["!accept"]),
        "refuse": ("placed", ["!refuse", "rupture"]),
        "delivered": ("handed", ["!delivered", "{pin}", "oui"]),
        "handed_over": ("accepted", ["!handed_over"]),
        "open_shop": ("placed", ["!open_shop"]),
        "partly": ("placed", ["!partly", "1", "oui"]),
        "apply_list": ("listed", ["!apply_list"]),
        "drop_list": ("listed", ["!drop_list"]),
        "undo_list": ("list_applied", ["!undo_list"]),
        "photo_again": ("placed", ["!photo_again"]),
        "see_orders": ("placed", ["!see_orders", "1", "1"]),
        "voice_yes": ("voiced", ["!voice_yes"]),
        "voice_no": ("voiced", ["!voice_no"]),
        "answer": ("asked", ["!answer", "Oui"]),
        "check": ("old", ["!check", "7", "7", "7", "oui"]),
        "restock": ("placed", ["!restock", "7", "oui"]),
    },
    "anywhere": {
        "commandes": ("placed", ["commandes", "1", "1"]),
        "orders": ("placed", ["orders", "1", "1"]),
        "en cours": ("accepted", ["en cours", "1", "1"]),
        "questions": ("asked", ["questions", "1", "Oui"]),
        "liste": ("placed", ["liste", "1", "1", "7", "oui"]),
        "ma liste": ("placed", ["ma liste", "1", "1", "7", "oui"]),
        "list": ("placed", ["list", "1", "1", "7", "oui"]),
        "ajouter": ("placed", ["ajouter", "Savon noir 500 F x20", "1", "sans photo", "oui"]),
        "new product": ("placed", ["new product", "Savon noir 500 F x20", "1", "sans photo", "oui"]),
        "stock": ("placed", ["stock", "1", "1", "7", "oui"]),
        "my stock": ("placed", ["my stock", "1", "1", "7", "oui"]),
        "promos": ("promoted", ["promos", "1", "oui"]),
        "mes promos": ("promoted", ["mes promos", "1", "oui"]),
        "sales": ("placed", ["sales", "1"]),
        "annule": ("counted", ["annule"]),
        "annuler": ("list_applied", ["annuler"]),
        "annulez": ("promoted", ["annulez", "1"]),
        "undo": ("counted", ["undo"]),
        "petits changements": ("placed", ["petits changements", "oui"]),
        "small changes": ("placed", ["small changes", "oui"]),
        "bloquer client": ("placed", ["bloquer client", "1", "oui"]),
        "en partie": ("placed", ["en partie", "1", "oui"]),
        "accept a part": ("placed", ["accept a part", "1", "oui"]),
        "mon livreur": ("accepted", ["mon livreur", "90 11 22 33 Koffi", "oui"]),
        "my rider": ("accepted", ["my rider", "90 11 22 33 Koffi", "oui"]),
        "pause": ("placed", ["pause", "oui"]),
        "ouvrir": ("shut", ["ouvrir", "oui"]),
        "open": ("shut", ["open", "oui"]),
        "aides": ("placed", ["aides", "1", "90 11 22 33 Koffi", "oui"]),
        "mes aides": ("helped", ["mes aides", "1", "1"]),
        "helpers": ("placed", ["helpers", "1", "90 11 22 33 Koffi", "oui"]),
        "my helpers": ("helped", ["my helpers", "1", "1"]),
        "reglages": ("placed", ["réglages", "5", "1", "90 11 22 33", "oui"]),
        "ma boutique reglages": ("placed", ["ma boutique réglages", "1", "8h-19h sauf dimanche", "oui"]),
        "settings": ("placed", ["settings", "6", "3", "9", "oui"]),
        "signaler": ("placed", ["signaler", "1", "il ne paie pas", "oui"]),
    },
    "hears": {
        "accept_order": ("placed", ["j'accepte la commande", "oui"]),
        "refuse_order": ("placed", ["je refuse la commande", "oui", "rupture"]),
        "ready": ("accepted", ["c'est prêt", "oui"]),
        "handed_over": ("accepted", ["remis au livreur", "oui"]),
        "delivered": ("handed", ["c'est livré", "{pin}", "oui"]),
        "list_my_products": ("placed", ["mes produits", "1", "1", "7", "oui"]),
        "pause": ("placed", ["je ferme la boutique", "oui"]),
        "resume": ("shut", ["je rouvre la boutique", "oui"]),
        "confirm": ("placed", ["oui"]),
        "deny": ("placed", ["non"]),
        "settings": ("placed", ["changer ma boutique", "6", "1", "2"]),
        "add_helper": ("placed", ["aide 90 11 22 33 Koffi", "oui"]),
        "payout_info": ("placed", ["payez moi sur 90 11 22 33 tmoney", "oui"]),
        "orders_pending": ("placed", ["commandes en attente", "1", "1"]),
        "set_stock": ("placed", ["riz parfumé 25 kg 20", "oui"]),
        "add_stock": ("placed", ["+5 maïs blanc", "oui"]),
        "remove_stock": ("placed", ["vendu 2 maïs blanc", "oui"]),
        "out_of_stock": ("placed", ["rupture maïs blanc", "oui"]),
        "back_in_stock": ("placed", ["riz parfumé 5 kg est revenu", "4", "oui"]),
        "set_price": ("placed", ["change le prix du maïs blanc à 900", "oui"]),
        "hide": ("placed", ["cache maïs blanc", "oui"]),
        "undo": ("placed", ["~maïs blanc 9", "~oui", "annule ce que j'ai mis"]),
        "delete_product": ("placed", ["supprimez le maïs blanc de ma boutique svp", "oui"]),
        "set_hours": ("placed", ["ouvert 8h-19h sauf dimanche", "oui"]),
        "promo": ("placed", ["promo riz parfumé 25 kg 15000 jusqu'à dimanche", "oui"]),
        "end_promo": ("promoted", ["fin promo", "oui"]),
        "dashboard": ("placed", ["tableau de bord", "1"]),
        "traffic_report": ("placed", ["mes visites"]),
        "set_alert": ("placed", ["alerte maïs blanc 5", "oui"]),
        "set_zone": ("placed", ["livraison agoe 1000 be 500", "oui"]),
        "add_product": ("placed", ["nouveau: savon noir 500 F 20 pièces", "1", "sans photo", "oui"]),
        "photo_for": ("placed", ["photo du maïs blanc"]),
        "share_link": ("placed", ["le lien du maïs blanc"]),
        "rider": ("accepted", ["livreur 90 11 22 33 Koffi", "oui"]),
        "partly": ("placed", ["partie {code} un sac", "oui"]),
        "away": ("handed", ["client absent", "colis revenu", "oui"]),
    },
}
# what says something and can write nothing, in whatever hat
HARMLESS = {"greet", "thanks", "bye", "help", "menu", "human", "sales_report", "open_asked"}
HARMLESS_STATES = {"language", "to_french", "to_english", "to_text", "to_buttons", "help", "person", "menu"}
ALL = [(kind, name) for kind, ways in WAYS.items() for name in ways]
# (kind, name) -> what the owner, his helper and the owner of another shop are told
TOLD = {
    ("anywhere", "accept a part"): ("vendor.cut_units*", "vendor.cut_units*", "vendor.none_waiting"),
    ("anywhere", "aides"): ("vendor.no_helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "ajouter"): ("vendor.add_name*", "vendor.not_allowed", "vendor.add_name"),
    ("anywhere", "annule"): ("vendor.undone*", "vendor.no_undo", "vendor.no_undo"),
    ("anywhere", "annuler"): ("vendor.list_undoing*", "vendor.no_undo", "vendor.no_undo"),
    ("anywhere", "annulez"): ("vendor.promo_undo*", "vendor.no_undo", "vendor.no_undo"),
    ("anywhere", "bloquer client"): ("vendor.bar_which*", "vendor.bar_which*", "vendor.flag_nobody"),
    ("anywhere", "commandes"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("anywhere", "en cours"): ("vendor.working*", "vendor.working*", "vendor.none_open"),
    ("anywhere", "en partie"): ("vendor.cut_units*", "vendor.cut_units*", "vendor.none_waiting"),
    ("anywhere", "helpers"): ("vendor.no_helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "list"): ("vendor.list_file*", "vendor.list_file*", "vendor.list_file"),
    ("anywhere", "liste"): ("vendor.list_file*", "vendor.list_file*", "vendor.list_file"),
    ("anywhere", "ma boutique reglages"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("anywhere", "ma liste"): ("vendor.goods*", "vendor.goods*", "vendor.goods"),
    ("anywhere", "mes aides"): ("vendor.helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "mes promos"): ("vendor.promos*", "vendor.promo_none", "vendor.promo_none"),
    ("anywhere", "mon livreur"): ("vendor.rider_new*", "vendor.rider_new*", "vendor.none_waiting"),
    ("anywhere", "my helpers"): ("vendor.helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "my rider"): ("vendor.rider_new*", "vendor.rider_new*", "vendor.none_waiting"),
    ("anywhere", "my stock"): ("vendor.shelves*", "vendor.shelves*", "vendor.shelves"),
    ("anywhere", "new product"): ("vendor.add_name*", "vendor.not_allowed", "vendor.add_name"),
    ("anywhere", "open"): ("vendor.resume*", "vendor.resume*", "vendor.open_before"),
    ("anywhere", "orders"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("anywhere", "ouvrir"): ("vendor.resume*", "vendor.resume*", "vendor.open_before"),
    ("anywhere", "pause"): ("vendor.pause*", "vendor.pause*", "vendor.pause"),
    ("anywhere", "petits changements"): ("vendor.small*", "vendor.not_allowed", "vendor.small"),
    ("anywhere", "promos"): ("vendor.promos*", "vendor.promo_none", "vendor.promo_none"),
    ("anywhere", "reglages"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("anywhere", "sales"): ("vendor.report", "vendor.report", "vendor.report"),
    ("anywhere", "settings"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("anywhere", "small changes"): ("vendor.small*", "vendor.not_allowed", "vendor.small"),
    ("anywhere", "stock"): ("vendor.shelves*", "vendor.shelves*", "vendor.shelves"),
    ("anywhere", "undo"): ("vendor.undone*", "vendor.no_undo", "vendor.no_undo"),
    ("anywhere", "signaler"): ("vendor.flag_whom", "vendor.flag_whom", "vendor.flag_nobody"),
    ("commands", "code"): ("vendor.delivered*", "vendor.delivered*", "vendor.none_waiting"),
    ("commands", "tg"): ("vendor.part*", "vendor.part*", "vendor.unknown_part"),
    ("commands", "unblock"): ("vendor.unbarred*", "vendor.unbarred*", "vendor.not_barred"),
    ("commands", "voir"): ("vendor.part*", "vendor.part*", "vendor.unknown_part"),
    ("commands", "see"): ("vendor.part*", "vendor.part*", "vendor.unknown_part"),
    ("commands", "detail"): ("vendor.part*", "vendor.part*", "vendor.none_open"),
    ("commands", "details"): ("vendor.part*", "vendor.part*", "vendor.unknown_part"),
    ("commands", "a"): ("vendor.accepted*", "vendor.accepted*", "vendor.unknown_part"),
    ("commands", "accept"): ("vendor.accepted*", "vendor.accepted*", "vendor.unknown_part"),
    ("commands", "accepter"): ("vendor.accepted*", "vendor.accepted*", "vendor.none_waiting"),
    ("commands", "appliquer"): ("vendor.list_applying*", "vendor.list_passed", "vendor.list_passed"),
    ("commands", "apply"): ("vendor.list_applying*", "vendor.list_passed", "vendor.list_passed"),
    ("commands", "block"): ("vendor.payout_stopped*", "vendor.nothing_to_stop", "vendor.nothing_to_stop"),
    ("commands", "bloquer"): ("vendor.payout_stopped*", "vendor.nothing_to_stop", "vendor.nothing_to_stop"),
    ("commands", "compter"): ("vendor.check*", "vendor.check*", "vendor.check"),
    ("commands", "count"): ("vendor.check*", "vendor.check*", "vendor.check"),
    ("commands", "debloque"): ("vendor.unbarred*", "vendor.unbarred*", "vendor.not_barred"),
    ("commands", "debloquer"): ("vendor.unbarred*", "vendor.unbarred*", "vendor.not_barred"),
    ("commands", "decline"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "decliner"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "delivered"): ("vendor.pin*", "vendor.pin*", "vendor.unknown_part"),
    ("commands", "handed"): ("vendor.handed_over*", "vendor.handed_over*", "vendor.none_waiting"),
    ("commands", "join"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "laisser"): ("vendor.list_dropped*", "vendor.list_passed", "vendor.list_passed"),
    ("commands", "leave"): ("vendor.list_dropped*", "vendor.list_passed", "vendor.list_passed"),
    ("commands", "livre"): ("vendor.delivered*", "vendor.delivered*", "vendor.unknown_part"),
    ("commands", "livreur"): ("vendor.rider_new*", "vendor.rider_new*", "vendor.unknown_part"),
    ("commands", "n"): ("vendor.stock_dropped*", "vendor.voice_passed", "vendor.voice_passed"),
    ("commands", "o"): ("vendor.stock_applied*", "vendor.voice_passed", "vendor.voice_passed"),
    ("commands", "y"): ("vendor.stock_applied*", "vendor.voice_passed", "vendor.voice_passed"),
    ("doors", "voice_no"): ("vendor.stock_dropped*", "vendor.voice_passed", "vendor.voice_passed"),
    ("doors", "voice_yes"): ("vendor.stock_applied*", "vendor.voice_passed", "vendor.voice_passed"),
    ("commands", "p"): ("vendor.ready*", "vendor.ready*", "vendor.unknown_part"),
    ("commands", "part"): ("vendor.cut_units*", "vendor.cut_units*", "vendor.none_waiting"),
    ("commands", "partie"): ("vendor.cut_units*", "vendor.cut_units*", "vendor.unknown_part"),
    ("commands", "pret"): ("vendor.ready*", "vendor.ready*", "vendor.unknown_part"),
    ("commands", "r"): ("vendor.reason*", "vendor.reason*", "vendor.unknown_part"),
    ("commands", "ready"): ("vendor.ready*", "vendor.ready*", "vendor.none_waiting"),
    ("commands", "refuse"): ("vendor.reason*", "vendor.reason*", "vendor.unknown_part"),
    ("commands", "refuser"): ("vendor.reason*", "vendor.reason*", "vendor.none_waiting"),
    ("commands", "rejoindre"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "remis"): ("vendor.handed_over*", "vendor.handed_over*", "vendor.unknown_part"),
    ("commands", "retour"): ("vendor.sellable*", "vendor.sellable*", "vendor.unknown_part"),
    ("commands", "return"): ("vendor.sellable*", "vendor.sellable*", "vendor.unknown_part"),
    ("anywhere", "questions"): ("vendor.questions*", "vendor.questions*", "vendor.no_questions"),
    ("commands", "answer"): ("vendor.reply*", "vendor.reply*", "vendor.no_questions"),
    ("commands", "repondre"): ("vendor.reply*", "vendor.reply*", "vendor.reply_unknown"),
    ("commands", "reponse"): ("vendor.reply*", "vendor.reply*", "vendor.no_questions"),
    ("commands", "reply"): ("vendor.reply*", "vendor.reply*", "vendor.reply_unknown"),
    ("doors", "answer"): ("vendor.reply*", "vendor.reply*", "vendor.reply_unknown"),
    ("commands", "rider"): ("vendor.rider_new*", "vendor.rider_new*", "vendor.none_waiting"),
    ("doors", "accept"): ("vendor.accepted*", "vendor.accepted*", "vendor.unknown_part"),
    ("doors", "apply_list"): ("vendor.list_applying*", "vendor.list_passed", "vendor.list_passed"),
    ("doors", "check"): ("vendor.check*", "vendor.check*", "vendor.check"),
    ("doors", "delivered"): ("vendor.pin*", "vendor.pin*", "vendor.unknown_part"),
    ("doors", "drop_list"): ("vendor.list_dropped*", "vendor.list_passed", "vendor.list_passed"),
    ("doors", "handed_over"): ("vendor.handed_over*", "vendor.handed_over*", "vendor.unknown_part"),
    ("doors", "open_shop"): ("vendor.menu", "vendor.menu", "vendor.menu"),
    ("doors", "partly"): ("vendor.cut_units*", "vendor.cut_units*", "vendor.unknown_part"),
    ("doors", "photo_again"): ("vendor.photo_wait", "vendor.photo_wait", "vendor.menu"),
    ("doors", "refuse"): ("vendor.reason*", "vendor.reason*", "vendor.unknown_part"),
    ("doors", "restock"): ("vendor.new_stock*", "vendor.new_stock*", "vendor.menu"),
    ("doors", "see_orders"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("doors", "undo_list"): ("vendor.list_undoing*", "vendor.list_passed", "vendor.list_passed"),
    ("hears", "accept_order"): ("vendor.accept_sure*", "vendor.accept_sure*", "vendor.none_waiting"),
    ("hears", "add_helper"): ("vendor.helper_sure*", "vendor.not_allowed", "vendor.helper_sure"),
    ("hears", "add_product"): ("vendor.add_section*", "vendor.not_allowed", "vendor.add_section"),
    ("hears", "add_stock"): ("vendor.stock_preview*", "vendor.stock_preview*", "vendor.stock_unknown"),
    ("hears", "away"): ("vendor.away*", "vendor.away*", "vendor.none_waiting"),
    ("hears", "back_in_stock"): ("vendor.stock_amount*", "vendor.stock_amount*", "vendor.stock_unknown"),
    ("hears", "confirm"): ("vendor.part", "vendor.part", "vendor.no_question"),
    ("hears", "dashboard"): ("vendor.report", "vendor.report", "vendor.report"),
    ("hears", "delete_product"): ("vendor.stock_preview*", "vendor.not_allowed", "vendor.stock_unknown"),
    ("hears", "delivered"): ("vendor.pin*", "vendor.pin*", "vendor.none_waiting"),
    ("hears", "deny"): ("vendor.part", "vendor.part", "vendor.no_question"),
    ("hears", "end_promo"): ("vendor.end_sure*", "vendor.not_allowed", "vendor.no_promo"),
    ("hears", "handed_over"): ("vendor.handed_sure*", "vendor.handed_sure*", "vendor.none_waiting"),
    ("hears", "hide"): ("vendor.stock_preview*", "vendor.not_allowed", "vendor.stock_unknown"),
    ("hears", "list_my_products"): ("vendor.goods*", "vendor.goods*", "vendor.goods"),
    ("hears", "orders_pending"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("hears", "out_of_stock"): ("vendor.stock_preview*", "vendor.stock_preview*", "vendor.stock_unknown"),
    ("hears", "partly"): ("vendor.cut_sure*", "vendor.cut_sure*", "vendor.unknown_part"),
    ("hears", "pause"): ("vendor.pause*", "vendor.pause*", "vendor.pause"),
    ("hears", "payout_info"): ("vendor.payout_sure*", "vendor.not_allowed", "vendor.payout_sure"),
    ("hears", "photo_for"): ("vendor.photo_wait", "vendor.photo_wait", "vendor.photo_good"),
    ("hears", "promo"): ("vendor.promo_sure*", "vendor.not_allowed", "vendor.promo_unknown"),
    ("hears", "ready"): ("vendor.ready_sure*", "vendor.ready_sure*", "vendor.none_waiting"),
    ("hears", "refuse_order"): ("vendor.refuse_sure*", "vendor.refuse_sure*", "vendor.none_waiting"),
    ("hears", "remove_stock"): ("vendor.stock_preview*", "vendor.stock_preview*", "vendor.stock_unknown"),
    ("hears", "resume"): ("vendor.resume*", "vendor.resume*", "vendor.open_before"),
    ("hears", "rider"): ("vendor.rider_sure*", "vendor.rider_sure*", "vendor.rider_noted"),
    ("hears", "set_alert"): ("vendor.few_sure*", "vendor.few_sure*", "vendor.few_unknown"),
    ("hears", "set_hours"): ("vendor.hours_sure*", "vendor.not_allowed", "vendor.hours_sure"),
    ("hears", "set_price"): ("vendor.stock_preview*", "vendor.not_allowed", "vendor.stock_unknown"),
    ("hears", "set_stock"): ("vendor.stock_preview*", "vendor.stock_preview*", "vendor.stock_unknown"),
    ("hears", "set_zone"): ("vendor.zones_sure*", "vendor.not_allowed", "vendor.zones_sure"),
    ("hears", "settings"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("hears", "share_link"): ("vendor.shared", "vendor.shared", "vendor.share_which"),
    ("hears", "traffic_report"): ("vendor.traffic", "vendor.traffic", "vendor.traffic"),
    ("hears", "undo"): ("vendor.undone*", "vendor.undone*", "vendor.no_undo"),
}


@pytest.fixture
def shop(db, config, market, ordered, yawa):
    """Everybody, and Yawa's order in their hands: one waits, of the other shop too."""
    _, part, code = ordered
    kossi = market["oil"].vendor_id
    return Shop(db, config, market, kossi, part, code, yawa)


class Shop:
    """The people around Yawa's shop and its one order."""

    def __init__(self, db, config, market, other_id, part, code, yawa):
        self.db, self.config, self.market, self.part, self.code, self.yawa = db, config, market, part, code, yawa
        self.vendor_id, self.other_id = market["rice"].vendor_id, other_id
        self.list_id = self.voice_id = self.question_id = 0
        self.roles = {
            "helper": [("helper", self.vendor_id)],
            "stranger": [],
            "suspended": [("vendor", self.vendor_id)],
            "elsewhere": [("vendor", other_id)],
        }

    def person(self, actor):
        """Somebody who has just said hello."""
        if actor == "owner":
            chat = self.yawa
        else:
            place = ACTORS.index(actor)
            chat = Chat(self.db, self.config, f"+2289000077{place}", f"Afi {place}", roles=self.roles[actor])
        if actor == "suspended":
            self.db.run(
                "update role set suspended_at = market_now(), suspended_why = 'renamed' where contact_id = %(id)s",
                id=chat.contact_id,
            )
        chat.says("bonjour")
        return chat

    def becomes(self, chat, role, vendor_id):
        """The only role of somebody is now this one."""
        self.db.run(
            "update role set role = %(role)s, vendor_id = %(shop)s where contact_id = %(id)s",
            role=role,
            shop=vendor_id,
            id=chat.contact_id,
        )

    def goes_on(self, stage):
        """Yawa brings her order, or her shop, so far."""
        steps = {
            "accepted": [f"A {self.code}"],
            "handed": [f"A {self.code}", f"remis {self.code}"],
            "shut": ["pause", "oui"],
            "helped": ["aide 90 11 22 33 Koffi", "oui"],
            "payout": ["payez moi sur 90 11 22 33 tmoney", "oui"],
            "counted": ["maïs blanc 9", "oui"],
            "promoted": ["promo riz parfumé 25 kg 15000 jusqu'à dimanche", "oui"],
        }
        self.yawa.goes("bonjour", *steps.get(stage, []))
        if stage in ("listed", "list_applied"):
            self.sends_list("asked" if stage == "listed" else "applied")
        if stage == "voiced":
            self.says_by_voice()
        if stage == "asked":
            self.question_id = self.db.value(
                "insert into question (number, product_id, vendor_id, contact_id, conversation_id, words, due_at)"
                " select 101, %(good)s, %(shop)s, 7, 70, 'C est frais ?', market_now() returning id",
                good=self.market["maize"].id,
                shop=self.vendor_id,
            )
        if stage == "old":
            self.db.run("update stock set confirmed_at = market_now() - interval '90 days'")

    def says_by_voice(self):
        """A voice note of Yawa's is typed, and waits for a yes."""
        line = Line(self.market["maize"].id, "count", 9)
        self.voice_id = adjusting.propose(self.db, [self.vendor_id], [line], Cause(self.yawa.contact_id, None), "voice")

    def sends_list(self, state):
        """A price list of Yawa's is so far."""
        self.list_id = self.db.value(
            "insert into price_list (vendor_ids, contact_id, conversation_id, inbox_id, place, state, asked_at,"
            " applied_at) values (array[%(shop)s]::bigint[], %(contact)s, %(chat)s, 1, 1, %(state)s, market_now(),"
            " case when %(state)s = 'applied' then market_now() end) returning id",
            shop=self.vendor_id,
            contact=self.yawa.contact_id,
            chat=self.yawa.conversation_id,
            state=state,
        )

    def rows(self):
        """Every row that only the shop's people may change."""
        own = {table: "id" if table == "vendor" else "vendor_id" for table in OWNED}
        lists = self.db.rows(
            "select * from price_list where %(shop)s = any(vendor_ids) order by id", shop=self.vendor_id
        )
        return {"price_list": lists} | {
            table: self.db.rows(f'select * from "{table}" where {column} = %(shop)s order by id', shop=self.vendor_id)
            for table, column in own.items()
        }

    def tries(self, chat, steps):
        """What is first answered, with a star where a row changed."""
        pin = self.db.value("select delivery_code from vendor_order where id = %(id)s", id=self.part)
        voice = code_of(self.voice_id)
        said = [step.format(code=self.code, pin=pin, voice=voice) for step in steps]
        chat.goes(*(step[1:] for step in said if step.startswith("~")))
        before, first = self.rows(), ""
        for step in said:
            if step.startswith("~"):
                continue
            if step.startswith("!"):
                chat.opens_door("vendor", step[1:], self.about(step[1:]))
            else:
                chat.says(step)
            first = first or chat.keys[0]
        return first + ("*" if self.rows() != before else "")

    def about(self, door):
        """The row that a notice's button is about."""
        if door.endswith("_list"):
            return str(self.list_id)
        if door.startswith("voice_"):
            return f"v{self.voice_id}"
        if door == "answer":
            return str(self.question_id)
        return str(self.market["maize"].id if door in ("restock", "photo_again") else self.part)


@pytest.mark.parametrize("actor", ["owner", "helper"])
@pytest.mark.parametrize(("kind", "name"), ALL)
def test_each_way_does_exactly_what_the_shops_people_may(shop, kind, name, actor):
    stage, steps = WAYS[kind][name]
    chat = shop.person(actor)
    shop.goes_on(stage)
    assert shop.tries(chat, steps) == TOLD[kind, name][ACTORS.index(actor)]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_each_way_changes_nothing_for_everybody_else(shop, kind, name):
    stage, steps = WAYS[kind][name]
    people = {actor: shop.person(actor) for actor in ("stranger", "elsewhere", "suspended")}
    shop.goes_on(stage)
    told = {actor: shop.tries(chat, steps) for actor, chat in people.items()}
    assert told["elsewhere"] == TOLD[kind, name][2]
    assert not told["stranger"].startswith("vendor.")
    assert not told["stranger"].endswith("*")
    if stage == "payout":  # who only waits for an organizer may stop what he did not ask for, and nothing else
        assert told["suspended"] == "buyer.payout_stopped*"
    else:
        assert not told["suspended"].startswith("vendor.")
        assert not told["suspended"].endswith("*")


def test_every_way_of_the_table_is_tried():
    heard = set(VENDOR.hears) - HARMLESS - set(WORKSHOP_HEARS)
    harmless = HARMLESS_STATES | set(WORKSHOP_WORDS.values())  # workshops are no shop's: who comes there is a guest
    assert set(WAYS["hears"]) == heard
    assert set(WAYS["commands"]) == set(VENDOR.commands) - set(WORKSHOP_COMMANDS)
    assert set(WAYS["doors"]) == set(VENDOR.doors) - set(WORKSHOP_DOORS)
    assert {VENDOR.anywhere[word] for word in WAYS["anywhere"]} == set(VENDOR.anywhere.values()) - harmless
    assert set(WAYS["anywhere"]) <= set(VENDOR.anywhere)


# what a button of a shop, and one of its owner, is reached by
OF_A_SHOP = (
    ["commandes", "1", "[Accepter]"],
    ["commandes", "1", "[Refuser]", "1"],
    ["ma liste", "1", "1", "7", "[Oui]"],
    ["maïs blanc 9", "[Oui]"],
)
OF_AN_OWNER = (
    ["petits changements", "[Oui]"],
    ["réglages", "6", "1", "[Non]"],
    ["réglages", "6", "2", "[Non]"],
    ["alerte 9", "[Oui]"],
    ["ouvert 8h-19h sauf dimanche", "[Oui]"],
)


@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize(
    ("role", "steps"), [*(("vendor", steps) for steps in OF_A_SHOP), *(("helper", steps) for steps in OF_AN_OWNER)]
)
def test_a_button_does_nothing_for_whose_right_is_another_by_the_time_he_taps(shop, role, steps, is_taken):
    chat = shop.person("owner")
    chat.goes(*steps[:-1])
    if is_taken:
        shop.becomes(chat, role, {"vendor": shop.other_id, "helper": shop.vendor_id}[role])
    before = shop.rows()
    chat.goes(steps[-1])
    assert (shop.rows() == before) is is_taken


def test_a_helper_is_never_told_that_a_warning_for_all_goods_was_set(shop, yawa):
    helper = shop.person("helper")
    helper.says("alerte 9")
    assert helper.keys == ["vendor.not_allowed", "vendor.menu"]
    yawa.goes("bonjour", "alerte 9", "oui")
    assert yawa.keys == ["vendor.few_set", "vendor.menu"]
    assert shop.db.value("select low_at from vendor where id = %(id)s", id=shop.vendor_id) == 9


def test_what_only_the_owner_may_is_asked_about_by_name_of_who_can(shop):
    helper = shop.person("helper")
    helper.says("payez moi sur 90 11 22 33 tmoney")
    assert helper.words.startswith(
        "Cela n'est pas possible pour vous : changer le numéro de paiement.\nDemandez à Yawa Adjo."
    )


def test_what_a_helper_may_is_told_in_one_place():
    assert {right for right, holders in RIGHTS.items() if "helper" in holders} == {
        "orders",
        "stock",
        "opening",
        "photos",
    }
    assert all("owner" in holders for holders in RIGHTS.values())


LONG = [(kind, name) for kind, name in ALL if len(WAYS[kind][name][1]) > 1]
ONLY_OWNERS = [
    (kind, name) for kind, name in LONG if TOLD[kind, name][0].endswith("*") and not TOLD[kind, name][1].endswith("*")
]


def loses(shop, kind, name, role, vendor_id):
    """The owner goes all of a way but its last step, is something else then, and takes it."""
    stage, steps = WAYS[kind][name]
    chat = shop.person("owner")
    shop.goes_on(stage)
    shop.tries(chat, steps[:-1])
    if role == "suspended":
        shop.db.run(
            "update role set suspended_at = market_now(), suspended_why = 'renamed' where contact_id = %(id)s",
            id=chat.contact_id,
        )
    else:
        shop.becomes(chat, role, vendor_id)
    before = shop.rows()
    shop.tries(chat, steps[-1:])
    after = shop.rows()
    return {table for table in before if before[table] != after[table]}


@pytest.mark.parametrize(("kind", "name"), ONLY_OWNERS)
def test_what_an_owner_began_no_helper_ends(shop, kind, name):
    assert loses(shop, kind, name, "helper", shop.vendor_id) == set()


@pytest.mark.parametrize(("kind", "name"), LONG)
def test_what_somebody_of_a_shop_began_nobody_of_another_ends(shop, kind, name):
    assert loses(shop, kind, name, "vendor", shop.other_id) == set()


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, name in LONG if kind in ("doors", "commands")])
def test_what_somebody_of_a_shop_began_he_does_not_end_while_he_is_suspended(shop, kind, name):
    assert loses(shop, kind, name, "suspended", 0) == set()


@pytest.mark.parametrize(
    ("said", "table"),
    [("change le prix du maïs blanc à 900", "product"), ("cache maïs blanc", "product"), ("maïs blanc 9", "stock")],
)
def test_an_owner_who_only_helps_now_takes_back_what_a_helper_may(shop, said, table):
    chat = shop.person("owner")
    chat.goes(said, "oui")
    shop.becomes(chat, "helper", shop.vendor_id)
    before = shop.rows()
    chat.says("annule")
    assert (shop.rows()[table] != before[table]) is (table == "stock")
    assert chat.keys[0] == ("vendor.undone" if table == "stock" else "vendor.not_allowed")


@pytest.mark.parametrize("how", ["suspended", "elsewhere", "helper"])
@pytest.mark.parametrize(
    "steps",
    [
        ["ajouter", "Savon noir 500 F x20", "1", "sans photo", "oui"],
        ["promo riz parfumé 25 kg 15000 jusqu'à dimanche", "oui"],
        ["change le prix du maïs blanc à 900", "oui"],
    ],
)
def test_nothing_of_an_owner_is_taken_back_by_who_owns_the_shop_no_longer(shop, steps, how):
    chat = shop.person("owner")
    chat.goes(*steps)
    if how == "suspended":
        shop.db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=chat.contact_id)
    else:
        shop.becomes(chat, *(("helper", shop.vendor_id) if how == "helper" else ("vendor", shop.other_id)))
    before = shop.rows()
    chat.goes("annule", "oui")
    assert shop.rows() == before
