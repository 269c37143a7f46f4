"""A price list from the file to the file back: read apart, asked about, applied in batches, undone whole."""

import time
from io import BytesIO

import pytest
from openpyxl import load_workbook

from base.clock import move_test_clock
from bot import contacts, list_news, list_work, price_lists, received
from bot.aftermath import NoticeFailed
from bot.list_news import ListNews
from bot.notices import Notices
from bot.received_files import check
from catalog import adjusting, stock
from catalog.stock import Cause
from tests.catalog.market import make_category, make_good, make_rule, make_vendor
from tests.catalog.sheets.office import as_csv
from tests.catalog.sheets.workshop import text, workbook

HEADER = ("Produit", "Prix", "Qté", "Unité", "Catégorie")


class Desk:
    """A vendor's desk: his shop, his file, the job."""

    def __init__(self, stall):
        self.stall, self.database = stall, stall.database
        bot = stall.bot
        lists = ListNews(Notices(bot.config, bot.accounts, bot.limits))
        self.database.reactions = [
            (price_lists.ListRead, lists.read),
            (price_lists.ListAdvanced, lists.advanced),
            (price_lists.ListApplied, lists.applied),
            (price_lists.ListUndone, lists.undone),
            (NoticeFailed, lambda db, fact: None),
        ]
        with self.database.unit_of_work() as db:
            self.vendor, self.grains = make_vendor(db), make_category(db, "cereales")
            chat = db.one("select id, contact_id from conversation order by id limit 1")
            self.chat, self.contact = chat.id, chat.contact_id
            contacts.grant(db, self.contact, "vendor", self.vendor)

    def sells(self, count, **more):
        with self.database.unit_of_work() as db:
            return [
                make_good(db, self.vendor, f"Riz {n}", on_hand=10, price=500, category=self.grains, **more)
                for n in range(count)
            ]

    def sends(self, content, state="kept", reason=None):
        """A file that is there already; the id of its list."""
        inbox_id = time.monotonic_ns() % 1_000_000_000
        checked = check("document", content) if state == "kept" else None
        if checked:
            received.store(self.stall.config.var, checked)
        with self.database.unit_of_work() as db:
            db.run(
                "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference,"
                " state, reason, file)"
                " values (%(inbox)s, 1, %(chat)s, 1, 'document', 'x', 'r', %(state)s, %(reason)s, %(file)s)",
                inbox=inbox_id,
                chat=self.chat,
                state=state,
                reason=reason,
                file=received.name_of(checked) if checked else None,
            )
            begun = price_lists.start(db, self.contact, self.chat, [self.vendor], (inbox_id, 1))
            self.list_id = db.value("select max(id) from price_list")
        return begun

    def works(self):
        return list_work.work(self.stall.office)

    def says(self, *, yes):
        with self.database.unit_of_work() as db:
            return price_lists.answer(db, self.list_id, self.contact, [self.vendor], yes=yes)

    def undoes(self):
        with self.database.unit_of_work() as db:
            return price_lists.undo(db, self.list_id, self.contact, [self.vendor])

    def one(self):
        with self.database.unit_of_work() as db:
            return price_lists.price_list(db, self.list_id)

    def told(self):
        """The words of every notice, and its buttons."""
        rows = self.stall.rows("select bubble from outbox where kind = 'notice' order by said_at, place")
        return [
            (row.bubble["body"].replace("\u00a0", " "), [offer["title"] for offer in row.bubble.get("offers", ())])
            for row in rows
        ]

    def file(self):
        with self.database.unit_of_work() as db:
            content = list_news.document(db, self.list_id).content
        return [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]

    def goods(self):
        return {
            row.name: (row.price, row.on_hand, row.is_listed)
            for row in self.stall.rows(
                "select p.name, p.price, s.on_hand, p.is_listed from product p join stock s on s.id = p.stock_id"
            )
        }


@pytest.fixture
def desk(stall):
    return Desk(stall)


def lines_of_120():
    """100 changes, 14 new ones, 6 at fault."""
    changes = [(f"Riz {n}", 600 + 5 * n, n, "sac", "") for n in range(100)]
    new = [(f"Mil {n}", "1 100 F", "12", "bol", "Céréales") for n in range(14)]
    faulty = [
        ("Soja", "cher", 3, "", ""),
        ("Soja 2", 500, "beaucoup", "", ""),
        ("", 500, 1, "", ""),
        ("Fonio", None, 4, "", "Céréales"),
        ("Sorgho", 500, 4, "", "Jouets"),
        ("Riz 101", "=B2*2", 4, "", ""),
    ]
    return [*changes, *new, *faulty]


