"""An account's Content resources: a small family filled by variables, and templates (channels.md §1.5)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from twilio.http.response import Response

from base import log
from base.accounts import TwilioWhatsappAccount
from base.templates import TemplateText
from handlers.templates import Standing, body_of, reason_of, state_of
from handlers.twilio_whatsapp.answers import error_code, read_json, sid_in
from handlers.twilio_whatsapp.client import CONTENT, call
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS

LANGUAGE: Final = "fr"
PAGE_SIZE: Final = "500"
MOST_PAGES: Final = 20  # an account has a few dozen contents
UNREADABLE: Final = "unreadable_answer"
SAMPLE_PHOTO: Final = "https://example.com/riz.jpg"

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


def definitions() -> Mapping[str, Definition]:
    """Every content an account needs beside its templates, by name.

    A changed definition needs a new name, for Twilio keeps the old one.
    """
    buttons, rows = range(1, TWILIO_LIMITS.buttons + 1), range(1, TWILIO_LIMITS.rows + 1)
    return {
        **{quick_replies_name(count): _quick_replies(count) for count in buttons},
        **{card_name(count): _card(count) for count in buttons},
        **{list_name(count): _list(count) for count in rows},
    }


def create_contents(account: TwilioWhatsappAccount) -> dict[str, str]:
    """Make what is missing; name → sid (HX…) of all that exist. One that Twilio refuses is logged and left out.

    Raises ContentsRefused when they cannot be listed, base.outbound.NotSent and AnswerLost.
    """
    there = _sids_by_name(account)
    for name, definition in definitions().items():
        if name not in there:
            there |= _create(account, name, definition)
    return {name: there[name] for name in definitions() if name in there}


def templates(account: TwilioWhatsappAccount) -> dict[str, Standing]:
    """How all contents of an account stand as templates, by their names. Raises as above."""
    listed = _listed(account, "ContentAndApprovals")
    return {name: _standing(content, sid) for name, content in listed if (sid := sid_in(content))}


def make_template(account: TwilioWhatsappAccount, text: TemplateText, sid: str = "") -> Standing | None:
    """Make a template, unless its content is there under this sid, and ask WhatsApp to approve it.

    None, and a line in the log, when Twilio refuses it. Raises NotSent, AnswerLost.
    """
    try:
        made = sid or _made(_read(call(account, "POST", f"{CONTENT}/Content", document=template_definition(text))))
        document = {"name": text.name, "category": text.category.upper()}
        url = f"{CONTENT}/Content/{made}/ApprovalRequests/whatsapp"
        asked = _read(call(account, "POST", url, document=document))
    except ContentsRefused as refused:
        _logger.warning("content refused", template=text.name, account=account.key, code=str(refused))
        return None
    return Standing(made, state_of(asked.get("status")), reason_of(asked.get("rejection_reason")), text.text)


def _standing(content: Mapping[str, Any], sid: str) -> Standing:
    request = _object(content.get("approval_requests"))
    body = _object(_object(content.get("types")).get("twilio/text")).get("body")
    state = state_of(request.get("status") or "unsubmitted")
    return Standing(sid, state, reason_of(request.get("rejection_reason")), body_of(body))


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


def template_definition(text: TemplateText) -> Definition:
    """The content of a template."""
    return {**_content(text.name, {}, text.samples, text.text), "language": text.language}


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
