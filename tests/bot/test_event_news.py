"""What is heard of workshops: by whom, where, in which words, with STOP respected, and in how many statements."""

from datetime import timedelta

import pytest

from base.db import Db
from events import bookings, lessons, reminders
from events.facts import PlacesChanged, Times, WorkshopCancelled, WorkshopChanged, WorkshopMoved, WorkshopRestored
from tests.bot.test_notices import BUYER, HELPER, YAWA, Shop
from tests.events.week import LETTERS, make_event, make_workshop
from tests.orders.buying import advance

HOUR, DAY = 3600, 86_400
WAITS = "+22890000777"


class Week(Shop):
    """Workshop 3 with two places, in three days: Awa and Yawa have them, Kodjo waits."""

    def __init__(self, db, config):
        super().__init__(db, config)
        self.workshop = make_workshop(db, make_event(db))
        for phone in (BUYER, YAWA, HELPER):
            self.books(phone)

    def books(self, phone):
        chat = self.meet(phone)
        bookings.book(self.db, self.workshop, chat.contact_id, chat.conversation_id, LETTERS)

    def gives_up(self, phone):
        bookings.give_up(self.db, self.workshop, self.meet(phone).contact_id)
        self.react()

    def bodies(self, phone):
        return [notice.bubble.body for notice in self.told(phone)]

    def mutes(self, phone):
        self.db.run("update contact set wants_reminders = false where id = %(id)s", id=self.meet(phone).contact_id)

    def own(self, phone):
        return bookings.own(self.db, self.workshop, self.meet(phone).contact_id)


@pytest.fixture
def week(db, config):
    return Week(db, config)


def test_who_moves_up_hears_it_with_his_code_two_buttons_and_a_template(week):
    week.gives_up(BUYER)
    (notice,) = week.told(HELPER)
    code = week.own(HELPER).code
    assert notice.kind == "notice"
    assert notice.bubble.body.startswith("Une place s'est libérée")
    assert f"Votre code à l'entrée : {code}".replace(" :", "\u00a0:") in notice.bubble.body
    assert [offer.title for offer in notice.bubble.offers] == ["Voir l'atelier", "Rendre ma place"]
    assert notice.template.name == "workshop_news_fr"
    assert notice.template.values == (
        "3, Atelier numéro 3",
        f"une place s'est libérée, votre code est {code}",
    )
    assert (week.told(BUYER), week.told(YAWA)) == ([], [])


def test_places_that_are_added_are_given_on_and_told(week):
    week.db.run("update workshop set capacity = 3")
    week.react(PlacesChanged(week.workshop, 2, 3, False))
    assert week.own(HELPER).state == "booked"
    assert len(week.told(HELPER)) == 1


@pytest.mark.parametrize(
    ("fact", "booked", "waiting"),
    [
        (
            WorkshopMoved(0, Times(None, None), Times(None, None)),
            "L'atelier 3, Atelier numéro 3, change d'heure.",
            "Vous restez sur la liste d'attente.",
        ),
        (WorkshopChanged(0, ("room",)), "L'atelier 3, Atelier numéro 3, a changé.", "Vous restez"),
        (WorkshopCancelled(0, "malade"), "L'atelier 3, Atelier numéro 3, est annulé (malade).", "est annulé (malade)"),
        (WorkshopRestored(0), "Bonne nouvelle\u00a0: l'atelier 3", "Vous restez"),
    ],
)
def test_what_becomes_of_a_workshop_is_told_to_all_who_stand_there(week, fact, booked, waiting):
    week.db.run("update workshop set reason = 'malade'")
    week.react(type(fact)(**{**vars(fact), "workshop_id": week.workshop}))
    for phone in (BUYER, YAWA):
        (body,) = week.bodies(phone)
        assert body.startswith(booked)
    (body,) = week.bodies(HELPER)
    assert waiting in body


def test_a_reminder_goes_last_to_those_with_a_place_who_have_not_said_stop(week):
    week.mutes(YAWA)
    advance(week.db, 2 * DAY)
    assert reminders.remind(week.db, 100) == 2
    week.react()
    (notice,) = week.told(BUYER)
    assert (notice.kind, notice.about["topic"]) == ("bulk", "reminders")
    assert notice.bubble.body.startswith("Rappel, c'est dans 24 heures")
    assert notice.too_old_at - notice.now == timedelta(hours=6)
    assert (week.told(YAWA), week.told(HELPER)) == ([], [])
    advance(week.db, 23 * HOUR)
    reminders.remind(week.db, 100)
    week.react()
    assert [body.split(" :")[0].split("\u00a0:")[0] for body in week.bodies(BUYER)] == [
        "Rappel, c'est dans 24 heures",
        "C'est dans une heure",
    ]


def test_who_was_there_is_asked_how_it_was_without_a_template(week):
    advance(week.db, 4 * DAY)
    assert reminders.close(week.db, 100) == 2
    week.react()
    (notice,) = week.told(BUYER)
    assert (notice.template, notice.kind) == (None, "bulk")
    assert [offer.title for offer in notice.bubble.offers] == ["Donner une note"]
    assert week.told(HELPER) == []


def test_the_person_who_asked_reads_the_answer(week):
    asker = week.meet(BUYER)
    lessons.ask(week.db, week.workshop, asker.contact_id, asker.conversation_id, "Quelle taxe ?")
    (asked,) = lessons.waiting(week.db, week.workshop)
    lessons.settle(week.db, asked.id, 1, "Aucune cette année.")
    week.react()
    (body,) = week.bodies(BUYER)
    assert "«\u00a0Aucune cette année.\u00a0»" in body


def test_somebody_is_told_in_the_chat_where_he_booked_in_his_language(week):
    week.db.run("update contact set language = 'en' where id = %(id)s", id=week.meet(BUYER).contact_id)
    week.react(WorkshopCancelled(week.workshop, ""))
    (notice,) = week.told(BUYER)
    assert notice.conversation_id == week.own(BUYER).conversation_id
    assert notice.bubble.body.startswith("Workshop 3, Atelier numéro 3, is cancelled.")


def test_a_thousand_are_told_in_as_many_statements_as_two(week, monkeypatch):
    counted = []
    executed = Db._executed
    monkeypatch.setattr(Db, "_executed", lambda self, sql, values: counted.append(sql) or executed(self, sql, values))
    week.react(WorkshopCancelled(week.workshop, ""))
    few = len(counted)
    week.db.run("update workshop set capacity = null")
    account = week.account_id
    week.db.run(
        "with people as (insert into contact (name) select 'P' || n from generate_series(1, 1000) n returning id),"
        " names as (insert into identity (account_id, contact_id, kind, value)"
        " select %(account)s, id, 'phone', '+2287' || lpad(id::text, 7, '0') from people),"
        " chats as (insert into conversation (account_id, contact_id) select %(account)s, id from people"
        " returning id, contact_id) insert into booking (workshop_id, contact_id, conversation_id, state, place, line,"
        " code) select %(workshop)s, contact_id, id, 'booked', id + 1000, id + 1000, 'P' || id from chats",
        account=account,
        workshop=week.workshop,
    )
    counted.clear()
    week.react(WorkshopCancelled(week.workshop, ""))
    assert len(counted) == few <= 8
    assert week.db.value("select count(*) from outbox") == 3 + 1003
