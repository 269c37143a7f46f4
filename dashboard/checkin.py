"""The page at a workshop's door: a phone's camera reads codes, or they are typed; it works without scripts too."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, abort, jsonify, render_template, request

from base.db import FAILED
from dashboard.door import Shown

LONGEST: Final = 60  # characters of a code that are looked at
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",  # the address is the key to the door
    "Permissions-Policy": "geolocation=(), camera=(self), microphone=()",
}


Answer = Callable[[str, str | None], Shown | None]  # the page's token, a code or None: None where it is no page of ours


def create_blueprint(answer: Answer) -> Blueprint:
    """`/checkin/<token>`: GET shows the page, POST tells a code and is answered as JSON where that is asked for."""
    blueprint = Blueprint(
        "checkin",
        "dashboard",
        url_prefix="/checkin",
        static_folder="static/checkin",
        static_url_path="/static",
        template_folder="templates/checkin",
    )

    def page(token: str) -> Response:
        typed = request.form.get("code", "")[:LONGEST] if request.method == "POST" else None
        shown = _answered(answer, token, typed)
        is_wanted = request.accept_mimetypes.best == "application/json"
        response = jsonify(asdict(shown)) if is_wanted else Response(render_template("door.html", shown=shown))
        response.headers.update(HEADERS)
        return response

    blueprint.add_url_rule("/<token>", "page", page, methods=["GET", "POST"])
    return blueprint


def _answered(answer: Answer, token: str, typed: str | None) -> Shown:
    """404 for no page of ours, 503 while the database is away."""
    try:
        shown = answer(token, typed)
    except FAILED:
        abort(503)
    return shown if shown is not None else abort(404)
