"""What a file's bytes are: its name and the type that somebody told of it are never believed."""

from typing import Final, Literal

from base.sheets.refusals import MOST_BYTES, SheetRefused

Kind = Literal["xlsx", "csv"]
ARCHIVE: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"  # old Excel, and what has a password (MS-OFFCRYPTO)
OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
MARKUP: Final = b"<"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
TEXT_CONTROLS: Final = frozenset(b"\t\n\x0b\x0c\r\x1a")


def kind_of(content: bytes) -> Kind:
    """A workbook or a text. Raises SheetRefused."""
    if len(content) > MOST_BYTES:
        raise SheetRefused("too_large")
    if not content.strip():
        raise SheetRefused("empty")
    if content.startswith(OLE):
        raise SheetRefused("locked")
    if content.startswith(ARCHIVE):
        return "xlsx"
    if is_text(content):
        return "csv"
    raise SheetRefused("wrong_type")


def is_text(content: bytes) -> bool:
    """Whether these bytes may be a text in some encoding, and are no markup."""
    start = content[:4096]
    if start.startswith(OTHERS) or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(MARKUP):
        return False
    if start.startswith(UTF_16) or looks_like_utf_16(content):
        return True
    return not any(byte < 32 and byte not in TEXT_CONTROLS for byte in set(content))


def looks_like_utf_16(content: bytes) -> str:
    """`utf-16-le` or `utf-16-be` where every second byte is mostly zero, as in Latin words without a mark; else ''."""
    start = content[:2000]
    half = len(start) // 2
    if half < 4:
        return ""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else ""
