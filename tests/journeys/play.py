"""Plays a transcript on a stage over a wire, and says where the two part."""

import re

from base.clock import now
from base.shortening import shorten
from bot import second_factor
from bot.accounts import Contents
from bot.demo_people import BUYERS, ORGANIZERS
from bot.texts import languages, say
from catalog.links import Link
from tests.files import LISTS
from tests.journeys.transcript import Changed, Claim, Heard, Passed, Said, Speaker, filled, pattern_of
from tests.journeys.wires import with_pins
from tests.shipped import TEXTS

CLAIMS = {
    r"stock (\S+) (on_hand|held|allocated) = (\d+)": (
        "select s.{1} from product p join stock s on s.id = p.stock_id where p.slug = '{0}'",
        2,
    ),
    r"complaints (open|settled) = (\d+)": (
        "select count(*) from complaint where (settled_at is null) = ('{0}' = 'open')",
        1,
    ),
    r"parts brought by a rider = (\d+)": ("select count(*) from order_rider where told_at is not null", 0),
    r"parcels with a photo = (\d+)": ("select count(*) from vendor_order where receipt_photo_id is not null", 0),
    r"paid too much = (\d+)": (
        "select coalesce(sum(overpaid) filter (where overpaid_returned_at is null), 0)::int from vendor_order",
        0,
    ),
    r"complaints with a photo = (\d+)": ("select count(*) from complaint where photo_inbox_id is not null", 0),
    r"photos of (\S+) = (\d+)": (
        "select (photo_hash is not null)::int + (select count(*)::int from product_photo where product_id = p.id)"
        " from product p where slug = '{0}'",
        1,
    ),
    r"listed (\S+) = (\d+)": ("select count(*) from product where slug = '{0}' and is_listed", 1),
    r"facts (\w+) = (\d+)": ("select count(*) from order_history where fact = '{0}'", 1),
    r"orders = (\d+)": ('select count(*) from "order"', 0),
    r"parts (\w+) = (\d+)": ("select count(*) from vendor_order where state = '{0}'", 1),
    r"basket lines = (\d+)": ("select count(*) from basket_line", 0),
    r"attention (\w+) = (\d+)": (
        "select count(*) from attention where kind = '{0}' and settled_at is null",
        1,
    ),
    r"chats linked = (\d+)": ("select count(*) from chat_link", 0),
    r"consents (\w+) = (\d+)": ("select count(*) from consent where what = '{0}'", 1),
    r"alerts (\w+) = (\d+)": ("select count(*) from alert where state = '{0}'", 1),
    r"erasures asked = (\d+)": ("select count(*) from erasure where kept_at is null and erased_at is null", 0),
    r"erasures done = (\d+)": ("select count(*) from erasure where erased_at is not null", 0),
    r"people named (\w+) = (\d+)": ("select count(*) from contact where name ilike '{0}%%'", 1),
    r"orders paid by (\w+) = (\d+)": ("select count(*) from \"order\" where payment = '{0}'", 1),
    r"paid before = (\d+)": ("select coalesce(sum(prepaid), 0)::int from vendor_order", 0),
    r"messages that hold (\d+) = (\d+)": (
        "select (select count(*) from inbox where message::text like '%%{0}%%' or raw like '%%{0}%%'::bytea)"
        " + (select count(*) from turn where answers::text like '%%{0}%%')",
        1,
    ),
    r"role (\w+) = (\d+)": ("select count(*) from role where role = '{0}' and suspended_at is null", 1),
    r"shops called (\w+) = (\d+)": ("select count(*) from vendor where name ilike '%%{0}%%'", 1),
    r"shop applications (\w+) = (\d+)": ("select count(*) from shop_application where state = '{0}'", 1),
    r"payment numbers (\w+) = (\d+)": ("select count(*) from payout_number where state = '{0}'", 1),
    r"arrivals = (\d+)": ("select count(*) from source", 0),
    r"people who came by (\w+) = (\d+)": ("select count(distinct contact_id) from source where kind = '{0}'", 1),
    r"comments answered = (\d+)": ("select count(*) from comment_reply", 0),
    r"orders that came by (\w+) = (\d+)": (
        "select count(*) from \"order\" where source->'last'->>'word' = '{0}'",
        1,
    ),
    r"questions (\w+) = (\d+)": ("select count(*) from question where state = '{0}'", 1),
    r"shops (suspended|verified|proven) = (\d+)": (
        "select count(*) from vendor where '{0}' in (level, case when suspended_at is not null then 'suspended' end)",
        1,
    ),
    r"reports (\w+) = (\d+)": ("select count(*) from flag where coalesce(outcome, 'open') = '{0}'", 1),
    r"people blocked = (\d+)": ("select count(*) from block where ended_at is null", 0),
    r"sellers invited = (\d+)": ("select count(*) from seller_invitation where used_at is null", 0),
    r"second factors = (\d+)": ("select count(*) from second_factor where enrolled_at is not null", 0),
    r"sessions (\w+) = (\d+)": (
        "select count(*) from workshop w join event e on e.id = w.event_id where e.state = 'open' and w.state = '{0}'",
        1,
    ),
    r"sent by template = (\d+)": (
        "select count(*) from outbox where template is not null and state in ('sent', 'delivered', 'read')",
        0,
    ),
}
CODES = "{app}"  # what the app of whoever speaks shows, which his story has proven before
NAMED = "(select id from contact where name ilike '{0}%%' order by id limit 1)"
BY_HAND = (
    "insert into inbox (account_id, conversation_id, provider_id, message, raw)"
    " select c.account_id, c.id, 'echo:' || clock_timestamp(), jsonb_build_object('provider_id', 'echo', 'sender',"
    " jsonb_build_object('identities', '[]'::jsonb), 'happened', jsonb_build_object('what', '%s')), ''::bytea"
    f" from conversation c where c.contact_id = {NAMED.replace('%', '%%')} order by c.last_in_at desc limit 1"
)
SHOP = "(select id from vendor where slug = '{%d}')"
SESSION = "number = {0} and event_id = (select id from event where state = 'open')"
CHANGES = {
    r"price (\S+) (\d+)": "update product set price = {1} where slug = '{0}'",
    r"stock (\S+) (\d+)": (
        "update stock set on_hand = {1} where id = (select stock_id from product where slug = '{0}')"
    ),
    r"(\S+) also sold by (\S+) for (\d+)": (
        "with lying as (insert into stock (vendor_id, on_hand) select id, 50 from vendor where slug = '{1}'"
        " returning id, vendor_id) insert into product"
        " (vendor_id, category_id, stock_id, slug, name, folded, unit, price)"
        " select l.vendor_id, p.category_id, l.id, p.slug || '-' || l.vendor_id, p.name, p.folded, p.unit, {2}"
        " from product p, lying l where p.slug = '{0}'"
    ),
    r"photo of (\S+) taken away": "update product set photo_hash = null where slug = '{0}'",
    r"promotions forgotten": "delete from promotion",
    r"(\S+) now sold by (\S+)": (
        "update product set vendor_id = (select id from vendor where slug = '{1}') where slug = '{0}'"
    ),
    r"unlisted (\S+)": "update product set is_listed = false where slug = '{0}'",
    r"sections without names": "update category set names = '{{}}'",
    r"nothing is listed": "update product set is_listed = false",
    r"good (\S+) goes to (\S+)": f"update product set vendor_id = {SHOP % 1} where slug = '{{0}}'",
    r"deleted (\S+)": (
        "with gone as (select id from product where slug like '{0}%%'),"
        " prices as (delete from price_rule where product_id in (select id from gone)),"
        " photos as (delete from product_photo where product_id in (select id from gone)),"
        " own as (delete from variant where product_id in (select id from gone) or good_id in (select id from gone))"
        " delete from product where id in (select id from gone)"
    ),
    r"(\S+) sends nothing to (\S+)": "update vendor set unserved = '[\"{1}\"]' where slug = '{0}'",
    r"(\S+) lets nobody fetch": "update vendor set has_pickup = false where slug = '{0}'",
    r"(\S+) lets people fetch": "update vendor set has_pickup = true where slug = '{0}'",
    r"zone of (\S+): (\S+) (\d+)": (
        "update vendor set delivery_zones = coalesce(delivery_zones, '{{}}') || '{{\"{1}\": {2}}}' where slug = '{0}'"
    ),
    r"(\S+) brings for nothing from (\d+)": "update vendor set free_above = {1} where slug = '{0}'",
    r"(\S+) wants (\d+) % above (\d+)": "update vendor set deposit_percent = {1}, cod_max = {2} where slug = '{0}'",
    r"(\S+) wants all above (\d+)": "update vendor set deposit_percent = null, cod_max = {1} where slug = '{0}'",
    r"delivery (\S+) (\d+)": "update vendor set delivery_bands = '[[null, {1}]]' where slug = '{0}'",
    r"content (\S+) refused": (  # and the organizers know
        "update channel_content set state = 'rejected', told_state = 'rejected' where left(name, -3) = left('{0}', -3)"
    ),
    r"(\S+) also sells for (\S+)": (
        f"insert into role (contact_id, role, vendor_id) values ({NAMED}, 'vendor', {SHOP % 1})"
    ),
    r"(\S+) no longer sells for (\S+)": (
        f"update role set suspended_at = market_now() where contact_id = {NAMED} and vendor_id = {SHOP % 1}"
    ),
    r"(\S+) only helps at (\S+)": (
        f"update role set role = 'helper' where contact_id = {NAMED} and vendor_id = {SHOP % 1}"
    ),
    r"(\S+) also owns (\S+)": (
        f"update role set role = 'vendor' where contact_id = {NAMED} and vendor_id = {SHOP % 1}"
    ),
    r"(\S+) has enough helpers": (
        "insert into helper_invitation (vendor_id, phone, name, invited_by)"
        " select id, '+2289300000' || n, 'Aide ' || n, 0"
        " from vendor, generate_series(1, 9) n where slug = '{0}'"
    ),
    r"applications (\w+)": "update shop_application set state = '{0}' where state in ('open', 'sent')",
    r"payment numbers (\w+)": "update payout_number set state = '{0}' where state = 'waiting'",
    r"(\S+) sells again for (\S+)": (
        f"update role set suspended_at = null where contact_id = {NAMED} and vendor_id = {SHOP % 1}"
    ),
    r"rights of (\S+) suspended": (
        "update role set suspended_at = market_now(), suspended_why = 'renamed', granted_at = market_now()"
        f" where contact_id = {NAMED}"
    ),
    r"rights of (\S+) given back": (
        f"update role set suspended_at = null, suspended_why = null where contact_id = {NAMED}"
    ),
    r"(\S+) writes elsewhere": (
        "with elsewhere as (insert into channel_account (key, kind) values ('elsewhere', 'messenger')"
        " on conflict (key) do update set kind = 'messenger' returning id), named as (update identity"
        f" set account_id = (select id from elsewhere) where contact_id = {NAMED}), said as (update consent"
        f" set account_id = (select id from elsewhere) where contact_id = {NAMED})"
        f" update conversation set account_id = (select id from elsewhere) where contact_id = {NAMED}"
    ),
    r"nothing is linked": "delete from chat_link",
    r"everybody wants announcements": "update contact set wants_announcements = true",
    r"(\S+) wants announcements": f"update contact set wants_announcements = true where id = {NAMED}",
    r"(\S+) also organizes": f"insert into role (contact_id, role) values ({NAMED}, 'organizer')",
    r"(\S+) has an app of codes": (
        f"insert into second_factor (contact_id, salt, enrolled_at) values ({NAMED}, repeat('ab', 16), market_now())"
    ),
    r"(\S+) typed wrong codes": f"update second_factor set wrong = 4 where contact_id = {NAMED}",
    r"(\S+) may type codes again": f"update second_factor set locked_until = null where contact_id = {NAMED}",
    r"codes are asked for again": "update second_factor set trusted_until = null",
    r"(\d+) others want announcements": (
        "with known as (select c.account_id from conversation c join channel_account a on a.id = c.account_id"
        " group by 1 order by 1 limit 1), people as (insert into contact (name, wants_announcements)"
        " select 'Client ' || n, true from generate_series(1, {0}) n returning id), chats as (insert into conversation"
        " (account_id, contact_id, last_in_at) select account_id, id, market_now() + interval '1 day'"
        " from known, people) insert into identity (account_id, kind, value, contact_id)"
        " select account_id, 'phone', '+22879' || lpad(mod(id, 1000000)::text, 6, '0'), id from known, people"
    ),
    r"announcements forgotten": (
        "with gone as (delete from broadcast_history), rows as (delete from broadcast_recipient) delete from broadcast"
    ),
    r"announcement of (\S+) forgotten": (
        "update conversation set document = document #- '{{memory,announcing}}', revision = revision + 1"
        f" where contact_id = {NAMED}"
    ),
    r"announcements made by (\S+)": f"update broadcast set made_by = {NAMED}",
    r"announcements have grown": "update broadcast set state = 'paused', pause_reason = 'moved'",
    r"announcements are late": (
        "update broadcast set state = 'paused', pause_reason = 'late', started_at = null, second_by = null"
    ),
    r"announcements (\w+)": "update broadcast set state = '{0}'",
    r"riders forgotten": "delete from rider",
    r"questions forgotten": "delete from question",
    r"questions answered": (
        "update question set state = 'answered', answer = 'Oui.', answered_at = market_now()"
        " where state in ('open', 'with_people')"
    ),
    r"(\S+) has asked about ([a-z]\S+)": (
        "insert into question (number, product_id, vendor_id, contact_id, conversation_id, words, due_at) select p.id,"
        " p.id, p.vendor_id, c.contact_id, c.id, 'C est frais ?', market_now() + interval '1 day'"
        f" from product p, conversation c where p.slug = '{{1}}' and c.contact_id = {NAMED}"
        " order by c.last_in_at desc nulls last limit 1"
    ),
    r"(\S+) has asked about (\d+) others": (
        "insert into question (number, product_id, vendor_id, contact_id, conversation_id, words, due_at)"
        " select p.id, p.id, p.vendor_id, c.contact_id, c.id, 'C est frais ?', market_now() + interval '1 day'"
        " from product p, lateral (select id, contact_id from conversation"
        f" where contact_id = {NAMED} order by last_in_at desc nulls last limit 1) c"
        " where p.is_listed and p.kind = 'single' and p.slug like 'c%%' order by p.id limit {1}"
    ),
    r"basket of (\S+) emptied": (
        f"delete from basket_line where basket_id = (select id from basket where contact_id = {NAMED})"
    ),
    r"basket of (\S+) filled with (\d+) others": (
        "insert into basket_line (basket_id, product_id, quantity, price_seen)"
        f" select b.id, p.id, 1, p.price from basket b, product p where b.contact_id = {NAMED}"
        " and not exists (select 1 from basket_line l where l.basket_id = b.id and l.product_id = p.id)"
        " and p.slug like '%%e%%' and p.kind <> 'group' order by p.id desc limit {1}"
    ),
    r"address of (\S+) forgotten": (
        f"update basket set quarter = null, landmark = null, recipient = null, phone = null where contact_id = {NAMED}"
    ),
    r"orders of (\S+) taken away": (
        "update \"order\" set contact_id = (select id from contact where name ilike 'Rachelle%%' limit 1)"
        f" where contact_id = {NAMED}"
    ),
    r"orders of (\S+) given back": f'update "order" set contact_id = {NAMED}',
    r"the week begins on (\S+)": (
        "with was as (select id, date '{0}' - starts_on as days from event where state = 'open'), moved as (update"
        " event e set starts_on = e.starts_on + was.days, ends_on = e.ends_on + was.days from was where e.id = was.id),"
        " phased as (update event_phase p set starts_on = p.starts_on + was.days, ends_on = p.ends_on + was.days"
        " from was where p.event_id = was.id)"
        " update workshop w set starts_at = w.starts_at + make_interval(days => was.days),"
        " ends_at = w.ends_at + make_interval(days => was.days) from was where w.event_id = was.id"
    ),
    r"session (\d+) has (\d+) places now": (
        "update workshop set capacity = {1}, revision = revision + 1 where number = {0} and event_id = (select id from"
        " event where state = 'open')"
    ),
    r"session (\d+) is forgotten": (
        "delete from workshop where number = {0} and event_id = (select id from event where state = 'open')"
    ),
    r"there was never an event": "truncate event cascade",
    r"proposals forgotten": "delete from programme_change where applied_at is null",
    r"changes of sessions are two days old": "update programme_change set applied_at = applied_at - interval '2 d'",
    r"session (\d+) begins in (\d+) h": (
        "update workshop set starts_at = date_trunc('hour', market_now()) + interval '{1} h', ends_at ="
        f" date_trunc('hour', market_now()) + interval '{{1}} h' + interval '2 h' where {SESSION}"
    ),
    r"session (\d+) is over": (
        "update workshop set starts_at = market_now() - interval '3 h', ends_at = market_now() - interval '1 h'"
        f" where {SESSION}"
    ),
    r"session (\d+) takes nobody more": f"update workshop set is_closed = true where {SESSION}",
    r"session (\d+) takes people": f"update workshop set is_closed = false where {SESSION}",
    r"places in session (\d+) given up": (
        f"update booking set state = 'cancelled' where workshop_id in (select id from workshop where {SESSION})"
    ),
    r"no event is open": "update event set state = 'over' where state = 'open'",
    r"the week is open again": (
        "update event set state = 'open' where id = (select max(id) from event where cloned_from is not null)"
    ),
    r"(\d+) people book session (\d+)": (
        "insert into booking (workshop_id, contact_id, conversation_id, state, place, line, code) select w.id, -n,"
        " 0, 'booked', n, 100 + n, 'J' || w.id || '-' || n from workshop w join event e on e.id = w.event_id,"
        " generate_series(1, {0}) n where e.state = 'open' and w.number = {1}"
    ),
    r"room of session (\d+) is (.+)": (
        "update workshop set room = '{1}', revision = revision + 1 where number = {0} and event_id = (select id from"
        " event where state = 'open')"
    ),
    r"(\S+) is answered by hand": BY_HAND % "taken_over",
    r"(\S+) is left to the bot": BY_HAND % "given_back",
    r"codes unlocked": "update vendor_order set wrong_codes = 0",
    r"(\S+) is called (.+)": "update vendor set name = '{1}' where slug = '{0}'",
    r"parts are late": "update vendor_order set late_at = market_now() - interval '80 minutes'",
    r"code of order (\d+) is (\S+)": (
        'update "order" set code = \'{1}\' where id = (select id from "order" order by id offset {0} - 1 limit 1)'
    ),
    r"(\S+) and (\S+) are verified": "update vendor set level = 'verified' where slug in ('{0}', '{1}')",
    r"reports forgotten": "delete from flag",
    r"organizers forget what is on show": (
        "update conversation set revision = revision + 1, document = document || jsonb_build_object('memory',"
        " (document->'memory') - '{{shop_shown,orders_meant,shops_named}}'::text[])"
        " where contact_id in (select contact_id from role where role = 'organizer') and document ? 'memory'"
    ),
    r"no code is good any more": "update second_factor set trusted_until = market_now()",
    r"second factors unproven": "update second_factor set enrolled_at = null, trusted_until = null",
    r"attention settled": "update attention set settled_at = market_now()",
    r"places of (\S+) forgotten": (
        "update conversation set document = jsonb_set(document, '{{memory,places}}', '[]'), revision = revision + 1"
        f" where contact_id = {NAMED}"
    ),
}


