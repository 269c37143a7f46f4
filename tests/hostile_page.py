"""Hostile batches at Messenger's door: how a good one of a Page is spoilt, and what of it may be kept."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from handlers.words import line_in, text_in
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

PATH = "/webhooks/messenger"
PAGE, APP, INBOX, SECRET = "110000000000001", "220000000000002", "263902037430900", "test-meta-app-secret"
SETTINGS = {
    "META_APP_SECRET": SECRET,
    "META_VERIFY_TOKEN": "test-meta-verify-token",
    "META_APP_ID": APP,
    "MESSENGER_PAGE_TOKEN": "test-page-access-token",
    "MESSENGER_PAGE_ID": PAGE,
}
PLACES = ("messaging", "standby", "changes")
FRAME, MARKS = ("sender", "recipient", "timestamp"), ("mid", "is_echo", "is_deleted", "app_id", "metadata")
EMOJIS = {"love": "❤", "like": "👍", "dislike": "👎", "smile": "😆", "wow": "😮", "sad": "😢", "angry": "😠"}
LATEST = 4_102_444_800_000  # the year 2100, in milliseconds
BEGAN = 1_795_507_200_000


@dataclass
class Batch(Post):
    """One request of Meta's: its document, or the bytes in its place."""

    path: str = PATH
    signed_in = "X-Hub-Signature-256"
    secret = SECRET

    def a_list(self, chance):
        """One of the lists of its entry."""
        return self.document["entry"][0][chance.choice(PLACES)]

    def prints(self, sid):
        """The SHA-256 of what a message's row may hold: its own event alone, or one of its copies."""
        own = [event for event in _events(self.read) if (kept := _message(event)) and kept.sid == sid]
        return {sha256(_alone(event)).hexdigest() for event in own}


@dataclass(frozen=True)
class Event:
    """One element of an entry, where it stands, and its millisecond, 0 for none."""

    place: str
    at: int
    told: dict


# what channels.md says is kept


def rows_of(batch):
    """What must be kept of this request: None when it is to be refused, else its rows in order, messages first."""
    try:
        document = taken_by(batch)
    except Refused:
        return None
    if not isinstance(document, dict) or document.get("object") != "page" or not _entries(document):
        return []
    events = sorted(_events(document), key=lambda event: event.at)
    said = [row for row in map(_message, sorted(events, key=lambda event: event.at or LATEST)) if row]
    return [*said, *(row for event in events for row in _reports(event))]


def _entries(document):
    """Those of the Page."""
    return [entry for entry in objects_in(document, "entry") if _number(entry.get("id")) == PAGE]


def _events(document):
    for entry in _entries(document):
        for place in PLACES:
            for told in list_in(entry, place):
                event = told if isinstance(told, dict) else {}
                yield Event(place, _at(place, event) or _milliseconds(entry.get("time")), event)


def _at(place, told):
    seconds = object_in(told, "value").get("created_time") if place == "changes" else None
    if place != "changes":
        return _milliseconds(told.get("timestamp"))
    return seconds * 1000 if type(seconds) is int and 0 < seconds * 1000 < LATEST else 0


def _message(event):
    readers = {"messaging": _said, "standby": _said_to_others, "changes": _comment}
    return readers[event.place](event)


def _said(event):
    names = [name for name in ("message", "postback", "referral", "reaction") if name in event.told]
    if not names:
        return _control(event)
    name, told = names[0], object_in(event.told, names[0])
    if told.get("is_echo") is True:
        return _echo(event, told)
    sid = _id_of(event, name, told)
    return _kept(event, sid) if sid else None


def _id_of(event, name, told):
    mid = _mid(told.get("mid"))
    if not isinstance(event.told[name], dict):
        return None
    if name == "message":
        return _made(event, "deleted", mid) if mid and told.get("is_deleted") is True else mid
    if name == "postback":
        payload = line_in(told.get("payload"), 257)
        return mid or _made(event, "postback", payload if len(payload) < 257 else "")
    if name == "referral":
        return _made(event, "referral", line_in(told.get("ref"))) if told.get("type") == "OPEN_THREAD" else None
    action = told.get("action")
    emoji = line_in(told.get("emoji")) or EMOJIS.get(line_in(told.get("reaction")), "")
    emoji = "" if action == "unreact" else emoji
    is_told = action == "unreact" or (action == "react" and emoji)
    return _made(event, "reaction", mid, action, emoji) if mid and is_told else None


def _control(event):
    told = object_in(event.told, "pass_thread_control")
    owners = [_number(told.get(f"{which}_owner_app_id")) for which in ("new", "previous")]
    return _kept(event, _made(event, "control", *owners)) if any(owners) else None


def _echo(event, told, side="recipient"):
    mid, is_ours = _mid(told.get("mid")), _number(told.get("app_id")) == APP
    return None if is_ours or told.get("is_deleted") is True or not mid else _kept(event, mid, side)


def _said_to_others(event):
    told = next((event.told[name] for name in ("message", "postback") if isinstance(event.told.get(name), dict)), None)
    if told is None:
        return None
    return (
        _echo(event, told)
        if told.get("is_echo") is True
        else _kept(event, _made(event, "standby", _mid(told.get("mid"))))
    )


def _comment(event):
    value = object_in(event.told, "value")
    if (
        event.told.get("field") != "feed"
        or value.get("item") != "comment"
        or value.get("verb") not in ("add", "edited")
    ):
        return None
    sid, author = value.get("comment_id"), _number(object_in(value, "from").get("id"))
    is_named = isinstance(sid, str) and re.fullmatch("[0-9]{1,32}(_[0-9]{1,32}){0,2}", sid)
    is_heard = is_named and author != PAGE and text_in(value.get("message"))
    return Kept(f"comment:{sid}:{value['verb']}", sid) if is_heard else None


