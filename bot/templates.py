"""Messages for shut windows: which of them a notice has, which may go now, and what their providers decide of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final, Literal

from base.accounts import ChannelAccount, MessengerAccount, TwilioWhatsappAccount, WhatsappCloudAccount
from base.config import Config
from base.db import Db
from base.templates import TemplateText, count_of, first_name, language_of, name_of
from bot import accounts, locks
from bot.accounts import APPROVED, Content
from bot.messages import Template, TemplateNews, Warned
from bot.texts import FIRST, languages

NEW_ORDER, ORDER_NEWS, ARRIVED, TO_ORGANIZERS = "new_order", "order_news", "arrived", "attention"
ERRAND: Final = "errand"
SHOP_NEWS = "shop_news"
WORKSHOP_NEWS: Final = "workshop_news"
# What the notices fill, in this order: config.yaml declares as many variables.
FILLED: Final[Mapping[str, tuple[str, ...]]] = {
    NEW_ORDER: ("code", "goods", "accept", "refuse"),
    ORDER_NEWS: ("code", "shop", "news"),
    ERRAND: ("code", "shop", "goods", "amount", "recipient", "place"),
    ARRIVED: ("product", "shop"),
    TO_ORGANIZERS: ("what", "count"),
    SHOP_NEWS: ("shop", "news"),
    WORKSHOP_NEWS: ("workshop", "news"),
}
Readiness = Literal["ready", "waits", "none"]
WAITING: Final = (None, "pending", "paused")  # states of which something better may become by itself
FALLEN: Final = ("rejected", "paused", "disabled", "missing")
MISSING: Final = "missing"
MARKETING: Final = "marketing"
RECATEGORISED: Final = "template_category_update"  # Meta's name of such news
LINE: Final = "template_paused"
WARNING: Final = "account_warned"
MOST_WARNED, MOST_DETAIL = 100, 200  # characters


def faults(config: Config) -> list[str]:
    """What the notices need and config.yaml does not declare, as problems of the settings."""
    found = []
    for name, values in FILLED.items():
        declared = config.templates.get(name)
        told = ", ".join(values)
        if declared is None:
            found.append(f"templates.{name}: missing; notices fill its {len(values)} variables: {told}")
        elif len(declared.variables) != len(values):
            count = len(declared.variables)
            found.append(f"templates.{name}: declares {count} variables, and notices fill {len(values)}: {told}")
        if declared is not None and FIRST not in declared.languages:
            found.append(f"templates.{name}.languages.{FIRST}: missing; whoever reads no other language gets this one")
    return found


def has_templates(account: ChannelAccount) -> bool:
    """Whether an account's provider approves templates."""
    if isinstance(account, WhatsappCloudAccount):
        return bool(account.waba_id)
    return isinstance(account, TwilioWhatsappAccount | MessengerAccount)


def is_for(account: ChannelAccount, text: TemplateText) -> bool:
    """Whether the provider of an account approves such a message: a Page of Messenger has no marketing."""
    return text.category == "utility" or not isinstance(account, MessengerAccount)


def for_reader(name: str, reader: str, values: Callable[[str], Sequence[str]]) -> Template:
    """A message in its reader's language, else in the first one, else in any: `values` says it in one."""
    spoken = _spoken()
    preferred = (language for language in dict.fromkeys((reader, *spoken)) if language in spoken)
    first, *others = (Template(name_of(name, one), one, tuple(values(one))) for one in preferred)
    return replace(first, others=tuple(others))


@cache
def _spoken() -> tuple[str, ...]:
    return tuple(languages())


def choose(
    template: Template | None,
    known: Mapping[str, Content],
    declared: Mapping[str, TemplateText],
    *,
    takes_marketing: bool,
) -> tuple[Readiness, Template | None]:
    """The form in which a message may go now: the reader's language if approved there, else the next.

    Of one language's words the declared ones go before earlier ones, which stay in use until the new are approved.
    What the provider counts as marketing, whatever we declared, is for who takes that.
    waits: none is approved, and some may be, or be again, without anybody's doing.
    """
    forms = [
        (form, content)
        for form, content in _forms(template, known, declared)
        if takes_marketing or _category(form.name, content, declared) != MARKETING
    ]
    for form, content in forms:
        if content.state == APPROVED:
            return "ready", form
    return ("waits" if any(content.state in WAITING for _, content in forms) else "none"), None


