"""An account's Content resources: a small family filled by variables, and templates (channels.md §1.5)."""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from twilio.http.response import Response

from base import log
from base.accounts import TwilioWhatsappAccount
from handlers.templates import TEMPLATES, TemplateText
from handlers.twilio_whatsapp.answers import error_code, read_json, sid_in
from handlers.twilio_whatsapp.client import CONTENT, call
from handlers.twilio_whatsapp.limits import CARDS, TWILIO_LIMITS

LANGUAGE: Final = "fr"
PAGE_SIZE: Final = "500"
MOST_PAGES: Final = 20  # an account has a few dozen contents
UNREADABLE: Final = "unreadable_answer"
STATE: Final = re.compile(r"[a-z_]{1,40}")
SAMPLE_PHOTO: Final = "https://example.com/riz.jpg"
# whoever approves a carousel looks at it: Twilio's own sample
APPROVED_PHOTO: Final = "https://demo.twilio.com/owl.png"
CAROUSEL_TEXT: Final = "Voici des articles.\n{{1}}\nFaites glisser, puis touchez un bouton."

_logger = log.logger(__name__)

Definition = Mapping[str, Any]


class ContentsRefused(Exception):
    """Twilio refused a request about contents, or answered what nobody can read; says its code, or which of them."""


def quick_replies_name(count: int) -> str:
    """The content with `count` buttons (1 to 3)."""
    return f"fr_qr_{count}"


def card_name(count: int) -> str:
    """The content with a photo and `count` buttons (1 to 3)."""
    return f"fr_img_qr_{count}"


def list_name(count: int) -> str:
    """The content with `count` rows (1 to 10)."""
    return f"fr_list_{count}"


def link_name(site: str) -> str:
    """The content with one button that opens an address of this site: it is a part of what Twilio keeps."""
    return f"fr_url_1_{sha256(site.encode()).hexdigest()[:8]}"


def carousel_name(count: int) -> str:
    """The content with `count` cards side by side (2 to 10), which WhatsApp has to approve."""
    return f"fr_carousel_{count}"


def card_words(title: str, detail: str) -> str:
    """What a card of a carousel says of a good: a variable neither begins nor ends an approved text."""
    return f"Article : {title}.\nDétail : {detail}.\nTouchez le bouton."


def definitions(site: str = "") -> Mapping[str, Definition]:
    """Every content an account needs, by name; a changed definition needs a new name, for Twilio keeps the old one.

    `site` is our public address (https://…): without one there is no link's button.
    """
    buttons, rows = range(1, TWILIO_LIMITS.buttons + 1), range(1, TWILIO_LIMITS.rows + 1)
    return {
        **{quick_replies_name(count): _quick_replies(count) for count in buttons},
        **{card_name(count): _card(count) for count in buttons},
        **{list_name(count): _list(count) for count in rows},
        **({link_name(site): _link(site)} if site else {}),
        **{carousel_name(count): _carousel(count) for count in CARDS},
        **{name: _template(name, template) for name, template in TEMPLATES.items()},
    }


def create_contents(account: TwilioWhatsappAccount, site: str = "") -> dict[str, str]:
    """Make what is missing; name → sid (HX…) of all that exist. One that Twilio refuses is logged and left out.

    Raises ContentsRefused when they cannot be listed, base.outbound.NotSent and AnswerLost.
    """
    there = _sids_by_name(account)
    wanted = definitions(site)
    for name, definition in wanted.items():
        if name not in there:
            there |= _create(account, name, definition)
    return {name: there[name] for name in wanted if name in there}


def made(account: TwilioWhatsappAccount, site: str = "") -> dict[str, str]:
    """Name → sid of what exists of ours; raises as above."""
    there = _sids_by_name(account)
    return {name: there[name] for name in definitions(site) if name in there}


def usable(sids: Mapping[str, str], states: Mapping[str, str]) -> dict[str, str]:
    """What may be sent: a carousel that is not approved, or no longer, has no sid (§1.5: in a session neither)."""
    return {name: "" if name in CAROUSELS and states.get(name) != "approved" else sid for name, sid in sids.items()}


def submit_missing(
    account: TwilioWhatsappAccount, sids: Mapping[str, str], states: Mapping[str, str]
) -> dict[str, str]:
    """Ask for the approval of what nobody has asked it for; name → state. A carousel that is refused is logged only:
    lists go out in its place. Raises as above."""
    asked = dict(states)
    for name in TO_APPROVE:
        if name in sids and states.get(name, "unsubmitted") == "unsubmitted":
            try:
                asked[name] = submit_for_approval(account, name, sids[name])
            except ContentsRefused as refused:
                if name not in CAROUSELS:
                    raise
                _logger.warning("approval refused", template=name, account=account.key, code=str(refused))
    return asked


def submit_for_approval(account: TwilioWhatsappAccount, name: str, sid: str) -> str:
    """Ask WhatsApp to approve one of TO_APPROVE; its state. Raises ContentsRefused, NotSent, AnswerLost."""
    url = f"{CONTENT}/Content/{sid}/ApprovalRequests/whatsapp"
    document = {"name": name, "category": TO_APPROVE[name]}
    return _state(_read(call(account, "POST", url, document=document)), "")


def approval_states(account: TwilioWhatsappAccount) -> dict[str, str]:
    """Name → unsubmitted, received, pending, approved, rejected, paused or disabled. Raises as above."""
    listed = _listed(account, "ContentAndApprovals")
    states = {name: _state(_object(content.get("approval_requests")), "unsubmitted") for name, content in listed}
    return {name: states[name] for name in TO_APPROVE if name in states}


