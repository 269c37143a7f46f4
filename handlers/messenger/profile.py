"""What a Page shows around the chat, and whether Meta tells us what happens there (channels.md §3.1, §3.6).

After an hour of failing webhooks Meta unsubscribes the app from the Page (§3.2), so somebody has to look.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from base import log
from base.accounts import MessengerAccount
from base.outbound import Answer, AnswerLost, NotSent, Timeouts
from handlers import graph
from handlers.messenger.fields import id_in, number_in
from handlers.messenger.parsing import GET_STARTED

FIELDS: Final = (
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messenger_template_status_update",
    "send_cart",
    "feed",
)
NEEDED: Final = frozenset(
    """
    messages messaging_postbacks messaging_referrals message_deliveries message_echoes messaging_handovers standby feed
    """.split()
)
# what Graph says of a field that it has not, or that this app may not be told: the others may still be had
OF_A_FIELD: Final = frozenset({3, 10, 100, *range(200, 300)})
GREETING: Final = (
    "Assigamé, le marché du Togo dans une discussion. Un assistant automatique vous répond ; "
    "écrivez ce que vous cherchez, ou « agent » pour une personne."
)
# what a person may ask with one touch before he has written anything: at most four (unconfirmed)
QUESTIONS: Final = (
    ("Que vendez-vous ?", "GOODS"),
    ("Comment ça marche ?", "HOW"),
    ("Comment payer ?", "PAYMENT"),
    ("Où est ma commande ?", "WHERE"),
)
# a menu's tap is its title, as somebody would type it
MENU: Final = (("Menu", "MENU"), ("Mes commandes", "ORDERS"), ("Aide", "HELP"))

_logger = log.logger(__name__)


class PageRefused(Exception):
    """Graph refuses what a Page is set up with, or answers what nobody can read; says its code."""

    def __init__(self, why: str, code: int = 0) -> None:
        super().__init__(f"Meta refuses what the Page is set up with: {why}")
        self.why, self.code = why, code


def profile() -> graph.Document:
    """The Messenger Profile: first button, greeting (160 characters at most), first questions, menu beside the text.

    A question's tap, like a menu's, is its title, as somebody would type it.
    """
    actions = [{"type": "postback", "title": title, "payload": payload} for title, payload in MENU]
    questions = [{"question": question, "payload": payload} for question, payload in QUESTIONS]
    menu = {"locale": "default", "composer_input_disabled": False, "call_to_actions": actions}
    return {
        "get_started": {"payload": GET_STARTED},
        "greeting": [{"locale": "default", "text": GREETING}],
        "ice_breakers": [{"locale": "default", "call_to_actions": questions}],
        "persistent_menu": [menu],
    }


def set_profile(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> None:
    """Show the profile on the Page. Raises PageRefused, base.outbound.NotSent and AnswerLost."""
    checked(graph.call(account, "POST", "me/messenger_profile", document=profile(), timeouts=timeouts))


def subscribe(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> None:
    """Have Meta tell us what happens on the Page, all of it or as much as it does; the log names what is absent.

    Raises as set_profile where it refuses everything.
    """
    refused = _refusal_of(account, FIELDS, timeouts)
    if refused is None:
        return
    needed = tuple(field for field in FIELDS if field in NEEDED)
    told = () if _refusal_of(account, needed, timeouts) else needed
    for field in FIELDS:
        if field not in told and _refusal_of(account, (*told, field), timeouts) is None:
            told = (*told, field)
    if not told:
        raise refused
    absent = ",".join(field for field in FIELDS if field not in told)
    _logger.error("page_fields_absent", account=account.key, setting=absent, reason=refused.why)


def is_subscribed(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> bool:
    """Whether our app is told at least what people say and what became of our answers. Raises as set_profile."""
    listed = checked(graph.call(account, "GET", _apps(account), timeouts=timeouts))
    return any(_is_ours(account, app) and {*_fields_of(app)} >= NEEDED for app in graph.objects(listed.get("data")))


def keep_subscribed(account: MessengerAccount, timeouts: Timeouts = Timeouts()) -> bool:
    """Subscribe again where it had come to an end; returns whether it had. What fails is logged and tried next time."""
    has_ended = False
    try:
        has_ended = not is_subscribed(account, timeouts)
        if has_ended:
            subscribe(account, timeouts)
            _logger.warning("page_subscribed_again", account=account.key)
    except PageRefused as error:
        _logger.error("page_not_subscribed", account=account.key, reason=error.why)
    except (NotSent, AnswerLost) as error:
        _logger.warning("subscription_not_seen", account=account.key, error=type(error).__name__)
    return has_ended


def checked(answer: Answer) -> graph.Document:
    """The document of an answer that says yes. Raises PageRefused."""
    document = graph.read_document(answer)
    if answer.status == 200 and document and "error" not in document:
        return document
    error = graph.read_error(document)
    if error.code:
        raise PageRefused(str(error), error.code)
    raise PageRefused("unreadable answer" if answer.status == 200 else f"HTTP {answer.status}")


def _refusal_of(account: MessengerAccount, fields: Sequence[str], timeouts: Timeouts) -> PageRefused | None:
    """Be told of these instead of those before; None when Graph has taken them all. Raises what is of no field."""
    query = {"subscribed_fields": ",".join(fields)}
    try:
        checked(graph.call(account, "POST", _apps(account), query=query, timeouts=timeouts))
    except PageRefused as refused:
        if refused.code not in OF_A_FIELD:
            raise
        return refused
    return None


def _apps(account: MessengerAccount) -> str:
    return f"{account.page_id}/subscribed_apps"


def _is_ours(account: MessengerAccount, app: graph.Document) -> bool:
    """By its id; where the settings name none, any app's counts."""
    return not account.app_id or number_in(app.get("id")) == account.app_id


def _fields_of(app: graph.Document) -> Iterator[str]:
    """Their names, told as texts or as objects with a name."""
    told: Any = app.get("subscribed_fields")
    for field in told if isinstance(told, list) else []:
        yield id_in(field.get("name") if isinstance(field, dict) else field)
