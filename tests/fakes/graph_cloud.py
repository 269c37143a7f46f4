"""Meta's Cloud API on loopback: it takes messages, gives files in two steps, and has its bad days."""

import json
import threading
from urllib.parse import parse_qs, urlsplit

from base.accounts import WhatsappCloudAccount
from base.secret import Secret
from handlers.channel import WebhookRequest
from handlers.graph import proof, signature
from tests.fakes.served import Answering, Served

NUMBER_ID = "106540352242922"
WABA_ID = "102290129340398"
APP_SECRET, TOKEN, VERIFY_TOKEN = "app_secret_test", "EAAtesttoken", "un mot à nous"
GARBAGE = b'\xff\x00{"messages": [{"id"'


def error(code, **more):
    """The document of an error."""
    told = {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return json.dumps({"error": told | more}).encode()


# mood -> status, headers, body; `reset` takes the message and hangs up, `cut` stops in the middle of the answer
MOODS = {
    "throttled": (429, {"Retry-After": "30"}, error(130429)),
    "throttled_without_a_time": (429, {}, error(130429)),
    "busy_app": (400, {}, error(4)),
    "pair": (400, {}, error(131056)),
    "token": (401, {}, error(190)),
    "token_zero": (401, {}, error(0)),
    "window": (400, {}, error(131047)),
    "content": (400, {}, error(131009)),
    "file": (400, {}, error(131053)),
    "fetch": (400, {}, error(131014)),
    "language": (404, {}, error(132001)),
    "something": (500, {}, error(131000)),
    "transient": (500, {}, error(2, is_transient=True)),
    "new_code": (500, {}, error(139999)),
    "away": (503, {}, b"<html>Service Unavailable</html>"),
    "garbled": (200, {}, GARBAGE),
    "garbled_refusal": (400, {}, GARBAGE),
    "no_id": (200, {}, b'{"messaging_product": "whatsapp", "messages": [{}]}'),
    "strange_id": (200, {}, b'{"messages": [{"id": "wamid.\\u0000\\ud800"}]}'),
    "moved": (302, {"Location": "https://example.com/"}, b""),
}


def account_at(url, **changed):
    """An account of the app, at this address."""
    usual = {
        "key": "whatsapp",
        "app_secret": Secret(APP_SECRET),
        "verify_token": Secret(VERIFY_TOKEN),
        "access_token": Secret(TOKEN),
        "phone_number_id": NUMBER_ID,
        "waba_id": WABA_ID,
        "api_base": url,
    }
    return WhatsappCloudAccount(**(usual | changed))


def hear_nothing(*_):
    """Nobody asked to be told what is taken."""


class FakeGraph(Served):
    """`moods` are met one after the other, then all is well; `refuses` maps a message's type to a code.

    `taken` holds the payloads that a phone would show, `asked` (method, path, query, headers) of every request.
    `typed` holds the ids of the messages that somebody was shown to answer.
    `on_taken` is called with each message that is taken: its wamid, its payload, whether an answer tells of it.
    `files` maps media ids to (status, document), a missing one does not exist; `contents` paths to (status, bytes).
    Use as a context manager.
    """

    def __init__(self):
        self.moods, self.refuses, self.taken, self.asked = [], {}, [], []
        self.files, self.contents, self.typed = {}, {}, []
        self.on_taken = hear_nothing
        self._taking = threading.Lock()  # several threads send at once
        super().__init__(_Handler)

    def account(self, **changed):
        """An account that speaks to this server."""
        return account_at(self.url, **changed)

    def keeps(self, content, media_id="1013859600285441", **told):
        """A file that a person sent; its media id."""
        self.contents[f"/files/{media_id}"] = content if isinstance(content, tuple) else (200, content)
        document = {"url": f"{self.url}/files/{media_id}", "mime_type": "audio/ogg", "id": media_id} | told
        self.files[media_id] = (200, document)
        return media_id

    def take(self, payload):
        """The answer to a message."""
        mood = self.moods.pop(0) if self.moods else "ok"
        if mood in MOODS:
            return MOODS[mood]
        if payload.get("status") == "read":
            return self.show_typing(payload)
        told = payload[payload["type"]]
        code = self.refuses.get(payload["type"]) or self.refuses.get(told.get("type"))
        if code:
            return 400, {}, error(code)
        wamid = self.keep(payload)
        self.on_taken(wamid, payload, mood != "reset")
        if mood == "reset":
            return None
        return 200, {}, json.dumps({"messaging_product": "whatsapp", "messages": [{"id": wamid}]}).encode()

    def show_typing(self, payload):
        """The answer to a message that is marked as read."""
        assert payload == {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": payload["message_id"],
            "typing_indicator": {"type": "text"},
        }
        with self._taking:
            self.typed.append(payload["message_id"])
        return 200, {}, b'{"success": true}'

    def keep(self, payload):
        """A message that is taken; its wamid."""
        with self._taking:
            self.taken.append(payload)
            return f"wamid.{len(self.taken)}"

    def taker_of(self, path):
        """What answers the documents that are posted to a path; None where nothing does."""
        return {f"/v25.0/{NUMBER_ID}/messages": self.take}.get(path)


class _Handler(Answering):
    def note(self):
        parts, headers = urlsplit(self.path), self.named
        self.fake.asked.append((self.command, parts.path, parse_qs(parts.query), headers))
        return parts.path, headers

    def do_POST(self):
        path, headers = self.note()
        body, take = self.body(), self.fake.taker_of(path)
        if take is None or not self.is_ours(headers):
            return self.answer(401, {}, error(190))
        answer = take(json.loads(body))
        return self.reset() if answer is None else self.answer(*answer)

    def do_GET(self):
        path, headers = self.note()
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return self.answer(401, {}, error(190))
        if path in self.fake.contents:
            status, content, *more = self.fake.contents[path]
            return self.answer(status, *(more or [{}]), content)
        unknown = (400, json.loads(error(100, error_subcode=33)))
        status, document = self.fake.files.get(path.rpartition("/")[2], unknown)
        return self.answer(status, {}, document if isinstance(document, bytes) else json.dumps(document).encode())

    def is_ours(self, headers):
        query = parse_qs(urlsplit(self.path).query)
        is_proven = query.get("appsecret_proof") == [proof(self.fake.account())]
        return is_proven and headers.get("authorization") == f"Bearer {TOKEN}"


def knock(body, secret=APP_SECRET):
    """A webhook of Meta's with these bytes, signed by the secret."""
    headers = {"x-hub-signature-256": signature(Secret(secret), body), "content-type": "application/json"}
    return WebhookRequest("POST", "/webhooks/whatsapp", "", headers, body)
