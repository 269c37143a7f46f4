"""A market with a Page and a WhatsApp number: buyers write to the Page, organizers by WhatsApp, shops by either."""

import re
from dataclasses import replace
from math import ceil
from zlib import crc32

import urllib3

import providers
from base.accounts import MessengerAccount
from bot import contacts, demo_people
from bot.demo_people import BUYERS, ORGANIZERS
from bot.messages import Identity, Sender
from catalog import demo
from handlers.messenger.handover import PART
from tests.fakes.messenger import APP, APP_SECRET, PAGE, TOKEN, VERIFY_TOKEN
from tests.fakes.messenger_phone import Phones, signed
from tests.fakes.messenger_rules import payload_of
from tests.journeys.play import phone_of_stranger, profile_name
from tests.journeys.transcript import STORIES, Heard, Said, Speaker, channels_of, read
from tests.journeys.wires import FILES, Shown, from_words
from tests.shipped import TEXTS

MESSENGER = "messenger"
SHOPS_THERE = f"{MESSENGER} with its shops"
STRANGERS = "+2289099"
NUMBERED_BELOW = re.compile(r"(?:\n\n(?:(?!\d+\. ).+\n)?(?:\d+\. .+\n)*\d+\. .+)+\Z")
RECEIPT = re.compile(r"Reçu de votre commande \S+\s: [\d\s]+F\sCFA")
NAMED = ("hidden:ayele", "hidden:dela")
"""Strangers of the stories whose name the market knows: Messenger tells none."""
OWN_NUMBER = re.compile(r"(Quel numéro appelons-nous à la livraison\s\?) Le vôtre est (.+)\.")


def settings_of(page):
    """The variables of a market whose Page this is; its files are on loopback."""
    return {
        "META_APP_SECRET": APP_SECRET,
        "META_VERIFY_TOKEN": VERIFY_TOKEN,
        "META_APP_ID": APP,
        "MESSENGER_PAGE_TOKEN": TOKEN,
        "MESSENGER_PAGE_ID": PAGE,
        "GRAPH_API_BASE": page.url,
        "ASSIGAME__CHANNEL_ACCOUNTS__2__MEDIA_HOSTS": '["127.0.0.1"]',
    }


def psid_of(phone):
    """Somebody's page-scoped id, which says nothing of the phone."""
    return f"7{crc32(phone.encode()):015d}"


def is_on_page(phone):
    """Whether somebody of a story writes to the Page: all but shops and organizers."""
    return phone in {buyer.phone for buyer in BUYERS} or not phone.startswith("+") or phone.startswith(STRANGERS)


def shops_of(market):
    """The sellers of the demo's shops, as people."""
    with market.database.unit_of_work() as db:
        return demo_people.shops(demo.owners(db))


def settle_people(market, twilio, *, shops_there=False):
    """Buyers on the Page under their names, shops and organizers on their phones; the templates are made, approved."""
    pages = [one for one, account in market.accounts.items() if isinstance(account, MessengerAccount)]
    strangers = [(phone_of_stranger(*name.split(":")), profile_name(name)) for name in NAMED]
    with market.database.unit_of_work() as db:
        for phone, name in [*((buyer.phone, buyer.name) for buyer in BUYERS), *strangers]:
            contacts.find_or_make_chat(db, pages[0], Sender((Identity("psid", psid_of(phone)),), name), pages)
        by_phone = demo_people.shops(demo.owners(db)) if not shops_there else ()
        demo_people.settle_in(db, market.phoned, (*ORGANIZERS, *by_phone))
        for one in demo_people.shops(demo.owners(db)) if shops_there else ():
            sender = Sender((Identity("psid", psid_of(one.phone)),), one.name)
            found = contacts.find_or_make_chat(db, pages[0], sender, pages)
            contacts.grant(db, found.contact_id, one.role, one.vendor_id)
    providers.twilio_contents(market)
    providers.push_templates(market)
    for name in TEXTS:
        twilio.approve(name)
    providers.templates(market)


