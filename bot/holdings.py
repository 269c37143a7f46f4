"""What the market holds about a person: in short for his chat, and whole for a file that he can take away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from base.db import Db
from bot import contacts, erasure
from bot.files import Document

KIND = "data"  # of the signed address under which a person finds his file
FILE_NAME = "mes-donnees.json"
MOST_MESSAGES = 2000  # the newest; older ones are forgotten after a while anyhow
MOST_ORDERS = 1000


@dataclass(frozen=True)
class Summary:
    """In short: `phone` E.164 or '', `messages` of the person that are still kept."""

    name: str
    phone: str
    quarter: str | None  # slug of base.places
    landmark: str
    orders: int
    last_order: datetime | None
    messages: int
    wants_announcements: bool


SUMMARY = """
select p.name,
  coalesce(b.quarter, o.quarter) as quarter, coalesce(b.landmark, o.landmark, '') as landmark,
  (select count(*) from "order" where contact_id = p.id) as orders, o.placed_at as last_order,
  (select count(*) from conversation c join turn t on t.conversation_id = c.id where c.contact_id = p.id) as messages,
  p.wants_announcements
from contact p left join basket b on b.contact_id = p.id
left join lateral (select quarter, landmark, placed_at from "order" where contact_id = p.id order by id desc limit 1)
  o on true
