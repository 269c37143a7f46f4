"""Checks of the market itself, from its tables."""

from collections.abc import Iterator
from typing import Final

from base.accounts import (
    ChannelAccount,
    MessengerAccount,
    SimulatorAccount,
    TwilioWhatsappAccount,
    WhatsappCloudAccount,
)
from base.invariants import violations
from base.templates import first_name, texts_of
from bot.doctor.findings import Level, Look, Patient
from bot.invariants import INVARIANTS
from bot.templates import has_templates, is_for
from bot.watching import SILENT
from orders.codes import Codes

DAY: Final = 86_400
# The same limits as in deploy/alerts.yaml; of what waits, by column of bot.watching and its label.
BACKUP_OLD: Final = 2 * DAY
UNCHECKED: Final = 600  # seconds
MOST: Final = {
    ("inbox_oldest_due_seconds", ""): (30, "the oldest message waits for {:.0f} s"),
    ("inbox_stalled_seconds", ""): (20, "messages are due, and nobody has been answered for {:.0f} s"),
    ("outbox_oldest_due_seconds", "reply"): (60, "the oldest reply waits for {:.0f} s"),
    ("outbox_oldest_due_seconds", "notice"): (300, "the oldest order news waits for {:.0f} s"),
    ("outbox_refused", ""): (10, "{:.0f} bubbles were refused and wait for their next try"),
    ("outbox_uncertain", ""): (10, "the sending of {:.0f} bubbles was answered by nobody"),
    ("outbox_oldest_uncertain_seconds", ""): (150, "a send has been in doubt for {:.0f} s"),
    ("retention_seconds", ""): (DAY, "what was kept long enough was last forgotten {:.0f} s ago"),
    ("broadcasts_paused", ""): (0, "{:.0f} announcements have paused themselves"),
}
ORGANIZERS: Final = """
select (select count(distinct contact_id) from role where role = 'organizer' and suspended_at is null) as known,
  (select count(distinct contact_id) from role where role = 'organizer' and suspended_why is not null) as suspended,
  (select count(*) from unnest(%(phones)s::text[]) as named(phone) where not exists (select from identity i
    join role r using (contact_id) where i.kind = 'phone' and i.value = phone and r.role = 'organizer')) as unknown
"""


def workers(patient: Patient) -> Look:
    """Whether anybody does what turns leave to be done."""
    count = patient.figures.workers
    if count:
        yield "ok", f"{count} at work", ""
    else:
        do = "OPERATIONS.md, No worker"
        yield "wrong", f"none has shown itself for {SILENT:.0f} s: no announcement is sent, no order expires", do


def accounts(patient: Patient) -> Look:
    """Each configured account: on, off or paused."""
    rows = patient.rows("select key, pause_reason from channel_account where paused_at is not null")
    paused = {row.key: row.pause_reason for row in rows}
    for account in patient.config.active_accounts():
        if account.key in paused:
            do = f"once that is mended: cli.py attention --resume {account.key}"
            yield "wrong", f"{account.key} is paused ({paused[account.key]}): nothing is sent from it", do
        elif patient.is_production and isinstance(account, SimulatorAccount):
            yield "warn", "the simulator is open: whoever reaches it can be anybody", "simulator.enabled: false"
        else:
            yield "ok", f"{account.key} is on", ""
    for key, variables in patient.config.silent_accounts().items():
        yield "ok", f"{key} is off: it waits for {', '.join(variables)}", ""


def setups(patient: Patient) -> Look:
    """What an account works without, but not as well."""
    known = patient.rows("select a.key, c.name from channel_content c join channel_account a on a.id = c.account_id")
    declared = texts_of(patient.config.templates)
    with_contents = {row.key for row in known if first_name(row.name) not in declared}
    for account in patient.config.active_accounts():
        lacks = [*_lacking(account, has_contents=account.key in with_contents)]
        for says, do in lacks:
            yield "warn", f"{account.key}: {says}", do
        if not lacks:
            yield "ok", f"{account.key} is set up", ""


def _lacking(account: ChannelAccount, *, has_contents: bool) -> Iterator[tuple[str, str]]:
    """What is lacking, and what to do about it."""
    match account:
        case MessengerAccount(app_id=""):
            yield "no app_id: an answer from another app is taken for ours", "META_APP_ID"
        case WhatsappCloudAccount(waba_id=""):
            yield "no waba_id: it can have no templates, and news of its account is not told", "WHATSAPP_WABA_ID"
        case TwilioWhatsappAccount() if not has_contents:
            yield "no contents: choices are numbers, without buttons and lists", "cli.py twilio-content"