def _state(request: Mapping[str, Any], otherwise: str) -> str:
    state = request.get("status", otherwise)
    return state if isinstance(state, str) and STATE.fullmatch(state) else otherwise


def _sids_by_name(account: TwilioWhatsappAccount) -> dict[str, str]:
    return {name: sid for name, content in _listed(account, "Content") if (sid := sid_in(content))}


def _create(account: TwilioWhatsappAccount, name: str, definition: Definition) -> dict[str, str]:
    try:
        sid = _made(_read(call(account, "POST", f"{CONTENT}/Content", document=definition)))
    except ContentsRefused as refused:
        _logger.warning("content refused", template=name, account=account.key, code=str(refused))
        return {}
    return {name: sid}


def _made(document: Mapping[str, Any]) -> str:
    sid = sid_in(document)
    if not sid:
        raise ContentsRefused(UNREADABLE)
    return sid


def _listed(account: TwilioWhatsappAccount, resource: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(name, content) of each that has a name, over all pages."""
    query = {"PageSize": PAGE_SIZE}
    for _ in range(MOST_PAGES):
        document = _read(call(account, "GET", f"{CONTENT}/{resource}", query=query))
        listed = document.get("contents")
        if not isinstance(listed, list):
            raise ContentsRefused(UNREADABLE)  # taken for an empty list, everything would be made once more
        for content in map(_object, listed):
            name = content.get("friendly_name")
            if name and isinstance(name, str):
                yield name, content
        query = _following(document)
        if not query:
            return
    raise ContentsRefused("endless_list")


def _following(document: Mapping[str, Any]) -> dict[str, str]:
    """The query of the next page, {} when there is none: the host stays the account's."""
    following = _object(document.get("meta")).get("next_page_url") or ""
    try:
        return dict(parse_qsl(urlsplit(following).query)) if isinstance(following, str) else {}
    except ValueError as error:
        raise ContentsRefused(UNREADABLE) from error


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _read(response: Response) -> Mapping[str, Any]:
    document = read_json(response)
    if response.status_code >= 300:
        raise ContentsRefused(str(error_code(document) or f"http_{response.status_code}"))
    return document


def _quick_replies(count: int) -> Definition:
    samples = ("Que voulez-vous faire ?", *_pairs(count))
    rich = {"body": "{{1}}", "actions": _actions(count, first=2)}
    return _content(quick_replies_name(count), {"twilio/quick-reply": rich}, samples)


def _card(count: int) -> Definition:
    samples = ("Riz parfumé 25 kg : 17 500 F CFA", SAMPLE_PHOTO, *_pairs(count))
    rich = {"title": "{{1}}", "media": ["{{2}}"], "actions": _actions(count, first=3)}
    return _content(card_name(count), {"twilio/card": rich}, samples)


def _list(count: int) -> Definition:
    rows = (row for number in range(1, count + 1) for row in (f"Produit {number}", f"v1:p:{number}", "500 F CFA"))
    numbers = range(3, 3 + 3 * count, 3)
    items = [{"item": _slot(n), "id": _slot(n + 1), "description": _slot(n + 2)} for n in numbers]
    rich = {"body": "{{1}}", "button": "{{2}}", "items": items}
    return _content(list_name(count), {"twilio/list-picker": rich}, ("Choisissez un produit.", "Voir", *rows))


def _link(site: str) -> Definition:
    samples = ("Voici votre reçu.", "Ouvrir", "documents/abc")
    actions = [{"type": "URL", "title": "{{2}}", "url": f"{site}/{{{{3}}}}"}]
    return _content(link_name(site), {"twilio/call-to-action": {"body": "{{1}}", "actions": actions}}, samples)


def _carousel(count: int) -> Definition:
    goods = ((f"Riz {number}", "500 F CFA", APPROVED_PHOTO, f"v1:p:{number}") for number in range(1, count + 1))
    cards = [_carousel_card(first) for first in range(2, 2 + 4 * count, 4)]
    rich = {"twilio/carousel": {"body": CAROUSEL_TEXT, "cards": cards}}
    samples = ("Touchez un article pour le voir.", *(text for good in goods for text in good))
    return {**_content(carousel_name(count), {}, samples), "types": rich}


def _carousel_card(first: int) -> Definition:
    action = {"type": "QUICK_REPLY", "title": "Voir", "id": _slot(first + 3)}
    return {"body": card_words(_slot(first), _slot(first + 1)), "media": _slot(first + 2), "actions": [action]}


def _template(name: str, template: TemplateText) -> Definition:
    return _content(name, {}, template.samples, template.text)


def _content(name: str, rich: Mapping[str, Any], samples: tuple[str, ...], text: str = "{{1}}") -> Definition:
    return {
        "friendly_name": name,
        "language": LANGUAGE,
        "variables": {str(number): sample for number, sample in enumerate(samples, 1)},
        "types": {**rich, "twilio/text": {"body": text}},
    }


def _actions(count: int, first: int) -> list[dict[str, str]]:
    numbers = range(first, first + 2 * count, 2)
    return [{"type": "QUICK_REPLY", "title": _slot(n), "id": _slot(n + 1)} for n in numbers]


def _pairs(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        yield from (f"Choix {number}", f"v1:c:{number}")


def _slot(number: int) -> str:
    return f"{{{{{number}}}}}"


CAROUSELS: Final = frozenset(map(carousel_name, CARDS))
# name -> category, of what WhatsApp has to approve; it takes what shows goods side by side for an advertisement
TO_APPROVE: Final[Mapping[str, str]] = {
    **{name: template.category for name, template in TEMPLATES.items()},
    **dict.fromkeys(map(carousel_name, CARDS), "MARKETING"),
}
