"""Who may what: every way into the vendor's dialog, tried by everybody, with exactly what comes of it.

What is told is the first text that is answered, with a star where a row of the shop changed.
"""

import pytest

from bot.dialogs.vendor.dialog import VENDOR
from bot.rights import RIGHTS
from tests.bot.chat import Chat

ACTORS = ("owner", "helper", "stranger", "suspended", "elsewhere")
OWNED = ("vendor_order", "stock", "vendor", "product", "role", "payout_number", "helper_invitation")
# kind of way: name -> (how far the order is, what is typed and tapped); {code}, {part} are those of Yawa's order
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
        "retour": ("handed", ["retour {code}", "oui"]),
        "return": ("handed", ["return {code}", "non"]),
        "rejoindre": ("placed", ["rejoindre"]),
        "join": ("placed", ["join"]),
        "decliner": ("placed", ["décliner"]),
        "decline": ("placed", ["decline"]),
        "bloquer": ("payout", ["bloquer"]),
        "block": ("payout", ["block"]),
    },
    "doors": {
        "accept": ("placed", ["!accept"]),
        "refuse": ("placed", ["!refuse", "rupture"]),
        "delivered": ("handed", ["!delivered", "{pin}", "oui"]),
        "handed_over": ("accepted", ["!handed_over"]),
        "open_shop": ("placed", ["!open_shop"]),
    },
    "anywhere": {
        "commandes": ("placed", ["commandes", "1", "1"]),
        "orders": ("placed", ["orders", "1", "1"]),
        "en cours": ("accepted", ["en cours", "1", "1"]),
        "liste": ("placed", ["liste", "1", "1", "7", "oui"]),
        "ma liste": ("placed", ["ma liste", "1", "1", "7", "oui"]),
        "list": ("placed", ["list", "1", "1", "7", "oui"]),
        "pause": ("placed", ["pause", "oui"]),
        "ouvrir": ("shut", ["ouvrir", "oui"]),
        "open": ("shut", ["open", "oui"]),
        "aides": ("placed", ["aides", "1", "90 11 22 33 Koffi", "oui"]),
        "mes aides": ("helped", ["mes aides", "1", "1"]),
        "helpers": ("placed", ["helpers", "1", "90 11 22 33 Koffi", "oui"]),
        "my helpers": ("helped", ["my helpers", "1", "1"]),
        "reglages": ("placed", ["réglages", "1", "1", "90 11 22 33", "oui"]),
        "ma boutique reglages": ("placed", ["ma boutique réglages", "2", "1", "90 11 22 33", "oui"]),
        "settings": ("placed", ["settings", "2", "1", "90 11 22 33", "oui"]),
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
        "settings": ("placed", ["changer ma boutique", "2", "1", "90 11 22 33", "oui"]),
        "add_helper": ("placed", ["aide 90 11 22 33 Koffi", "oui"]),
        "payout_info": ("placed", ["payez moi sur 90 11 22 33 tmoney", "oui"]),
        "orders_pending": ("placed", ["commandes en attente", "1", "1"]),
    },
}
# what says something and can write nothing, in whatever hat
HARMLESS = {"greet", "thanks", "bye", "help", "menu", "human", "sales_report"}
HARMLESS_WORDS = set(VENDOR.anywhere) - set(WAYS["anywhere"])
ALL = [(kind, name) for kind, ways in WAYS.items() for name in ways]
# (kind, name) -> what the owner, his helper and the owner of another shop are told
TOLD = {
    ("anywhere", "aides"): ("vendor.no_helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "commandes"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("anywhere", "en cours"): ("vendor.working*", "vendor.working*", "vendor.none_open"),
    ("anywhere", "helpers"): ("vendor.no_helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "list"): ("vendor.goods*", "vendor.goods*", "vendor.goods"),
    ("anywhere", "liste"): ("vendor.goods*", "vendor.goods*", "vendor.goods"),
    ("anywhere", "ma boutique reglages"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("anywhere", "ma liste"): ("vendor.goods*", "vendor.goods*", "vendor.goods"),
    ("anywhere", "mes aides"): ("vendor.helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "my helpers"): ("vendor.helpers*", "vendor.not_allowed", "vendor.no_helpers"),
    ("anywhere", "open"): ("vendor.resume*", "vendor.resume*", "vendor.open_before"),
    ("anywhere", "orders"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("anywhere", "ouvrir"): ("vendor.resume*", "vendor.resume*", "vendor.open_before"),
    ("anywhere", "pause"): ("vendor.pause*", "vendor.pause*", "vendor.pause"),
    ("anywhere", "reglages"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("anywhere", "settings"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
    ("commands", "a"): ("vendor.accepted*", "vendor.accepted*", "vendor.unknown_part"),
    ("commands", "accept"): ("vendor.accepted*", "vendor.accepted*", "vendor.unknown_part"),
    ("commands", "accepter"): ("vendor.accepted*", "vendor.accepted*", "vendor.none_waiting"),
    ("commands", "block"): ("vendor.payout_stopped*", "vendor.nothing_to_stop", "vendor.nothing_to_stop"),
    ("commands", "bloquer"): ("vendor.payout_stopped*", "vendor.nothing_to_stop", "vendor.nothing_to_stop"),
    ("commands", "decline"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "decliner"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "delivered"): ("vendor.pin*", "vendor.pin*", "vendor.unknown_part"),
    ("commands", "handed"): ("vendor.handed_over*", "vendor.handed_over*", "vendor.none_waiting"),
    ("commands", "join"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "livre"): ("vendor.delivered*", "vendor.delivered*", "vendor.unknown_part"),
    ("commands", "p"): ("vendor.ready*", "vendor.ready*", "vendor.unknown_part"),
    ("commands", "pret"): ("vendor.ready*", "vendor.ready*", "vendor.unknown_part"),
    ("commands", "r"): ("vendor.reason*", "vendor.reason*", "vendor.unknown_part"),
    ("commands", "ready"): ("vendor.ready*", "vendor.ready*", "vendor.none_waiting"),
    ("commands", "refuse"): ("vendor.reason*", "vendor.reason*", "vendor.unknown_part"),
    ("commands", "refuser"): ("vendor.reason*", "vendor.reason*", "vendor.none_waiting"),
    ("commands", "rejoindre"): ("vendor.no_invitation", "vendor.no_invitation", "vendor.no_invitation"),
    ("commands", "remis"): ("vendor.handed_over*", "vendor.handed_over*", "vendor.unknown_part"),
    ("commands", "retour"): ("vendor.sellable*", "vendor.sellable*", "vendor.unknown_part"),
    ("commands", "return"): ("vendor.sellable*", "vendor.sellable*", "vendor.unknown_part"),
    ("doors", "accept"): ("vendor.accepted*", "vendor.accepted*", "vendor.unknown_part"),
    ("doors", "delivered"): ("vendor.pin*", "vendor.pin*", "vendor.unknown_part"),
    ("doors", "handed_over"): ("vendor.handed_over*", "vendor.handed_over*", "vendor.unknown_part"),
    ("doors", "open_shop"): ("vendor.menu", "vendor.menu", "vendor.menu"),
    ("doors", "refuse"): ("vendor.reason*", "vendor.reason*", "vendor.unknown_part"),
    ("hears", "accept_order"): ("vendor.accept_sure*", "vendor.accept_sure*", "vendor.none_waiting"),
    ("hears", "add_helper"): ("vendor.helper_sure*", "vendor.not_allowed", "vendor.helper_sure"),
    ("hears", "confirm"): ("vendor.part", "vendor.part", "vendor.no_question"),
    ("hears", "delivered"): ("vendor.pin*", "vendor.pin*", "vendor.none_waiting"),
    ("hears", "deny"): ("vendor.part", "vendor.part", "vendor.no_question"),
    ("hears", "handed_over"): ("vendor.handed_sure*", "vendor.handed_sure*", "vendor.none_waiting"),
    ("hears", "list_my_products"): ("vendor.goods*", "vendor.goods*", "vendor.goods"),
    ("hears", "orders_pending"): ("vendor.waiting*", "vendor.waiting*", "vendor.none_open"),
    ("hears", "pause"): ("vendor.pause*", "vendor.pause*", "vendor.pause"),
    ("hears", "payout_info"): ("vendor.payout_sure*", "vendor.not_allowed", "vendor.payout_sure"),
    ("hears", "ready"): ("vendor.ready_sure*", "vendor.ready_sure*", "vendor.none_waiting"),
    ("hears", "refuse_order"): ("vendor.refuse_sure*", "vendor.refuse_sure*", "vendor.none_waiting"),
    ("hears", "resume"): ("vendor.resume*", "vendor.resume*", "vendor.open_before"),
    ("hears", "settings"): ("vendor.shop_settings*", "vendor.shop_settings", "vendor.shop_settings"),
}


@pytest.fixture
def shop(db, config, market, ordered, yawa):
    """Everybody, and Yawa's order in their hands: one waits, of the other shop too."""
    _, part, code = ordered
    kossi = market["oil"].vendor_id
    return Shop(db, config, market["rice"].vendor_id, kossi, part, code, yawa)


class Shop:
    """The people around Yawa's shop and its one order."""

    def __init__(self, db, config, vendor_id, other_id, part, code, yawa):
        self.db, self.config, self.vendor_id, self.part, self.code, self.yawa = db, config, vendor_id, part, code, yawa
        self.roles = {
            "helper": [("helper", vendor_id)],
            "stranger": [],
            "suspended": [("vendor", vendor_id)],
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

    def goes_on(self, stage):
        """Yawa brings her order, or her shop, so far."""
        steps = {
            "accepted": [f"A {self.code}"],
            "handed": [f"A {self.code}", f"remis {self.code}"],
            "shut": ["pause", "oui"],
            "helped": ["aide 90 11 22 33 Koffi", "oui"],
            "payout": ["payez moi sur 90 11 22 33 tmoney", "oui"],
        }
        self.yawa.goes("bonjour", *steps.get(stage, []))

    def rows(self):
        """Every row that only the shop's people may change."""
        own = {table: "id" if table == "vendor" else "vendor_id" for table in OWNED}
        return {
            table: self.db.rows(f'select * from "{table}" where {column} = %(shop)s order by id', shop=self.vendor_id)
            for table, column in own.items()
        }

    def tries(self, chat, steps):
        """What is first answered, with a star where a row changed."""
        before, first = self.rows(), ""
        pin = self.db.value("select delivery_code from vendor_order where id = %(id)s", id=self.part)
        for step in steps:
            said = step.format(code=self.code, part=self.part, pin=pin)
            if said.startswith("!"):
                chat.opens_door("vendor", said[1:], str(self.part))
            else:
                chat.says(said)
            first = first or chat.keys[0]
        return first + ("*" if self.rows() != before else "")


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
    heard = set(VENDOR.hears) - HARMLESS
    assert set(WAYS["hears"]) == heard
    assert set(WAYS["commands"]) == set(VENDOR.commands)
    assert set(WAYS["doors"]) == set(VENDOR.doors)
    assert {VENDOR.anywhere[word] for word in WAYS["anywhere"]} == {
        state for word, state in VENDOR.anywhere.items() if word not in HARMLESS_WORDS
    }
    assert {VENDOR.anywhere[word] for word in HARMLESS_WORDS} <= {
        *("language", "to_french", "to_english", "to_text", "to_buttons", "help", "person", "menu"),
    }


@pytest.mark.parametrize(
    "choice",
    [
        "part=accept.{part}",
        "part=refuse.{part}",
        "waiting={part}",
        "goods={good}",
        "good=change_stock",
        "stock_sure=yes",
    ],
)
def test_a_button_of_another_shop_does_nothing_even_when_it_is_forged(shop, market, choice):
    other = shop.person("elsewhere")
    before = shop.rows()
    made = choice.format(part=shop.part, good=market["rice"].id)
    other.says("commandes")
    other.taps_id(f"vendor.{made}~{other.said:x}~1")
    other.goes("oui", "7", "oui")
    assert shop.rows() == before


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