def sent_as(
    template: Template | None, known: Mapping[str, Content], declared: Mapping[str, TemplateText]
) -> Template | None:
    """The form in which a message went out a minute ago, whatever was decided of it since."""
    forms = list(_forms(template, known, declared))
    approved = [form for form, content in forms if content.state == APPROVED]
    return next(iter([*approved, *(form for form, _ in forms)]), template)


def _category(name: str, content: Content, declared: Mapping[str, TemplateText]) -> str:
    text = declared.get(first_name(name))
    return content.category or (text.category if text else "")


def _forms(
    template: Template | None, known: Mapping[str, Content], declared: Mapping[str, TemplateText]
) -> Iterator[tuple[Template, Content]]:
    """Each form that an account has of a message, by preference."""
    for one in (template, *template.others) if template else ():
        told = declared[one.name].text if one.name in declared else ""
        own = [(name, content) for name, content in known.items() if first_name(name) == one.name]
        for name, content in sorted(own, key=lambda pair: (pair[1].text not in ("", told), pair[0])):
            text = content.text or told
            if content.text in ("", told) or count_of(text) == len(one.values):
                yield replace(one, name=name, text=text, others=()), content


def note(
    db: Db,
    account_id: int,
    standings: Mapping[str, Content],
    followed: Mapping[str, str],
    asked_at: datetime | None = None,
) -> None:
    """How an account's templates stand, as its provider listed them when it was asked at that moment.

    `followed` are the first names of ours, with the categories that we declared. One that was decided upon and is
    listed no longer is missing; news that came after the moment are newer than the list. Whoever must act hears of it
    by bot.account_news: of what has fallen, and of what is counted as marketing against our word.
    """
    before = [row for row in locks.contents(db, account_id) if first_name(row.name) in followed]
    gone = [row for row in before if row.name not in standings and row.state not in (None, "pending")]
    told = {row.name for row in before if row.category == MARKETING}
    turned = [name for name, one in standings.items() if one.category == MARKETING and name not in told]
    against = [name for name in turned if followed[first_name(name)] != MARKETING]
    now = {**standings, **{row.name: Content(row.provider_id, MISSING) for row in gone}}
    accounts.put_contents(db, account_id, now, asked_at)
    warn(db, account_id, [Warned(RECATEGORISED, f"{name} {MARKETING}") for name in against])


def heed(db: Db, account_id: int, news: Sequence[TemplateNews]) -> None:
    """What a webhook or a refused send tells of templates; of those that are not ours nothing is kept.

    Only their rows are locked: what follows for the organizers is a job's (bot.account_news).
    """
    told = [one for one in news if _is_in_its_language(one)]
    if not told:
        return
    states = {one.name: one for one in told if one.state}
    categories = {one.name: one.category for one in told if one.category}
    locks.contents(db, account_id)
    db.run(
        "update channel_content c set state = t.state, is_approved = t.state = 'approved', reason = t.reason,"
        " checked_at = market_now()"
        " from unnest(%(names)s::text[], %(states)s::text[], %(reasons)s::text[]) as t(name, state, reason)"
        " where c.account_id = %(account)s and c.name = t.name",
        account=account_id,
        names=list(states),
        states=[one.state for one in states.values()],
        reasons=[one.reason for one in states.values()],
    )
    db.run(
        "update channel_content c set category = t.category, checked_at = market_now()"
        " from unnest(%(names)s::text[], %(categories)s::text[]) as t(name, category)"
        " where c.account_id = %(account)s and c.name = t.name",
        account=account_id,
        names=list(categories),
        categories=list(categories.values()),
    )


def _is_in_its_language(news: TemplateNews) -> bool:
    return news.language[:2].lower() == language_of(news.name)


def warn(db: Db, account_id: int, warnings: Sequence[Warned]) -> None:
    """Keep what a provider says of our account, for the same job; nothing is paused: a refused send does that."""
    if warnings:
        db.run(
            "insert into account_warning (account_id, what, detail)"
            " select %(account)s, * from unnest(%(whats)s::text[], %(details)s::text[])",
            account=account_id,
            whats=[warned.what[:MOST_WARNED] for warned in warnings],
            details=[warned.detail[:MOST_DETAIL] for warned in warnings],
        )