BY_HAND = "Je réponds moi-même"
OF_TWILIO = ("twilio", "messenger")  # wires of which people have chats at Twilio
TOLD = """
select distinct on (i.contact_id) i.value from identity i join conversation c on c.contact_id = i.contact_id
where exists (select from outbox o where o.conversation_id = c.id) order by i.contact_id, i.kind desc
"""


SIGNS = "link comment pin card cart heart reaction edit delete unsupported".split()
SIGNS += [*"voice photo broken gif video document sticker".split(), *LISTS]
# what an organizer hears when a line of his list waits: a template where his window is shut, the notice elsewhere
BY_TEMPLATE = re.sub(r"\\{\\{\d\\}\\}", ".+", re.escape(TEXTS["attention_fr"].text))
LOOK = re.compile(BY_TEMPLATE + r"|À regarder\xa0: .+|Une boutique demande [\s\S]+")
KEPT = [say(language, "first.kept", {}) for language in languages()]
UNTOLD = """
select c.id from conversation c where exists (select from turn t where t.conversation_id = c.id and t.hat = 'buyer'
    and t.said <> '[]')
  and not exists (select from consent n where n.contact_id = c.contact_id and n.what = 'kept')
"""


def linked(db, what, source):
    """The link to `#7` (a good by its number), `market`, a good or a shop by its slug; with the name of that."""
    if what.startswith("#") or what == "market":
        return Link("market", 0, source) if what == "market" else Link("product", int(what[1:]), source), ""
    for kind, table in (("product", "product"), ("shop", "vendor")):
        row = db.one(f"select id, name from {table} where slug = %(slug)s", slug=what)
        if row:
            return Link(kind, row.id, source), row.name
    raise LookupError(what)


