"""The phones behind Meta's Cloud API: they show what it takes, say things by signed webhooks, and tell what arrived."""

import base64
import hashlib
import itertools
import json
import time
import zlib
from dataclasses import dataclass, field

import urllib3

from base.secret import Secret
from handlers.graph import signature
from tests.fakes.graph_cloud import APP_SECRET, NUMBER_ID, TOKEN, VERIFY_TOKEN, WABA_ID, FakeGraph, error
from tests.fakes.graph_rules import INVALID, VARIABLE, check_definition, check_message, values_in
from tests.fakes.rules import Refusal, refuse

OWN_NUMBER = "22870000000"
STATUSES = ("sent", "delivered", "read")
AT_ONCE = 2  # statuses in one change of a batch
AGAIN = 5  # every fifth message is brought twice, as after an answer that was lost on its way
WINDOW, IS_SHUT = 86400.0, 131047  # seconds that words may follow a person's own
VISIBLE, VOICE = ("image", "video", "document"), "audio"


@dataclass
class Shown:
    """A message that was taken, as its phone shows it."""

    wamid: str
    to: str
    ours: str
    body: str = ""
    layout: str = "text"
    photo: str = ""
    document: str = ""
    audio: str = ""
    opener: str = ""
    buttons: list = field(default_factory=list)
    link: str = ""
    asks: str = ""
    place: tuple = ()
    goods: list = field(default_factory=list)
    quotes: str = ""

    @property
    def titles(self):
        return [button["title"] for button in self.buttons]


def scoped_id(name):
    """The business-scoped id of a phone; it is one already where the phone is hidden."""
    return f"TG.{zlib.crc32(name.encode()):013d}" if name.startswith("+") else name


def signed(values):
    """Headers and bytes of one webhook of the number, with one change for each of these values."""
    metadata = {"display_phone_number": OWN_NUMBER, "phone_number_id": NUMBER_ID}
    whole = [{"messaging_product": "whatsapp", "metadata": metadata, **value} for value in values]
    changes = [{"field": "messages", "value": value} for value in whole]
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": changes}]}).encode()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": signature(Secret(APP_SECRET), body)}, body


def status_of(wamid, status, ours, to="", phone="", at=None):
    """What Meta tells of a message of the number's; `ours` is what was sent with it."""
    return {
        "id": wamid,
        "status": status,
        "timestamp": str(at or int(time.time())),
        **({"recipient_id": phone[1:]} if phone else {}),
        "recipient_user_id": to,
        "biz_opaque_callback_data": ours,
    }