# what is said only to somebody whose number the channel has told, and of him
BY_OWN_NUMBER = re.compile(
    r"(Elle|et) vous appellera\.|et vous appelle\.|va vous appeler|(Téléphone|Acheteur|Signalé par) : 90 00 00 0"
    r"|^> \((?:card|voice|video|photo|document)",
    re.MULTILINE,
)
NOT_TOLD = frozenset(
    {
        "changes_her_mind_at_every_question",  # among others whether it is her own number
        "fetched_at_the_shop",  # her own number is taken without a question
        "vendor_says_how_few_are_few",  # so it is of whoever fetches the last ones
    }
)

# what shops do that write by WhatsApp alone: who complains of a buyer is named by his number too
NOT_TOLD_OF_SHOPS = frozenset({"organizer_answers_the_buyer_of_an_order"})


def is_told_there(story, channel=MESSENGER):
    """Whether a story happens on a Page too: one with buyers, where no number of theirs is known, nor a new one's name.

    A line `# only …` says it as well.
    """
    path = STORIES / f"{story}.txt"
    if story in NOT_TOLD or not channels_of(path, [channel]):
        return False
    kinds = {step.name.partition(":")[0] for step in read(path) if isinstance(step, Speaker)}
    return _is_of_no_number(path) and bool(kinds - {"vendor", "organizer"})


def is_told_with_shops_there(story):
    """Whether a story happens where its shops write to the Page too, which tells nobody's number: one with a shop."""
    path = STORIES / f"{story}.txt"
    if story in NOT_TOLD or not channels_of(path, [MESSENGER]) or "@vendor:" not in path.read_text(encoding="utf-8"):
        return False
    return story not in NOT_TOLD_OF_SHOPS and _is_of_no_number(path)


def _is_of_no_number(path):
    kinds = {step.name.partition(":")[0] for step in read(path) if isinstance(step, Speaker)}
    is_known = "hidden" not in kinds and BY_OWN_NUMBER.search(path.read_text(encoding="utf-8"))
    return "new" not in kinds and not is_known


def as_told_there(steps):
    """A story where nobody's own number is known and no word is bold: who is offered it types it instead."""
    number, is_there, is_offered = "", False, False
    for step in steps:
        match step:
            case Speaker(name=name):
                is_there = not name.startswith(("vendor:", "organizer"))
            case Heard() if is_there:
                words = "\n".join(step.words)
                known = OWN_NUMBER.fullmatch(words)
                number, is_offered = known[2] if known else number, bool(known)
                step = replace(
                    step,
                    words=[known[1]] if known else re.sub(r"\*(\w+)\*", r"\1", words).split("\n"),
                    offers=[] if known else step.offers,
                )
            case Said(words="[Mon numéro]" | "oui" | "ok") if is_there and is_offered:
                step, is_offered = Said(number), False
        yield step


def is_receipt(message):
    """Whether it is a receipt, or the words in the place of one that was sent before: Graph takes each code once."""
    is_in_words = RECEIPT.fullmatch(message.get("text", "")) is not None
    return is_in_words or payload_of(message).get("template_type") == "receipt"


def replies_of(message):
    """Its quick replies; that for the person's own number has no title."""
    return [one for one in message.get("quick_replies", []) if one["content_type"] == "text"]


def buttons_of(message):
    """What its buttons say -> each of them; a good's button stands for the good's title."""
    told = payload_of(message)
    goods = {one["title"]: one["buttons"][0] for one in told.get("elements", []) if "buttons" in one}
    own = {one["title"]: one for one in told.get("buttons", []) if one["type"] == "postback"}
    return goods | own


def photo_on(message):
    """The photo of a card without buttons, which is the bubble's own."""
    return next((one["image_url"] for one in payload_of(message).get("elements", []) if "buttons" not in one), "")


