"""What operators set up at the providers, contents, templates, a Page's profile, and what came of it as a table."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from base.accounts import MessengerAccount, TwilioWhatsappAccount, WhatsappCloudAccount
from bot import accounts
from handlers.messenger import profile
from handlers.messenger import templates as page_templates
from handlers.templates import TEMPLATES
from handlers.twilio_whatsapp import contents
from handlers.whatsapp_cloud import contents as cloud_contents
from wiring import Market

Own = TypeVar("Own", TwilioWhatsappAccount, MessengerAccount)
Lines = list[list[str]]
APPROVED = "approved"
UTILITY = {name: (one.text, one.samples) for name, one in TEMPLATES.items() if one.category == "UTILITY"}


class NothingIsOn(Exception):
    """No account of the kind that is asked for has all it needs; says what it waits for."""


def twilio_contents(market: Market) -> Lines:
    """Make the content resources of each Twilio account once: name, id, state."""
    lines: Lines = []
    for account_id, account in _own(market, TwilioWhatsappAccount, "Twilio account"):
        made, states = _made_at_twilio(account, market.config.server.base_url)
        _remember(market, account_id, contents.usable(made, states), states)
        lines += [[name, sid, states.get(name, "")] for name, sid in sorted(made.items())]
    return lines


def _made_at_twilio(account: TwilioWhatsappAccount, site: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Ids and states by name, when all is made and submitted."""
    made = contents.create_contents(account, site)
    states = contents.submit_missing(account, made, contents.approval_states(account))
    return made, states


def page_profiles(market: Market) -> Lines:
    """Show each Page's first button, greeting and menu, and have Meta tell what happens there: account, page."""
    lines = []
    for _, account in _own(market, MessengerAccount, "Page"):
        profile.set_profile(account)
        profile.subscribe(account)
        lines.append([account.key, account.page_id])
    return lines


def push_templates(market: Market) -> Lines:
    """Make the templates that an account lacks, which asks for their approval too: account, template, state."""
    return _templates(
        market,
        partial(_made_at_twilio, site=market.config.server.base_url),
        cloud_contents.ensure_templates,
        _page_pushed,
    )


def templates(market: Market) -> Lines:
    """How the templates of each account stand at its provider, remembered as that: account, template, state."""
    return _templates(
        market, partial(_known_at_twilio, site=market.config.server.base_url), cloud_contents.states, _page_states
    )


def _templates(
    market: Market,
    of_twilio: Callable[[TwilioWhatsappAccount], tuple[Mapping[str, str], Mapping[str, str]]],
    of_cloud: Callable[[WhatsappCloudAccount], Mapping[str, str]],
    of_page: Callable[[MessengerAccount], tuple[Mapping[str, str], Mapping[str, str]]],
) -> Lines:
    lines: Lines = []
    for account_id, account in market.accounts.items():
        match account:
            case TwilioWhatsappAccount():
                made, states = of_twilio(account)
                ids: Mapping[str, str] = contents.usable(made, states)
            case WhatsappCloudAccount():
                states = of_cloud(account)
                ids = {name: name for name in states}
            case MessengerAccount():
                ids, states = of_page(account)
            case _:
                continue
        _remember(market, account_id, ids, states)
        lines += [[account.key, name, states[name]] for name in sorted(states) if name in TEMPLATES]
    if not lines:
        raise NothingIsOn("no account of a provider with templates is on, or none has any")
    return lines


def _known_at_twilio(account: TwilioWhatsappAccount, site: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return contents.made(account, site), contents.approval_states(account)


def _page_pushed(account: MessengerAccount) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return _ids_and_states(page_templates.ensure(account, UTILITY))


def _page_states(account: MessengerAccount) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return _ids_and_states({name: one for name, one in page_templates.listed(account).items() if name in UTILITY})


def _ids_and_states(found: Mapping[str, tuple[str, str]]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    ids = {name: one for name, (one, _) in found.items()}
    return ids, {name: state.lower() for name, (_, state) in found.items()}


def _remember(market: Market, account_id: int, ids: Mapping[str, str], states: Mapping[str, str]) -> None:
    approved = [name for name, state in states.items() if state == APPROVED]
    with market.database.unit_of_work() as db:
        accounts.remember_contents(db, account_id, ids, approved)


def _own(market: Market, kind: type[Own], named: str) -> Sequence[tuple[int, Own]]:
    """The accounts of a kind that are on, with their rows. Raises NothingIsOn."""
    found = [(i, account) for i, account in market.accounts.items() if isinstance(account, kind)]
    if not found:
        waits = ", ".join(market.config.waits_for(kind))
        raise NothingIsOn(f"no {named} is on: set {waits}" if waits else f"config.yaml names no {named}")
    return found
