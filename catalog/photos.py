"""Photos of products, named by their content (<sha-256>.jpg), light enough for a buyer's data bundle."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from PIL import Image, ImageOps

from base.db import Db
from base.media import Media
from catalog.errors import NotAPicture

MOST_BYTES: Final = 60_000
MOST_OF_THUMBNAIL: Final = 9_000  # bytes: a list shows up to ten, and a whole purchase may weigh 150 KB
MOST_PIXELS_READ: Final = 40_000_000  # more is refused before it is unpacked
MOST_PIXELS_UNPACKED: Final = 12_000_000  # and so is what stays larger: four bytes each, in up to four copies at once
ENOUGH: Final = 1600  # pixels of the longer side: nothing larger is kept
_SIDES: Final = (1024, 800, 640, 480)  # pixels of the longer side
_QUALITIES: Final = (82, 72, 62, 50)
_SIDES_OF_THUMBNAIL: Final = (360, 280, 200, 120)
_QUALITIES_OF_THUMBNAIL: Final = (72, 60, 48, 36)
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Jpeg:
    """A picture ready to be kept."""

    content: bytes
    width: int
    height: int

    @property
    def hash(self) -> str:
        """SHA-256 of the bytes, hex: the photo's name."""
        return sha256(self.content).hexdigest()


def save(db: Db, media: Media, content: bytes) -> str:
    """Keep a picture as a JPEG of at most 60 KB without its metadata; its hash. Raises NotAPicture.

    The file is whole before the row exists; the same picture twice is one file and one row.
    """
    return keep(db, media, shrink(content))


def keep(db: Db, media: Media, jpeg: Jpeg) -> str:
    """Keep a picture that is small enough as it is; its hash."""
    media.put(name_of(jpeg.hash), jpeg.content)
    return note(db, jpeg)


def note(db: Db, jpeg: Jpeg) -> str:
    """The row of a picture whose file lies in its store; its hash."""
    db.run(
        "insert into photo (hash, mime, width, height, size)"
        " values (%(hash)s, 'image/jpeg', %(width)s, %(height)s, %(size)s) on conflict (hash) do nothing",
        hash=jpeg.hash,
        width=jpeg.width,
        height=jpeg.height,
        size=len(jpeg.content),
    )
    return jpeg.hash


def name_of(photo_hash: str) -> str:
    """What a photo's file is called."""
    return f"{photo_hash}.jpg"


def shrink(content: bytes) -> Jpeg:
    """The picture upright, on white, in at most 60 KB of JPEG and 1024 pixels a side. Raises NotAPicture."""
    return _within(MOST_BYTES, opened(content), _SIDES, _QUALITIES)


def thumbnail(content: bytes) -> Jpeg:
    """The same in at most 9 KB and 360 pixels a side, for a list in which several stand. Raises NotAPicture."""
    picture = opened(content, _SIDES_OF_THUMBNAIL[0])
    return _within(MOST_OF_THUMBNAIL, picture, _SIDES_OF_THUMBNAIL, _QUALITIES_OF_THUMBNAIL)


def _within(most: int, picture: Image.Image, sides: Sequence[int], qualities: Sequence[int]) -> Jpeg:
    for side in sides:
        small = ImageOps.contain(picture, (side, side)) if max(picture.size) > side else picture
        for quality in qualities:
            jpeg = encode(small, quality)
            if len(jpeg.content) <= most:
                return jpeg
    raise NotAPicture("it can't be made small enough", "large")


def encode(picture: Image.Image, quality: int) -> Jpeg:
    """A picture as progressive JPEG bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return Jpeg(buffer.getvalue(), picture.width, picture.height)


def opened(content: bytes, enough: int = ENOUGH) -> Image.Image:
    """A picture upright, on white, without its metadata; too many pixels are not unpacked. Raises NotAPicture.

    enough: pixels of the longer side; a JPEG of twice as many or more is unpacked smaller, in a part of the time and
    memory, and any other is made smaller at once.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            _check_size(picture, MOST_PIXELS_READ)
            times = max(1, max(picture.size) // enough)
            picture.draft(None, (picture.width // times, picture.height // times))
            _check_size(picture, MOST_PIXELS_UNPACKED)
            ImageOps.exif_transpose(picture, in_place=True)
            return _flat(picture, max(picture.size) // enough)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NotAPicture(type(error).__name__, "large") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotAPicture(type(error).__name__, "type" if _is_other_kind(content) else "broken") from error


def _check_size(picture: Image.Image, most: int) -> None:
    if picture.width * picture.height > most:
        raise NotAPicture(f"{picture.width} × {picture.height} pixels", "large")


def _is_other_kind(content: bytes) -> bool:
    """Whether it begins as a whole file of another kind does: GIF, PDF, BMP, TIFF, or HEIC and video."""
    return content.startswith((b"GIF8", b"%PDF-", b"BM", b"II*\0", b"MM\0*")) or content[4:8] == b"ftyp"


def _flat(picture: Image.Image, times: int) -> Image.Image:
    """On white, so many times smaller, with as few copies at once as may be: each has four bytes a pixel."""
    is_clear = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if is_clear else "RGB"
    if picture.mode != mode:
        picture = picture.convert(mode)
    if times > 1:
        picture = picture.reduce(times)
    if is_clear:
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture)
        picture = white
    picture.info.clear()  # a comment would be written again
    return picture
