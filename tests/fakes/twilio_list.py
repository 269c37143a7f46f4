"""What the fake Twilio's REST API tells of messages, its own and those of people, a page at a time."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from urllib.parse import urlencode

FAILURES = ("failed", "undelivered")
NOTHING = SimpleNamespace(sid="", to="", body="", photo="", status="", error_code=None, received_at=datetime.now(UTC))


class Listing:
    """A part of FakeTwilio, which holds `messages` (what was sent) and `heard` (what people wrote, by its sender)."""

    def listed(self, query):
        """Messages to and from, since a time, newest first, one page."""
        since = query.get("DateSent>", "1970-01-01T00:00:00Z")
        since = datetime.fromisoformat(since.replace("Z", "+00:00"))
        since = since if since.tzinfo else since.replace(tzinfo=UTC)
        found = [
            (message.received_at, self.document(message))
            for message in reversed(self.messages)
            if query.get("To", message.to) == message.to
            and message.received_at + timedelta(seconds=1) > since
            and message.listed_at <= time.monotonic()
        ]
        heard = reversed(self.heard.get(query.get("To"), ()))
        found += [(one.at, self.inbound(one)) for one in heard if one.at + timedelta(seconds=1) > since]
        found.sort(key=lambda one: one[0], reverse=True)
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        rest = urlencode(query | {"Page": page + 1, "PageToken": f"PA{page + 1}"})
        following = f"{self._path}.json?{rest}" if len(found) > (page + 1) * size else None
        rows = [document for _, document in found[page * size : (page + 1) * size]]
        return {
            "messages": rows,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(rows) - 1, 0),
            "uri": f"{self._path}.json",
            "first_page_uri": f"{self._path}.json?PageSize={size}&Page=0",
            "next_page_uri": following,
            "previous_page_uri": None,
        }

    def confirm_listed(self, page):
        """Somebody was answered this page of the list."""
        told = {row["sid"] for row in page["messages"] if row["status"] not in FAILURES}
        for message in self.messages:
            if message.sid in told:
                message.confirm("list")

    @property
    def _path(self):
        return f"/2010-04-01/Accounts/{self.account_sid}/Messages"

    def document(self, message):
        """A message as the REST API tells it."""
        moment = format_datetime(message.received_at.replace(microsecond=0))
        return {
            "sid": message.sid,
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "from": self.sender,
            "to": message.to,
            "body": message.body,
            "status": message.status,
            "direction": "outbound-api",
            "date_created": moment,
            "date_sent": moment,
            "date_updated": moment,
            "error_code": message.error_code,
            "error_message": None,
            "messaging_service_sid": None,
            "num_media": "1" if message.photo else "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "subresource_uris": {"media": f"{self._path}/{message.sid}/Media.json"},
            "uri": f"{self._path}/{message.sid}.json",
        }

    def inbound(self, heard):
        """What somebody wrote, as the REST API tells it: his words, and how many files; no name, no pin, no tap."""
        fields, moment = heard.fields, format_datetime(heard.at.replace(microsecond=0))
        return {
            **self.document(NOTHING),
            "sid": fields["MessageSid"],
            "from": fields["From"],
            "to": fields["To"],
            "body": fields["Body"],
            "status": "received",
            "direction": "inbound",
            "date_created": moment,
            "date_sent": moment,
            "date_updated": moment,
            "num_media": fields["NumMedia"],
            "subresource_uris": {"media": f"{self._path}/{fields['MessageSid']}/Media.json"},
            "uri": f"{self._path}/{fields['MessageSid']}.json",
        }

    def media_of(self, sid):
        """The files of what somebody sent; None when nobody sent it."""
        heard = next((one for some in self.heard.values() for one in some if one.fields["MessageSid"] == sid), None)
        if heard is None:
            return None
        rows = []
        for number in range(int(heard.fields["NumMedia"])):
            name, moment = heard.fields[f"MediaUrl{number}"].rpartition("/")[2], format_datetime(heard.at)
            rows.append(
                {
                    "sid": name,
                    "account_sid": self.account_sid,
                    "parent_sid": sid,
                    "content_type": heard.fields[f"MediaContentType{number}"],
                    "date_created": moment,
                    "date_updated": moment,
                    "uri": f"{self._path}/{sid}/Media/{name}.json",
                }
            )
        return {
            "media_list": rows,
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": max(len(rows) - 1, 0),
            "uri": f"{self._path}/{sid}/Media.json",
            "first_page_uri": f"{self._path}/{sid}/Media.json?PageSize=50&Page=0",
            "next_page_uri": None,
            "previous_page_uri": None,
        }
