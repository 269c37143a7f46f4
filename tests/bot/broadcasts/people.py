"""People as rows: with chats on the accounts of the settings, what they sell, bought and said, and a clock."""

from base.db import jsonb
from bot import accounts
from bot.broadcasts import counting, drafts, history, sending
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Draft

TUESDAY = "2026-12-01 10:00+00"
WORDS = {"fr": "Atelier demain à 9 h.", "en": "Workshop tomorrow at 9."}
OUTCOMES = ("sent", "delivered", "read", "failed", "skipped")


class People:
    """The accounts `twilio`, `whatsapp` and `messenger`; templates are approved on the first two."""

    def __init__(self, db, config):
        self.db, self.config = db, config
        self.ids = accounts.ensure(db, config.active_accounts())
        for key in ("twilio", "whatsapp"):
            for language in ("fr", "en"):
                self.approve(key, f"announcement_{language}")
        self.number = 0
        self.at(TUESDAY)

    def at(self, moment):
        """It is this moment in Lomé."""
        self.db.run("update test_clock set ahead = %(moment)s::timestamptz - now()", moment=moment)

    def passes(self, **time):
        """Time goes by."""
        (unit, amount), *_ = time.items()
        self.db.run(f"update test_clock set ahead = ahead + make_interval({unit} => %(amount)s)", amount=amount)

    def approve(self, key, name, state="approved"):
        """A provider decides of a template."""
        accounts.put_contents(self.db, self.ids[key], {name: accounts.Content(name, state)})

    def person(self, *chats, wants=True, language="fr", role=None, vendor=None, name="Awa"):
        """Somebody, by default on Twilio an hour ago; `chats` are (account, hours since he wrote). His contact's id."""
        self.number += 1
        contact = self.db.value(
            "insert into contact (name, language, wants_announcements) values (%(name)s, %(language)s, %(wants)s)"
            " returning id",
            name=name,
            language=language,
            wants=wants,
        )
        for key, hours in chats or (("twilio", 1),):
            self.chat(contact, key, hours)
        if role:
            self.db.run(
                "insert into role (contact_id, role, vendor_id) values (%(contact)s, %(role)s, %(vendor)s)",
                contact=contact,
                role=role,
                vendor=vendor,
            )
        return contact

    def chat(self, contact, key, hours):
        """He has a chat there, in which he last wrote so many hours ago (None: never)."""
        kind, value = ("psid", f"psid{contact}") if key == "messenger" else ("phone", f"+2289{contact:07}")
        self.db.run(
            "insert into identity (account_id, kind, value, contact_id)"
            " values (%(account)s, %(kind)s, %(value)s, %(contact)s)",
            account=self.ids[key],
            kind=kind,
            value=value,
            contact=contact,
        )
        self.db.run(
            "insert into conversation (account_id, contact_id, last_in_at)"
            " values (%(account)s, %(contact)s, market_now() - make_interval(hours => %(hours)s))",
            account=self.ids[key],
            contact=contact,
            hours=hours,
        )

    def orders(self, contact, quarter="be", days=0, good=None, state="placed", goods=5000):
        """He ordered so many days ago; the part's id where a good is told."""
        order = self.db.value(
            'insert into "order" (contact_id, conversation_id, quarter, landmark, recipient, phone, payment, total,'
            " placed_at) values (%(contact)s, 1, %(quarter)s, '', 'Awa', '+22890000001', 'cash', %(goods)s,"
            " market_now() - make_interval(days => %(days)s)) returning id",
            contact=contact,
            quarter=quarter,
            days=days,
            goods=goods,
        )
        if good is None:
            return None
        part = self.db.value(
            "insert into vendor_order (order_id, vendor_id, state, goods, delivery, delivery_code)"
            " values (%(order)s, %(vendor)s, %(state)s, %(goods)s, 500, '1234') returning id",
            order=order,
            vendor=good.vendor_id,
            state=state,
            goods=goods,
        )
        self.db.run(
            "insert into order_line (vendor_order_id, product_id, stock_id, name, unit, quantity, price)"
            " values (%(part)s, %(product)s, %(stock)s, 'Riz', 'sac', 1, %(goods)s)",
            part=part,
            product=good.id,
            stock=good.stock_id,
            goods=goods,
        )
        return part

    def announced(self, contact, days=0, state="sent", way="free"):
        """He was told another announcement so many days ago."""
        self.db.run(
            "insert into broadcast_recipient (broadcast_id, contact_id, language, place, state, way, queued_at,"
            " account_id) values (%(id)s, %(contact)s, 'fr', 1, %(state)s, %(way)s,"
            " market_now() - make_interval(hours => (%(days)s * 24)::int), %(account)s)",
            id=self.draft(state="done"),
            contact=contact,
            state=state,
            way=way,
            days=days,
            account=self.ids["twilio"],
        )

    def draft(self, audience=None, *, by=None, state="draft", texts=None, **told):
        """A broadcast's number."""
        number = drafts.make(self.db, by, Draft(texts or WORDS, audience or Audience(), **told))
        if state != "draft":
            self.db.run("update broadcast set state = %(state)s where id = %(id)s", id=number, state=state)
        return number

    def count(self, audience=None, **told):
        """A preview."""
        return counting.count(self.db, self.config, audience or Audience(), **told)

    def meant(self, **audience):
        """How many people an audience is, told or not."""
        counted = self.count(Audience(**audience))
        return counted.people + sum(counted.unreached.values())

    def begun(self, audience=None, **told):
        """A broadcast that everybody agreed to and that has begun; its number."""
        number = self.draft(audience, **told)
        drafts.preview(self.db, self.config, number)
        assert drafts.confirm(self.db, self.config, number, None) == "started"
        assert sending.begin_due(self.db, self.config) == 1
        return number

    def moves(self, number):
        """One step of it."""
        return sending.move_on(self.db, self.config, number)

    def state(self, number):
        """Its state, and why it is paused."""
        row = self.db.one("select state, pause_reason from broadcast where id = %(id)s", id=number)
        return (row.state, row.pause_reason) if row.pause_reason else row.state

    def recipients(self, number, *columns):
        """Of each recipient in order."""
        return [
            tuple(row)
            for row in self.db.rows(
                f"select {', '.join(columns or ('contact_id', 'state', 'way', 'reason'))} from broadcast_recipient"
                " where broadcast_id = %(id)s order by place",
                id=number,
            )
        ]

    def queued(self):
        """The ids of what waits in the outbox."""
        return [row.id for row in self.db.rows("select id from outbox where state = 'waiting' order by id")]

    def ends(self, rows, state="sent", error=None):
        """Rows of the outbox end so."""
        self.db.run(
            "update outbox set state = %(state)s, error = %(error)s where id = any(%(ids)s)",
            ids=list(rows),
            state=state,
            error=error,
        )

    def facts(self, kind):
        """Facts of a kind that were recorded."""
        return [fact for fact in self.db.facts if isinstance(fact, kind)]

    def history(self, number):
        """The facts of its history."""
        return [fact for _, fact, _, _ in history.history(self.db, number)]

    def pins(self, contact, quarter):
        """He has a basket for that quarter."""
        self.db.run(
            "insert into basket (contact_id, quarter) values (%(contact)s, %(quarter)s)",
            contact=contact,
            quarter=quarter,
        )

    def attached(self, contact, kind="image"):
        """A file of his that came and was kept: its inbox row."""
        row = self.db.value(
            "insert into inbox (account_id, conversation_id, provider_id, message, raw)"
            " select account_id, id, 'm' || id, %(message)s, '' from conversation where contact_id = %(contact)s"
            " returning id",
            contact=contact,
            message=jsonb({}),
        )
        self.db.run(
            "insert into received_media"
            " (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
            " select %(row)s, 1, id, account_id, %(kind)s, 'image/jpeg', 'ref', 'kept', 'aa/aa.jpg' from conversation"
            " where contact_id = %(contact)s",
            row=row,
            kind=kind,
            contact=contact,
        )
        return row
