"""A workbook is an archive: looked at from outside before anything of it is unpacked."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from base.sheets.refusals import MOST_ENTRIES, MOST_RATIO, MOST_UNPACKED, SheetRefused

ENCRYPTED: Final = 1  # bit of an entry's flags (APPNOTE.TXT 4.4.4)
SPOILT: Final = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, ValueError)
"""All that zipfile raises for spoilt bytes: a version or a flag that it lacks, an end too early, a place before the
beginning, a name that is no text."""
METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
WORKBOOK: Final = "xl/workbook.xml"
TYPES: Final = "[Content_Types].xml"
SMALL: Final = 100_000  # bytes below which a good ratio does no harm
DECLARATIONS: Final = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)
RUNS_CODE: Final = re.compile(r"vbaproject|/macrosheets/|/activex/|/ctrlprops/|/embeddings/")
POINTS_OUT: Final = re.compile(r"/externallinks/|^xl/connections\.xml$|/querytables/|^xl/webextensions/|/ddelinks/")


def check_archive(content: bytes) -> None:
    """Raise SheetRefused for what is no plain workbook: bombs, macros, links to elsewhere, locked or broken ones."""
    with _whole():
        archive = zipfile.ZipFile(BytesIO(content))
    entries = archive.infolist()
    _check_sizes(entries, len(content))
    _check_names({entry.filename for entry in entries}, len(entries))
    for entry in entries:
        with _whole():
            words = archive.read(entry)
        _check_words(entry.filename, words)


@contextmanager
def _whole() -> Iterator[None]:
    """What cannot be unpacked is broken."""
    try:
        yield
    except SPOILT as error:
        raise SheetRefused("broken") from error


def _check_sizes(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise SheetRefused("bomb")
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            raise SheetRefused("locked")
        if entry.compress_type not in METHODS:
            raise SheetRefused("broken")
        packed = min(entry.compress_size, size)
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(1, packed):
            raise SheetRefused("bomb")


def _check_names(names: set[str], count: int) -> None:
    if WORKBOOK not in names or TYPES not in names:
        raise SheetRefused("wrong_type")
    if len(names) < count or any(name.startswith(("/", "\\")) or ".." in name or ":" in name for name in names):
        raise SheetRefused("broken")
    lowered = [name.lower() for name in names]
    if any(RUNS_CODE.search(name) for name in lowered):
        raise SheetRefused("macros")
    if any(POINTS_OUT.search(name) for name in lowered):
        raise SheetRefused("links")


def _check_words(name: str, content: bytes) -> None:
    if any(word in content for word in DECLARATIONS):
        raise SheetRefused("bomb")
    if name == TYPES and b"macroenabled" in content.lower():
        raise SheetRefused("macros")
    if name.endswith("workbook.xml.rels") and b"externalLink" in content:
        raise SheetRefused("links")
