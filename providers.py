"""What is set up at the providers: contents, templates, a Page's profile, what came of it, whether they reach us."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit

from base.accounts import ChannelAccount, MessengerAccount, TwilioWhatsappAccount, WhatsappCloudAccount
from base.clock import now
from base.log import logger
from base.outbound import BadCertificate, NotSent, OutboundError, Timeouts, certificate_ends
from base.templates import TemplateText, first_name, language_of, texts_of
from bot import accounts, figures
from bot import templates as bot_templates
from bot.accounts import Content
from handlers.messenger import profile
from handlers.messenger import templates as page_templates
from handlers.messenger.profile import PageRefused
from handlers.templates import Standing, unmade
from handlers.twilio_whatsapp import contents
from handlers.twilio_whatsapp.contents import ContentsRefused
from handlers.whatsapp_cloud import contents as cloud_contents
from handlers.whatsapp_cloud.contents import TemplatesRefused
from wiring import Market

Own = TypeVar("Own", TwilioWhatsappAccount, MessengerAccount)
Lines = list[list[str]]
Standings = Mapping[str, Standing]
REFUSED: Final = (OutboundError, ContentsRefused, TemplatesRefused, PageRefused)
STATES: Final = """
select a.key, c.name, coalesce(c.state, '') as state, c.reason, c.checked_at
from channel_content c join channel_account a on a.id = c.account_id
where a.id = any(%(accounts)s) order by a.id, c.name
"""

log = logger(__name__)


class NothingIsOn(Exception):
    """No account of the kind that is asked for has all it needs; says what it waits for."""


class Making(Protocol):
    """How a template is made at one account; `known` are those that are there."""

    def __call__(self, text: TemplateText, known: Standings) -> Standing | None:
        """How it stands then; None when it was refused."""


def twilio_contents(market: Market) -> Lines:
    """Make the content resources and the templates of each Twilio account once: name, id, state."""
    lines: Lines = []
    for account_id, account in _own(market, TwilioWhatsappAccount, "Twilio account"):
        made = contents.create_contents(account, market.config.server.base_url)
        with market.database.unit_of_work() as db:
            accounts.remember_contents(db, account_id, made)
        lines += [[name, sid, ""] for name, sid in made.items()]
        lines += [[name, one.provider_id, one.state] for name, one in push(market, account_id).items()]
    return sorted(lines)


def page_profiles(market: Market) -> Lines:
    """Show each Page's first button, greeting and menu, and have Meta tell what happens there: account, page."""
    lines = []
    for _, account in _own(market, MessengerAccount, "Page"):
        profile.set_profile(account)
        profile.subscribe(account)
        lines.append([account.key, account.page_id])
    return lines


def keep_subscribed(market: Market, account: MessengerAccount) -> int:
    """A job: see to it that Meta tells us what happens on a Page; counts where it had ceased to."""
    has_ended = profile.keep_subscribed(account)
    if has_ended:
        with market.database.unit_of_work() as db:
            figures.add(db, figures.SUBSCRIPTIONS_LOST, 1)
    return int(has_ended)


def look_at_certificate(market: Market) -> int:
    """Keep until when the public address's certificate is good; one that a provider refuses has ended now.

    Where it does not reach the address, what was seen before stays, and is the older for it.
    """
    url = market.config.server.base_url
    host = urlsplit(url).hostname or ""
    try:
        ends = int(certificate_ends(url, Timeouts.of(market.config.timing)).timestamp())
    except BadCertificate as error:
        log.error("certificate_refused", host=host, reason=str(error))
        ends = int(time.time())
    except NotSent as error:
        log.warning("certificate_unseen", host=host, reason=str(error))
        return 0
    with market.database.unit_of_work() as db:
        figures.put(db, {f"{figures.CERTIFICATE}{host}": ends})
    return 0


def push_templates(market: Market) -> Lines:
    """Make the templates that an account lacks, which asks for their approval too; then as `templates`.

    Where the words in config.yaml are others than an account has, they are made under another name, and the earlier
    ones stay in use until these are approved: no provider lets an approved text be sent while it looks at new words.
    """
    for account_id in _with_templates(market):
        push(market, account_id)
    return _lines(market)


def templates(market: Market) -> Lines:
    """How the templates of each account stand at its provider, remembered as that.

    Account, language, template, state, why, and when that was asked (in Lomé, which is UTC).
    """
    for account_id in _with_templates(market):
        look(market, account_id)
    return _lines(market)


