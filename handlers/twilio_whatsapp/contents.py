"""An account's Content resources: a small family filled by variables, and templates (channels.md §1.5)."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from twilio.http.response import Response

from base import log
from base.accounts import TwilioWhatsappAccount
from base.templates import TemplateText
from handlers.templates import Standing, body_of, category_of, reason_of, state_of
from handlers.twilio_whatsapp.answers import error_code, read_json, sid_in
from handlers.twilio_whatsapp.client import CONTENT, call
from handlers.twilio_whatsapp.limits import CARDS, TWILIO_LIMITS

LANGUAGE: Final = "fr"
PAGE_SIZE: Final = "500"
MOST_PAGES: Final = 20  # an account has a few dozen contents
UNREADABLE: Final = "unreadable_answer"
SAMPLE_PHOTO: Final = "https://example.com/riz.jpg"
# whoever approves a carousel looks at it: Twilio's own sample
APPROVED_PHOTO: Final = "https://demo.twilio.com/owl.png"
CAROUSEL_CATEGORY: Final = "marketing"  # WhatsApp takes what shows goods side by side for an advertisement
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
    """Every content an account needs that nobody has to approve, by name.

    A changed definition needs a new name, for Twilio keeps the old one. `site` is our public address (https://…):
    without one there is no link's button.
    """
    buttons, rows = range(1, TWILIO_LIMITS.buttons + 1), range(1, TWILIO_LIMITS.rows + 1)
    return {
        **{quick_replies_name(count): _quick_replies(count) for count in buttons},
        **{card_name(count): _card(count) for count in buttons},
        **{list_name(count): _list(count) for count in rows},
        **({link_name(site): _link(site)} if site else {}),
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


def standings(account: TwilioWhatsappAccount) -> dict[str, Standing]:
    """How all contents of an account stand with WhatsApp, by their names. Raises as above."""
    listed = _listed(account, "ContentAndApprovals")
    return {name: _standing(content, sid) for name, content in listed if (sid := sid_in(content))}


def make_template(account: TwilioWhatsappAccount, text: TemplateText, sid: str = "") -> Standing | None:
    """Make a template, unless its content is there under this sid, and ask WhatsApp to approve it.

    None, and a line in the log, when Twilio refuses it. Raises NotSent, AnswerLost.
    """
    return _submitted(account, template_definition(text), text.category, sid, text.text)


def make_carousels(account: TwilioWhatsappAccount, known: Mapping[str, Standing]) -> dict[str, Standing]:
    """Make the carousels that are not among the known, and ask WhatsApp to approve each that nobody has asked it for.

    How these stand then, by their names; one that Twilio refuses is left out, as above.
    """
    made: dict[str, Standing] = {}
    for name, definition in CAROUSELS.items():
        there = known.get(name)
        if there is None or there.state == "missing":
            standing = _submitted(account, definition, CAROUSEL_CATEGORY, there.provider_id if there else "")
            made |= {name: standing} if standing else {}
    return made


def _submitted(
    account: TwilioWhatsappAccount, definition: Definition, category: str, sid: str, text: str = ""
) -> Standing | None:
    name = definition["friendly_name"]
    try:
        made = sid or _made(_read(call(account, "POST", f"{CONTENT}/Content", document=definition)))
        document = {"name": name, "category": category.upper()}
        url = f"{CONTENT}/Content/{made}/ApprovalRequests/whatsapp"
        asked = _read(call(account, "POST", url, document=document))
    except ContentsRefused as refused:
        _logger.warning("content refused", template=name, account=account.key, code=str(refused))
        return None
    state, category = state_of(asked.get("status")), category_of(asked.get("category"))
    return Standing(made, state, reason_of(asked.get("rejection_reason")), text, category)


def _standing(content: Mapping[str, Any], sid: str) -> Standing:
    request = _object(content.get("approval_requests"))
    body = _object(_object(content.get("types")).get("twilio/text")).get("body")
    state = state_of(request.get("status") or "unsubmitted")
    reason, category = reason_of(request.get("rejection_reason")), category_of(request.get("category"))
    return Standing(sid, state, reason, body_of(body), category)


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


# what lists of goods with photos are shown as while WhatsApp approves it, by name
CAROUSELS: Final[Mapping[str, Definition]] = {carousel_name(count): _carousel(count) for count in CARDS}