class FakeCloud(FakeGraph):
    """A FakeGraph as strict as Meta; `web` is where the program listens, `statuses` what is told of each message.

    `shown` holds all that was taken, in order, `refused` the codes of what was not; `templates` the account's.
    Statuses are told by `tell`, in one batch.
    `clock` gives seconds: a window is shut a day after somebody's last words, and open for who has said nothing yet.
    """

    def __init__(self, web="", statuses=STATUSES):
        super().__init__()
        self.web, self.statuses, self.shown, self.templates = web, statuses, [], []
        self.clock, self._heard_at, self.refused, self._said = time.time, {}, [], set()
        self._untold, self._numbers, self._http = [], itertools.count(1), urllib3.PoolManager(retries=False)
        self.files["message_templates"] = (200, {"data": self.templates})

    @property
    def settings(self):
        """The variables of an account that speaks to this server."""
        return {
            "META_APP_SECRET": APP_SECRET,
            "META_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_ACCESS_TOKEN": TOKEN,
            "WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
            "WHATSAPP_WABA_ID": WABA_ID,
            "GRAPH_API_BASE": self.url,
        }

    def __exit__(self, *raised):
        super().__exit__(*raised)
        self._http.clear()

    def to(self, name):
        """What a person was sent, by phone or scoped id."""
        with self._taking:
            return [one for one in self.shown if one.to == scoped_id(name)]

    def take(self, payload):
        """The answer to a message, or to one that is marked as read."""
        if payload.get("status") == "read":
            return super().take(payload)
        try:
            check_message(payload, self._approved())
            refuse(IS_SHUT, payload["type"] != "template" and self._is_shut(payload))
            refuse(INVALID, _quoted(payload) not in ("", *self._said))
        except Refusal as refusal:
            self.refused.append(refusal.code)
            return 400, {}, error(refusal.code)
        return super().take(payload)

    def keep(self, payload):
        """A message that is taken; its wamid."""
        wamid = super().keep(payload)
        to = scoped_id(payload.get("to") or payload["recipient"])
        ours, shown = payload.get("biz_opaque_callback_data", ""), self._shown(payload)
        one = Shown(wamid, to, ours, **shown, quotes=_quoted(payload))
        with self._taking:
            self.shown.append(one)
            self._untold.append((one, payload.get("to", "")))
        return wamid

    def taker_of(self, path):
        """The messages of the number and the templates of its account."""
        return self.make_template if path == f"/v25.0/{WABA_ID}/message_templates" else super().taker_of(path)

    def make_template(self, definition):
        """The answer to a template that is asked for; it waits to be approved."""
        try:
            check_definition(definition)
        except Refusal as refusal:
            return 400, {}, error(refusal.code)
        made = {"id": str(900 + len(self.templates)), "status": "PENDING", "category": definition["category"]}
        self.templates.append(definition | made)
        return 200, {}, json.dumps(made).encode()

    def judge_templates(self, status):
        """Meta approves all templates, or pauses them."""
        for template in self.templates:
            template["status"] = status

    def bring(self, kind, phone, name, told, *, to=None):
        """A message of a person, brought to the program; `told` is what stands under its kind. Its wamid."""
        number, said = self.said_by(kind, phone, name, told, to=to)
        for _ in range(1 if number % AGAIN else 2):
            self.post([said])
        return said["messages"][0]["id"]

    def said_by(self, kind, phone, name, told, *, to=None):
        """The number of a person's message, and the value of a change that brings it; nothing is brought yet."""
        number = next(self._numbers)
        self._heard_at[scoped_id(phone)] = self.clock()
        wamid, is_hidden = f"wamid.in{number}", not phone.startswith("+")
        self._said.add(wamid)
        own = {} if is_hidden else {"from": phone[1:]}
        reply = {"context": {"from": OWN_NUMBER, "id": to.wamid}} if to else {}
        message = own | {
            "from_user_id": scoped_id(phone),
            "id": wamid,
            "timestamp": str(int(self.clock())),
            "type": kind,
            **told,
            **reply,
        }
        contact = {"profile": {"name": name} if name else {}, "user_id": scoped_id(phone)}
        if not is_hidden:
            contact["wa_id"] = phone[1:]
        return number, {"contacts": [contact], "messages": [message]}

    def send_file(self, kind, phone, name, mime, content, words=""):
        """A file of a person, which is fetched by its id; its wamid."""
        media_id = str(2 * 10**15 + len(self.contents))
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        told = {"mime_type": mime, "sha256": digest}
        self.keeps(content, media_id, file_size=len(content), messaging_product="whatsapp", **told)
        more = {"caption": words} if words and kind in VISIBLE else {}
        more |= {"voice": True} if kind == VOICE else {}
        return self.bring(kind, phone, name, {kind: {"id": media_id, **told, **more}})

    def tell(self):
        """All statuses that are not told yet, in one batch, some of them late; how many."""
        with self._taking:
            untold, self._untold = self._untold, []
        told = [status for one in untold for status in self._statuses(*one)]
        if told:
            self.post([{"statuses": told[at : at + AT_ONCE]} for at in range(0, len(told), AT_ONCE)])
        return len(told)

    def post(self, values):
        """A signed webhook with one change for each of these values."""
        headers, body = signed(values)
        answer = self._http.request("POST", f"{self.web}/webhooks/whatsapp", body=body, headers=headers, timeout=10)
        assert answer.status == 200, answer.data

    def _statuses(self, one, phone):
        in_order = self.statuses if int(one.wamid.rpartition(".")[2]) % 2 else reversed(self.statuses)
        for status in in_order:
            yield status_of(one.wamid, status, one.ours, one.to, phone, at=int(self.clock()))

    def _is_shut(self, payload):
        heard_at = self._heard_at.get(scoped_id(payload.get("to") or payload["recipient"]))
        return heard_at is not None and self.clock() - heard_at > WINDOW

    def _approved(self):
        return {
            (one["name"], one["language"]): one["components"][0]["text"]
            for one in self.templates
            if one["status"] == "APPROVED"
        }

    def _shown(self, payload):
        told = payload[payload["type"]]
        match payload["type"]:
            case "text":
                return {"body": told["body"]}
            case "image":
                return {"body": told.get("caption", ""), "photo": told["link"]}
            case "document":
                return {"body": told.get("caption", ""), "document": told["link"]}
            case "audio":
                return {"audio": told["link"]}
            case "location":
                return {"body": told.get("name", ""), "place": (told["latitude"], told["longitude"])}
            case "template":
                text, values = self._approved()[told["name"], told["language"]["code"]], values_in(told)
                return {"body": VARIABLE.sub(lambda found: values[int(found[1]) - 1], text)}
            case "interactive":
                return _interactive(told)


ASKED = {
    "location_request_message": "location",
    "request_contact_info": "phone",
    "catalog_message": "catalogue",
}


def _quoted(payload):
    return payload.get("context", {}).get("message_id", "")


def _interactive(told):
    action, header = told["action"], told.get("header", {})
    above = {
        "body": "\n".join(filter(None, (header.get("text"), told.get("body", {}).get("text")))),
        "photo": header.get("image", {}).get("link", ""),
        "document": header.get("document", {}).get("link", ""),
    }
    match told["type"]:
        case "button":
            return above | {"layout": "buttons", "buttons": [button["reply"] for button in action["buttons"]]}
        case "list":
            rows = [row | {"section": one.get("title", "")} for one in action["sections"] for row in one["rows"]]
            return above | {"layout": "list", "opener": action["button"], "buttons": rows}
        case "cta_url":
            return above | {"link": action["parameters"]["url"]}
        case "product":
            return above | {"goods": [action["product_retailer_id"]]}
        case "product_list":
            (section,) = action["sections"]
            return above | {"goods": [one["product_retailer_id"] for one in section["product_items"]]}
    return above | {"asks": ASKED[told["type"]]}
