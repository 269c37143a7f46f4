"""What the Send API takes of a message (channels.md §3.3, §3.4, §3.5)."""

FILES = {"image", "audio", "video", "file"}
TYPES = {("RESPONSE", None), ("UTILITY", None), ("MESSAGE_TAG", "HUMAN_AGENT")}
BAD, ANSWERED, NOT_ALLOWED, NOT_OURS = (100, 2018034), (10900,), (10,), (10, 2018300)
PLAIN, UTILITY, HUMAN_AGENT = "pages_messaging", "pages_utility_messaging", "human_agent"
COMMENTS = "pages_read_engagement"
PERMISSIONS = {PLAIN, UTILITY, HUMAN_AGENT, COMMENTS}


def permissions_for(document):
    """What a Page must have been given for a send."""
    needed = {PLAIN}
    needed |= {UTILITY} if document.get("messaging_type") == "UTILITY" else set()
    needed |= {HUMAN_AGENT} if document.get("tag") == "HUMAN_AGENT" else set()
    return needed | ({COMMENTS} if "comment_id" in document["recipient"] else set())


def refusal(document, sent, authors, permissions, owners):
    """Code and subcode with which a message is refused; None for a good one.

    `permissions` are the Page's, `owners` tells which other app holds the thread with a person.
    """
    message, recipient = document["message"], document["recipient"]
    is_utility = document.get("messaging_type") == "UTILITY"
    if not permissions_for(document) <= permissions:
        return NOT_ALLOWED
    if owners.get(recipient.get("id")):
        return NOT_OURS
    if (document.get("messaging_type"), document.get("tag")) not in TYPES or is_utility != ("template" in message):
        return BAD
    if "comment_id" in recipient and recipient["comment_id"] not in authors:
        return BAD
    if "comment_id" in recipient and any(one["recipient"] == recipient for one in sent):
        return ANSWERED
    if (
        not _quotes(document)
        or not is_sendable(message)
        or _number(message) in {*filter(None, (_number(one["message"]) for one in sent))}
    ):
        return BAD
    return None


def _quotes(document):
    """A message is quoted by its id alone."""
    quoted = document.get("reply_to", {"mid": "m_1"})
    return set(quoted) == {"mid"} and quoted["mid"].startswith(("m_", "mid."))


def is_sendable(message):
    """One text, file or template within its limits, with quick replies that can be shown."""
    is_text = 0 < len(message.get("text", "")) < 2000
    attached = message.get("attachment", {})
    is_file = attached.get("type") in FILES and is_address(attached["payload"]["url"])
    is_template = attached.get("type") == "template" and TEMPLATES[payload_of(message)["template_type"]](message)
    are_replies = "quick_replies" not in message or 1 <= len(message["quick_replies"]) <= 13
    are_good = all(map(_is_reply, message.get("quick_replies", [])))
    is_ours = len(message.get("metadata", "")) < 1000
    one_of = sum((is_text, bool(is_file or is_template), "template" in message))
    return (
        one_of == 1 and ("attachment" in message) == (is_file or is_template) and are_replies and are_good and is_ours
    )


def payload_of(message):
    """What is inside an attachment."""
    return message.get("attachment", {}).get("payload", {})


def is_address(url):
    """Whether Meta can fetch it, or a person open it."""
    return url.startswith("https://") and len(url) < 2000


def _is_reply(reply):
    if reply["content_type"] == "user_phone_number":
        return set(reply) == {"content_type"}
    return reply["content_type"] == "text" and 0 < len(reply["title"]) <= 20 and 0 < len(reply["payload"]) <= 1000


def _is_button(button):
    if button["type"] == "web_url":
        return is_address(button["url"]) and 0 < len(button["title"]) <= 20
    return button["type"] == "postback" and 0 < len(button["title"]) <= 20 and 0 < len(button["payload"]) <= 1000


def _are_buttons(buttons, least=1):
    return least <= len(buttons) <= 3 and all(map(_is_button, buttons))


def _is_buttons(message):
    told = payload_of(message)
    return 0 < len(told["text"]) <= 640 and _are_buttons(told["buttons"])


def _is_generic(message):
    elements = payload_of(message)["elements"]
    return 1 <= len(elements) <= 10 and all(map(_is_element, elements))


def _is_element(element):
    has_more = {"subtitle", "image_url", "buttons", "default_action"} & set(element)
    are_short = 0 < len(element["title"]) <= 80 and len(element.get("subtitle", "")) <= 80
    are_open = all(is_address(url) for url in (element.get("image_url", "https://x"),))
    return bool(has_more) and are_short and are_open and _are_buttons(element.get("buttons", []), 0)


def _is_receipt(message):
    told = payload_of(message)
    named = ("recipient_name", "order_number", "currency", "payment_method")
    figures = [*told["summary"].values(), *(line["price"] for line in told["elements"])]
    return all(told[name] for name in named) and 1 <= len(told["elements"]) <= 100 and all(f >= 0 for f in figures)


def _number(message):
    return payload_of(message).get("order_number")


TEMPLATES = {"button": _is_buttons, "generic": _is_generic, "receipt": _is_receipt}
