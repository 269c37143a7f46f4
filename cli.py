"""Door 3: what operators and developers type."""

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from getpass import getuser
from pathlib import Path
from typing import Any

import click

import organizing
import providers
from base import backups, embedded, port, style
from base.config import ConfigError, ensure_demo_secrets, load
from base.db import AWAY
from base.log import configure
from base.migrating import TablesBusy
from base.outbound import OutboundError
from base.phones import read_phone
from base.when import LOME
from bot import (
    accounts,
    attention,
    checker,
    dead_letters,
    doctor,
    drawing,
    received,
    safekeeping,
    second_factor,
    templates,
    texts,
    voices,
)
from bot.dialogs import DIALOGS
from bot.links_report import COUNTS, NoSuchLink, Wanted, links_told
from bot.retention import Retention
from bot.shop_people import people_with
from bot.suspension import restore_by_phone
from bot.teaching import BadSynonym, lessons
from bot.unclear import lines
from bot.understanding import INTENTS, understand
from bot.understanding.telling import told
from handlers.channel import WebhookRequest
from handlers.errors import BadRequest
from handlers.messenger.profile import PageRefused
from handlers.twilio_whatsapp.contents import ContentsRefused
from handlers.whatsapp_cloud.contents import TemplatesRefused
from serving import console, plant, serve, set_up, show, stores
from webhooks import serve as serve_web
from wiring import Market, build, channels, connected

ROOT = Path(__file__).parent
NO_FILE = "the file is no longer there"
MOMENTS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
COLOURS = {"ok": "green", "warn": "yellow", "wrong": "red"}
# Errors that are told in their own words.
TOLD = (
    ConfigError,
    checker.BrokenDialog,
    embedded.EmbeddedError,
    port.PortTaken,
    OutboundError,
    backups.BackupError,
    TablesBusy,
    BadSynonym,
    PageRefused,
    TemplatesRefused,
    providers.NothingIsOn,
    NoSuchLink,
    *organizing.TOLD,
)


class Commands(click.Group):
    """The commands; what an operator can mend is told in a sentence, everything else is a bug."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command that was typed."""
        try:
            return super().invoke(context)
        except TOLD as error:
            raise click.ClickException(str(error)) from error
        except ContentsRefused as error:
            raise click.ClickException(f"Twilio refuses the request about contents: {error}") from error
        except AWAY as error:
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise click.ClickException(f"the database (DATABASE_URL) is away: {reason}") from error


@click.group(cls=Commands)
def cli() -> None:
    """Assigamé: one market in a chat."""


def market() -> Market:
    """The market of these settings, for a command; the services must run."""
    return build(load(), role="cli")


@cli.command()
def run() -> None:
    """Set everything up and serve: services, tables, demo market, web, worker."""
    config = ensure_demo_secrets(load())
    configure(config.environment)
    with embedded.Owner(config.var):
        port.ensure_free(config.server.host, config.server.port)
        serve(config)


@cli.command("set-up")
def set_up_command() -> None:
    """Bring the tables up to date and name the first organizers; the stores must run."""
    with stores() as config:
        set_up(config)
    console.print("The market is set up.")


@cli.command()
def web() -> None:
    """Serve the web door alone; the stores must run."""
    server = load().server
    port.ensure_free(server.host, server.port)
    serve_web(server)


@cli.command()
@click.option("--products", type=click.IntRange(0), default=0, help="This many invented products beside the demo's.")
@click.option("--vendors", type=click.IntRange(1), help="Among this many invented vendors; 100 when not said.")
@click.option("--contacts", type=click.IntRange(0), default=0, help="This many invented buyers beside the demo's.")
def seed(products: int, vendors: int | None, contacts: int) -> None:
    """Plant the demo market, and more of it for scale."""
    if vendors and not products:
        raise click.UsageError("--vendors says among how many the invented products are shared: say --products too.")
    if load().environment == "production":
        raise click.ClickException("The demo's goods and people are not planted in production, beside real ones.")
    plant(market(), products, vendors or 100, contacts)
    console.print("The market is planted.")


@cli.command()
def check() -> None:
    """Check settings, dialogs, texts and house style; every fault is named."""
    config = load()
    checker.check(DIALOGS, dict(INTENTS))
    words = checker.missing_words(DIALOGS, texts.languages())
    found = [*words, *templates.faults(config), *style.faults(ROOT)]
    if drawing.is_stale(DIALOGS):
        found.append("bot/README.md: the picture is stale; run cli.py draw")
    for fault in found:
        console.print(fault, highlight=False)
    if found:
        raise click.ClickException(f"{len(found)} faults")
    console.print(f"{len(DIALOGS)} dialogs, {len(config.channel_accounts)} channel accounts: no fault")


@cli.command()
def draw() -> None:
    """Draw the dialogs' tables into bot/README.md."""
    drawing.write(DIALOGS)


