"""What Twilio refuses: the rules of its Messages and Content resources, as error codes."""

import json
import re
from urllib.parse import urlsplit

from tests.fakes.rules import Refusal, is_line, refuse

ADDRESS = re.compile(r"whatsapp:(\+[1-9][0-9]{6,14}|[A-Z]{2}\.[A-Za-z0-9.]{1,128})")
PIN = re.compile(r"geo:-?[0-9]{1,2}\.[0-9]{1,6},-?[0-9]{1,3}\.[0-9]{1,6}(\|[^|\n]+)?")
VARIABLE = re.compile(r"\{\{(\w+)\}\}")
KNOWN_TYPES = {
    "twilio/text",
    "twilio/quick-reply",
    "twilio/list-picker",
    "twilio/card",
    "twilio/call-to-action",
    "twilio/carousel",
}
CARD_BODY = LIST_BODY = REPLY_BODY = 1024


def check_form(form, sender):
    """The fields of a message before its content is looked at."""
    to, sent_from = form.get("To", ""), form.get("From", "")
    refuse(21211, not ADDRESS.fullmatch(to))
    refuse(21910, not sent_from.startswith("whatsapp:"))
    refuse(63007, sent_from != sender)
    refuse(63031, sent_from == to)
    refuse(21609, "StatusCallback" in form and not is_address(form["StatusCallback"]))
    refuse(21619, not (form.get("Body") or form.get("MediaUrl") or form.get("ContentSid")))
    refuse(21617, len(form.get("Body", "")) > 1600)
    refuse(21620, "MediaUrl" in form and not is_address(form["MediaUrl"]))
    refuse(63030, "MediaUrl" in form and "ContentSid" in form)
    refuse(21617, "MediaUrl" in form and len(form.get("Body", "")) > 1024)

    refuse(63030, "PersistentAction" in form and ("ContentSid" in form or not form.get("Body")))
    refuse(63030, "PersistentAction" in form and not PIN.fullmatch(form["PersistentAction"]))


def check_typing(document):
    """The body of an indicator: exactly these two members."""
    refuse(20001, set(document) != {"channel", "messageId"} or document["channel"] != "WHATSAPP")
    refuse(20001, not re.fullmatch(r"(SM|MM)[0-9a-f]{32}", document["messageId"]))


def check_variables(form, content):
    """The variables of a send: every one of the content, none empty, all text. Real Twilio fills gaps with samples."""
    try:
        values = json.loads(form.get("ContentVariables", "{}"))
    except ValueError:
        raise Refusal(21656) from None
    refuse(21656, not isinstance(values, dict))
    refuse(21656, not all(isinstance(value, str) and value.strip() for value in values.values()))
    refuse(63028, set(values) != set(content["variables"]))
    return values


def check_shown(shown):
    """A content as the phone would show it, its variables filled (limits of channels.md §1.5)."""
    refuse(63005, not 1 <= len(shown["body"]) <= {"text": 1600, "link": 640}.get(shown["layout"], 1024))
    refuse(21620, bool(shown["photo"]) and not is_address(shown["photo"]))
    if shown["layout"] == "link":
        refuse(63005, not is_line(shown["link"][0], 20) or not is_address(shown["link"][1]))
    elif shown["layout"] == "carousel":
        check_cards(shown["cards"])
    else:
        check_buttons(shown)


def check_buttons(shown):
    """What can be tapped beside words; words alone too."""
    buttons = shown["buttons"]
    title, most = (24, 10) if shown["layout"] == "list" else (20, 3)
    refuse(63005, len(buttons) > most or (shown["layout"] != "text" and not buttons))
    refuse(63005, shown["layout"] == "list" and not is_line(shown["opener"], 20))
    for button in buttons:
        refuse(63005, not is_line(button["title"], title) or not is_line(button["id"], 200))
        refuse(63005, shown["layout"] == "list" and not is_line(button["detail"], 72))
    refuse(63005, len({button["id"] for button in buttons}) != len(buttons))
    titles = {button["title"] for button in buttons}
    refuse(63005, shown["layout"] == "buttons" and len(titles) != len(buttons))


