"""The delivery table: what a send's result means for its row, by kind and by what was tried before."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from base.timing import Timing
from bot.consent import CONSENT, REMINDERS
from bot.extras import is_plain, plain
from bot.messages import Accepted, Identity, Refused, SendResult, TemplateNews, Unclear
from bot.outbox import TEMPLATE_WAITS, Claimed, Settlement
from bot.templates import Readiness

# sent as free text or by its template; left to wait for one; or not sent, and why
Way = Literal["free", "template", "wait", "shut", "muted", "unreachable", "held"]
TEMPLATE_WAYS: Final[Mapping[Readiness, Way]] = {"ready": "template", "waits": "wait", "none": "shut"}
REPLIED: Final = "10900"  # a comment has its one private answer already (channels.md §3.9, unconfirmed)
MOST_BELOW_A_POST: Final = 12  # tries of a comment's one answer: some hours, as nobody waits for it in a chat
MUTED: Final = "notice_muted"  # no line by itself: what its person does not want is nobody's business but his shop's


# what providers say to a sender that is too fast: HTTP 429, Twilio, WhatsApp, Graph (channels.md §1.7, §2.10, §3.9)
TOO_FAST: Final = frozenset(
    {"429", "http_429", "20429", "63018", "130429", "131048", "80007", "80006", "4", "17", "32", "341", "613"}
)


@dataclass(frozen=True)
class Aftermath:
    """What else follows: a line for the organizers, a pause of the account, a person who unsubscribed or is cut off.

    `names` are those of whoever wrote the comment that was answered; `template` what was decided of the row's own.
    """

    attention: str = ""
    pauses: str = ""
    opts_out: bool = False
    ends_marketing: bool = False
    cuts_off: bool = False
    names: tuple[Identity, ...] = ()
    template: TemplateNews | None = None


@dataclass(frozen=True)
class Verdict:
    """How a row is settled, and what follows."""

    settlement: Settlement
    aftermath: Aftermath = Aftermath()


def way_out(row: Claimed, window: float | None, template: Readiness, human_window: float | None = None) -> Way:
    """Whether a row goes as free text or by its template, waits for that, or does not go; asked again at every claim.

    `template` is what bot.templates.choose says of the row's own. Words that a person wrote himself may go as free text
    for `human_window` seconds, where a channel allows that.
    """
    if row.bubble.comment:  # public words are answered whatever window is open, and whoever wrote them
        return "free" if row.wants_order_news else "muted"
    if not is_wanted(row):
        return "muted"
    if is_cut_off(row):
        return "unreachable"
    if is_held_back(row):
        return "held"
    is_open_for_people = row.bubble.is_by_a_person and human_window is not None and not is_late(row, human_window)
    if (not is_late(row, window) or is_open_for_people) and not row.needs_template:
        return "free"
    return TEMPLATE_WAYS[template] if row.template else "shut"


def is_late(row: Claimed, window: float | None) -> bool:
    """Whether the person has not written within so many seconds (None: that does not matter)."""
    return window is not None and (row.last_in_at is None or row.now - row.last_in_at > timedelta(seconds=window))


def is_wanted(row: Claimed) -> bool:
    """Whether its person still wants to be told such things (bot.consent); any answer was asked for."""
    if row.bubble.is_by_a_person:
        return True
    match row.kind:
        case "bulk" | "notice" if is_reminder(row):
            return row.wants_reminders
        case "bulk":
            return row.wants_announcements
        case "notice":
            return row.wants_order_news
    return True


def is_reminder(row: Claimed) -> bool:
    """Whether a notice is a reminder or an alert: what a shop must hear is none."""
    return row.about.get("topic") == REMINDERS


def is_held_back(row: Claimed) -> bool:
    """Whether a person answers in this chat by hand now, so that the bot does not (bot.handover).

    Left out are its answers, reminders, alerts and announcements. The answer to STOP goes, and what others did: news
    of an order is of money and goods, which whoever answers by hand does not tell.
    """
    if row.held_until is None or row.held_until <= row.now:
        return False
    return row.kind == "bulk" or is_reminder(row) or (row.kind == "reply" and row.about.get("topic") != CONSENT)


def is_cut_off(row: Claimed) -> bool:
    """Whether he has no name left here, or the provider has called him unreachable and he has not written since."""
    if not row.to.value:
        return True
    since = row.unreachable_since
    return since is not None and (row.last_in_at is None or row.last_in_at < since)


def unsent(row: Claimed, way: Way) -> Verdict:
    """The verdict on a row that is not tried: shut out, not wanted, nobody there, or said by hand."""
    if way == "held":
        return Verdict(Settlement(row.id, "skipped", error="held", is_attempt=False))
    if way == "muted":
        after = Aftermath(MUTED) if row.kind == "notice" and not is_reminder(row) else Aftermath()
        return Verdict(Settlement(row.id, "skipped", error="not wanted", is_attempt=False), after)
    if way == "unreachable":
        return _untried(row, way, _failed(row))
    return _untried(row, "window shut", attention=f"{row.kind}_shut_out")


def too_old(row: Claimed) -> Verdict:
    """The verdict on a row whose time is over: the organizers hear of a reply and of a notice."""
    return _untried(row, "too old", attention=f"{row.kind}_unsent")


def _untried(row: Claimed, error: str, attention: str) -> Verdict:
    if row.kind == "bulk":
        return Verdict(Settlement(row.id, "skipped", error=error, is_attempt=False))
    after = Aftermath("" if row.bubble.comment else attention)
    return Verdict(Settlement(row.id, "failed", error=error, is_attempt=False), after)


def put_off(row: Claimed, wait: float = 0.0) -> Verdict:
    """Nothing was tried: it waits again, for `wait` seconds, and its tries are as before."""
    return Verdict(Settlement(row.id, "waiting", wait=wait, error=row.error or None, is_attempt=False))


def wait_for_template(row: Claimed, timing: Timing) -> Verdict:
    """Nothing was tried: its template may be approved, or no longer paused, before the row is too old."""
    settlement = Settlement(row.id, "waiting", wait=timing.template_wait, error=TEMPLATE_WAITS, is_attempt=False)
    return Verdict(settlement)


def judge(row: Claimed, result: SendResult, timing: Timing) -> Verdict:
    """The delivery table of the design (§3), row by row."""
    match result:
        case Accepted():
            after = Aftermath(names=result.names if row.bubble.comment else ())
            return Verdict(Settlement(row.id, "sent", provider_id=result.provider_id), after)
        case Unclear() if row.kind == "bulk":
            return Verdict(Settlement(row.id, "failed", error="answer lost"))
        case Unclear():
            return Verdict(Settlement(row.id, "uncertain", error=result.reason))
        case Refused():
            return _refused(row, result, timing)


def _refused(row: Claimed, refusal: Refused, timing: Timing) -> Verdict:
    reason = f"{refusal.kind} {refusal.code}"
    match refusal.kind:
        case "final" if row.bubble.comment and refusal.code.partition("/")[0] == REPLIED:
            return Verdict(Settlement(row.id, "sent", error=reason))
        case "busy" if row.attempts <= most_tries(row, refusal):
            wait = refusal.wait if refusal.wait is not None else pause_before(row, timing)
            return Verdict(Settlement(row.id, "waiting", wait=wait, error=reason))
        case "window" if row.template and not row.needs_template:
            return Verdict(Settlement(row.id, "waiting", error=reason, needs_template=True))
        case "content" if row.form and refusal.template:
            news = TemplateNews(row.form.name, row.form.language, refusal.template, refusal.code)
            waits = Settlement(row.id, "waiting", wait=pause_before(row, timing), error=TEMPLATE_WAITS)
            return Verdict(waits, Aftermath(template=news))
        case "content" if row.form is None and not is_plain(row.bubble):
            return Verdict(Settlement(row.id, "waiting", error=reason, bubble=plain(row.bubble)))
        case "account":
            return Verdict(Settlement(row.id, "waiting", error=reason), Aftermath(pauses=refusal.code))
        case "opted_out":
            return Verdict(Settlement(row.id, "failed", error=reason), Aftermath(_failed(row), opts_out=True))
        case "no_marketing":
            return Verdict(Settlement(row.id, "failed", error=reason), Aftermath(_failed(row), ends_marketing=True))
        case "unreachable":
            return Verdict(Settlement(row.id, "failed", error=reason), Aftermath(_failed(row), cuts_off=True))
        case "window" if row.kind == "bulk":
            return Verdict(Settlement(row.id, "skipped", error=reason))
    return Verdict(Settlement(row.id, "failed", error=reason), Aftermath(_failed(row)))


def is_too_fast(result: SendResult | None) -> bool:
    """Whether a provider refused a send because its sender sends too much: announcements slow down then."""
    return isinstance(result, Refused) and result.kind == "busy" and result.code.partition("/")[0] in TOO_FAST


def most_tries(row: Claimed, refusal: Refused) -> float:
    """How often a row is tried again: as the provider says, and an answer to a comment a few times at most."""
    told = math.inf if refusal.most_tries is None else refusal.most_tries
    return min(told, MOST_BELOW_A_POST) if row.bubble.comment else told


def _failed(row: Claimed) -> str:
    """The organizers' line; none of a comment, which they read below its post, where nobody waits for more."""
    return "" if row.kind == "bulk" or row.bubble.comment else f"{row.kind}_failed"


def pause_before(row: Claimed, timing: Timing) -> float:
    """Seconds before the next try: 2, 8, 30, 120, 600 ± 20 %, then hourly for a notice and below a post."""
    steps = timing.send_retry
    last = timing.notice_retry_after if row.kind == "notice" or row.bubble.comment else steps[-1]
    base = steps[row.attempts - 1] if row.attempts <= len(steps) else last
    return base * random.uniform(1 - timing.send_retry_spread, 1 + timing.send_retry_spread)
