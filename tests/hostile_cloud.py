"""Hostile batches at the door of WhatsApp's Cloud API: how a good one is spoilt, and what of it may be kept."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from tests.hostile import Kept, flipped, spoil, torn
from tests.hostile_documents import (
    Post,
    Refused,
    doubled,
    dropped,
    list_in,
    no_document,
    object_in,
    objects_in,
    renamed,
    replaced,
    sprinkled,
    strange,
    taken_by,
    whole,
    wrongly_signed,
)

PATH = "/webhooks/whatsapp"
NUMBER, WABA, SECRET = "106540352242922", "102290129340398", "test-meta-app-secret"
SETTINGS = {
    "META_APP_SECRET": SECRET,
    "META_VERIFY_TOKEN": "test-meta-verify-token",
    "WHATSAPP_ACCESS_TOKEN": "test-whatsapp-access-token",
    "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
    "WHATSAPP_WABA_ID": WABA,
}
LISTS = {
    "messages": "messages",
    "smb_message_echoes": "message_echoes",
    "user_id_update": "user_id_update",
    "user_preferences": "user_preferences",
}
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
NEVER = 10**12  # after every time that can be told


@dataclass
class Batch(Post):
    """One request of Meta's: its document, or the bytes in its place."""

    path: str = PATH
    signed_in = "X-Hub-Signature-256"
    secret = SECRET

    def a_list(self, chance):
        """One of the lists of its changes."""
        value = chance.choice(self.document["entry"][0]["changes"][:4])["value"]
        return value[chance.choice([name for name in value if isinstance(value[name], list)])]

    def prints(self, sid):
        """The SHA-256 of what a message's row may hold: its own element and its contact, or one of its copies."""
        said = [(change, element) for change, element in _elements(self.read) if _id(change, element) == sid]
        return {sha256(_alone(*one)).hexdigest() for one in said}


# what channels.md says is kept


def rows_of(batch):
    """What must be kept of this request: None when it is to be refused, else its rows in order, messages first."""
    try:
        document = taken_by(batch)
    except Refused:
        return None
    if not isinstance(document, dict):
        return []
    changes = _changes(document)
    own = [change for change in changes if _is_ours(change)]
    if not own and (not changes or any(field == "messages" for _, field, _ in changes)):
        return []
    said = sorted(_elements(document), key=lambda one: _moment(one[1]))
    kept = [_message(*one) for one in said]
    told = [status for _, field, value in own if field == "messages" for status in list_in(value, "statuses")]
    return [row for row in (*kept, *map(_report, told)) if row]


def _changes(document):
    """(WABA, field, value) of each change."""
    if document.get("object") != "whatsapp_business_account":
        return []
    return [
        (entry.get("id"), change.get("field"), object_in(change, "value"))
        for entry in objects_in(document, "entry")
        for change in objects_in(entry, "changes")
    ]


def _is_ours(change):
    waba, field, value = change
    number = object_in(value, "metadata").get("phone_number_id")
    return number == NUMBER if isinstance(number, str) and number else field != "messages" and waba == WABA


def _elements(document):
    """Each element about a person, with its change."""
    for change in filter(_is_ours, _changes(document)):
        _, field, value = change
        if isinstance(field, str) and field in LISTS:
            yield from ((change, element) for element in list_in(value, LISTS[field]) if not _is_of_a_group(element))


def _is_of_a_group(element):
    return isinstance(element, dict) and bool(element.get("group_id") or element.get("recipient_type") == "group")


def _message(change, element):
    sid = _id(change, element)
    who = _who(change, element) if sid else None
    return Kept(sid, who) if who else None


def _id(change, element):
    """The wamid, or what is made of an element that has none; None when it is not kept."""
    if not isinstance(element, dict):
        return None
    when = element.get("timestamp")
    if change[1] == "user_id_update":
        ids = object_in(element, "user_id")
        told = [ids.get("previous"), ids.get("current")]
        is_new = all(map(_is_scoped, told)) and told[0] != told[1]
        return _made("renamed", *told, when) if is_new else None
    if change[1] == "user_preferences":
        what = {"stop": "stopped", "resume": "resumed"}.get(_text(element.get("value")))
        known = _names(element, ("wa_id", "user_id"))
        return _made(what, *known, when) if what and element.get("category") == "marketing_messages" else None
    sid = element.get("id")
    return sid if isinstance(sid, str) and re.fullmatch("[!-~]{1,256}", sid) else None


def _made(what, *told):
    digest = sha256("\n".join(map(str, told)).encode("utf-8", "replace"))
    return f"{what}:{digest.hexdigest()[:40]}"


def _who(change, element):
    """The first name: a phone before a scoped id, the element's own before its contact's."""
    own = {
        "messages": ("from", "from_user_id"),
        "smb_message_echoes": ("to", "to_user_id", "recipient_user_id"),
        "user_preferences": ("wa_id", "user_id"),
    }
    if change[1] == "user_id_update":
        return element["user_id"]["previous"]
    contact = _contact(change, element)
    names = _names({**_prefixed(contact), **element}, (*own[change[1]], ".wa_id", ".user_id"))
    return next(iter(names), None)