def check_cards(cards):
    """Two to ten cards side by side, each with a photo, few words and a button."""
    refuse(63005, not 2 <= len(cards) <= 10 or len({card["id"] for card in cards}) != len(cards))
    for card in cards:
        refuse(63005, not 1 <= len(card["body"]) <= 160 or not is_address(card["photo"]))
        refuse(63005, not is_line(card["title"], 20) or not is_line(card["id"], 200))


def check_definition(content):
    """A content as it is made: known types, rows and buttons that fit, a sample for every variable."""
    types = content.get("types")
    refuse(20001, not content.get("language") or not isinstance(types, dict) or not types)
    refuse(20001, bool(set(types) - KNOWN_TYPES))
    for action in types.get("twilio/call-to-action", {}).get("actions", []):  # a variable stands at its end alone
        refuse(20001, action["type"] != "URL" or not re.fullmatch(r"https?://[^{}]+\{\{\w+\}\}", action["url"]))
    refuse(20001, len(types.get("twilio/call-to-action", {}).get("actions", "1")) != 1)
    refuse(20001, len(types.get("twilio/carousel", {}).get("cards", "11")) not in range(2, 11))
    refuse(20001, len(types.get("twilio/quick-reply", {}).get("actions", "1")) not in range(1, 11))
    refuse(20001, len(types.get("twilio/list-picker", {}).get("items", "1")) not in range(1, 11))
    used = set(VARIABLE.findall(json.dumps(types)))
    samples = content.get("variables", {})
    refuse(20001, used != set(samples) or not all(isinstance(s, str) and s for s in samples.values()))


def check_template(content):
    """A content as WhatsApp approves it: never a list; words around and between its variables."""
    types = content["types"]
    refuse(20001, "twilio/list-picker" in types)
    rich = types.get("twilio/carousel", {"cards": []})
    for body in (rich.get("body") or types["twilio/text"]["body"], *(card["body"] for card in rich["cards"])):
        refuse(20001, bool(re.match(r"\s*\{\{|.*\}\}\s*$", body, re.DOTALL)))
        refuse(20001, bool(re.search(r"\}\}\s*\{\{", body)))


def is_address(url):
    """An absolute http(s) URL whose host has no underscore."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in parts.hostname


def shown_of(content, values):
    """What a content shows on WhatsApp with these variables: its richest type."""
    types = json.loads(json.dumps(content["types"]))

    def fill(text):
        return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)

    def buttons(items, title="title"):
        return [
            {"title": fill(item[title]), "id": fill(item["id"]), "detail": fill(item.get("description", ""))}
            for item in items
        ]

    shown = {"layout": "text", "body": "", "photo": "", "opener": "", "buttons": []}
    if rich := types.get("twilio/card"):
        photo = fill(rich["media"][0])
        return shown | {
            "layout": "buttons",
            "body": fill(rich["title"]),
            "photo": photo,
            "buttons": buttons(rich["actions"]),
        }
    if rich := types.get("twilio/call-to-action"):
        (action,) = rich["actions"]
        link = (fill(action["title"]), fill(action["url"]))
        return shown | {"layout": "link", "body": fill(rich["body"]), "link": link}
    if rich := types.get("twilio/carousel"):
        return shown | {
            "layout": "carousel",
            "body": fill(rich["body"]),
            "cards": [card_of(c, fill) for c in rich["cards"]],
        }
    if rich := types.get("twilio/list-picker"):
        rows = buttons(rich["items"], "item")
        return shown | {"layout": "list", "body": fill(rich["body"]), "opener": fill(rich["button"]), "buttons": rows}
    if rich := types.get("twilio/quick-reply"):
        return shown | {"layout": "buttons", "body": fill(rich["body"]), "buttons": buttons(rich["actions"])}
    return shown | {"body": fill(types["twilio/text"]["body"])}


def card_of(card, fill):
    """One card of a carousel, its variables filled."""
    (action,) = card["actions"]
    return {
        "body": fill(card["body"]),
        "photo": fill(card["media"]),
        "title": fill(action["title"]),
        "id": fill(action["id"]),
    }
