"""What Meta's Cloud API refuses: the rules of its messages and templates, as error codes (channels.md §2.6, §2.7)."""

import re
from urllib.parse import urlsplit

from tests.fakes.rules import is_line, refuse

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,128}")
VARIABLE = re.compile(r"\{\{(\d+)\}\}")
INVALID, MISSING_TEMPLATE, PARAMETERS, BROKEN_PARAMETER = 131009, 132001, 132000, 132018
KINDS = ("text", "image", "audio", "document", "location", "interactive", "template")
FILES = {"image": {"link", "caption"}, "audio": {"link"}, "document": {"link", "caption", "filename"}}
HEADERS = ("image", "document")


def check_message(payload, approved):
    """A message before it is taken; `approved` maps (name, language) of a template to its text."""
    kind = payload.get("type")
    refuse(INVALID, payload.get("messaging_product") != "whatsapp" or kind not in KINDS)
    refuse(INVALID, not is_named(payload) or len(payload.get("biz_opaque_callback_data", "")) > 512)
    told = payload.get(kind)
    refuse(INVALID, not isinstance(told, dict))
    quoted = payload.get("context", {"message_id": "wamid.1"})
    refuse(INVALID, set(quoted) != {"message_id"} or not quoted["message_id"].startswith("wamid."))
    if kind == "text":
        refuse(INVALID, not 1 <= len(told["body"].strip()) <= len(told["body"]) <= 4096)
    elif kind in FILES:
        _check_file(kind, told)
    elif kind == "location":
        _check_location(told)
    elif kind == "interactive":
        _check_interactive(told)
    else:
        _check_template(told, approved)


def is_named(payload):
    """To whom: a phone with its +, or a scoped id."""
    phone, scoped = payload.get("to"), payload.get("recipient")
    return bool(PHONE.fullmatch(phone)) if phone else bool(scoped and SCOPED.fullmatch(scoped))


def check_definition(definition):
    """A template as it is made: its text neither starts nor ends with a variable, and each has a sample."""
    (body,) = definition["components"]
    text, samples = body["text"], body["example"]["body_text"][0]
    refuse(100, not re.fullmatch(r"[a-z0-9_]{1,512}", definition["name"]) or len(text) > 1024)
    refuse(100, definition["category"] not in ("UTILITY", "MARKETING", "AUTHENTICATION"))
    refuse(100, bool(re.match(r"\s*\{\{|.*\}\}\s*$", text, re.DOTALL) or re.search(r"\}\}\s*\{\{", text)))
    refuse(100, sorted(map(int, VARIABLE.findall(text))) != [*range(1, len(samples) + 1)])


def _check_file(kind, told):
    refuse(INVALID, not is_address(told.get("link")) or set(told) - FILES[kind])
    refuse(INVALID, len(told.get("caption", "")) > 1024)


def _check_location(told):
    refuse(INVALID, set(told) - {"latitude", "longitude", "name", "address"})
    degrees = [told.get(name) for name in ("latitude", "longitude")]
    refuse(INVALID, not all(isinstance(one, str) and re.fullmatch(r"-?\d{1,3}(\.\d+)?", one) for one in degrees))


def _check_interactive(told):
    kind, action = told.get("type"), told.get("action", {})
    refuse(INVALID, kind not in ACTIONS or set(told) - {"type", "header", "body", "footer", "action"})
    words = told.get("body", {}).get("text")
    refuse(INVALID, not (kind == "product" if words is None else 1 <= len(words.strip()) <= len(words) <= 1024))
    _check_header(kind, told.get("header"))
    ACTIONS[kind](action)


def _check_header(kind, header):
    refuse(INVALID, kind == "product_list" and not header)
    if header and header["type"] == "text":
        refuse(INVALID, kind != "product_list" or not is_line(header["text"], 60))
    elif header:
        _check_file_above(kind, header)


def _check_file_above(kind, header):
    refuse(INVALID, kind not in ("button", "cta_url") or header["type"] not in HEADERS)
    file = header[header["type"]]
    refuse(INVALID, not is_address(file.get("link")) or "caption" in file)


def _check_list(action):
    sections = action["sections"]
    refuse(INVALID, not is_line(action["button"], 20) or not 1 <= len(sections) <= 10)
    titled = [one for one in sections if len(sections) > 1 or "title" in one]
    refuse(INVALID, not all(is_line(one.get("title", ""), 24) for one in titled))
    refuse(INVALID, not all(one["rows"] for one in sections))
    _check_rows([row for one in sections for row in one["rows"]])


def _check_link(action):
    told = action.get("parameters", {})
    refuse(INVALID, action.get("name") != "cta_url" or set(told) != {"display_text", "url"})
    refuse(INVALID, not is_line(told["display_text"], 20) or not is_address(told["url"]))


def _check_name(name):
    return lambda action: refuse(INVALID, action != {"name": name})


def _check_product(action):
    refuse(INVALID, set(action) != {"catalog_id", "product_retailer_id"} or not action["product_retailer_id"])


def _check_products(action):
    refuse(INVALID, set(action) != {"catalog_id", "sections"} or not 1 <= len(action["sections"]) <= 10)
    slugs = [one["product_retailer_id"] for section in action["sections"] for one in section["product_items"]]
    refuse(INVALID, not 1 <= len(slugs) <= 30 or not all(is_line(one["title"], 24) for one in action["sections"]))


def _check_buttons(action):
    buttons = [button["reply"] for button in action["buttons"] if button["type"] == "reply"]
    refuse(INVALID, not 1 <= len(buttons) <= 3)
    refuse(INVALID, not all(is_line(one["title"], 20) and is_line(one["id"], 256) for one in buttons))
    refuse(INVALID, any(len({one[name] for one in buttons}) < len(buttons) for name in ("id", "title")))


def _check_rows(rows):
    refuse(INVALID, not 1 <= len(rows) <= 10 or len({row["id"] for row in rows}) < len(rows))
    refuse(INVALID, not all(is_line(row["title"], 24) and is_line(row["id"], 200) for row in rows))
    refuse(INVALID, not all(is_line(row["description"], 72) for row in rows if "description" in row))


ACTIONS = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link,
    "location_request_message": _check_name("send_location"),
    "request_contact_info": _check_name("request_contact_info"),
    "catalog_message": _check_name("catalog_message"),
    "product": _check_product,
    "product_list": _check_products,
}


def _check_template(told, approved):
    text = approved.get((told["name"], told["language"]["code"]))
    refuse(MISSING_TEMPLATE, text is None)
    values = values_in(told)
    refuse(PARAMETERS, len(values) != len(set(VARIABLE.findall(text))))
    refuse(BROKEN_PARAMETER, not all(value.strip() and not re.search(r"[\n\t]| {5}", value) for value in values))


def values_in(told):
    """The values of a template's body, in order."""
    bodies = [one for one in told.get("components", []) if one["type"] == "body"]
    return [parameter["text"] for one in bodies for parameter in one["parameters"]]


def is_address(url):
    """A link that Meta would go to."""
    return isinstance(url, str) and urlsplit(url).scheme == "https" and bool(urlsplit(url).hostname)