def test_of_120_lines_114_are_applied_and_6_explained_and_each_has_its_status_in_the_file(desk):
    desk.sells(102)
    assert desk.sends(workbook(lines_of_120(), HEADER)) == "begun"
    assert desk.works() == 1
    assert desk.told() == [
        (
            "Votre liste est lue. Lignes : 120.\n• Changements : 100\n• Nouveaux : 14\n• À corriger : 6\n"
            "Ligne 116 : le prix n'est pas lisible.\nLigne 117 : la quantité n'est pas lisible.\n"
            "Ligne 118 : le nom du produit manque.\nPrix à vérifier : 69.\nRiz 31 : 500 F → 755 F\n"
            "Riz 32 : 500 F → 760 F\nRiz 33 : 500 F → 765 F\nRiz 34 : 500 F → 770 F\nRiz 35 : 500 F → 775 F\n"
            "J'applique ?",
            ["Oui", "Non"],
        )
    ]
    assert (desk.goods()["Riz 1"], len(desk.goods())) == ((500, 10, True), 102)

    assert desk.says(yes=True)
    desk.works()

    assert desk.one().state == "applied"
    goods = desk.goods()
    assert (goods["Riz 1"], goods["Riz 99"], goods["Mil 3"]) == ((605, 1, True), (1095, 99, True), (1100, 12, True))
    assert (goods["Riz 100"], goods["Riz 101"], len(goods)) == ((500, 10, True), (500, 10, True), 116)
    (result, doors), (words, _) = desk.told()[1:]
    assert result.startswith("C'est fait. Lignes appliquées : 114.\n• À corriger : 6\n")
    assert doors == ["Tout annuler"]
    assert words == "Voici votre liste, avec le résultat de chaque ligne."
    header, *rows = desk.file()
    assert header == [*HEADER, "ligne", "statut", "raison"]
    assert len(rows) == 120
    assert rows[1][5:] == [
        3,
        "Changement appliqué",
        "prix : 500\u00a0F → 605\u00a0F, stock : 10 → 1".replace(" :", "\u00a0:"),
    ]
    assert rows[100][5:] == [102, "Nouveau produit ajouté", None]
    assert [row[6] for row in rows].count("À corriger") == 6
    assert [row[7] for row in rows[114:]] == [
        "le prix n'est pas lisible",
        "la quantité n'est pas lisible",
        "le nom du produit manque",
        "le prix manque",
        "cette catégorie n'existe pas",
        "une formule, écrivez la valeur",
    ]
    assert rows[119][1] == "'=B2*2"


@pytest.mark.soak
def test_libreoffice_opens_the_list_of_his_goods_and_the_one_that_comes_back_with_its_status(desk, tmp_path):
    first, *_ = desk.sells(102)
    with desk.database.unit_of_work() as db:
        adjusting.set_steps(db, {(first.id, 10): 450, (first.id, 50): 400})
        header, *own = as_csv(tmp_path, list_news.own_document(db, [desk.vendor]).content)
    assert header == "code,produit,prix,prix de gros,quantité,unité,catégorie,description"
    assert [line.split(",", 1)[1] for line in own] == [
        f"Riz {n},500,{'dès 10 : 450 ; dès 50 : 400' if n == 0 else ''},10,sac,Cereales," for n in range(102)
    ]
    desk.sends(workbook(lines_of_120(), HEADER))
    desk.works()
    desk.says(yes=True)
    desk.works()
    with desk.database.unit_of_work() as db:
        header, *lines = as_csv(tmp_path, list_news.document(db, desk.list_id).content)
    assert header == "Produit,Prix,Qté,Unité,Catégorie,ligne,statut,raison"
    assert lines[1].replace("\u00a0", " ") == (
        'Riz 1,605,1,sac,,3,Changement appliqué,"prix : 500 F → 605 F, stock : 10 → 1"'
    )
    assert [line.split(",")[6] for line in lines] == [
        *["Changement appliqué"] * 100,
        *["Nouveau produit ajouté"] * 14,
        *["À corriger"] * 6,
    ]
    assert lines[114] == "Soja,cher,3,,,116,À corriger,le prix n'est pas lisible"
    assert lines[119] == 'Riz 101,\'=B2*2,4,,,121,À corriger,"une formule, écrivez la valeur"'


