"""A person's phone behind Twilio: the signed forms that a word, a tap, a pin or a photo becomes."""

import itertools
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from base.secret import Secret
from handlers.channel import WebhookRequest
from handlers.signatures import form_pairs, twilio_signature

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Heard:
    """What somebody wrote: when, and the parameters of its webhook."""

    at: datetime
    fields: dict


@dataclass(frozen=True)
class Inbound:
    """One signed request of Twilio: its absolute URL, headers and body."""

    url: str
    headers: dict
    body: bytes

    def as_request(self):
        parts = urlsplit(self.url)
        named = {name.lower(): value for name, value in self.headers.items()}
        return WebhookRequest("POST", parts.path, parts.query, named, self.body)


class Phones:
    """All phones of one sender. Numbers every message, so that ids are the same in every run."""

    def __init__(self, account_sid, auth_token, sender, webhook_url, first=1):
        self.account_sid, self.auth_token = account_sid, auth_token
        self.sender, self.webhook_url = sender, webhook_url
        self._numbers = itertools.count(first)
        self.heard = defaultdict(list)  # what people wrote, by the sender they wrote to: brought to its webhook or not
        self.ahead = timedelta(0)  # of the clock by which their messages are dated

    def say(self, phone, text, name="Awa", **more):
        return self._message(phone, name, MessageType="text", Body=text, **more)

    def tap(self, message, title, name="Awa", by="ButtonPayload"):
        """A tap on the button or row of that title, as Twilio tells it; `by` is ListId for rows told that way."""
        button = next(button for button in message.buttons if button["title"] == title)
        told = {by: button["id"], "ButtonText" if by == "ButtonPayload" else "ListTitle": title}
        phone = message.to.removeprefix("whatsapp:")
        replied = {"OriginalRepliedMessageSid": message.sid, "OriginalRepliedMessageSender": self.sender}
        return self._message(phone, name, MessageType="interactive", Body=title, **told, **replied)

    def pin(self, phone, latitude, longitude, name="Awa", **more):
        coordinates = {"Latitude": str(latitude), "Longitude": str(longitude)}
        return self._message(phone, name, MessageType="location", Body="", **coordinates, **more)

    def photo(self, phone, url, caption="", mime="image/jpeg", name="Awa", kind="image"):
        """Any file; `kind` is the MessageType."""
        media = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": mime}
        return self._message(phone, name, MessageType=kind, Body=caption, **media)

    def beside(self, phone, kind, data, name="Awa", body=""):
        """What Twilio does not document, told in the metadata as Meta writes it: a card, a cart, a correction."""
        return self._message(phone, name, more_data=data, MessageType=kind, Body=body)

    def react(self, message, emoji, name="Awa"):
        """A reaction on a message that was sent, told as a reply to it."""
        replied = {"OriginalRepliedMessageSid": message.sid, "OriginalRepliedMessageSender": self.sender}
        phone = message.to.removeprefix("whatsapp:")
        return self._message(phone, name, MessageType="reaction", Body=emoji, **replied)

    def sign(self, url, fields):
        """Any form, signed as Twilio signs it for this address."""
        body = urlencode(fields).encode()
        signature = twilio_signature(Secret(self.auth_token), url, form_pairs(body))
        return Inbound(url, {"Content-Type": FORM_TYPE, "X-Twilio-Signature": signature}, body)

    def report(self, message, status, code=None, callback=None, **more):
        """The status callback of a message that was sent; a lie has other fields, or goes to another's address."""
        fields = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": message.to,
            "From": self.sender,
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "ChannelPrefix": "whatsapp",
        }
        told = {"ErrorCode": str(code)} if code else {}
        return self.sign(callback or message.callback, fields | told | more)

    def _message(self, phone, name, more_data=None, **more):
        sid = f"SM{next(self._numbers):032x}"
        # a hidden phone is told as the business-scoped id; `phone` is what follows whatsapp:
        digits = phone.removeprefix("+") if phone.startswith("+") else ""
        data = {"type": "whatsapp", "data": {"context": {"ProfileName": name, "WaId": digits}, **(more_data or {})}}
        fields = {
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ProfileName": name,
            "SmsSid": sid,
            **({"WaId": digits} if digits else {"ExternalUserId": f"whatsapp:{phone}"}),
            "SmsStatus": "received",
            "To": self.sender,
            "NumSegments": "1",
            "ReferralNumMedia": "0",
            "MessageSid": sid,
            "AccountSid": self.account_sid,
            "ChannelMetadata": json.dumps(data),
            "From": f"whatsapp:{phone}",
            "ApiVersion": "2010-04-01",
        }
        fields |= more
        self.heard[fields["To"]].append(Heard(datetime.now(UTC) + self.ahead, fields))
        return self.sign(self.webhook_url, fields)
