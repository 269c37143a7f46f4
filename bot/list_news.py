"""What a vendor hears of his price list: what was read, how far it is, what became of it; and the file back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import JsonValue

from base.clock import now
from base.db import Db
from base.sheets.writing import MIME, Cell, write
from bot import contacts, files, price_lists
from bot.files import Document
from bot.messages import Outgoing
from bot.notice_words import Door
from bot.notices import Notices
from bot.outbox import News, numbers, put_notice
from bot.price_lists import COUNTED, ListAdvanced, ListApplied, ListRead, ListUndone, Outcome, PriceList
from bot.texts import say
from catalog.sheets.listed import listed
from catalog.sheets.steps import reached, told_steps

FAULTS_TOLD: Final = 3  # lines; the file has them all
ODD_TOLD: Final = 5
SMALLEST_COIN: Final = 5  # F CFA
NAME, OWN_NAME = "liste-resultat.xlsx", "mes-produits.xlsx"
WORKING: Final = ("waiting", "applying", "undoing")
READER: Final = (
    "select p.language, p.is_in_text_mode from conversation c join contact p on p.id = c.contact_id where c.id = %(id)s"
)


@dataclass(frozen=True)
class ListNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def read(self, db: Db, fact: ListRead) -> None:
        """What a list would change, with the question whether it shall; or why it is not read."""
        one = price_lists.price_list(db, fact.list_id)
        if one is None:
            return
        if one.state == "refused":
            self._say(db, one, f"list_refused.{one.reason}", {})
            return
        counts = price_lists.counts(db, one.id)
        values = {"lines": sum(counts.get(what, 0) for what in COUNTED), **_counted(counts, COUNTED)}
        told = [_fault(outcome) for outcome in self._faulty(db, one)]
        values["faults"] = [{"lines": told}] if told else []
        if one.state == "asked":
            values["odd"] = _odd(db, one.id)
            self._say(db, one, "list_read", values, ("apply_list", "drop_list"))
            return
        self._say(db, one, "list_nothing", values)
        if counts.get("faulty"):
            self._send_file(db, one)

    def advanced(self, db: Db, fact: ListAdvanced) -> None:
        """Half of a long list is applied."""
        one = price_lists.price_list(db, fact.list_id)
        if one:
            self._say(db, one, "list_half", {"done": fact.done, "count": fact.count})

    def applied(self, db: Db, fact: ListApplied) -> None:
        """What became of it, with the way back; and the file with a word on each line."""
        one = price_lists.price_list(db, fact.list_id)
        if one is None:
            return
        counts = price_lists.counts(db, one.id)
        rest = _counted(counts, ("stale", "faulty", "same"))
        if counts.get("done"):
            values = {"count": counts["done"], "counts": [rest] if rest["counts"] else []}
            self._say(db, one, "list_applied", values, ("undo_list",))
        else:
            self._say(db, one, "list_applied_none", {})
        self._send_file(db, one)

    def undone(self, db: Db, fact: ListUndone) -> None:
        """All is as before; or what is not, and why."""
        one = price_lists.price_list(db, fact.list_id)
        if one is None:
            return
        if fact.short:
            self._say(db, one, "list_short", {"goods": ", ".join(fact.short)})
            return
        kept = [outcome.line.name for outcome in price_lists.outcomes(db, one.id, "outcome = 'kept'", 5)]
        self._say(db, one, "list_undone_but" if kept else "list_undone", {"goods": ", ".join(kept)} if kept else {})

    def _faulty(self, db: Db, one: PriceList) -> Sequence[Outcome]:
        return price_lists.outcomes(db, one.id, "status = 'faulty'", FAULTS_TOLD)

    def _say(self, db: Db, one: PriceList, what: str, values: Mapping[str, Any], doors: Sequence[str] = ()) -> None:
        ways = [Door("vendor", door, str(one.id)) for door in doors]
        self.told.tell_person(db, one.contact_id, f"notice.vendor.{what}", values, ways, {"price_list": one.id})

    def _send_file(self, db: Db, one: PriceList) -> None:
        """In the chat that the list came in; in text mode an address, which costs nothing before it is opened."""
        config, reader = self.told.config, db.one(READER, id=one.conversation_id)
        if reader is None:
            return
        until = now(db) + timedelta(seconds=config.timing.receipt_link)
        url = f"{config.server.base_url}{files.path_to(price_lists.KIND, config.secret_key, one.id, until)}"
        words = say(reader.language, "notice.vendor.list_file", {})
        bubble = Outgoing(words, document=url, document_name=NAME)
        if reader.is_in_text_mode:
            bubble = Outgoing(f"{words}\n{url}")
        said = numbers(db)[0].said
        news = News(one.conversation_id, said, bubble, about={"price_list": one.id})
        put_notice(db, news, config.timing.notice_too_old)


def _counted(counts: Mapping[str, int], which: Sequence[str]) -> dict[str, Any]:
    """One line of words for each count above none."""
    return {"counts": [{"what": what, "number": counts[what]} for what in which if counts.get(what)]}


ODD: Final = f"""
with asked as (
    select number, 0 as units, name, price_before as known, price_before as before, price as after from price_list_line
    where list_id = %(id)s and status = 'changed' and price is not null
    union all select l.number, (step->>0)::int, l.name || ', ≥ ' || (step->>0), coalesce(l.price, l.price_before),
        coalesce((select (old->>1)::int from jsonb_array_elements(l.steps_before) as old where old->>0 = step->>0),
            l.price_before), (step->>1)::int
    from price_list_line l cross join jsonb_array_elements(l.steps) as step
    where l.list_id = %(id)s and l.status = 'changed' and (step->>1)::int > 0
)
select name, before, after, count(*) over () as number from asked
where 2 * abs(after - known) > known or after %% {SMALLEST_COIN} <> 0
order by asked.number, units limit %(most)s
"""


def _odd(db: Db, list_id: int) -> list[Mapping[str, Any]]:
    """The prices that change by more than half, or end below a coin: how many, and the first of them."""
    rows = db.rows(ODD, id=list_id, most=ODD_TOLD)
    lines = [{"name": row.name, "before": row.before, "after": row.after} for row in rows]
    return [{"number": rows[0].number, "lines": lines}] if rows else []


def _fault(outcome: Outcome) -> Mapping[str, Any]:
    return {"number": outcome.line.number, "fault": outcome.line.faults[0]}


def document(db: Db, payload: JsonValue) -> Document | None:
    """The list whose number a token holds, as it came, with a word on each line before its cells."""
    one = price_lists.price_list(db, payload) if isinstance(payload, int) and not isinstance(payload, bool) else None
    if one is None or not one.header:
        return None
    language = contacts.language_of(db, one.contact_id)
    titles = [say(language, f"sheet.{what}", {}) for what in ("line", "status", "why")]
    lines = [_told(language, outcome, len(one.header)) for outcome in price_lists.outcomes(db, one.id)]
    return Document(NAME, MIME, lambda: write("Liste", [*one.header, *titles], lines))


def _told(language: str, outcome: Outcome, width: int) -> list[Cell]:
    line = outcome.line
    cells = [*line.cells, *[""] * (width - len(line.cells))][:width]
    status = outcome.outcome if outcome.outcome not in ("", "done") else line.status
    if outcome.outcome == "done":
        status = f"{line.status}_done"
    why = "; ".join(say(language, f"sheet.fault.{fault}", {}) for fault in line.faults)
    return [*cells, line.number, say(language, f"sheet.status.{status}", {}), why or _figures(language, outcome)]


def _figures(language: str, outcome: Outcome) -> str:
    """`prix 17 000 → 17 500`, of what changes."""
    line = outcome.line
    if line.status != "changed":
        return ""
    steps = dict(line.steps_before or ())
    left = reached(steps, line.steps or ())
    none = say(language, "sheet.change.no_steps", {})
    told = [
        say(language, f"sheet.change.{what}", {"before": before, "after": after})
        for what, before, after in (
            ("price", line.price_before, line.price),
            ("steps", told_steps(steps) or none, None if line.steps is None else told_steps(left) or none),
            ("quantity", line.quantity_before, line.quantity),
        )
        if after is not None
    ]
    return ", ".join(told)


def own_document(db: Db, payload: JsonValue) -> Document | None:
    """The goods of the shops whose numbers a token holds."""
    if not isinstance(payload, list) or not all(type(one) is int for one in payload):
        return None
    content = listed(db, [one for one in payload if isinstance(one, int)])
    return Document(OWN_NAME, MIME, content) if content else None