def test_a_list_is_undone_whole_and_what_was_sold_since_stays_sold(desk):
    rice, *_ = desk.sells(3)
    before = desk.goods()
    desk.sends(text([("Riz 0", "600", "50", "", ""), ("Riz 1", "700", "", "", ""), ("Mil", "90", "5", "", "")], HEADER))
    desk.works()
    desk.says(yes=True)
    desk.works()
    with desk.database.unit_of_work() as db:
        stock.hold(db, [stock.Change(rice.stock_id, 2)], stock.JOB)
        stock.allocate(db, [stock.Change(rice.stock_id, 2)], stock.JOB)
        stock.hand_over(db, [stock.Change(rice.stock_id, 2)], stock.JOB)

    assert desk.undoes()
    desk.works()

    assert desk.one().state == "undone"
    assert desk.goods() == {**before, "Riz 0": (500, 8, True), "Mil": (90, 0, False)}
    assert desk.told()[-1] == ("Votre liste est annulée. Tout est comme avant.", [])
    assert [row[6] for row in desk.file()[1:]] == ["Annulé"] * 3
    assert not desk.undoes()


def test_a_list_whose_goods_are_sold_beyond_what_was_there_is_not_undone_at_all(desk):
    rice, *_ = desk.sells(2)
    desk.sends(text([("Riz 0", "600", "50", "", ""), ("Riz 1", "700", "", "", "")], HEADER))
    desk.works()
    desk.says(yes=True)
    desk.works()
    with desk.database.unit_of_work() as db:
        adjusted = adjusting.propose(
            db, [desk.vendor], [adjusting.Line(rice.id, "count", 3)], Cause(None, None), "check"
        )
        adjusting.apply(db, adjusted, [desk.vendor], Cause(None, None))
    desk.undoes()
    desk.works()
    assert desk.one().state == "applied"
    assert (desk.goods()["Riz 0"], desk.goods()["Riz 1"]) == ((600, 3, True), (700, 10, True))
    assert desk.told()[-1][0] == "Je ne peux pas annuler : il manquerait du stock.\nVoyez d'abord : Riz 0."


def test_what_has_changed_since_the_question_is_left_and_said(desk):
    first, *_ = desk.sells(2)
    desk.sends(text([("Riz 0", "600", "4", "", ""), ("Riz 1", "700", "", "", "")], HEADER))
    desk.works()
    with desk.database.unit_of_work() as db:
        stock.count(db, first.stock_id, 9, Cause(None, None))
    desk.says(yes=True)
    desk.works()
    assert (desk.goods()["Riz 0"], desk.goods()["Riz 1"]) == ((500, 9, True), (700, 10, True))
    assert desk.told()[1][0].startswith("C'est fait. Lignes appliquées : 1.\n• Changés entre-temps : 1\n")
    assert desk.file()[1][6] == "Non appliqué : le produit a changé entre-temps".replace(" :", "\u00a0:")


def test_a_no_and_a_late_yes_change_nothing(desk):
    desk.sells(1)
    before = desk.goods()
    desk.sends(text([("Riz 0", "600", "4", "", "")], HEADER))
    desk.works()
    assert desk.says(yes=False)
    assert not desk.says(yes=True)
    desk.sends(text([("Riz 0", "600", "4", "", "")], HEADER))
    desk.works()
    move_test_clock(desk.database, 25 * 3600)
    assert not desk.says(yes=True)
    assert desk.works() == 0
    assert desk.goods() == before


def test_a_newer_list_takes_the_place_of_one_that_waits_and_none_is_read_beside_another(desk):
    desk.sells(1)
    desk.sends(text([("Riz 0", "600", "4", "", "")], HEADER))
    assert desk.sends(text([("Riz 0", "700", "4", "", "")], HEADER)) == "busy"
    desk.works()
    first = desk.list_id
    assert desk.sends(text([("Riz 0", "800", "4", "", "")], HEADER)) == "begun"
    desk.works()
    second, desk.list_id = desk.list_id, first
    assert not desk.says(yes=True)
    desk.list_id = second
    assert desk.says(yes=True)
    desk.works()
    assert desk.goods()["Riz 0"] == (800, 4, True)


