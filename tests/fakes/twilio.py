"""A Twilio on loopback: Messages and Content over real HTTP, signed callbacks, and faults that are switched on.

`python -m tests.fakes.twilio --port 9000 …` runs it by itself; everything it can be told in Python it is then told at
`POST /_fake/mode`, `POST /_fake/shut`, `POST /_fake/approve`, `GET /_fake/messages`.
"""

import argparse
import contextlib
import itertools
import queue
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.twilio_delivery import Caller
from tests.fakes.twilio_http import Server, handler_of
from tests.fakes.twilio_list import FAILURES, Listing
from tests.fakes.twilio_moods import Lot, Moods
from tests.fakes.twilio_rules import (
    Refusal,
    check_definition,
    check_form,
    check_shown,
    check_template,
    check_variables,
    refuse,
    shown_of,
)

ACCOUNT_SID = "AC00000000000000000000000000000001"
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
SENDER = "whatsapp:+22870000000"
CALLBACKS = ("sent", "delivered", "read")
# what a mode does before and after the message is taken; "fail:<code>" takes it and reports the failure,
# "refuse:<code>" refuses it with that code
NOT_TAKEN = ("429", "500_refused", "reset", "hang", "redirect")
TAKEN = (
    "ok",
    "500_accepted",
    "accept_then_reset",
    "hang_accepted",
    "garbled",
    "empty",
    "html",
    "no_sid",
    "drip",
    "huge",
)
MODES = (*NOT_TAKEN, *TAKEN)


@dataclass
class Sent:
    """One message that was taken: its form, and what the phone shows."""

    sid: str
    to: str
    fields: dict
    body: str
    layout: str
    received_at: datetime
    listed_at: float = 0.0  # of the monotonic clock: from then on the list shows it
    photo: str = ""
    opener: str = ""
    buttons: list = field(default_factory=list)
    content: str = ""
    link: tuple = ()  # title and address of the one button that opens it
    cards: list = field(default_factory=list)  # side by side: body, photo, title and id of its button
    place: str = ""  # of a pin, as it was sent
    status: str = "queued"
    error_code: int | None = None
    # what first told whoever sent it that it is taken (answer, report, list) -> when, in seconds since the epoch
    confirmed: dict = field(default_factory=dict)

    def confirm(self, how):
        self.confirmed.setdefault(how, time.time())

    @property
    def callback(self):
        return self.fields.get("StatusCallback", "")

    @property
    def ours(self):
        """Our signed id, as the callback address holds it."""
        return parse_qs(urlsplit(self.callback).query).get("o", [""])[0]

    @property
    def titles(self):
        return [button["title"] for button in self.buttons]


