"""A Graph API on loopback for one Page: it takes and keeps what Messenger would, and misbehaves when it is told to."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tests.fakes import messenger_rules
from tests.fakes.graph_cloud import hear_nothing
from tests.fakes.served import Answering, Served

PAGE, APP, TOKEN = "110000000000001", "220000000000002", "EAAtesttoken"
APP_SECRET, APP_SECRET_BEFORE, VERIFY_TOKEN = "app_secret_test", "app_secret_before", "a-word-of-ours"
# hex HMAC-SHA256 of the token by the secret: channels.md §9
PROOF = "6554618f037e609d021d7ddcf91124029884c4d91d557ad6f1910082e699d6eb"
CDN = "v/t1.15752-9"
VARIABLE = re.compile(r"\{\{(\d+)\}\}")
HEADERS = {"Content-Type": "application/json"}


def error(code, subcode=0):
    """The document of an error."""
    told = {"message": "refused", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return {"error": told | ({"error_subcode": subcode} if subcode else {})}


@dataclass
class Asked:
    """One request as it came, without its credentials."""

    method: str
    path: str
    query: dict
    document: dict | None


@dataclass
class FakePage(Served):
    """`moods` are used up one a call: (status, document or bytes, headers), `reset`, `take_and_reset`; then it is well.

    `messages` are those taken, the n-th as `m_sent_<n>`; `actions` what else was done in chats, `public` what was said
    below comments, `authors` who wrote which comment; `files` what people send, by name, at addresses that need no
    token. `permissions` are what the Page was given, `owners` the other app that holds somebody's thread,
    `unsubscribable` the fields that the app may not be told of. `strangers` asked without one, `told` showed it to who
    gives files. `on_taken` is called with each message: its id, its document, whether an answer tells of it. Use as a
    context manager.
    """

    moods: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    public: list = field(default_factory=list)
    authors: dict = field(default_factory=dict)
    permissions: set = field(default_factory=lambda: {*messenger_rules.PERMISSIONS})
    owners: dict = field(default_factory=dict)
    unsubscribable: set = field(default_factory=set)
    apps: list = field(default_factory=list)
    templates: list = field(default_factory=list)
    profile: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    strangers: int = 0
    told: int = 0
    on_taken: Callable = hear_nothing

    def __post_init__(self):
        self._lock = threading.Lock()
        super().__init__(_Handler)

    def keeps(self, content, name):
        """Have a file that somebody sent; the address by which a webhook names it."""
        self.files[name] = content
        return f"{self.url}/{CDN}/{name}?oh=00_AfA&oe=6A1B2C3D"

    def answer(self, asked):
        """The status and document of a request to a Page that is well."""
        self.asked.append(asked)
        match asked.method, asked.path.split("/")[1:]:
            case "POST", ["v25.0", one, "messages"] if one == PAGE:
                return self.take(asked.document)
            case "POST", ["v25.0", comment, "comments"] if comment in self.authors:
                self.public.append((comment, asked.document["message"]))
                return 200, {"id": f"{comment}_1"}
            case "POST", ["v25.0", "me", "messenger_profile"]:
                self.profile |= asked.document
                return 200, {"result": "success"}
            case "GET", ["v25.0", one, "subscribed_apps"] if one == PAGE:
                return 200, {"data": self.apps}
            case "POST", ["v25.0", one, "subscribed_apps"] if one == PAGE:
                return self.subscribe(asked.query["subscribed_fields"].split(","))
            case "GET", ["v25.0", one, "message_templates"] if one == PAGE:
                return 200, {"data": self.templates}
            case "POST", ["v25.0", one, "message_templates"] if one == PAGE:
                made = {"id": str(900 + len(self.templates)), "status": "APPROVED"}
                self.templates.append(asked.document | made)
                return 200, made
        return 404, error(100)

    def subscribe(self, fields):
        """As Graph: all of them, instead of those before, or none."""
        if self.unsubscribable & {*fields}:
            return 400, error(200)
        self.apps = [{"id": APP, "subscribed_fields": fields}]
        return 200, {"success": True}

    def take(self, document):
        """A message as the Send API judges it (channels.md §3.4)."""
        if "sender_action" in document:
            self.actions.append(document)
            return 200, {"recipient_id": document["recipient"]["id"]}
        message = document["message"]
        refusal = messenger_rules.refusal(document, self.messages, self.authors, self.permissions, self.owners)
        if refusal or ("template" in message and self.text_of(message["template"]) is None):
            return 400, error(*(refusal or (100,)))
        with self._lock:
            self.messages.append(document)
            sent_id = f"m_sent_{len(self.messages)}"
        told = document["recipient"]
        return 200, {"recipient_id": told.get("id") or self.authors[told["comment_id"]], "message_id": sent_id}

    def text_of(self, template):
        """What a template says with its values; None for one that is not approved, or that has others."""
        found = (one for one in self.templates if (one["name"], one["language"]) == _key_of(template))
        known = next((one for one in found if one["status"] == "APPROVED"), None)
        text = known and next(one["text"] for one in known["components"] if one["type"] == "BODY")
        values = [value["text"] for one in template["components"] for value in one["parameters"]]
        if text is None or {*range(1, len(values) + 1)} != {*map(int, VARIABLE.findall(text))} or not all(values):
            return None
        return VARIABLE.sub(lambda place: values[int(place[1]) - 1], text)


def _key_of(template):
    return template["name"], template["language"]["code"]


class _Handler(Answering):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self._serve(None)

    def do_POST(self):
        body = self.body()
        self._serve(json.loads(body) if body else None)

    def _serve(self, document):
        parts = urlsplit(self.path)
        if parts.path.startswith(f"/{CDN}/"):
            return self._give(parts.path.rpartition("/")[2])
        query = dict(parse_qsl(parts.query))
        if (query.pop("appsecret_proof", ""), self.headers.get("Authorization")) != (PROOF, f"Bearer {TOKEN}"):
            self.fake.strangers += 1
            return self._reply(401, error(190))
        asked = Asked(self.command, parts.path, query, document)
        mood = self.fake.moods.pop(0) if self.fake.moods else ""
        if isinstance(mood, tuple):
            self.fake.asked.append(asked)
            return self._reply(*mood)
        if mood == "reset":
            self.fake.asked.append(asked)
            return self.reset()
        status, answer = self.fake.answer(asked)
        if "message_id" in answer:
            self.fake.on_taken(answer["message_id"], document, mood != "take_and_reset")
        if mood == "take_and_reset":
            return self.reset()
        return self._reply(status, answer)

    def _give(self, name):
        self.fake.told += "Authorization" in self.headers
        content = self.fake.files.get(name)
        return self._reply(404, b"") if content is None else self._reply(200, content)

    def _reply(self, status, document, headers=()):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.answer(status, {**HEADERS, **dict(headers)}, body)
