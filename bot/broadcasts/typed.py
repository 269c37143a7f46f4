"""What an operator types of broadcasts, in an organizer's name and by the same rules: nothing is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from base.clock import in_lome, now
from base.config import Config
from base.db import Db
from base.phones import read_phone
from bot import second_factor
from bot.broadcasts import counting, drafts, exports, history, results, sending, telling, wording, zones
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Broadcast, Draft
from bot.dialogs.organizer.announce_drafts import REPEATS
from bot.dialogs.organizer.announce_words import read_planned
from bot.texts import FIRST

LANGUAGE: Final = "en"  # that operators read
COLUMNS: Final = ("number", "state", "for", "people", "time", "words")
IN_A_ROW: Final = 40  # characters of the words in a row
HELD: Final = """
select r.contact_id, c.id as conversation_id from identity i join role r on r.contact_id = i.contact_id
join conversation c on c.contact_id = r.contact_id
where i.kind = 'phone' and i.value = %(phone)s and r.role = 'organizer' and r.suspended_at is null
order by c.last_in_at desc nulls last, c.id limit 1
"""

OTHERS: Final = """
select c.name from role r join contact c on c.id = r.contact_id
where r.role = 'organizer' and r.suspended_at is null and r.contact_id is distinct from %(maker)s order by c.name, c.id
"""


class BadAnnouncement(Exception):
    """What was typed cannot be announced, or done; says why."""


@dataclass(frozen=True)
class Organizer:
    """In whose name it is done, and his chat."""

    contact_id: int
    conversation_id: int


def organizer(db: Db, config: Config, typed: str) -> Organizer:
    """The one of the settings with this phone, or the only one there. Raises BadAnnouncement."""
    named = config.market.organizers
    phone = read_phone(typed) if typed else (named[0] if len(named) == 1 else None)
    if phone is None or phone not in named:
        raise BadAnnouncement("say --by with the phone of an organizer whom market.organizers names")
    row = db.one(HELD, phone=phone)
    if row is None:
        raise BadAnnouncement(
            f"nobody with the phone {phone} is an organizer: run the market once, or give the role back"
        )
    return Organizer(row.contact_id, row.conversation_id)


def draft(audience_told: Mapping[str, Any], texts: Mapping[str, str], at: str, when: datetime, **passes: bool) -> Draft:
    """What was typed as a draft; `at` in Lomé's words or '' for now. Raises BadAnnouncement for what is none."""
    told = {language: words for language, words in texts.items() if words}
    if fault := wording.fault(told):
        why = {"none": "--text says what is announced", "long": f"a text has {wording.MOST_WORDS} characters at most"}
        raise BadAnnouncement(why.get(fault, "there is no such language"))
    zone = zones.zone_of(audience_told["zone"]) if audience_told.get("zone") else ()
    if audience_told.get("zone") and not zone:
        raise BadAnnouncement("--zone names a quarter, a town, a commune or Lomé")
    made = Draft(told, Audience(**{**audience_told, "zone": zone}))
    planned = read_planned(at, when) if at else None
    if at and (planned is None or (planned.at and planned.at <= when)):
        raise BadAnnouncement("--at tells a moment that is ahead: `lundi 7h`, `chaque lundi 7h jusqu'au 30/12`")
    if planned:
        made = replace(made, due_at=planned.at, repeat=REPEATS[planned.every], repeat_until=planned.until)
    return replace(made, override_quiet=passes["by_night"], override_weekly=passes["often"])


def summed_up(db: Db, config: Config, wanted: Draft) -> list[str]:
    """Whom it would reach, and how, in lines; nothing is written."""
    seen = counting.count(
        db,
        config,
        wanted.audience,
        due_at=wanted.due_at,
        override_quiet=wanted.override_quiet,
        override_weekly=wanted.override_weekly,
    )
    shown = [wording.bubble(wanted.texts, language).body for language in wanted.texts]
    whom = f"{telling.audience_words(LANGUAGE, wanted.audience)}: {seen.people} people"
    return [*shown, whom, *telling.summary_lines(LANGUAGE, config, wanted, seen).split("\n")]