class FakeTwilio(Listing, Caller):
    """The server, its store, and the phones behind it. Use as a context manager, or `start()` and `close()`.

    `web` is where the program listens (http://127.0.0.1:8000); callbacks and inbound forms are signed for
    `public_base_url` and posted there.
    """

    def __init__(
        self,
        *,
        port=0,
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        sender=SENDER,
        public_base_url="https://bot.example.tg",
        web=None,
        callbacks=CALLBACKS,
        callback_threads=2,
        first=1,
    ):
        super().__init__(account_sid, auth_token, sender, f"{public_base_url}/webhooks/twilio", first)
        self.web, self.callbacks = web, callbacks
        self.requests, self.contents, self.approvals, self.posted = [], {}, {}, []
        self.shut, self.hangs_for = set(), 12.0
        self.typing = []  # ids of the messages whose people were shown that somebody writes
        self.secondary_token = (
            ""  # the one that may be promoted: calls are let in with it, and nothing is signed with it
        )
        self.listed_after = 0.0  # seconds between the taking of a message and its place in the list
        self.cut_short = 0  # requests whose body never came whole
        self.files = {}  # last part of a media address -> bytes, or (status, headers, bytes)
        self.redirects_to, self.streamed = "", 0  # where the mode "redirect" points; bytes of huge answers
        self._taken_to = defaultdict(list)
        self._messages, self._mode, self._times, self._retry_after = [], "ok", None, None
        self.moods = None  # what sends meet by chance
        self._sids, self._lock, self._released = itertools.count(1), threading.Lock(), threading.Event()
        self._callbacks = queue.SimpleQueue()
        self._open_callbacks, self._quiet = 0, threading.Condition()
        self._server = Server(("127.0.0.1", port), handler_of(self))
        self._threads = [threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)]
        self._threads += [threading.Thread(target=self._post_callbacks, daemon=True) for _ in range(callback_threads)]

    @property
    def url(self):
        """For `api_base` and `content_base`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def messages(self):
        """What was taken, in order."""
        with self._lock:
            return list(self._messages)

    def to(self, phone):
        with self._lock:
            return list(self._taken_to[f"whatsapp:{phone}"])

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def close(self):
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        for _ in self._threads[1:]:
            self._callbacks.put(None)
        for thread in self._threads:
            thread.join(10)
        self._http.clear()

    __enter__ = start

    def __exit__(self, *_):
        self.close()

    def mode(self, mode, times=None, retry_after=None):
        """What happens to the next `times` sends (None: to all until told otherwise)."""
        self._check(mode)
        with self._lock:
            self._mode, self._times, self._retry_after = mode, times, retry_after
            self._released.set() if mode == "ok" else self._released.clear()

    @staticmethod
    def _check(mode):
        if mode not in MODES and mode.partition(":")[0] not in ("fail", "refuse"):
            raise ValueError(mode)

    def mix(self, shares, seed, **more):
        """From now on sends meet by chance what `Moods` says."""
        for mode in shares:
            self._check(mode)
        with self._lock:
            self.moods = Moods(shares, seed, **more)

    def shut_window(self, phone):
        """From now on this person gets approved templates only; anything else fails with 63016."""
        self.shut.add(f"whatsapp:{phone}")

    def approve(self, name):
        self.approvals[self.sid_of(name)]["status"] = "approved"

    def sid_of(self, name):
        return next(sid for sid, content in self.contents.items() if content["friendly_name"] == name)

    def settle(self, timeout=10):
        """Wait until every callback so far has been answered."""
        with self._quiet:
            if not self._quiet.wait_for(lambda: self._open_callbacks == 0, timeout):
                raise TimeoutError("callbacks are still open")

    def keeps(self, content, name="ME1"):
        """Have a file that somebody sent; the address by which a webhook names it."""
        self.files[name] = content
        return f"{self.url}{self._path}/MM1/Media/{name}"

    # what the handler calls, in its own thread

    def take(self, form):
        """Take one message; the mode of this send comes with it."""
        with self._lock:
            lot, retry_after = Lot(self._mode, listed_after=self.listed_after), self._retry_after
            if self.moods:
                lot = self.moods.draw()
            if self._times is not None:
                self._times -= 1
                if self._times <= 0:
                    self._mode, self._times = "ok", None
        name, _, code = lot.mode.partition(":")
        if name == "refuse":
            raise Refusal(int(code))
        if name in NOT_TAKEN:
            return lot.mode, retry_after, None
        return lot.mode, retry_after, self._keep(form, lot, int(code) if name == "fail" else None)

    def _keep(self, form, lot, failure):
        check_form(form, self.sender)
        shown = {"body": form.get("Body", ""), "photo": form.get("MediaUrl", ""), "layout": "text"}
        shown["place"] = form.get("PersistentAction", "")
        name, approved = "", False
        if sid := form.get("ContentSid"):
            refuse(21655, sid not in self.contents)
            content = self.contents[sid]
            shown = shown_of(content, check_variables(form, content))
            check_shown(shown)
            name, approved = content["friendly_name"], self.approvals.get(sid, {}).get("status") == "approved"
        refuse(63027, shown["layout"] == "carousel" and not approved)
        if form["To"] in self.shut and not approved:
            failure = 63016
        with self._lock:
            sid = f"{'MM' if shown['photo'] else 'SM'}{next(self._sids) + (1 << 64):032x}"
            message = Sent(
                sid=sid,
                to=form["To"],
                fields=form,
                received_at=datetime.now(UTC),
                listed_at=time.monotonic() + lot.listed_after,
                content=name,
                **shown,
            )
            self._messages.append(message)
            self._taken_to[message.to].append(message)
        statuses = [("failed", failure)] if failure else [(status, None) for status in self.callbacks]
        self._report(message, statuses, lot.is_reported)
        return message

    def _report(self, message, statuses, is_told):
        if is_told and self.web and message.callback and statuses:
            with self._quiet:
                self._open_callbacks += 1
            self._callbacks.put((message, statuses))
        elif statuses:
            message.status, message.error_code = statuses[-1]

    def _post_callbacks(self):
        while (job := self._callbacks.get()) is not None:
            message, statuses = job
            for message.status, message.error_code in statuses:
                answer = self.deliver(self.report(message, message.status, message.error_code))
                self.posted.append((message.sid, message.status, answer))
                if answer == 200 and message.status not in FAILURES:
                    message.confirm("report")
            with self._quiet:
                self._open_callbacks -= 1
                self._quiet.notify_all()

    def hold(self):
        """Keep one caller waiting until the mode is ok again or the fake closes; under a mix `hangs_for` seconds."""
        self._released.wait(60) if not self.moods else time.sleep(self.hangs_for)

    def make_content(self, definition):
        check_definition(definition)
        with self._lock:
            sid = f"HX{len(self.contents) + 1:032x}"
            moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            made = {"sid": sid, "account_sid": self.account_sid, "date_created": moment, "date_updated": moment}
            self.contents[sid] = {**definition, **made, "url": f"{self.url}/v1/Content/{sid}", "links": {}}
        return self.contents[sid]

    def listed_contents(self, query, with_approvals):
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        found = list(self.contents.values())
        rows = found[page * size : (page + 1) * size]
        if with_approvals:
            rows = [
                {**row, "approval_requests": self.approvals.get(row["sid"], {"status": "unsubmitted"})} for row in rows
            ]
        rest = urlencode({"PageSize": size, "Page": page + 1, "PageToken": f"PT{page + 1}"})
        following = f"https://content.twilio.com/v1/Content?{rest}" if len(found) > (page + 1) * size else None
        return {
            "contents": rows,
            "meta": {"page": page, "page_size": size, "key": "contents", "next_page_url": following},
        }

    def submit(self, sid, request):
        refuse(20404, sid not in self.contents)
        check_template(self.contents[sid])
        refuse(20001, request.get("category") not in ("UTILITY", "MARKETING", "AUTHENTICATION"))
        self.approvals[sid] = {
            "name": request["name"],
            "category": request["category"],
            "content_type": next(iter(self.contents[sid]["types"])),
            "status": "received",
            "rejection_reason": "",
            "allow_category_change": True,
        }
        return self.approvals[sid]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account-sid", default=ACCOUNT_SID)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    parser.add_argument("--sender", default=SENDER)
    parser.add_argument("--public-base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--web", default="http://127.0.0.1:8000", help="where callbacks are posted")
    options = vars(parser.parse_args())
    with FakeTwilio(**options) as fake:
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
