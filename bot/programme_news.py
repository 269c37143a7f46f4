"""What an organizer hears of his programme as a file: what was read, and the file with a word on each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import JsonValue

from base.clock import now
from base.db import Db
from base.sheets.writing import MIME, Cell, write
from bot import contacts, files, programme_files
from bot.files import Document
from bot.list_news import READER
from bot.messages import Outgoing
from bot.notice_words import Door
from bot.notices import Notices
from bot.outbox import News, numbers, put_notice
from bot.programme_files import ProgrammeFile, ProgrammeRead, ProgrammeWritten
from bot.texts import FIRST, has, say
from events.sheets.comparing import STATUSES, Compared, counts
from events.sheets.listed import listed

FAULTS_TOLD: Final = 3  # lines; the file has them all
NAME, OWN_NAME = "programme-resultat.xlsx", "programme.xlsx"


@dataclass(frozen=True)
class ProgrammeNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def read(self, db: Db, fact: ProgrammeRead) -> None:
        """What it would change, with the question whether it shall; or why it is not read."""
        one = programme_files.programme_file(db, fact.file_id)
        if one is None:
            return
        if one.state == "refused":
            key = f"notice.organizer.programme_refused.{one.reason}"
            self._say(db, one, key if has(FIRST, key) else f"notice.vendor.list_refused.{one.reason}", {})
            return
        found = counts(one.lines)
        faulty = [line for line in one.lines if line.faults][:FAULTS_TOLD]
        told = [{"number": line.number, "fault": line.faults[0]} for line in faulty]
        values = {
            "lines": len(one.lines),
            "counts": [{"what": what, "number": found[what]} for what in STATUSES if what in found],
            "faults": [{"lines": told}] if told else [],
        }
        if one.state == "asked":
            people = self._people(db, one)
            self._say(db, one, "notice.organizer.programme_read", {**values, "people": people}, ("write", "drop"))
            return
        self._say(db, one, "notice.organizer.programme_nothing", values)
        if told:
            self._send_file(db, one)

    def _people(self, db: Db, one: ProgrammeFile) -> int:
        """How many have a place in what it changes."""
        ids = [line.workshop_id for line in one.lines if line.status == "changed"]
        sql = (
            "select count(distinct contact_id) from booking where workshop_id = any(%(ids)s)"
            " and state in ('booked', 'waiting')"
        )
        return int(db.value(sql, ids=ids) or 0)

    def written(self, db: Db, fact: ProgrammeWritten) -> None:
        """The file with a word on each line."""
        one = programme_files.programme_file(db, fact.file_id)
        if one:
            self._send_file(db, one)

    def _say(self, db: Db, one: ProgrammeFile, key: str, values: Mapping[str, Any], doors: Sequence[str] = ()) -> None:
        ways = [Door("organizer", f"{door}_programme", str(one.id)) for door in doors]
        self.told.tell_person(db, one.contact_id, key, values, ways, {"programme_file": one.id})

    def _send_file(self, db: Db, one: ProgrammeFile) -> None:
        """In the chat that the file came in; in text mode an address, which costs nothing before it is opened."""
        config, reader = self.told.config, db.one(READER, id=one.conversation_id)
        if reader is None:
            return
        until = now(db) + timedelta(seconds=config.timing.receipt_link)
        path = files.path_to(programme_files.KIND, config.secret_key, one.id, until)
        url = f"{config.server.base_url}{path}"
        words = say(reader.language, "notice.organizer.programme_file", {})
        bubble = Outgoing(words, document=url, document_name=NAME)
        if reader.is_in_text_mode:
            bubble = Outgoing(f"{words}\n{url}")
        said = numbers(db)[0].said
        news = News(one.conversation_id, said, bubble, about={"programme_file": one.id})
        put_notice(db, news, config.timing.notice_too_old)


def document(db: Db, payload: JsonValue) -> Document | None:
    """The programme whose number a token holds, as it came, with a word on each line behind its cells."""
    is_number = isinstance(payload, int) and not isinstance(payload, bool)
    one = programme_files.programme_file(db, payload) if is_number and isinstance(payload, int) else None
    if one is None or not one.header:
        return None
    language = contacts.language_of(db, one.contact_id)
    is_written = one.state == "written"
    return Document(NAME, MIME, lambda: told_back(language, one.header, one.lines, is_written=is_written))


def told_back(language: str, header: Sequence[str], lines: Sequence[Compared], *, is_written: bool) -> bytes:
    """A file as it came, with a word on each line behind its cells; formula-safe."""
    titles = [say(language, f"sheet.{what}", {}) for what in ("line", "status", "why")]
    rows = [_told(language, line, len(header), is_written=is_written) for line in lines]
    return write("Programme", [*header, *titles], rows)


def _told(language: str, line: Compared, width: int, *, is_written: bool) -> list[Cell]:
    cells = [*line.cells, *[""] * (width - len(line.cells))][:width]
    status = f"session_{line.status}_done" if is_written and line.status in ("new", "changed") else line.status
    why = "; ".join(say(language, f"sheet.fault.{fault}", {}) for fault in line.faults)
    return [*cells, line.number, say(language, f"sheet.status.{status}", {}), why]


def own_document(db: Db, payload: JsonValue) -> Document | None:
    """The programme of the event whose number a token holds."""
    if not isinstance(payload, int) or isinstance(payload, bool):
        return None
    return Document(OWN_NAME, MIME, listed(db, payload))