def contents(patient: Patient) -> Look:
    """Whether people can be reached by template once their window is shut."""
    rows = patient.rows(
        "select a.key, c.name from channel_content c join channel_account a on a.id = c.account_id"
        " where c.state = 'approved'"
    )
    approved = {(row.key, first_name(row.name)) for row in rows}
    declared = texts_of(patient.config.templates)
    for account in patient.config.active_accounts():
        if not has_templates(account):
            continue
        wanted = [name for name, text in declared.items() if is_for(account, text)]
        missing = [name for name in wanted if (account.key, name) not in approved]
        if missing:
            yield "warn", f"{account.key}: {', '.join(missing)} not approved", "cli.py templates push"
        else:
            yield "ok", f"{account.key}: all templates are approved", ""


def organizers(patient: Patient) -> Look:
    """Whether anybody is told what needs a person."""
    row = patient.rows(ORGANIZERS, phones=list(patient.config.market.organizers))[0]
    if row.unknown:
        yield "warn", f"{row.unknown} of market.organizers are none yet", "cli.py set-up gives them that role"
    if row.suspended:
        yield "warn", f"{row.suspended} wait to be re-verified", "call them, then cli.py trust PHONE"
    if row.known:
        yield "ok", f"{row.known} are told what needs a person", ""
    elif not row.unknown and not row.suspended:
        yield "warn", "nobody is told what needs a person", "name phones in market.organizers, then cli.py set-up"


def keys(patient: Patient) -> Look:
    """Whether codes are made as they always were, and which secrets are believed beside those that sign."""
    newest = patient.rows('select id, code from "order" where code is not null order by id desc limit 1')
    codes, beside = Codes(patient.config.lasting_key), patient.config.secrets_beside()
    is_same = all(codes.code_of(row.id) == row.code for row in newest)
    if not is_same:
        do = "LASTING_KEY is the SECRET_KEY that this market began with"
        yield "wrong", "the codes of orders were made with another key", do
    for variable in beside:
        yield "warn", f"{variable} is believed beside the secret in use", "OPERATIONS.md, Changing secrets"
    if is_same and not beside:
        yield "ok", "one of each secret, and the codes of orders are of this market's key", ""


def dead_letters(patient: Patient) -> Look:
    """Messages that failed five times."""
    count = patient.figures.inbox_dead
    level: Level = "warn" if count else "ok"
    yield level, f"{count} messages have failed for good", "cli.py dead-letters" if count else ""


def queues(patient: Patient) -> Look:
    """What waits, against the limits at which alarms ring."""
    is_well = True
    for (column, label), (most, says) in MOST.items():
        value = getattr(patient.figures, column)
        value = value[label] if label else value
        if value is not None and value > most:
            is_well = False
            yield "wrong", says.format(value), "OPERATIONS.md"
    if is_well:
        yield "ok", f"{patient.figures.inbox_open} messages and {sum_of(patient)} bubbles wait, none too long", ""


def sum_of(patient: Patient) -> int:
    """Bubbles that wait or are in doubt."""
    return int(sum(patient.figures.outbox_waiting.values()) + patient.figures.outbox_uncertain)


def invariants(patient: Patient) -> Look:
    """What must always be true of stock, holds and orders; each row that breaks it by name; and who else looks."""
    with patient.database.unit_of_work() as db:
        broken = violations(db, INVARIANTS)
    for found in broken:
        yield "wrong", f"{found.invariant}: {found.row}: {found.says}", "OPERATIONS.md, Invariant broken"
    if not broken:
        yield "ok", f"{len(INVARIANTS)} hold", ""
    age = patient.figures.invariants_checked_seconds
    if age is None or age > UNCHECKED:
        says = "no worker has ever looked" if age is None else f"no worker has looked for {int(age // 60)} min"
        yield "warn", says, "OPERATIONS.md, Invariant broken"


def backup(patient: Patient) -> Look:
    """How old the last one is."""
    age = patient.figures.backup_seconds
    if age is not None and age <= BACKUP_OLD:
        yield "ok", f"the last one is {age / 3600:.0f} h old", ""
        return
    says = "there is none" if age is None else f"the last one is {age / DAY:.0f} days old"
    yield "warn" if patient.is_production or age else "ok", says, "cli.py backup FILE, every night"