def _prefixed(contact):
    return {f".{name}": value for name, value in contact.items()}


def _names(element, keys):
    told = [value for key in keys if isinstance(value := element.get(key), str)]
    phones = [f"+{one.removeprefix('+')}" for one in told if re.fullmatch(r"\+?[1-9][0-9]{6,14}", one)]
    return [*phones[:1], *[one for one in told if _is_scoped(one)][:1]]


def _is_scoped(value):
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Z]{2}(\.[A-Za-z0-9]{1,128}){1,3}", value))


def _contact(change, element):
    """The first contact with the message's phone, else with its scoped id."""
    if change[1] != "messages" or not isinstance(element, dict):
        return {}
    for key, name in (("wa_id", "from"), ("user_id", "from_user_id")):
        told = element.get(name)
        for contact in objects_in(change[2], "contacts") if isinstance(told, str) and told else ():
            if contact.get(key) == told:
                return contact
    return {}


def _alone(change, element):
    contact = _contact(change, element)
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": NUMBER},
        "contacts": [contact] if contact else [],
        LISTS[change[1]]: [element],
    }
    entry = {"changes": [{"field": change[1], "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode("ascii")


def _moment(element):
    """Its second; what does not tell one comes last."""
    told = element.get("timestamp") if isinstance(element, dict) else None
    is_number = isinstance(told, int) and not isinstance(told, bool) and 0 < told < 10**11
    text = str(told) if is_number else _text(told)
    return int(text) if re.fullmatch("[0-9]{1,11}", text) and int(text) else NEVER


def _report(element):
    if not isinstance(element, dict) or _is_of_a_group(element):
        return None
    sid, status = element.get("id"), STATUSES.get(_text(element.get("status")))
    is_named = isinstance(sid, str) and re.fullmatch("[!-~]{1,256}", sid)
    return Kept(sid, status, is_report=True) if is_named and status else None


def _text(value):
    return value if isinstance(value, str) else ""


# how Meta would have said it


def batch(number, phone):
    """A good batch: two messages, what befell three chats, two statuses, news of a template."""
    digits, scoped = phone.removeprefix("+"), f"TG.{phone.removeprefix('+')}"
    own = {"from": digits, "from_user_id": scoped, "timestamp": str(1_795_507_200 + number % 1000)}
    words = {"id": f"wamid.{number}", "type": "text", "text": {"body": f"je cherche zoblo{number}"}}
    file = {"id": "1013859600285441", "mime_type": "image/jpeg", "sha256": "x"}
    photo = {"id": f"wamid.photo{number}", "type": "image", "image": file}
    sent = {"id": f"wamid.sent{number}", "recipient_id": digits, "timestamp": "1795507300"}
    preference = {"wa_id": digits, "user_id": scoped, "category": "marketing_messages", "value": "stop"}
    echo = {"from": "22870000000", "to": digits, "id": f"wamid.echo{number}", "type": "text", "timestamp": "1795507400"}
    update = {"wa_id": digits, "user_id": {"previous": scoped, "current": f"TG.{number}"}, "timestamp": "1795507400"}
    template = {"event": "APPROVED", "message_template_name": "arrived_fr", "message_template_language": "fr"}
    changes = [
        _change(
            "messages",
            contacts=[{"profile": {"name": "Awa"}, "wa_id": digits, "user_id": scoped}],
            messages=[own | words, own | photo],
            statuses=[sent | {"status": "sent"}, sent | {"status": "delivered"}],
        ),
        _change("user_preferences", user_preferences=[preference | {"timestamp": 1_795_507_300 + number}]),
        _change("smb_message_echoes", message_echoes=[echo]),
        _change("user_id_update", user_id_update=[update]),
        {"field": "message_template_status_update", "value": template},
    ]
    return Batch({"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": changes}]})


def _change(field, **lists):
    return {
        "field": field,
        "value": {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER}, **lists},
    }


# how it is spoilt: each takes the chance and a good request


def another_field(chance, post):
    fields = (*LISTS, "zoblo", "account_update", "messages ", "", None, 7)
    chance.choice(post.document["entry"][0]["changes"])["field"] = chance.choice(fields)


def of_others(chance, post):
    change = chance.choice(post.document["entry"][0]["changes"])
    change["value"]["metadata"] = chance.choice(({"phone_number_id": "2"}, {"phone_number_id": ""}, {}, None, []))
    post.document["entry"][0]["id"] = chance.choice((WABA, "2", None))


def large(chance, post):
    message = post.document["entry"][0]["changes"][0]["value"]["messages"][0]
    message["text"]["body"] = "x" * chance.choice((5_000, 2_900_000, 3_100_000))


# in the order in which two of them spoil one batch: first its values, then its bytes, at last its signature
SPOILERS = (
    large, doubled, strange, another_field, of_others, replaced, replaced, replaced, dropped, renamed, whole, torn,
    flipped, sprinkled, no_document, wrongly_signed,
)  # fmt: skip


def spoilt(chance, number, phone):
    """One good batch of that number, spoilt once, seldom twice, and signed as it then is."""
    return spoil(chance, batch(number, phone), SPOILERS)
