"""People to announce something to, organizers who do it, and a clock: for tests of announcements in the chat."""

from bot import accounts
from tests.bot.chat import Chat

TUESDAY = "2026-12-01 10:00+00"
MOVED = (
    "update conversation set account_id = %(to)s where account_id = %(of)s",
    "update identity set account_id = %(to)s where account_id = %(of)s",
)


class Announcers:
    """Everybody has a chat on the account `twilio`, where the template is approved; it is ten on a Tuesday in Lomé."""

    def __init__(self, db, config):
        self.db, self.config, self.number = db, config, 0
        self.account = accounts.ensure(db, config.active_accounts())["twilio"]
        contents = {f"announcement_{one}": accounts.Content(f"HX{one}", "approved") for one in ("fr", "en")}
        accounts.put_contents(db, self.account, contents)
        db.run("alter sequence broadcast_id_seq restart")
        self.at(TUESDAY)

    def at(self, moment):
        """It is this moment in Lomé."""
        self.db.run("update test_clock set ahead = %(moment)s::timestamptz - now()", moment=moment)

    def organizer(self, phone="+22890000090", name="Akouvi Lawson"):
        """Somebody who announces."""
        chat = Chat(self.db, self.config, phone, name, roles=[("organizer", None)])
        for sql in MOVED:
            self.db.run(sql, to=self.account, of=chat.account_id)
        chat.account_id = self.account
        self.db.run("update conversation set last_in_at = market_now() where id = %(id)s", id=chat.conversation_id)
        return chat

    def people(self, count, *, wants=True, hours=1, vendor=None, language="fr"):
        """So many people who wrote so many hours ago; of a shop where one is told."""
        for _ in range(count):
            self.number += 1
            contact = self.db.value(
                "insert into contact (name, language, wants_announcements) values ('Awa', %(language)s, %(wants)s)"
                " returning id",
                language=language,
                wants=wants,
            )
            self.db.run(
                "insert into identity (account_id, kind, value, contact_id) values (%(account)s, 'phone', %(phone)s,"
                " %(contact)s)",
                account=self.account,
                phone=f"+2289200{self.number:04}",
                contact=contact,
            )
            self.db.run(
                "insert into conversation (account_id, contact_id, last_in_at) values (%(account)s, %(contact)s,"
                " market_now() - make_interval(hours => %(hours)s))",
                account=self.account,
                contact=contact,
                hours=hours,
            )
            if vendor:
                self.db.run(
                    "insert into role (contact_id, role, vendor_id) values (%(contact)s, 'vendor', %(vendor)s)",
                    contact=contact,
                    vendor=vendor,
                )