def _kept(event, sid, side="sender"):
    who = _number(object_in(event.told, side).get("id"))
    return Kept(sid, who) if who not in ("", PAGE) else None


def _made(event, kind, *parts):
    who = _number(object_in(event.told, "sender").get("id"))
    told = json.dumps([who, _milliseconds(event.told.get("timestamp")), kind, *parts])
    return f"{kind}:{sha256(told.encode()).hexdigest()[:40]}"


def _reports(event):
    mids = [_mid(mid) for mid in list_in(object_in(event.told, "delivery"), "mids")]
    return [Kept(mid, "delivered", is_report=True) for mid in dict.fromkeys(mids) if mid and event.place != "changes"]


def _alone(event):
    told = event.told
    if event.place == "standby":
        told = {name: told[name] for name in FRAME if name in event.told}
        for name in ("message", "postback"):
            if isinstance(event.told.get(name), dict):
                told[name] = {mark: event.told[name][mark] for mark in MARKS if mark in event.told[name]}
        told |= {name: event.told[name] for name in ("delivery",) if name in event.told}
    entry = {"id": PAGE, "time": event.at, event.place: [told]}
    return json.dumps({"object": "page", "entry": [entry]}).encode("ascii")


def _number(value):
    text = str(value) if type(value) is int else value
    return text if isinstance(text, str) and re.fullmatch("[0-9]{1,32}", text) else ""


def _mid(value):
    return value if isinstance(value, str) and re.fullmatch("[!-~]{1,512}", value) else ""


def _milliseconds(value):
    return value if type(value) is int and 0 < value < LATEST else 0


# how Meta would have said it


def batch(number, phone):
    """A good batch: talk, what befell a chat, news of our own messages, talk with others, a comment."""
    psid, began = phone.removeprefix("+"), BEGAN + number % 1000
    own = {"sender": {"id": psid}, "recipient": {"id": PAGE}}
    image = {"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/v/riz.jpg"}}
    referral = {"ref": "tiktok", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    echo = {"mid": f"m_echo{number}", "is_echo": True, "app_id": int(INBOX), "text": "Je vous réponds"}
    said = [
        own | {"message": {"mid": f"m_{number}", "text": f"je cherche zoblo{number}"}},
        own | {"message": {"mid": f"m_photo{number}", "attachments": [image]}},
        own | {"postback": {"mid": f"m_tap{number}", "title": "Menu", "payload": "MENU", "referral": referral}},
        own | {"referral": referral},
        own | {"reaction": {"mid": "m_ours", "action": "react", "reaction": "love", "emoji": "❤️"}},
        {"sender": {"id": PAGE}, "recipient": {"id": psid}, "message": echo},
        own | {"pass_thread_control": {"previous_owner_app_id": APP, "new_owner_app_id": INBOX, "metadata": "m"}},
        own | {"delivery": {"mids": [f"m_sent{number}", f"m_sent_too{number}"], "watermark": BEGAN}},
        own | {"read": {"watermark": BEGAN}},
        {"recipient": {"id": PAGE}, "policy_enforcement": {"action": "warning", "reason": "x"}},
    ]
    stamped = [event | {"timestamp": began + place} for place, event in enumerate(said)]
    standby = own | {"timestamp": began + 50, "message": {"mid": f"m_theirs{number}", "text": "à la personne"}}
    comment = {
        "item": "comment", "verb": "add", "comment_id": f"{PAGE}_5_{number}", "post_id": f"{PAGE}_5",
        "parent_id": f"{PAGE}_5", "from": {"id": psid, "name": "Awa"}, "message": "prix ?",
        "created_time": BEGAN // 1000 + 100,
    }  # fmt: skip
    template = {"event": "APPROVED", "message_template_name": "arrived_fr", "message_template_language": "fr"}
    changes = [
        {"field": "feed", "value": comment},
        {"field": "messenger_template_status_update", "value": template},
    ]
    entry = {"id": PAGE, "time": BEGAN, "messaging": stamped, "standby": [standby], "changes": changes}
    return Batch({"object": "page", "entry": [entry]})


# how it is spoilt: each takes the chance and a good request


def shuffled(chance, post):
    chance.shuffle(post.document["entry"][0]["messaging"])


def moved(chance, post):
    """An event stands where others do."""
    elements = post.a_list(chance)
    post.a_list(chance).append(elements.pop(chance.randrange(len(elements))))


def of_others(chance, post):
    post.document["entry"][0]["id"] = chance.choice((int(PAGE), "2", None, [], f" {PAGE}", f"{PAGE}\n"))


def large(chance, post):
    message = post.document["entry"][0]["messaging"][0]["message"]
    message["text"] = "x" * chance.choice((5_000, 2_900_000, 3_100_000))


# in the order in which two of them spoil one batch: first its values, then its bytes, at last its signature
SPOILERS = (
    large, doubled, strange, shuffled, moved, of_others, replaced, replaced, replaced, replaced, dropped, renamed,
    whole, torn, flipped, sprinkled, no_document, wrongly_signed,
)  # fmt: skip


def spoilt(chance, number, phone):
    """One good batch of that number, spoilt once, seldom twice, and signed as it then is."""
    return spoil(chance, batch(number, phone), SPOILERS)