@pytest.mark.parametrize(
    "content, state, reason, words",
    [
        (b"bonjour\nmerci\n", "kept", None, "Je ne trouve pas les colonnes."),
        (b"%PDF-1.4 x", "kept", None, "Ce fichier n'est pas une liste."),
        (b"PK\x03\x04" + bytes(40), "kept", None, "Je n'arrive pas à ouvrir ce fichier."),
        (b"", "refused", "locked", "Ce fichier est ancien, ou a un mot de passe."),
        (b"", "refused", "no_picture", "Ce fichier n'est pas une liste."),
        (b"", "gone", "status_404", "Votre fichier ne nous est pas parvenu."),
    ],
)
def test_what_is_no_list_is_refused_in_words(desk, content, state, reason, words):
    desk.sells(1)
    desk.sends(content, state, reason)
    desk.works()
    ((told, doors),) = desk.told()
    assert (told.startswith(words), doors, desk.one().state) == (True, [], "refused")


def test_a_list_waits_for_its_file(desk):
    desk.sends(b"", "waiting")
    assert desk.works() == 0
    assert desk.one().state == "waiting"


def test_a_list_without_anything_to_do_is_said_to_be_so_and_comes_back_where_lines_are_at_fault(desk):
    desk.sells(1)
    desk.sends(text([("Riz 0", "500", "10", "", "")], HEADER))
    desk.works()
    desk.sends(text([("Riz 0", "cher", "10", "", "")], HEADER))
    desk.works()
    assert [words.split("\n")[-1] for words, _ in desk.told()] == [
        "Il n'y a rien à appliquer.",
        "Il n'y a rien à appliquer.",
        "Voici votre liste, avec le résultat de chaque ligne.",
    ]


def test_a_job_that_dies_between_two_batches_is_taken_up_by_another(desk, monkeypatch):
    desk.sells(30)
    desk.sends(text([(f"Riz {n}", "600", "4", "", "") for n in range(30)], HEADER))
    desk.works()
    desk.says(yes=True)
    monkeypatch.setattr(list_work, "AT_ONCE", 10)
    apply, calls = list_work._apply_some, []

    def dying(db, one):
        calls.append(one)
        if len(calls) == 2:
            raise ZeroDivisionError
        return apply(db, one)

    monkeypatch.setattr(list_work, "_apply_some", dying)
    with pytest.raises(ZeroDivisionError):
        desk.works()
    assert [price for price, _, _ in desk.goods().values()].count(600) == 10
    assert desk.works() == 0
    move_test_clock(desk.database, list_work.LEASE + 1)
    desk.works()
    assert [price for price, _, _ in desk.goods().values()].count(600) == 30
    assert desk.one().state == "applied"
    desk.undoes()
    desk.works()
    assert [price for price, _, _ in desk.goods().values()].count(500) == 30


LOSES = {
    "suspended": "update role set suspended_at = market_now(), suspended_why = 'renamed'",
    "taken": "update role set suspended_at = market_now()",
    "a helper": "update role set role = 'helper'",
}


@pytest.mark.parametrize("how", LOSES)
def test_a_yes_of_who_owns_the_shop_no_longer_when_the_job_comes_changes_nothing(desk, how):
    desk.sells(3)
    before = desk.goods()
    desk.sends(text([("Riz 0", 700, 5, "", ""), ("Mil", 900, 5, "sac", "Céréales")], HEADER))
    desk.works()
    assert desk.says(yes=True)
    desk.stall.run(LOSES[how])
    told = len(desk.told())
    desk.works()
    assert (desk.one().state, desk.goods()) == ("passed", before)
    assert len(desk.told()) == told


def test_of_a_list_in_the_middle_the_rest_is_left_when_the_right_is_lost(desk, monkeypatch):
    monkeypatch.setattr(list_work, "AT_ONCE", 2)
    desk.sells(4)
    desk.sends(text([(f"Riz {n}", 700, 5, "", "") for n in range(4)], HEADER))
    desk.works()
    desk.says(yes=True)
    apply_some = list_work._apply_some

    def once(db, one):
        more = apply_some(db, one)
        db.run(LOSES["taken"])
        return more

    monkeypatch.setattr(list_work, "_apply_some", once)
    desk.works()
    assert desk.one().state == "applied"
    assert sorted(desk.goods().values()) == [(500, 10, True), (500, 10, True), (700, 5, True), (700, 5, True)]