def app_code(market, phone):
    """What the app on a phone shows now, by the secret that its owner was shown; no code where none was."""
    with market.database.unit_of_work() as db:
        row = db.one(
            "select f.contact_id, f.salt from second_factor f join identity i using (contact_id)"
            " where i.value = %(phone)s",
            phone=phone,
        )
        return second_factor._app(market.config.lasting_key, *row).at(now(db)) if row else "000000"


class Parted(AssertionError):
    """The story says one thing, the market did another."""


def phone_of_stranger(kind, which):
    """The phone of somebody whom a story makes up, or what stands in its place where a channel tells none."""
    return f"TG.{which}" if kind == "hidden" else f"+2289099{sum(map(ord, which)) % 10000:04d}"


def profile_name(name):
    """A speaker's name as the phone's profile has it."""
    kind, _, which = name.partition(":")
    return "" if kind == "nameless" else (which or kind).replace("_", " ").title()


APP_CODE = "(code of the app)"


class Play:
    """One transcript on one stage over one wire."""

    def __init__(self, stage, wire, *, in_text_mode=False):
        self.stage, self.wire, self.in_text_mode = stage, wire, in_text_mode
        self.phone, self.known = "", {}
        self.unread, self.shown = {}, {}  # phone -> bubbles not yet told of, and all so far
        self.spoken = set()
        self.told = set()  # who has been told what is kept of him
        self.is_settled = self.is_speaking = False

    def run(self, steps):
        """Every step in order; at the end nothing may have been said that the story does not tell."""
        for step in steps:
            match step:
                case Speaker():
                    self._settle()
                    self.phone = self._phone_of(step.name)
                    self.wire.names[self.phone] = profile_name(step.name)
                case Said():
                    self._say(step.words)
                case Heard():
                    self._settle()
                    self._hear(step)
                case Passed():
                    self._settle()
                    self.stage.pass_time(step.seconds)
                    self.is_settled = False
                case Claim():
                    self._settle()
                    self._prove(step.words)
                case Changed():
                    self._settle()
                    self._change(step.words)
        self._settle()
        self._look_for_untold()
        left = {phone: self._of_the_story(phone) for phone in self.unread if self._of_the_story(phone)}
        if left:
            raise Parted(f"said, and not in the story: {left}")

    def _phone_of(self, name):
        kind, _, which = name.partition(":")
        if kind == "vendor":
            with self.stage.market.database.unit_of_work() as db:
                return db.value("select phone from vendor where slug = %(slug)s", slug=which)
        if kind == "organizer":
            return ORGANIZERS[0].phone
        if kind in ("new", "nameless", "hidden"):
            return phone_of_stranger(kind, which)
        return next(p.phone for p in BUYERS if p.name.split()[0].casefold() == kind)

    def _say(self, words):
        if not self.is_speaking:
            self._refuse_unread()
        if words == APP_CODE:
            words = app_code(self.stage.market, self.phone)
        self.spoken.add(self.phone)
        self.is_speaking, self.is_settled = True, False
        sign = re.fullmatch(r"\((\w+)(?:[: ] ?(.+))?\)", words)
        if sign and sign[1] in SIGNS:
            self._sign(sign[1], sign[2] or "")
        elif words.startswith("[") and words.endswith("]"):
            self._tap(words[1:-1])
        else:
            if CODES in words:
                self.known["app"] = self._shown_by_app()
            self.wire.say(self.phone, filled(words, self.known))

    def _shown_by_app(self):
        """The six digits of the speaker's second factor."""
        market, phone = self.stage.market, self.phone
        with market.database.unit_of_work() as db:
            app = db.one(
                "select s.contact_id, s.salt from second_factor s join contact p on p.id = s.contact_id"
                " order by exists (select from identity i where i.contact_id = p.id and i.value = %(phone)s) desc,"
                " p.name ilike %(name)s desc limit 1",
                phone=phone,
                name=f"{self.wire.names[phone]}%",
            )
            return second_factor._app(market.config.lasting_key, app.contact_id, app.salt).at(now(db))

    def _sign(self, kind, told):
        """What is no text."""
        match kind:
            case "link":
                self._arrive(told)
            case "comment":
                self.wire.comment(self.phone, told)
            case "pin":
                self.wire.pin(self.phone, *map(float, told.split(",")))
            case "card":
                name, *phones = told.split(", ")
                self.wire.card(self.phone, name, phones)
            case "cart":
                self.wire.cart(self.phone, [(one.split()[0], int(one.split()[1])) for one in told.split(", ")])
            case "heart" | "reaction":
                self.wire.react(self.phone, self.shown[self.phone][-1], told or "❤️")
            case "edit":
                self.wire.edit(self.phone, told)
            case "delete":
                self.wire.delete(self.phone)
            case "unsupported":
                self.wire.unsupported(self.phone)
            case _:
                self.wire.media(self.phone, kind, told)

    def _arrive(self, told):
        """What a link types for a person, or tells of him where it types nothing; behind `:` his own words for it."""
        named, _, words = told.partition(": ")
        what, _, source = named.partition(" ")
        with self.stage.market.database.unit_of_work() as db:
            link, name = linked(db, what, source)
        if words:
            self.wire.say(self.phone, f"{words} {link}".strip())
        elif hasattr(self.wire, "arrive"):
            self.wire.arrive(self.phone, str(link))
        else:
            self.wire.say(self.phone, say("fr", f"link.{link.kind}", {"name": name, "code": str(link)}))

    def _of_the_story(self, phone):
        """What somebody has yet to hear; a silent organizer is told of all that waits, which few stories tell."""
        is_silent = phone in {one.phone for one in ORGANIZERS} and phone not in self.spoken
        return [one for one in self.unread.get(phone, []) if not (is_silent and LOOK.fullmatch(one.body))]

    def _refuse_unread(self):
        bubbles = self.unread[self.phone] = self._of_the_story(self.phone)
        if bubbles:
            raise Parted(f"said to {self.phone} before this, and not in the story: {bubbles}")

    def _tap(self, title):
        """`[Title]` of the newest bubble that offers it, `[Title @2]` of the second newest."""
        title, _, back = filled(title, self.known).partition(" @")
        offering = [b for b in self.shown.get(self.phone, []) if self._offered(b, title)]
        if len(offering) < int(back or 1):
            raise Parted(f"nothing offers [{title}]: {self.shown.get(self.phone, [])[-2:]}")
        bubble = offering[-int(back or 1)]
        self.wire.tap(self.phone, bubble, self._offered(bubble, title))

    def _offered(self, bubble, title):
        return next((t for t in bubble.titles if t == title or t == shorten(title, len(t))), None)

    def _settle(self):
        """All that was begun is done and read; nothing happens by itself in between."""
        if self.is_settled:
            return
        self.is_speaking, self.is_settled = False, True
        self.stage.settle()
        while self.wire.reports_came():
            self.stage.settle()
        for phone, came in self.wire.new_bubbles(self._phones()).items():
            bubbles = with_pins(came)
            self._read_off(phone, bubbles)
            self.unread.setdefault(phone, []).extend(bubbles)
            self.shown.setdefault(phone, []).extend(bubbles)

    def _read_off(self, phone, bubbles):
        """Everybody's first answer tells below it what is kept of him: a story says it only if it is told once more."""
        for bubble in bubbles:
            for words in KEPT if phone not in self.told else ():
                if f"\n\n{words}" in bubble.body:
                    self.told.add(phone)
                    bubble.body = bubble.body.replace(f"\n\n{words}", "")

    def _look_for_untold(self):
        with self.stage.market.database.autocommit() as db:
            untold = db.rows(UNTOLD)
        if untold:
            raise Parted(f"nobody told these chats what is kept: {untold}")

    def _phones(self):
        """Whoever was told something: one name a person, the phone where it is known."""
        with self.stage.market.database.autocommit() as db:
            return sorted({row.value for row in db.rows(TOLD)})

    def _has_inbox(self, bubble):
        """Whether an organizer can also write in the chat of a line: nobody can in one at Twilio."""
        return self.wire.key not in OF_TWILIO or BY_HAND in bubble.titles

    def _hear(self, step):
        waiting = self.unread.get(self.phone, [])
        if not waiting:
            raise Parted(f"line {step.line}: nothing was said; the story expects {step.words}")
        bubble = waiting.pop(0)
        words = "\n".join(step.words)
        found = pattern_of(words, self.known).fullmatch(bubble.body.strip())
        if not found:
            raise Parted(f"line {step.line}: expected\n{words}\nheard\n{bubble.body}")
        self.known |= {name: value for name, value in found.groupdict().items() if value}
        offers = [filled(offer, self.known) for offer in step.offers if self._has_inbox(bubble) or offer != BY_HAND]
        if [self._offered(bubble, offer) for offer in offers] != bubble.titles:
            raise Parted(f"line {step.line}: expected offers {offers}, got {bubble.titles}")
        if step.has_audio != bool(bubble.audio):
            raise Parted(f"line {step.line}: {'no' if step.has_audio else 'an unexpected'} sound")
        if step.has_place != bubble.has_place:
            raise Parted(f"line {step.line}: {'no' if step.has_place else 'an unexpected'} place")
        if step.has_photo != bool(bubble.photo) and not self.in_text_mode:
            raise Parted(f"line {step.line}: {'no' if step.has_photo else 'an unexpected'} photo")

    def _change(self, words):
        self.is_settled = False
        if words == "counts take long":  # longer than a turn has
            vars(self.stage.config.timing)["count_in_turn"] = 0.0
            return
        pattern, sql = next((p, sql) for p, sql in CHANGES.items() if re.fullmatch(p, words))
        if words.startswith("content"):
            self.wire.refuse_content(words.split()[1])
            self.stage.posting.contents = Contents()  # which is read again now and then
        with self.stage.market.database.unit_of_work() as db:
            db.run(sql.format(*re.fullmatch(pattern, words).groups()))

    def _prove(self, words):
        for pattern, (sql, place) in CLAIMS.items():
            found = re.fullmatch(pattern, words)
            if found:
                expected = int(found.groups()[place])
                with self.stage.market.database.unit_of_work() as db:
                    value = db.value(sql.format(*found.groups()))
                if value != expected:
                    raise Parted(f"! {words}: it is {value}")
                return
        raise Parted(f"no such claim: {words}")
