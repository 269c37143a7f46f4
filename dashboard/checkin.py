"""The page at a workshop's door: a phone's camera reads codes, or they are typed; it works without scripts too.

A browser that reads codes by itself sends them as words. Any other sends photos, which are read here and kept nowhere.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Final

from flask import Blueprint, Response, abort, jsonify, render_template, request

from base.db import FAILED
from dashboard.door import Shown

NAME: Final = "checkin"
MOST_BYTES: Final = 12_000_000  # of a photo as a phone takes it; what a script sends is some 30,000
LONGEST: Final = 60  # characters of a code that are looked at
NO_CODE: Final = "Aucun code sur la photo. Approchez-vous, ou écrivez le code."
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",  # the address is the key to the door
    "Permissions-Policy": "geolocation=(), camera=(self), microphone=()",
}


Answer = Callable[[str, str | None], Shown | None]  # the page's token, a code or None: None where it is no page of ours
Reader = Callable[[bytes], str]  # a photo -> the code on it, or ""


def create_blueprint(answer: Answer, read: Reader) -> Blueprint:
    """`/checkin/<token>`: GET shows the page, POST tells a code or a photo of one; JSON where that is asked for.

    `/checkin/<token>/read` tells the code on a photo and lets nobody in.
    """
    blueprint = Blueprint(
        NAME,
        "dashboard",
        url_prefix="/checkin",
        static_folder="static/checkin",
        static_url_path="/static",
        template_folder="templates/checkin",
    )

    def page(token: str) -> Response:
        shown = _answered(answer, token, None)  # nothing of what a stranger sends is read
        if request.method == "POST":
            code = request.form.get("code", "")[:LONGEST] or _scanned(read)
            shown = replace(shown, outcome="unread", told=NO_CODE) if code is None else _answered(answer, token, code)
        is_wanted = request.accept_mimetypes.best == "application/json"
        return _closed(jsonify(asdict(shown)) if is_wanted else Response(render_template("door.html", shown=shown)))

    def reading(token: str) -> Response:
        _answered(answer, token, None)
        return _closed(jsonify(code=_scanned(read) or ""))

    blueprint.add_url_rule("/<token>", "page", page, methods=["GET", "POST"])
    blueprint.add_url_rule("/<token>/read", "read", reading, methods=["POST"])
    return blueprint


def _scanned(read: Reader) -> str | None:
    """The code on the photo that was sent; "" where none was, None where none can be read."""
    photo = request.files.get("photo")
    return (read(photo.read()) or None) if photo else ""


def _answered(answer: Answer, token: str, typed: str | None) -> Shown:
    """404 for no page of ours, 503 while the database is away."""
    try:
        shown = answer(token, typed)
    except FAILED:
        abort(503)
    return shown if shown is not None else abort(404)


def _closed(response: Response) -> Response:
    """To no cache, no search engine and no other site."""
    response.headers.update(HEADERS)
    return response