@cli.command("understand")
@click.option("--role", type=click.Choice(sorted(INTENTS)), default="buyer")
@click.option("--now", type=click.DateTime(MOMENTS), help="The moment in Lomé that `demain` is told from.")
def understand_lines(role: str, now: datetime | None) -> None:
    r"""Read messages from standard input, one a line (\n inside as two characters), and print what is understood."""
    moment = now.replace(tzinfo=LOME) if now else datetime.now(LOME)
    for line in sys.stdin:
        heard = understand(role, line.rstrip("\n").replace("\\n", "\n"), moment)
        print(json.dumps(told(heard), ensure_ascii=False))


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", "kind", default="twilio_whatsapp", help="The kind of channel whose webhook this was.")
@click.option("--path", "path", default="", help="The webhook's path; the channel's first when not said.")
@click.option("--keep", is_flag=True, help="Store its messages in the running market.")
def replay(file: Path, kind: str, path: str, keep: bool) -> None:
    """Parse a recorded webhook body again and show what it says."""
    config = ensure_demo_secrets(load())
    channel = channels(config).get(kind)
    account = next((a for a in config.channel_accounts if a.kind == kind), None)
    if channel is None or account is None:
        raise click.ClickException(f"no channel account of the kind {kind}")
    body = file.read_bytes()
    mime = "application/json" if body.lstrip()[:1] in (b"{", b"[") else "application/x-www-form-urlencoded"
    request = WebhookRequest("POST", path or channel.paths[0], "", {"content-type": mime}, body)
    try:
        parsed = channel.parse(account, request)
    except BadRequest as error:
        raise click.ClickException(f"{file.name} is no body of {kind}: {error}") from error
    messages: list[Any] = [kept.message for kept in parsed.messages]
    for one in (*messages, *parsed.reports, *parsed.watermarks, *parsed.templates, *parsed.warnings):
        print(json.dumps(asdict(one), ensure_ascii=False, default=str))
    if keep:
        market().storing.store(account.key, parsed)


@cli.command("dead-letters")
@click.option("--again", type=int, multiple=True, help="Take these messages again.")
def dead_letters_command(again: tuple[int, ...]) -> None:
    """List messages that failed five times, or take some of them again."""
    with market().database.unit_of_work() as db:
        if again:
            console.print(f"{dead_letters.take_again(db, again)} messages will be taken again.")
            return
        rows = dead_letters.listed(db)
    show(["id", "conversation", "received", "attempts", "error"], [[*map(str, row)] for row in rows])


@cli.command("attention")
@click.option("--settle", type=int, multiple=True, help="These lines are done.")
@click.option("--pause", default="", help="Send nothing from this account until it is resumed.")
@click.option("--resume", default="", help="Send from this paused account again.")
@click.option("--typed", type=int, help="A vendor's voice note says the words that follow, or standard input.")
@click.argument("words", required=False)
def attention_command(settle: tuple[int, ...], pause: str, resume: str, typed: int | None, words: str | None) -> None:
    """List what needs a person, with the addresses of the files that he has to see or to hear."""
    if words is not None and typed is None:
        raise click.UsageError("words belong behind --typed and the id of a line")
    heard = words if typed is None or words is not None else sys.stdin.read(voices.LONGEST * 4)
    here = market()
    with here.bot.database.unit_of_work() as db:  # what is settled has reactions
        for line in sorted(set(settle) - attention.settle(db, settle, None)):
            raise click.ClickException(f"no open line has the id {line}: nothing was changed")
        if pause and not (pause in here.ids and accounts.pause(db, here.ids[pause], "by hand")):
            raise click.ClickException(f"no account that sends has the key {pause}: nothing was changed")
        if resume and not accounts.resume(db, resume):
            raise click.ClickException(f"no paused account has the key {resume}: nothing was changed")
        if typed is not None and not voices.send(db, typed, heard or "", None):
            raise click.ClickException(f"no voice note waits in the line {typed}, or nothing was typed")
        rows = attention.open_items(db, size=1000)
        sent = {i.id: attention.files_of(i) for i in rows}
        files = {line: received.links(db, here.config, ids) or [NO_FILE] for line, ids in sent.items() if ids}
    if pause:
        console.print(f"{pause}: nothing is sent from it until --resume {pause}.", markup=False)
    if resume:
        console.print(f"{resume}: what waited is sent.", markup=False)
    show(["id", "kind", "person", "about", "since"], attention.lines(rows))
    for line, links in files.items():
        for link in links:
            console.print(f"{line}: {link}", markup=False, highlight=False, soft_wrap=True)


@cli.command("unclear")
@click.option("--role", type=click.Choice(sorted(INTENTS)), help="Of this role alone.")
@click.option("--newest", is_flag=True, help="What was said last first, instead of most often.")
@click.option("--most", type=click.IntRange(1, 1000), default=30, help="So many lines.")
@click.option("--teach", default="", help="way=meaning: from now on this way means that.")
@click.option("--forget", default="", help="This way means nothing any more.")
@click.option("--taught", is_flag=True, help="List what was taught.")
def unclear_command(role: str | None, newest: bool, most: int, teach: str, forget: str, taught: bool) -> None:
    """List what people wrote that was not understood or found; teach what it means."""
    with market().database.unit_of_work() as db:
        known = lessons(db, getuser(), teach, forget)
        if teach or forget or taught:
            show(["way", "means", "by", "since"], known)
        else:
            show(["role", "led to", "words", "times", "last"], lines(db, role or "", most, newest=newest))


