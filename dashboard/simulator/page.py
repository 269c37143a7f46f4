"""The page of phones: what it shows, what people do on it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from redis import RedisError
from werkzeug.exceptions import ServiceUnavailable

from base.places import CREDIT
from dashboard.simulator.documents import read_document
from dashboard.simulator.guard import Guard
from dashboard.simulator.people import SPOTS, Person
from dashboard.simulator.phone_numbers import is_phone
from dashboard.simulator.phones import Phones
from dashboard.simulator.photos import Photos, mime_of
from dashboard.simulator.postman import Parcel, Postman
from dashboard.simulator.provider import report_parcel
from dashboard.simulator.saying import content_of, said_of
from dashboard.simulator.stream import open_stream, read_cursors
from dashboard.simulator.texts import TEXTS

MOST_PHONES: Final = 6
MOST_SEEN: Final = 50
SENT_ID: Final = re.compile(r"sim-([0-9]{1,19})-([0-9]{1,15}-[0-9]{1,10})")
MESSAGE_KEY: Final = re.compile(r"[0-9a-f-]{16,40}")


def add_page(
    blueprint: Blueprint,
    people: Callable[[], Sequence[Person]],
    phones: Phones,
    photos: Photos,
    postman: Postman,
    guard: Guard,
) -> None:
    """The page's routes; its posts pass the guard."""
    page = Page(people, phones, photos, postman, guard)
    blueprint.add_url_rule("", "show", page.show)
    blueprint.add_url_rule("/stream", "stream", page.stream)
    blueprint.add_url_rule("/send", "send", page.send, methods=["POST"])
    blueprint.add_url_rule("/seen", "seen", page.seen, methods=["POST"])
    blueprint.add_url_rule("/photos", "keep_photo", page.keep_photo, methods=["POST"])
    blueprint.add_url_rule("/photos/<name>", "photo", page.photo)
    blueprint.register_error_handler(RedisError, _redis_away)


class Page:
    """The views. Nobody logs in: whoever reaches the page may be anybody of this invented market."""

    def __init__(
        self,
        people: Callable[[], Sequence[Person]],
        phones: Phones,
        photos: Photos,
        postman: Postman,
        guard: Guard,
    ) -> None:
        self.people = people
        self.phones = phones
        self.photos = photos
        self.postman = postman
        self.guard = guard

    def show(self) -> Response:
        """The page itself, French unless `?lang=en`."""
        language = "en" if request.args.get("lang") == "en" else "fr"
        visitor = self.guard.visitor(request)
        setup = {
            "people": [asdict(person) for person in self.people()],
            "spots": [asdict(spot) for spot in SPOTS],
            "credit": CREDIT,
            "texts": TEXTS[language],
            "token": self.guard.token(visitor),
            "language": language,
        }
        response = make_response(render_template("page.html", setup=setup, texts=TEXTS[language], language=language))
        response.headers["Cache-Control"] = "no-store"
        self.guard.remember(response, visitor, is_secure=request.is_secure)
        return response

    def stream(self) -> Response:
        """`?phones=+228…,+228…`: server-sent events `past`, `ready`, `now`; each id holds a cursor per phone."""
        numbers = tuple(dict.fromkeys(request.args.get("phones", "").split(",")))
        if not 1 <= len(numbers) <= MOST_PHONES or not all(map(is_phone, numbers)):
            abort(400)
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        pieces = open_stream(self.phones, numbers, read_cursors(numbers, after))
        if pieces is None:
            raise ServiceUnavailable
        response = Response(pieces, mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"  # a buffering proxy in front lets this one through
        return response

    def send(self) -> tuple[Response, int]:
        """What a person typed, tapped or sent: on the phone at once, then to the market's webhook."""
        asked = self._asked()
        key, phone = asked.get("id"), asked.get("phone")
        if not isinstance(key, str) or not MESSAGE_KEY.fullmatch(key) or not is_phone(phone):
            abort(400)
        said = said_of(asked)
        if said is None:
            abort(400)
        message_id = f"sim-in-{key}"
        appended = self.phones.append_once(phone, f"said:{key}", {"kind": "said", "id": message_id, **said})
        if not appended.is_new:
            return jsonify(id=message_id), 200
        message = self._message(asked, said, message_id, appended.id)
        if not self.postman.post(Parcel("messages", phone, message)):
            self.phones.tick(phone, message_id, "failed")
        return jsonify(id=message_id), 202

    def seen(self) -> tuple[str, int]:
        """Bubbles that stand on a visible screen: reported as read."""
        asked = self._asked()
        phone, ids = asked.get("phone"), asked.get("ids")
        if not is_phone(phone) or not isinstance(ids, list) or len(ids) > MOST_SEEN:
            abort(400)
        for sent_id in ids:
            self._report_read(phone, SENT_ID.fullmatch(str(sent_id)))
        return "", 204

    def keep_photo(self) -> tuple[Response, int]:
        """A file to be named in a message."""
        self._check()
        name = self.photos.keep(request.get_data(cache=False))
        if name is None:
            abort(415)
        return jsonify(photo=name), 201

    def photo(self, name: str) -> Response:
        """A file that was kept."""
        found = self.photos.find(name)
        if found is None:
            abort(404)
        return Response(found, mimetype=mime_of(found), headers={"Cache-Control": "private, max-age=86400"})

    def _check(self) -> None:
        if not self.guard.allows(request):
            abort(403)

    def _asked(self) -> Mapping[str, Any]:
        self._check()
        asked = read_document(request.get_data(cache=False))
        if asked is None:
            abort(400)
        return asked

    def _message(
        self, asked: Mapping[str, Any], said: Mapping[str, Any], message_id: str, entry_id: str
    ) -> Mapping[str, Any]:
        """The webhook's element for what was said."""
        moment = datetime.fromtimestamp(int(entry_id.partition("-")[0]) / 1000, UTC)
        message = {
            "id": message_id,
            "phone": asked["phone"],
            "name": str(asked.get("name") or "")[:100],
            "sent_at": moment.isoformat(),
            "replied_to": str(asked.get("replied_to") or "")[:200],
        }
        return {**message, **content_of(said, self.photos.address, self._mime)}

    def _mime(self, name: str) -> str:
        return mime_of(self.photos.find(name) or b"")

    def _report_read(self, phone: str, found: re.Match[str] | None) -> None:
        if found and self.phones.entry(phone, found[2]):
            self.postman.post(report_parcel(phone, int(found[1]), found[0], "read"))


def _redis_away(error: RedisError) -> tuple[Response, int]:
    return jsonify(error="away"), 503
