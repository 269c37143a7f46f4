"""What operators type about the week and its announcements: rules, tables and organizers are those of the chat."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from base.clock import now
from base.config import load
from bot import event_report
from bot.broadcasts import typed
from bot.broadcasts.audience import ROLES
from bot.broadcasts.typed import BadAnnouncement
from serving import console, show
from wiring import Market, build

AUDIENCE: Final = (
    *("role", "zone", "language", "channel", "workshop", "ordered", "ordered_days", "category", "not_seen_days"),
    *("skip_talking", "skip_told_days", "skip_complaint"),
)
BY: Final = click.option("--by", default="", help="The organizer's phone; not needed where market.organizers has one.")


def market() -> Market:
    """The market of these settings; the services must run."""
    return build(load(), role="cli")


def prove(here: Market, by: str, code: str) -> None:
    """Use a code before anything else, so that a wrong one is counted whatever comes of the rest."""
    with here.database.unit_of_work() as db:
        is_right = typed.prove(db, here.config, typed.organizer(db, here.config, by), code)
    if not is_right:
        raise BadAnnouncement("the code is wrong, was used, or is locked")


@click.command("announce")
@click.option("--to", "role", type=click.Choice(ROLES), required=True, help="Whom it is for.")
@click.option("--zone", default="", help="Who lives or sells there: a quarter, a town, a commune, Lomé.")
@click.option("--language", default="", help="Who reads this language: fr, en.")
@click.option("--channel", default="", help="Who has a chat on this kind of account, or on `whatsapp`.")
@click.option("--workshop", type=int, help="Who has a place in this workshop, by its number.")
@click.option("--ordered/--never-ordered", default=None, help="Who ever ordered, or never did.")
@click.option("--ordered-days", type=int, help="Within so many days.")
@click.option("--category", default="", help="Who sells or bought of this category, by its slug.")
@click.option("--not-seen-days", type=int, help="Who has written nothing for so many days.")
@click.option("--skip-talking", is_flag=True, help="But who is in conversation now.")
@click.option("--skip-told-days", type=int, help="But who was announced something in so many days.")
@click.option("--skip-complaint", is_flag=True, help="But who has an open complaint.")
@click.option("--text", required=True, help="The words in French.")
@click.option("--text-en", default="", help="The words in English.")
@click.option("--at", default="", help="When, in Lomé: `lundi 7h`, `chaque lundi 7h jusqu'au 30/12`; not said: now.")
@click.option("--by-night", is_flag=True, help="The quiet hours do not hold; it is written down.")
@click.option("--often", is_flag=True, help="The weekly limit does not hold; it is written down.")
@click.option("--code", default="", help="The six digits of the organizer's app, for many people.")
@click.option("--yes", is_flag=True, help="Send it; without, it is only counted and shown.")
@BY
def announce_command(**told: Any) -> None:
    """Announce something in an organizer's name; to many people another organizer says yes in the chat."""
    here = market()
    asked = {name: told[name] for name in AUDIENCE}
    if told["code"]:
        prove(here, told["by"], told["code"])
    with here.bot.database.unit_of_work() as db:  # what it asks of others has reactions
        by = typed.organizer(db, here.config, told["by"])
        texts = {"fr": told["text"], "en": told["text_en"]}
        wanted = typed.draft(asked, texts, told["at"], now(db), by_night=told["by_night"], often=told["often"])
        lines = typed.summed_up(db, here.config, wanted)
        done = typed.announce(db, here.config, by, wanted) if told["yes"] else ""
    for line in (*lines, done or "Nothing was sent: say --yes to send it."):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@click.group("announcements")
def announcements() -> None:
    """List announcements, show one, stop, resume, or export its recipients."""


@announcements.command("list")
@click.option("--most", type=click.IntRange(1, 1000), default=30, help="So many, the newest first.")
def list_command(most: int) -> None:
    """List them, the newest first."""
    with market().database.unit_of_work() as db:
        show([*typed.COLUMNS], typed.listed(db, most))


@announcements.command("show")
@click.argument("number", type=int)
def show_command(number: int) -> None:
    """Show where one stands, what became of it, and who decided what."""
    here = market()
    with here.database.unit_of_work() as db:
        lines = typed.told(db, here.config, typed.known(db, number))
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@announcements.command("stop")
@click.argument("number", type=int)
@BY
def stop_command(number: int, by: str) -> None:
    """Stop one that is being sent, or give one up that waits for its time."""
    here = market()
    with here.bot.database.unit_of_work() as db:
        done = typed.stop(db, typed.known(db, number), typed.organizer(db, here.config, by))
    console.print(done)


@announcements.command("resume")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Go on sending.")
@BY
def resume_command(number: int, by: str, yes: bool) -> None:
    """Go on with one that was stopped, or paused itself."""
    if not yes:
        raise BadAnnouncement("say --yes to go on sending")
    here = market()
    with here.bot.database.unit_of_work() as db:
        done = typed.resume(db, here.config, typed.known(db, number), typed.organizer(db, here.config, by))
    console.print(done)


@announcements.command("export")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_command(number: int, file: Path) -> None:
    """Write the recipients of one into FILE, a .csv or a .xlsx."""
    with market().database.unit_of_work() as db:
        size = typed.export(db, typed.known(db, number), file)
    console.print(f"{file}: {size} bytes.", highlight=False)


@click.command("event")
@click.argument("action", type=click.Choice(["list", "take", "clone", "open", "close"]), default="list")
@click.argument("named", metavar="[SLUG|FILE]", default="")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The first day of one made anew.")
@click.option("--name", default="", help="Its name, where it is another.")
@click.option("--keep", "keeps", type=click.Choice(["weekdays", "order"]), default="weekdays", help="Of its days.")
@click.option("--note", default="", help="What is shown with the one made anew; the old one's note is not.")
def event_command(action: Any, named: str, on: datetime | None, name: str, keeps: Any, note: str) -> None:
    """List the events; take one from a YAML file; make one anew at other days, with nobody in it; open or close one."""
    if action == "take" and not named:
        raise click.UsageError("take needs the file that describes the event")
    told = event_report.read_event(Path(named)) if action == "take" else None
    with market().database.unit_of_work() as db:
        if told is not None:
            console.print(event_report.put(db, told), highlight=False)
        elif action == "clone":
            if on is None:
                raise click.UsageError("clone needs --on, its first day")
            console.print(event_report.clone(db, named, on, name, keeps, note))
        elif action in ("open", "close"):
            event_report.set_state(db, named, action)
        show(event_report.COLUMNS, event_report.listed(db))


@click.command("programme")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--event", "slug", default="", help="Of this event; of the open one when not said.")
@click.option("--yes", is_flag=True, help="Write it; else it is only shown what would change.")
@click.option("--result", type=click.Path(dir_okay=False, path_type=Path), help="The file with a word on each line.")
def programme_command(file: Path, slug: str, yes: bool, result: Path | None) -> None:
    """Take a programme from a CSV or XLSX file; whoever has a place in what it changes is told."""
    sheet = event_report.read(file)
    with market().database.unit_of_work() as db:
        taken = event_report.take(db, slug, sheet, is_sure=yes)
    if result:
        result.write_bytes(taken.result)
    show(["lines", "number"], [[status, str(number)] for status, number in taken.counted.items()])
    show(["line", "at fault"], [[str(line.number), ", ".join(line.faults)] for line in taken.lines if line.faults])
    console.print("Written." if taken.is_written else "Nothing is written.")


COMMANDS: Final = (announce_command, announcements, event_command, programme_command)
TOLD: Final = (BadAnnouncement, event_report.NoSuchEvent, event_report.FileRefused)