@cli.command("twilio-content")
def twilio_content() -> None:
    """Make the content resources of each Twilio account once, and remember their ids and approvals."""
    show(["content", "id", "approval"], providers.twilio_contents(market()))


@cli.command("messenger-profile")
def messenger_profile() -> None:
    """Set up each Page of Messenger: its first button, its menu, what it tells us."""
    show(["account", "page"], providers.page_profiles(market()))


@cli.command("templates")
@click.argument("action", type=click.Choice(["push", "status"]))
def templates_command(action: str) -> None:
    """Make what is missing of the templates at every provider (push), or ask how they stand (status)."""
    ask = providers.push_templates if action == "push" else providers.templates
    show(["account", "language", "template", "state", "reason", "asked"], ask(market()))


@cli.command("links")
@click.option("--product", default="", help="To this good, by its slug.")
@click.option("--shop", default="", help="To this shop, by its slug; to the market when neither is said.")
@click.option("--source", default="", help="Where it is put up, in a word: affiche, radio …")
@click.option("--qr", type=click.Path(dir_okay=False, path_type=Path), help="Draw it into this .svg or .png.")
@click.option("--account", default="", help="Whose link is drawn; of the first account when not said.")
def links_command(**wanted: Any) -> None:
    """Print the links to a good, a shop or the market, and whom links and posts have brought."""
    here = market()
    with here.database.unit_of_work() as db:
        found, counted = links_told(db, here.accounts.values(), Wanted(**wanted))
    for key, address in found.items():
        console.print(f"{key}: {address}", markup=False, highlight=False, soft_wrap=True)
    show(COUNTS, counted)


@cli.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One list of objects, for programs.")
def doctor_command(as_json: bool) -> None:
    """Look at everything that can be wrong, and say what to do; the exit code is 1 when something is."""
    findings = examined()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    for finding in [] if as_json else findings:
        console.print(f"[{COLOURS[finding.level]}]{finding.level:5}[/]  {finding.check:13}", end="")
        console.print(finding.line, markup=False, highlight=False, soft_wrap=True)
    sys.exit(any(finding.level == "wrong" for finding in findings))


def examined() -> list[doctor.Finding]:
    """What the doctor finds, at rest too; settings that are not complete are all there is to say."""
    try:
        config = load()
        if (config.var / "secret").exists():
            config = ensure_demo_secrets(config)
    except ConfigError as error:
        return [doctor.Finding("wrong", "settings", problem, "see config.yaml") for problem in error.problems]
    with suppress(ConfigError):  # nothing runs: the doctor says so
        config = connected(config)
    return doctor.examine(config)


@cli.command("trust")
@click.argument("phone")
def trust_command(phone: str) -> None:
    """Give a person, whom you have called, the rights back that were suspended; by his phone."""
    with market().database.unit_of_work() as db:
        count = restore_by_phone(db, phone)
    console.print(f"{count} roles are given back.")


@cli.command("lost-factor")
@click.argument("phone")
def lost_factor_command(phone: str) -> None:
    """Take the second factor of a person, whom you have called, away: his app is lost, and he sets up another."""
    with market().database.unit_of_work() as db:
        gone = [second_factor.remove(db, one) for one in people_with(db, read_phone(phone) or "")]
    console.print(f"{sum(gone)} second factors are taken away.")


@cli.command("forget")
def forget_command() -> None:
    """Take out now what was kept long enough, as workers do all the time; says how much of what."""
    opened, retention = market(), Retention()
    for kind, count in retention.whole(opened.database, opened.config.timing).items():
        console.print(f"{kind} {count}")
    if retention.left_out:
        raise click.ClickException(f"Left out, as even the least step takes too long: {', '.join(retention.left_out)}.")


@cli.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Write the database and the photos into one file, while the market runs."""
    with stores() as config:
        made = safekeeping.back_up(config, file)
    held = f"{sum(made.rows.values())} rows, {made.photos} photos and {made.received} received files"
    console.print(f"{file}: {held} of {made.taken_at:%d/%m/%Y %H:%M}.")
    if made.dumped_by > made.server:
        console.print(f"Only PostgreSQL {made.dumped_by} takes it back: install postgresql-client-{made.server}.")


@cli.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="In place of what the database holds.")
def restore_command(file: Path, replace: bool) -> None:
    """Bring back a backup, with sending stopped and everything that was open in doubt."""
    with stores() as config:
        restored = safekeeping.restore(config, file, replace=replace)
    console.print(restored.told(), highlight=False, soft_wrap=True)


for command in organizing.COMMANDS:
    cli.add_command(command)

if __name__ == "__main__":
    cli()
