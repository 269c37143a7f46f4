"""What anybody may see of goods: their photos, a product's page, and the picture that chats show of its link."""

import re
from collections.abc import Callable
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Final, TypeVar

from flask import Flask, Response, abort

from base.db import FAILED
from base.media import Media, MediaError
from catalog import photos
from catalog.errors import NotAPicture

PHOTO_NAME: Final = re.compile(r"[0-9a-f]{64}\.jpg")
THUMBNAILS: Final = 200  # that a door keeps in memory: 1.8 MB at most
A_YEAR, A_DAY, FIVE_MINUTES = 365 * 24 * 3600, 24 * 3600, 300
PATIENCE: Final = 0.1  # seconds in which somebody else may have gone
T = TypeVar("T")


class Looks:
    """Who looks at what is shown to all: `most` at once, as a store that is slow would hold a door's every thread."""

    def __init__(self, most: int) -> None:
        self._room = BoundedSemaphore(most)

    def found(self, read: Callable[[], T | None]) -> T:
        """What is there; 404 where there is nothing, 503 while the store is away or too many look."""
        if not self._room.acquire(timeout=PATIENCE):
            abort(503)
        try:
            found = read()
        except (MediaError, OSError, *FAILED):
            abort(503)
        finally:
            self._room.release()
        return found if found is not None else abort(404)


def add_photos(flask: Flask, media: Media, looks: Looks) -> None:
    """Photos and their thumbnails are named by their content, so they can be kept for ever."""

    def photo(name: str) -> Response:
        return _kept_for_ever(whole(name))

    def thumbnail(name: str) -> Response:
        return _kept_for_ever(small(name))

    @lru_cache(maxsize=THUMBNAILS)  # one takes as long to make as two turns, and a list shows nine
    def small(name: str) -> bytes:
        try:
            return photos.thumbnail(whole(name)).content
        except NotAPicture:
            abort(404)

    def whole(name: str) -> bytes:
        return looks.found(lambda: media.get(name)) if PHOTO_NAME.fullmatch(name) else abort(404)

    flask.add_url_rule("/media/<name>", "photo", photo)
    flask.add_url_rule("/media/thumbnail/<name>", "thumbnail", thumbnail)


def add_products(
    flask: Flask,
    read_page: Callable[[str], str | None],
    read_card: Callable[[str], bytes | None],
    policy: str,
    looks: Looks,
) -> None:
    """The pages of products by their slug, under a policy of their own, and their cards."""

    def page(slug: str) -> Response:
        response = _shown(FIVE_MINUTES, looks.found(lambda: read_page(slug)), "text/html")
        response.headers["Content-Security-Policy"] = policy
        return response

    def card(slug: str) -> Response:
        return _shown(A_DAY, looks.found(lambda: read_card(slug)), "image/jpeg")

    flask.add_url_rule("/p/<slug>", "product_page", page)
    flask.add_url_rule("/p/<slug>/card.jpg", "product_card", card)


def _kept_for_ever(jpeg: bytes) -> Response:
    response = _shown(A_YEAR, jpeg, "image/jpeg")
    response.cache_control.immutable = True
    return response


def _shown(seconds: int, content: bytes | str, mime: str) -> Response:
    """What anybody may keep for so long."""
    response = Response(content, mimetype=mime)
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    return response