def announce(db: Db, config: Config, by: Organizer, wanted: Draft) -> str:
    """Send it in an organizer's name, or put it on its time; what became of it. Raises BadAnnouncement."""
    row = drafts.make(db, by.contact_id, wanted)
    seen = drafts.preview_whole(db, config, row)
    is_proven = second_factor.trusted_until(db, by.contact_id, by.conversation_id, now(db)) is not None
    if seen.people > config.announcements.second_above and not is_proven:
        raise BadAnnouncement("to so many people --code is needed: the six digits of the organizer's app")
    outcome = drafts.confirm(db, config, row, by.contact_id)
    number = telling.number_of(row)
    match outcome:
        case "started":
            return f"Announcement {number} is on its way to {seen.people} people."
        case "scheduled":
            return f"Announcement {number} waits for its time."
        case "second_asked":
            return f"Announcement {number} waits for another organizer's yes, in the chat."
        case "quiet":
            raise BadAnnouncement("it would go by night: say --at with an hour of the day, or --by-night")
        case "nobody":
            raise BadAnnouncement("it reaches nobody")
    raise BadAnnouncement("its time is over")


def prove(db: Db, config: Config, by: Organizer, code: str) -> bool:
    """Use a code of the organizer's app, in a transaction of its own: a wrong one counts, a right one stays good."""
    key, at = config.lasting_key, now(db)
    return second_factor.check(db, key, by.contact_id, by.conversation_id, code, at) == "right"


def listed(db: Db, size: int) -> list[list[str]]:
    """The newest announcements as lines of COLUMNS."""
    return [_line(one) for one in drafts.recent(db, size)]


def _line(one: Broadcast) -> list[str]:
    at = in_lome(one.draft.due_at or one.made_at)
    said = " ".join(one.draft.texts[FIRST].split())[:IN_A_ROW]
    whom = telling.audience_words(LANGUAGE, one.draft.audience)
    return [str(telling.number_of(one.id)), one.state, whom, str(one.people or 0), f"{at:%d/%m/%Y %H:%M}", said]


def known(db: Db, number: int) -> Broadcast:
    """The announcement of this number. Raises BadAnnouncement."""
    found = drafts.read(db, telling.id_of(number))
    if found is None:
        raise BadAnnouncement(f"there is no announcement {number}")
    return found


def told(db: Db, config: Config, one: Broadcast) -> list[str]:
    """One announcement: where it stands, what became of it, and who decided what, in lines."""
    going = results.progress(db, config, one.id)
    counts = telling.count_words(LANGUAGE, going.counts)
    found = results.result(db, one.id)
    decided = [
        f"{in_lome(at):%d/%m %H:%M} {fact} {by or ''}".rstrip() for at, fact, by, _ in history.history(db, one.id)
    ]
    lines = [telling.told(LANGUAGE, one), telling.state_words(LANGUAGE, one, going), counts]
    return [line for line in (*lines, *telling.result_lines(LANGUAGE, found), *decided) if line]


def stop(db: Db, one: Broadcast, by: Organizer) -> str:
    """Nobody more is told of it; what was not begun is given up. Raises BadAnnouncement."""
    if sending.stop(db, one.id, by.contact_id) or drafts.cancel(db, one.id, by.contact_id):
        return f"Announcement {telling.number_of(one.id)} is stopped."
    raise BadAnnouncement(f"announcement {telling.number_of(one.id)} is {one.state}: there is nothing to stop")


def resume(db: Db, config: Config, one: Broadcast, by: Organizer) -> str:
    """It goes on; nobody gets it twice. Raises BadAnnouncement."""
    match sending.resume(db, config, one.id, by.contact_id):
        case "resumed":
            return "It goes on."
        case "quiet":
            return "It goes on in the morning."
        case "same_person" | "second":
            raise BadAnnouncement(_who_agrees(db, config, one))
    raise BadAnnouncement(f"announcement {telling.number_of(one.id)} is {one.state}: there is nothing to resume")


def _who_agrees(db: Db, config: Config, one: Broadcast) -> str:
    people = drafts.counted(db, config, drafts.as_of_now(one)).people
    names = ", ".join(row.name for row in db.rows(OTHERS, maker=one.made_by))
    told = f"it reaches {people} people, {one.people or 0} were agreed to: another organizer has to agree in the chat"
    number = telling.number_of(one.id)
    return f"{told} by `valider {number}`: {names or 'there is none but the one who made it'}"


def export(db: Db, one: Broadcast, file: Path) -> int:
    """Write its recipients into a .csv or a .xlsx; its size in bytes. Raises BadAnnouncement for another ending."""
    match file.suffix.lower():
        case ".csv":
            with file.open("wb") as written:
                return sum(written.write(piece) for piece in exports.as_csv(db, one.id, FIRST))
        case ".xlsx":
            return file.write_bytes(exports.as_workbook(db, one.id, FIRST, file.stem))
    raise BadAnnouncement("the file ends in .csv or .xlsx")