def test_two_thousand_lines_take_less_than_twenty_seconds_and_half_of_the_way_is_told(desk):
    desk.sells(1000)
    lines = [
        *((f"Riz {n}", 605, 7, "sac", "") for n in range(1000)),
        *((f"Mil {n}", 700, 3, "", "") for n in range(1000)),
    ]
    began = time.monotonic()
    desk.sends(workbook(lines, HEADER))
    desk.works()
    desk.says(yes=True)
    desk.works()
    whole = time.monotonic() - began
    assert len(desk.file()) == 2001
    assert whole < 20
    assert [words for words, _ in desk.told()][1] == "Votre liste avance : 1000 lignes sur 2000."
    began = time.monotonic()
    desk.undoes()
    desk.works()
    assert time.monotonic() - began < 20
    assert desk.goods()["Riz 7"] == (500, 10, True)


def test_who_is_erased_takes_his_lists_along_and_old_ones_go(desk):
    desk.sells(1)
    desk.sends(text([("Riz 0", "600", "4", "", "")], HEADER))
    desk.works()
    with desk.database.unit_of_work() as db:
        assert price_lists.forget(db, 3600, 10) == 0
    move_test_clock(desk.database, 3601)
    with desk.database.unit_of_work() as db:
        assert price_lists.forget(db, 3600, 10) == 1
    assert desk.stall.value("select count(*) from price_list_line") == 0


def test_prices_that_change_much_are_named_before_the_yes(desk):
    desk.sells(3)
    desk.sends(text([("Riz 0", "50", "", "", ""), ("Riz 1", "550", "", "", ""), ("Riz 2", "503", "", "", "")], HEADER))
    desk.works()
    assert desk.told()[-1][0] == (
        "Votre liste est lue. Lignes : 3.\n• Changements : 3\nPrix à vérifier : 2.\n"
        "Riz 0 : 500 F → 50 F\nRiz 2 : 500 F → 503 F\nJ'applique ?"
    )


def steps_in(desk):
    """(good, units, F CFA) of all prices for many."""
    with desk.database.unit_of_work() as db:
        rows = db.rows(
            "select p.name, r.quantity, r.price from price_rule r join product p on p.id = r.product_id"
            " where r.kind = 'step' order by p.name, r.quantity"
        )
    return [tuple(row) for row in rows]


def test_prices_for_many_are_asked_about_applied_told_and_undone(desk):
    rice, *_ = desk.sells(2)
    with desk.database.unit_of_work() as db:
        make_rule(db, rice, "step", 10, 450)
    lines = [
        ("Riz 0", "500", "dès 10 : 440 ; dès 50 : 200", "", "", ""),
        ("Riz 1", "500", "dès 10 : 500", "", "", ""),
        ("Mil", "900", "dès 5 : 850", "3", "", "cereales"),
    ]
    desk.sends(text(lines, ("Produit", "Prix", "Prix de gros", "Qté", "Unité", "Catégorie"), sign="\t"))
    desk.works()
    assert desk.told()[-1][0] == (
        "Votre liste est lue. Lignes : 3.\n• Changements : 1\n• Nouveaux : 1\n• À corriger : 1\n"
        "Ligne 3 : le prix de gros doit être plus bas.\nPrix à vérifier : 1.\nRiz 0, ≥ 50 : 500 F → 200 F\nJ'applique ?"
    )
    assert steps_in(desk) == [("Riz 0", 10, 450)]

    assert desk.says(yes=True)
    desk.works()
    assert steps_in(desk) == [("Mil", 5, 850), ("Riz 0", 10, 440), ("Riz 0", 50, 200)]
    assert desk.file()[1][8] == "prix de gros\u00a0: dès 10 : 450 → dès 10 : 440 ; dès 50 : 200"

    assert desk.undoes()
    desk.works()
    assert steps_in(desk) == [("Mil", 5, 850), ("Riz 0", 10, 450)]
    assert desk.goods()["Mil"] == (900, 0, False)


def test_prices_for_many_that_have_changed_since_the_question_are_left(desk):
    rice, *_ = desk.sells(1)
    desk.sends(text([("Riz 0", "500", "dès 10 : 440")], ("Produit", "Prix", "Prix de gros"), sign="\t"))
    desk.works()
    with desk.database.unit_of_work() as db:
        make_rule(db, rice, "step", 10, 430)
    desk.says(yes=True)
    desk.works()
    assert steps_in(desk) == [("Riz 0", 10, 430)]