def push(market: Market, account_id: int) -> Standings:
    """Make what one account lacks; how its templates stand. Raises its provider's refusals, NotSent and AnswerLost."""
    account, asked_at = market.accounts[account_id], _moment(market)
    there = dict(_listed(account))
    making = _making(account)
    for text in list(unmade(_wanted(market, account), there)):
        if made := making(text, there):
            there[text.name] = made
    if isinstance(account, TwilioWhatsappAccount):
        there |= contents.make_carousels(account, there)
    return _noted(market, account_id, there, asked_at)


def look(market: Market, account_id: int) -> Standings:
    """Ask one account's provider how its templates stand, and heed what has changed; raises as above."""
    asked_at = _moment(market)
    return _noted(market, account_id, _listed(market.accounts[account_id]), asked_at)


def watch(market: Market, account_id: int) -> int:
    """A job: the same; a provider that does not answer is asked again later."""
    with market.database.autocommit() as db:
        names = accounts.contents(db).get(account_id, {})
    followed = _followed(market)
    if not any(first_name(name) in followed for name in names):
        return 0
    try:
        look(market, account_id)
    except REFUSED as error:
        log.warning("templates_unknown", account=market.accounts[account_id].key, error=type(error).__name__)
    return 0


def _with_templates(market: Market) -> list[int]:
    found = [i for i, account in market.accounts.items() if bot_templates.has_templates(account)]
    if not found:
        raise NothingIsOn("no account of a provider with templates is on; WhatsApp's needs its waba_id")
    return found


def _wanted(market: Market, account: ChannelAccount) -> list[TemplateText]:
    return [text for text in texts_of(market.config.templates).values() if bot_templates.is_for(account, text)]


def _listed(account: ChannelAccount) -> Standings:
    match account:
        case TwilioWhatsappAccount():
            return contents.standings(account)
        case WhatsappCloudAccount():
            return cloud_contents.templates(account)
        case MessengerAccount():
            return page_templates.templates(account)
    return {}


def _making(account: ChannelAccount) -> Making:
    match account:
        case TwilioWhatsappAccount():
            return partial(_make_at_twilio, account)
        case WhatsappCloudAccount():
            return lambda text, known: cloud_contents.make_template(account, text)
        case MessengerAccount():
            return lambda text, known: page_templates.make_template(account, text)
    return lambda text, known: None


def _make_at_twilio(account: TwilioWhatsappAccount, text: TemplateText, known: Standings) -> Standing | None:
    there = known.get(text.name)
    return contents.make_template(account, text, there.provider_id if there else "")


def _moment(market: Market) -> datetime:
    """The market's time."""
    with market.database.autocommit() as db:
        return now(db)


def _followed(market: Market) -> Mapping[str, str]:
    """First name → declared category of what is asked after."""
    declared = {name: text.category for name, text in texts_of(market.config.templates).items()}
    return {**declared, **dict.fromkeys(contents.CAROUSELS, contents.CAROUSEL_CATEGORY)}


def _noted(market: Market, account_id: int, listed: Standings, asked_at: datetime) -> Standings:
    """Those of ours, remembered as of the moment before the provider was asked."""
    followed = _followed(market)
    ours = {name: one for name, one in sorted(listed.items()) if first_name(name) in followed}
    known = {name: Content(**asdict(one)) for name, one in ours.items()}
    with market.database.unit_of_work() as db:
        bot_templates.note(db, account_id, known, followed, asked_at)
    return ours


def _lines(market: Market) -> Lines:
    declared = texts_of(market.config.templates)
    with market.database.autocommit() as db:
        rows = db.rows(STATES, accounts=_with_templates(market))
    ours = [row for row in rows if first_name(row.name) in declared]
    return [[r.key, language_of(r.name), r.name, r.state, r.reason, f"{r.checked_at:%d/%m %H:%M}"] for r in ours]


def _own(market: Market, kind: type[Own], named: str) -> Sequence[tuple[int, Own]]:
    """The accounts of a kind that are on, with their rows. Raises NothingIsOn."""
    found = [(i, account) for i, account in market.accounts.items() if isinstance(account, kind)]
    if not found:
        waits = ", ".join(market.config.waits_for(kind))
        raise NothingIsOn(f"no {named} is on: set {waits}" if waits else f"config.yaml names no {named}")
    return found