def words_of(message):
    """What it says: its text, a template's text and the address behind its button, the lines of a photo's card."""
    told = payload_of(message)
    if told.get("template_type") == "button":
        return "\n".join([told["text"], *(one["url"] for one in told["buttons"] if one["type"] == "web_url")])
    lines = [one for one in told.get("elements", []) if "buttons" not in one and "image_url" in one]
    return message.get("text", "") or "\n".join(
        filter(None, (lines[0]["title"], lines[0].get("subtitle"))) if lines else ()
    )


class MessengerWire:
    """Signed webhooks of a Page, and what a fake Graph has taken for it; `others` is the wire of those with phones.

    `shops` are the sellers who write to the Page too. `clock` tells the seconds of the market's time, until which
    people have read.
    """

    key = MESSENGER

    def __init__(self, fake, web, others, clock, *, is_reported=True, shops=()):
        self.fake, self.web, self.others, self.is_reported = fake, web, others, is_reported
        self.page, self.clock = Phones(lambda _: int(clock() * 1000)), clock
        self.http = urllib3.PoolManager()
        self.names, self.last, self.reported, self.read = others.names, {}, 0, 0
        self.shops = {one.phone for one in shops}  # that write to the Page too
        self.phones = {psid_of(phone): phone for phone in (*(buyer.phone for buyer in BUYERS), *self.shops)}
        self.waiting = {}  # psid -> what has come of a bubble whose last part is still to come
        self.files = self.comments = 0

    def _is_there(self, phone):
        return phone in self.shops or is_on_page(phone)

    def say(self, phone, words):
        """A text message."""
        if not self._is_there(phone):
            return self.others.say(phone, words)
        event = self.page.message(self._psid(phone), text=words)
        self.last[phone] = event["message"]["mid"]
        return self._post(event)

    def tap(self, phone, shown, title):
        """A quick reply of a bubble, a button of its own, or its number where it has none."""
        if not self._is_there(phone):
            return self.others.tap(phone, shown, title)
        if title in shown.taps:
            return self.say(phone, shown.taps[title])
        _, message = shown.source
        reply = next((one for one in replies_of(message) if one["title"] == title), None)
        if reply:
            return self._post(self.page.tap(self._psid(phone), reply))
        return self._post(self.page.postback(self._psid(phone), buttons_of(message)[title]))

    def pin(self, phone, latitude, longitude):
        """A location."""
        if not self._is_there(phone):
            return self.others.pin(phone, latitude, longitude)
        return self._post(self.page.pin(self._psid(phone), latitude, longitude))

    def media(self, phone, kind, words=""):
        """A file; the words with it are a message of their own."""
        if not self._is_there(phone):
            return self.others.media(phone, kind, words)
        self.files += 1
        named, _, content = FILES[kind]
        url = self.fake.keeps(content, f"{kind}{self.files}")
        self._post(self.page.file(self._psid(phone), named, url))
        return self.say(phone, words) if words else None

    def card(self, phone, name, phones):
        """A contact card; Messenger has none."""
        if self._is_there(phone):
            raise LookupError("there are no contact cards in Messenger")
        self.others.card(phone, name, phones)

    def cart(self, phone, items):
        """A cart of the Page's shop."""
        self._post(self.page.cart(self._psid(phone), items))

    def arrive(self, phone, code):
        """A link of m.me, opened in a chat that is there; it types nothing."""
        told = {"ref": code, "source": "SHORTLINK", "type": "OPEN_THREAD"}
        self._post(self.page.event(self._psid(phone), referral=told))

    def comment(self, phone, words):
        """Words below a post of the Page's, of somebody whom Meta names there by the id of his chat."""
        self.comments += 1
        psid, comment = self._psid(phone), f"99_{self.comments}"
        self.fake.authors[comment] = psid
        told = {"item": "comment", "verb": "add", "comment_id": comment, "post_id": f"{PAGE}_99", "message": words}
        value = {**told, "from": {"id": psid, "name": self.names.get(phone, "")}, "created_time": int(self.clock())}
        self._deliver(*signed([{"field": "feed", "value": value}], "changes"))

    def react(self, phone, shown, emoji):
        """A reaction on a bubble."""
        if not self._is_there(phone):
            return self.others.react(phone, shown, emoji)
        sent_id, _ = shown.source
        return self._post(self.page.react(self._psid(phone), sent_id, emoji))

    def edit(self, phone, words):
        """Other words in the place of the last ones."""
        self._post(self.page.edit(self._psid(phone), self.last[phone], words))

    def delete(self, phone):
        """What was said last is taken back."""
        self._post(self.page.delete(self._psid(phone), self.last[phone]))

    def unsupported(self, phone):
        """A kind that the provider does not pass on: a message of which nothing can be seen."""
        if not self._is_there(phone):
            return self.others.unsupported(phone)
        return self._post(self.page.message(self._psid(phone)))

    def refuse_content(self, name):
        """The providers take their approvals of a template back, in all languages."""
        self.others.refuse_content(name)
        for template in self.fake.templates:
            if template["name"][:-2] == name[:-2]:
                template["status"] = "REJECTED"

    def reports_came(self):
        """Whether somebody told of messages since the last look; the Page's come back, have arrived and been seen."""
        told = self.others.reports_came()
        fresh = self.fake.messages[self.reported :] if self.is_reported else []
        events, now = [], ceil(self.clock() * 1000)
        for number, sent in enumerate(fresh, self.reported + 1):
            psid = self._person(sent)
            events += [
                self.page.echo(psid, f"m_sent_{number}", sent["message"]),
                self.page.delivered(psid, [f"m_sent_{number}"]),
                self.page.read(psid, now),
            ]
        self.reported += len(fresh)
        if events:
            self._post(*events)
        return told or bool(events)

    def new_bubbles(self, phones):
        """Phone -> what came there since the last look."""
        assert (self.fake.strangers, self.fake.told) == (0, 0)
        known = [self.phones.get(name, name) for name in phones]
        found = self.others.new_bubbles([phone for phone in known if not self._is_there(phone)])
        found |= {phone: [] for phone in known if self._is_there(phone)}
        for number, sent in enumerate(self.fake.messages[self.read :], self.read + 1):
            psid, message = self._person(sent), sent["message"]
            parts = self.waiting.setdefault(psid, [])
            parts.append(message)
            if not message["metadata"].startswith(PART):  # a bubble's last part
                if not is_receipt(message):  # it only says it once more
                    found[self.phones[psid]].append(self._shown(parts, (f"m_sent_{number}", message)))
                del self.waiting[psid]
            self.read = number
        return found

    def _shown(self, parts, source):
        _, message = source
        if "template" in message:
            return from_words(self.fake.text_of(message["template"]), "", source)
        files = {one["attachment"]["type"]: payload_of(one)["url"] for one in parts if "url" in payload_of(one)}
        photo, audio = files.get("image", "") or photo_on(message), files.get("audio", "")
        words = "\n\n".join(filter(None, map(words_of, parts)))
        titles = [*buttons_of(message), *(reply["title"] for reply in replies_of(message))]
        if not titles and not audio:
            return from_words(words, photo, source)
        return Shown(NUMBERED_BELOW.sub("", words) if titles else words, titles, {}, photo, source, audio)

    def _person(self, sent):
        told = sent["recipient"]
        return told.get("id") or self.fake.authors[told["comment_id"]]

    def _psid(self, phone):
        psid = psid_of(phone)
        self.phones[psid] = phone
        return psid

    def _post(self, *events):
        self._deliver(*signed(list(events)))

    def _deliver(self, headers, body):
        answer = self.http.request("POST", f"{self.web}/webhooks/messenger", body=body, headers=headers, timeout=10)
        assert answer.status == 200, answer.data