where p.id = %(id)s
"""


def summary(db: Db, contact_id: int) -> Summary:
    """What a person reads in his chat."""
    row = db.one(SUMMARY, id=contact_id)
    if row is None:
        raise LookupError("a person without a row")
    return Summary(**row._asdict(), phone=contacts.phone_of(db, contact_id))


PARTS: Mapping[str, str] = {
    "person": (
        "select name, phone_told, language, is_in_text_mode, wants_announcements, wants_reminders, wants_order_news,"
        " made_at as known_since from contact where id = %(id)s"
    ),
    "names": (
        "select a.kind as channel, i.kind, i.value, i.made_at as known_since from identity i"
        " join channel_account a on a.id = i.account_id where i.contact_id = %(id)s order by i.made_at"
    ),
    "came_by": "select kind, code, word, ad, click, at from source where contact_id = %(id)s order by id",
    "answered_comments": (
        "select a.kind as channel, r.comment_id, r.at from comment_reply r"
        " join channel_account a on a.id = r.account_id where r.contact_id = %(id)s order by r.at"
    ),
    "consents": (
        "select what, is_given, words, a.kind as channel, c.at from consent c"
        " join channel_account a on a.id = c.account_id where c.contact_id = %(id)s order by c.id"
    ),
    "roles": "select role, granted_at, suspended_at, suspended_why from role where contact_id = %(id)s order by id",
    "reports_made": (
        "select v.name as shop, f.words, f.at, f.outcome from flag f left join vendor v on v.id = f.vendor_id"
        " where f.contact_id = %(id)s order by f.id"
    ),
    "reports_about": "select f.at, f.outcome, f.decided_at from flag f where f.about_id = %(id)s order by f.id",
    "blocks": "select why, at, ended_at from block where contact_id = %(id)s order by id",
    "rights_changed": "select role, what, at from role_change where contact_id = %(id)s order by id",
    "invited_to_sell": (
        "select s.name, s.shop, s.phone, s.made_at, s.used_at from seller_invitation s join identity i"
        " on i.kind = 'phone' and i.value = s.phone where i.contact_id = %(id)s order by s.id"
    ),
    "second_factor": "select made_at, enrolled_at from second_factor where contact_id = %(id)s",
    "linked_chats": (
        "select a.kind as channel, l.linked_at from chat_link l join conversation c on c.id = any(l.conversations)"
        " join channel_account a on a.id = c.account_id where l.contact_id = %(id)s order by l.id, c.id"
    ),
    "link_code": "select expires_at from chat_link_code where contact_id = %(id)s",
    "wrong_link_codes": "select at from chat_link_try where contact_id = %(id)s order by id",
    "basket": (
        "select b.way, b.payment, b.payment_phone, b.quarter, b.landmark, b.latitude, b.longitude,"
        " b.recipient, b.phone, b.note, (select coalesce(jsonb_agg("
        "jsonb_build_object('name', p.name, 'quantity', l.quantity) order by l.id), '[]') from basket_line l"
        " join product p on p.id = l.product_id where l.basket_id = b.id) as goods from basket b"
        " where b.contact_id = %(id)s"
    ),
    "orders": (
        "select o.code, o.placed_at, o.way, o.quarter, o.landmark, o.latitude, o.longitude, o.recipient, o.phone,"
        " o.payment, o.payment_phone, o.note, o.total, o.source as came_by,"
        " (select jsonb_agg(jsonb_build_object('shop', w.name, 'state', v.state,"
        " 'goods', v.goods, 'delivery', v.delivery, 'prepaid', v.prepaid, 'arranged_at', v.arranged_at,"
        " 'refunded_at', v.refunded_at, 'overpaid', v.overpaid, 'carrier', v.carrier, 'receipt', v.receipt, 'lines',"
        " (select jsonb_agg(jsonb_build_object('name', l.name, 'unit', l.unit, 'quantity', l.quantity,"
        " 'price', l.price, 'amount', coalesce(l.amount, l.quantity * l.price)) order by l.id)"
        " from order_line l where l.vendor_order_id = v.id))"
        " order by v.id) from vendor_order v join vendor w on w.id = v.vendor_id where v.order_id = o.id) as parts"
        f' from "order" o where o.contact_id = %(id)s order by o.id desc limit {MOST_ORDERS}'
    ),
    "errands": (
        "select o.code, r.name, r.phone, r.asked_at from order_rider r"
        ' join vendor_order v on v.id = r.vendor_order_id join "order" o on o.id = v.order_id'
        " where r.contact_id = %(id)s order by r.asked_at"
    ),
    "order_history": (
        'select o.code, h.fact, h.at from order_history h join "order" o on o.id = h.order_id'
        " where o.contact_id = %(id)s order by h.id"
    ),
    "complaints": (
        "select o.code, c.reason, c.words, c.at, c.settled_at from complaint c"
        ' join vendor_order v on v.id = c.vendor_order_id join "order" o on o.id = v.order_id'
        " where o.contact_id = %(id)s order by c.id"
    ),
    "questions": (
        "select a.kind, a.about->>'phone' as phone, a.about->>'reference' as reference, a.at, a.settled_at"
        " from attention a left join conversation c on c.id = a.conversation_id"
        " where a.about @> jsonb_build_object('contact', %(id)s::bigint) or c.contact_id = %(id)s order by a.id"
    ),
    "not_understood": "select words, at from unclear where contact_id = %(id)s order by id",
    "alerts": "select words, min_price, max_price, state, made_at from alert where contact_id = %(id)s order by id",
    "shop_blocks": (
        "select v.name as shop, b.at, b.ended_at from shop_block b join vendor v on v.id = b.vendor_id"
        " where b.contact_id = %(id)s order by b.id"
    ),
    "asked_of_shops": (
        "select p.name as product, v.name as shop, q.words, q.answer, q.state, q.asked_at, q.answered_at"
        " from question q join product p on p.id = q.product_id join vendor v on v.id = q.vendor_id"
        " where q.contact_id = %(id)s order by q.id"
    ),
    "announcements": (
        "select b.texts, r.language, r.state, r.way, r.reason, r.queued_at as sent_at, r.settled_at"
        " from broadcast_recipient r join broadcast b on b.id = r.broadcast_id"
        " where r.contact_id = %(id)s and r.state <> 'planned' order by r.broadcast_id"
    ),
    "workshops": (
        "select w.number, w.title, w.starts_at, b.state, b.code, b.booked_at, b.moved_up_at, b.cancelled_at,"
        " b.checked_in_at, b.rating, b.rated_at from booking b join workshop w on w.id = b.workshop_id"
        " where b.contact_id = %(id)s order by b.id"
    ),
    "asked_at_workshops": (
        "select w.number, w.title, q.words, q.answer, q.state, q.asked_at from workshop_question q"
        " join workshop w on w.id = q.workshop_id where q.contact_id = %(id)s order by q.id"
    ),
    "price_lists": ("select state, made_at, applied_at from price_list where contact_id = %(id)s order by id"),
    "programme_files": "select state, made_at from programme_file where contact_id = %(id)s order by id",
    "changes_of_programmes": (
        "select e.name as event, c.lines, c.made_at, c.applied_at from programme_change c"
        " join event e on e.id = c.event_id where c.contact_id = %(id)s order by c.id"
    ),
    "shop_applications": (
        "select answers, state, reason, made_at, sent_at, decided_at from shop_application"
        " where contact_id = %(id)s order by id"
    ),
    "helper_invitations": (
        "select v.name as shop, h.phone, h.name, h.state, h.made_at from helper_invitation h"
        " join vendor v on v.id = h.vendor_id where h.contact_id = %(id)s or exists (select from identity i"
        " where i.contact_id = %(id)s and i.kind = 'phone' and i.value = h.phone) order by h.id"
    ),
    "payment_numbers_asked_for": (
        "select v.name as shop, n.phone, n.wallet, n.state, n.asked_at from payout_number n"
        " join vendor v on v.id = n.vendor_id where n.contact_id = %(id)s order by n.id"
    ),
    "remembered": (
        "select c.document->'memory' as memory from conversation c where c.contact_id = %(id)s"
        " and c.document->'memory' is not null order by c.id"
    ),
    "files": (
        "select m.kind, m.mime, m.state, m.bytes, m.at from received_media m join conversation c"
        " on c.id = m.conversation_id where c.contact_id = %(id)s order by m.inbox_id, m.place"
    ),
    "messages": (
        "with turns as (select t.inbox_ids, (t.reader->>'said')::bigint as said, t.now from conversation c"
        " join turn t on t.conversation_id = c.id where c.contact_id = %(id)s"
        f" order by t.id desc limit {MOST_MESSAGES})"
        " select i.received_at as at, 'you' as by, i.message - 'sender' - 'provider_id' as content, i.id as place"
        " from turns t join inbox i on i.id = any(t.inbox_ids)"
        " union all select o.made_at, 'the market', o.bubble - 'offers', o.id from turns t"
        " join outbox o on o.said_at = t.said"
        " union all select o.made_at, 'the market', o.bubble - 'offers', o.id from conversation c"
        " join outbox o on o.conversation_id = c.id and o.kind <> 'reply' where c.contact_id = %(id)s"
        " order by at, by desc, place"
    ),
}
"""The file's parts, each by a query about one contact; whoever adds a table that holds something of a person, adds it
here and in `wiring.ERASERS`."""


def whole(db: Db, contact_id: int) -> Mapping[str, JsonValue]:
    """All of it, as JSON holds it."""
    parts: dict[str, JsonValue] = {
        name: [_as_json(row) for row in db.rows(sql, id=contact_id)] for name, sql in PARTS.items()
    }
    due = erasure.due_of(db, contact_id)
    return {**parts, "erased_at": due.isoformat() if due else None}


def document(db: Db, payload: JsonValue) -> Document | None:
    """The file of the person whose number a token holds."""
    if not isinstance(payload, int) or isinstance(payload, bool):
        return None
    content = json.dumps(whole(db, payload), ensure_ascii=False, indent=1).encode()
    return Document(FILE_NAME, "application/json", content)


def _as_json(row: Any) -> dict[str, JsonValue]:
    held: dict[str, JsonValue] = {}
    for name, value in row._asdict().items():
        held[name] = value.isoformat() if isinstance(value, datetime) else value
    return held
