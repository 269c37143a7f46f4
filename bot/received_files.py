"""What received bytes really are: neither their name nor their provider is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from base.sheets import sniffing
from bot.messages import MediaKind
from catalog import photos
from catalog.errors import NotAPicture

# what WhatsApp itself lets through (channels.md §1.1), in bytes; a sticker is a small picture
MOST_BYTES: Final[Mapping[MediaKind, int]] = {
    "image": 10_000_000,
    "sticker": 1_000_000,
    "audio": 16_000_000,
    "video": 16_000_000,
    "document": 16_000_000,
}
MOST_SIDE: Final = photos.ENOUGH  # pixels: the figures on a photographed receipt stay legible
QUALITY: Final = 82
JPEG: Final = ("image/jpeg", "jpg")
PDF: Final = ("application/pdf", "pdf")
XLSX: Final = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
CSV: Final = ("text/csv", "csv")
OGG, MP3, M4A, AMR = ("audio/ogg", "ogg"), ("audio/mpeg", "mp3"), ("audio/mp4", "m4a"), ("audio/amr", "amr")
AAC, WAV = ("audio/aac", "aac"), ("audio/wav", "wav")
MP4, WEBM, GPP = ("video/mp4", "mp4"), ("video/webm", "webm"), ("video/3gpp", "3gp")


class NotOfItsKind(Exception):
    """The bytes are not what the message says they are, or nothing that is kept here; says what they lack."""


@dataclass(frozen=True)
class Checked:
    """Bytes that may be kept: their real type, the ending of a file's name, their content as it is kept."""

    mime: str
    ending: str
    content: bytes


def check(kind: MediaKind, content: bytes) -> Checked:
    """A picture is decoded and made anew, without its metadata; the rest is known by its first bytes, a text by all.

    Raises NotOfItsKind, and for more bytes than its kind may have too.
    """
    if len(content) > MOST_BYTES[kind]:
        raise NotOfItsKind("too_large")
    if kind in ("image", "sticker"):
        return _picture(content)
    if kind == "document":
        return _document(content)
    found = _sound(content) if kind == "audio" else _film(content)
    if found is None:
        raise NotOfItsKind(f"no_{kind}")
    return Checked(*found, content)


def _document(content: bytes) -> Checked:
    """A PDF, a list (whose inside is read by nobody here), or a picture that was sent as a document."""
    if content.startswith(b"%PDF-"):
        return Checked(*PDF, content)
    if content.startswith(sniffing.ARCHIVE):
        return Checked(*XLSX, content)
    if content.startswith(sniffing.OLE):
        raise NotOfItsKind("locked")
    return Checked(*CSV, content) if content and sniffing.is_text(content) else _picture(content)


def _picture(content: bytes) -> Checked:
    try:
        picture = photos.opened(content)
    except NotAPicture as error:
        raise NotOfItsKind(_UNFIT[error.why]) from error
    return Checked(*JPEG, photos.encode(_bounded(picture), QUALITY).content)


_UNFIT: Final = {"broken": "no_picture", "type": "other_kind", "large": "too_large"}


def _bounded(picture: Image.Image) -> Image.Image:
    return ImageOps.contain(picture, (MOST_SIDE, MOST_SIDE)) if max(picture.size) > MOST_SIDE else picture


def _sound(content: bytes) -> tuple[str, str] | None:
    """How each format begins (RFC 3533, RFC 4867, ISO 14496-12, ISO 11172-3 with ID3, RFC 2361)."""
    if content.startswith(b"OggS"):
        return OGG
    if content.startswith(b"#!AMR"):
        return AMR
    if content[4:8] == b"ftyp" and content[8:11] in (b"M4A", b"mp4", b"iso", b"3gp"):
        return M4A
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return WAV
    if content[:1] == b"\xff" and len(content) > 1 and content[1] in (0xF1, 0xF9):
        return AAC
    is_mpeg = content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE6 == 0xE2  # layer III
    return MP3 if content.startswith(b"ID3") or is_mpeg else None


def _film(content: bytes) -> tuple[str, str] | None:
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return WEBM
    if content[4:8] != b"ftyp":
        return None
    return GPP if content[8:11] == b"3gp" else MP4
