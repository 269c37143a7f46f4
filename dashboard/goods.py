"""What anybody may see of goods: their photos, a product's page, and the picture that chats show of its link."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, Response, abort

from base.db import FAILED
from base.media import Media, MediaError

PHOTO_NAME: Final = re.compile(r"[0-9a-f]{64}\.jpg")
A_YEAR, A_DAY, FIVE_MINUTES = 365 * 24 * 3600, 24 * 3600, 300
T = TypeVar("T")


def add_photos(flask: Flask, media: Media) -> None:
    """Photos are named by their content, so they can be kept for ever."""

    def photo(name: str) -> Response:
        if not PHOTO_NAME.fullmatch(name):
            abort(404)
        response = _shown(A_YEAR, _found(lambda: media.get(name)), "image/jpeg")
        response.cache_control.immutable = True
        return response

    flask.add_url_rule("/media/<name>", "photo", photo)


def add_products(
    flask: Flask, read_page: Callable[[str], str | None], read_card: Callable[[str], bytes | None], policy: str
) -> None:
    """The pages of products by their slug, under a policy of their own, and their cards."""

    def page(slug: str) -> Response:
        response = _shown(FIVE_MINUTES, _found(lambda: read_page(slug)), "text/html")
        response.headers["Content-Security-Policy"] = policy
        return response

    def card(slug: str) -> Response:
        return _shown(A_DAY, _found(lambda: read_card(slug)), "image/jpeg")

    flask.add_url_rule("/p/<slug>", "product_page", page)
    flask.add_url_rule("/p/<slug>/card.jpg", "product_card", card)


def _found(read: Callable[[], T | None]) -> T:
    """What is there; 404 where there is nothing, 503 while the store is away."""
    try:
        found = read()
    except (MediaError, OSError, *FAILED):
        abort(503)
    return found if found is not None else abort(404)


def _shown(seconds: int, content: bytes | str, mime: str) -> Response:
    """What anybody may keep for so long."""
    response = Response(content, mimetype=mime)
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    return response
